"""The history of a workspace in words, and the first draft of its agreement."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from babel.numbers import format_currency

from coordination.accounts.models import Account
from coordination.cooperation.models import Cooperation
from coordination.cooperation.rules import CONTRIBUTION_LABELS, LEAD_LABELS, STATUS_LABELS, Lead, Status
from coordination.cooperation.words import days_of
from coordination.planning import queries
from coordination.planning.agreements import Promise
from core.clock import to_local
from core.history import HistoryLine
from core.languages import _, _l, locale, say_date

ACTIONS = {
    "cooperation.create": _l("Planning began"),
    "cooperation.edit": _l("Title, date, topics or state were changed"),
    "cooperation.move_lead": _l("Who leads was written down"),
    "cooperation.add_partner": _l("An organization takes part"),
    "cooperation.edit_partner": _l("What an organization gives and gains was changed"),
    "cooperation.remove_partner": _l("An organization takes part no more"),
    "cooperation.add_contribution": _l("The municipality gives something"),
    "cooperation.remove_contribution": _l("The municipality gives something no more"),
    "cooperation.close": _l("The record was closed"),
    "cooperation.adopt": _l("From now on it is planned here"),
    "projects.announce": _l("It was announced"),
    "projects.conceal": _l("The announcement was taken back"),
    "projects.paused": _l("It was interrupted"),
    "projects.running": _l("It runs again"),
    "projects.add_milestone": _l("A milestone was added"),
    "projects.edit_milestone": _l("A milestone was changed"),
    "projects.reach_milestone": _l("A milestone was reached"),
    "projects.reopen_milestone": _l("A milestone is open again"),
    "projects.remove_milestone": _l("A milestone was removed"),
    "planning.invite": _l("An organization was asked to take part"),
    "planning.answer": _l("An organization has answered"),
    "planning.add_task": _l("A task was added"),
    "planning.finish_task": _l("A task is done"),
    "planning.reopen_task": _l("A task is open again"),
    "planning.add_section": _l("A text was added"),
    "planning.edit": _l("A task or a text was changed"),
    "planning.add_need": _l("Something is needed"),
    "planning.meet_need": _l("What was needed is provided for"),
    "planning.reopen_need": _l("What is needed is open again"),
    "planning.remove_need": _l("Something is needed no more"),
    "planning.post": _l("A message was written"),
    "planning.ask": _l("The municipality was asked for something"),
    "planning.answer_request": _l("The municipality has answered"),
    "planning.write_agreement": _l("The agreement was written or changed"),
    "planning.confirm_agreement": _l("The agreement was confirmed"),
    "planning.review": _l("One side has said how it went"),
}


@dataclass(frozen=True)
class Told:
    """A line of the history, in words."""

    at: datetime
    what: str
    #: what exactly: a title, a new state; may be empty
    about: str
    who: str


def told(cooperation_id: int) -> list[Told]:
    """What happened, newest first, as both sides see it."""
    lines = queries.history_of(cooperation_id)
    ids = {new["organization_id"] for line, _account in lines if (new := line.new or {}).get("organization_id")}
    names = {row.id: row.name for row in queries.list_organizations(ids)}
    return [_told(line, account, names) for line, account in lines]


def _told(line: HistoryLine, account: Account | None, names: Mapping[int, str]) -> Told:
    person = account.person if account else None
    who = person.name if person else _("Administration")
    what = str(ACTIONS.get(line.action, _("Something else was changed")))
    return Told(to_local(line.at), what, _about(line.action, line.new or {}, names), who)


def _about(action: str, new: dict[str, Any], names: Mapping[int, str]) -> str:
    """What of the new values says most: who leads, the state, else the title, else which organization."""
    if action == "cooperation.move_lead":
        return str(LEAD_LABELS[Lead(new["lead"])]) if new.get("lead") in set(Lead) else ""
    if new.get("status") in set(Status):
        return str(STATUS_LABELS[Status(new["status"])])
    named = new.get("title") or new.get("note") or new.get("wish") or names.get(new.get("organization_id") or 0)
    return str(named or "")


def said_no(*, municipality: bool) -> str:
    """What whoever ends an idea reads: the municipality that turned it down, or those who had it and took it back."""
    if municipality:
        return _("Your answer was sent to all who plan this.")
    return _("The idea is withdrawn. The municipality and all who plan it were told.")


def drafted(row: Cooperation, *, when: str = "") -> Promise:
    """The agreement as it follows from what was planned so far, for both sides to correct.

    `when` are day and time in words, where what is planned has a time; else the record's days are told.
    """
    return Promise(
        subject=f"{row.title}\n{when or days_of(row)}".strip(),
        duties=_duties(row),
        money=_money(row),
        gains=_gains(row),
    )


def _duties(row: Cooperation) -> str:
    lines = [f"{partner.organization.name}: {partner.contribution}" for partner in row.partners if partner.contribution]
    for given in row.contributions:
        giver = given.department.name if given.department else _("Municipality")
        lines.append(": ".join(filter(None, [giver, str(CONTRIBUTION_LABELS[given.kind]), given.note])))
    for task in queries.tasks(row.id):
        who = ", ".join(one.name for one in (task.organization, task.person) if one)
        until = _("until %(day)s", day=say_date(task.due_on)) if task.due_on else ""
        lines.append(": ".join(filter(None, [who, ", ".join(filter(None, [task.title, until]))])))
    return "\n".join(lines)


def _money(row: Cooperation) -> str:
    lines = [
        _(
            "The municipality pays %(amount)s: %(what)s",
            amount=_euros(given.amount),
            what=CONTRIBUTION_LABELS[given.kind],
        )
        for given in row.contributions
        if given.amount
    ]
    lines += [
        _("%(name)s is paid %(amount)s", name=partner.organization.name, amount=_euros(partner.honorarium))
        for partner in row.partners
        if partner.honorarium
    ]
    return "\n".join(lines)


def _gains(row: Cooperation) -> str:
    return "\n".join(f"{partner.organization.name}: {partner.benefit}" for partner in row.partners if partner.benefit)


def _euros(cents: int) -> str:
    return str(format_currency(cents / 100, "EUR", locale=locale()))
