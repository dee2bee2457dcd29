"""What people are told by mail: plain, short, in their own language, with the date for their calendar."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Literal

import structlog
from flask import current_app

from calendars.entry import Entry
from calendars.ical import Mailbox, invitation, one_line
from calendars.invitations.keys import key_of
from calendars.invitations.models import Invitation
from calendars.invitations.queries import Round
from calendars.invitations.rules import TAKES_AWAY, News
from calendars.sources.audiences import circle_of
from calendars.sources.entries import entry_of_sitting
from calendars.sources.words import texts
from core.clock import now
from core.dated import Status
from core.errors import NotFound
from core.languages import _, in_language, say_moment, say_period
from core.outbox import Mail, queue_mail
from meetings.agenda.models import AgendaItem
from meetings.agenda.queries import items_of
from meetings.attendance.rules import ANSWER_LABELS, Answer
from meetings.sittings.models import Sitting
from meetings.sittings.rules import STATUS_LABELS

log = structlog.get_logger()


class Post:
    """The mails about one sitting. What they share is made once for each language."""

    def __init__(self, about: Round) -> None:
        self.about = about
        self.sitting = about.sitting
        self._entries: dict[str, Entry | None] = {}
        self._items: Sequence[AgendaItem] | None = None

    def send(self, row: Invitation, what: News) -> None:
        """Within a transaction: put the mail into the outbox. `row` still says what was told before, and has an id."""
        person = row.person
        with in_language(person.language):
            paragraphs = [
                _("Good day %(name)s,", name=one_line(person.name)),
                *self._body(row, what),
                _("Kind regards\n%(body)s", body=_body_name()),
            ]
            subject = self._subject(what)
            method: Literal["REQUEST", "CANCEL"] = "CANCEL" if what in TAKES_AWAY else "REQUEST"
            calendar = self._calendar(row, method)
        text = "\n\n".join(paragraphs)
        with_date = calendar and method
        queue_mail(Mail(person.email, person.name, subject, text, calendar=calendar, method=with_date))

    def remind(self, row: Invitation) -> None:
        """Within a transaction: ask somebody once more who has not answered. Their calendar has the date already."""
        person = row.person
        with in_language(person.language):
            paragraphs = [
                _("Good day %(name)s,", name=one_line(person.name)),
                _("you have not told us yet whether you are coming to this sitting:"),
                self._facts(),
                self._question(row),
                _("Kind regards\n%(body)s", body=_body_name()),
            ]
            subject = _("Please answer: %(committee)s, %(when)s", committee=self._committee, when=self._when)
        queue_mail(Mail(person.email, person.name, subject, "\n\n".join(paragraphs)))

    @property
    def _committee(self) -> str:
        return one_line(self.sitting.committee.name)

    @property
    def _when(self) -> str:
        return say_period(self.sitting.starts_local, self.sitting.ends_local)

    def _subject(self, what: News) -> str:
        values = {"committee": self._committee, "when": self._when}
        return {
            News.INVITED: lambda: _("Invitation: %(committee)s, %(when)s", **values),
            News.ASKED: lambda: _("Can you deputise? %(committee)s, %(when)s", **values),
            News.CHANGED: lambda: _("Changed: %(committee)s, %(when)s", **values),
            News.CANCELLED: lambda: _("Cancelled: %(committee)s, %(when)s", **values),
            News.NOT_NEEDED: lambda: _("Deputy not needed any more: %(committee)s, %(when)s", **values),
            News.ENDED: lambda: _("No longer invited: %(committee)s, %(when)s", **values),
        }[what]()

    def _body(self, row: Invitation, what: News) -> list[str]:
        made: dict[News, Callable[[Invitation], list[str]]] = {
            News.INVITED: self._invited,
            News.ASKED: self._asked,
            News.CHANGED: self._changed,
            News.CANCELLED: self._cancelled,
            News.NOT_NEEDED: self._not_needed,
            News.ENDED: self._ended,
        }
        return [paragraph for paragraph in made[what](row) if paragraph]

    def _invited(self, row: Invitation) -> list[str]:
        return [
            _("you are invited to this sitting:"),
            self._facts(),
            self._agenda(),
            self._question(row),
            self._deputies(row),
        ]

    def _asked(self, row: Invitation) -> list[str]:
        holding = self.about.holding(row.seat_id)
        label = one_line(holding.seat.label) if holding else ""
        if holding and holding.member:
            member = one_line(holding.member.person.name)
            asks = _("%(member)s cannot come to this sitting. Can you come as deputy?", member=member)
        else:
            asks = _("the seat “%(seat)s” has no member at present. Can you come as deputy?", seat=label)
        return [asks, self._facts(), self._agenda(), self._question(row)]

    def _changed(self, row: Invitation) -> list[str]:
        sitting, place = self.sitting, place_of(self.sitting)
        before = []
        if (row.told_start, row.told_end) != (sitting.starts_local, sitting.ends_local):
            before.append(_("Time until now: %(when)s", when=say_period(row.told_start, row.told_end)))
        if row.told_place != place:
            before.append(_("Place until now: %(place)s", place=row.told_place or _("not known")))
        return [
            _("this sitting has changed. It is now:"),
            "\n".join([self._facts(), _("Status: %(status)s", status=STATUS_LABELS[Status(sitting.status)])]),
            "\n".join(before),
            self._reason(),
            self._question(row),
        ]

    def _cancelled(self, _row: Invitation) -> list[str]:
        return [
            _("this sitting is cancelled:"),
            self._facts(place=False),
            self._reason(),
            _("You need not do anything."),
        ]

    def _not_needed(self, _row: Invitation) -> list[str]:
        return [
            _("you are not needed as deputy at this sitting any more. Thank you for your willingness."),
            self._facts(place=False),
        ]

    def _ended(self, _row: Invitation) -> list[str]:
        return [
            _("you are not invited to this sitting any more, because you have no seat in this committee on that day."),
            self._facts(place=False),
            _("If you think that this is a mistake, please get in touch with us."),
        ]

    def _facts(self, *, place: bool = True) -> str:
        sitting = self.sitting
        lines = [_("Committee: %(committee)s", committee=self._committee)]
        if sitting.title:
            lines.append(_("Sitting: %(title)s", title=one_line(sitting.title)))
        lines.append(_("When: %(when)s", when=self._when))
        if place:
            lines += self._where()
        return "\n".join(lines)

    def _where(self) -> list[str]:
        sitting, lines = self.sitting, []
        if sitting.place is not None:
            lines.append(_("Where: %(place)s", place=place_of(sitting)))
            if sitting.place.note:
                lines.append(_("How to get in: %(note)s", note=one_line(sitting.place.note)))
        if sitting.video_url:
            lines.append(_("Online: %(url)s", url=one_line(sitting.video_url)))
        return lines

    def _agenda(self) -> str:
        if self._items is None:
            self._items = items_of(self.sitting.id)
        if not self._items:
            return ""
        return "\n".join([_("Agenda:"), *(_agenda_line(item) for item in self._items)])

    def _question(self, row: Invitation) -> str:
        url = answer_address(row)
        given = self.about.answer_of(row)
        if given is not None:
            said = str(ANSWER_LABELS[given])
            return _(
                "Your answer so far: %(answer)s\nIf this is no longer right, please answer anew. "
                "You need no password, and the link is for you alone:\n%(url)s",
                answer=said,
                url=url,
            )
        before = self.about.earlier_answer_of(row)
        if before is not None:
            return _(
                "For another time (%(when)s) you had answered: %(answer)s. Please answer anew for the new time. "
                "You need no password, and the link is for you alone:\n%(url)s",
                when=say_moment(before.for_start),
                answer=str(ANSWER_LABELS[Answer(before.answer)]),
                url=url,
            )
        return _(
            "Are you coming? Please answer here. You need no password, and the link is for you alone:\n%(url)s", url=url
        )

    def _deputies(self, row: Invitation) -> str:
        holding = self.about.holding(row.seat_id)
        if holding is None or not holding.deputies:
            return _("If you cannot come, please tell us as well. No deputy is named for your seat.")
        return _("If you cannot come, please tell us as well: then we ask your deputy.")

    def _reason(self) -> str:
        return _("Reason: %(reason)s", reason=one_line(self.sitting.reason)) if self.sitting.reason else ""

    def _calendar(self, row: Invitation, method: Literal["REQUEST", "CANCEL"]) -> str | None:
        """The calendar part; None, with a line in the log, where no calendar could show this sitting."""
        entry = self._entry(row.person.language)
        if entry is None:
            return None
        try:
            return invitation(
                # DTSTAMP is when the message was made (RFC 5545 section 3.8.7.2), so that of two the newer holds.
                replace(entry, changed_at=now().replace(microsecond=0)),
                method=method,
                organizer=Mailbox(_body_name(), current_app.config["SETTINGS"].mail_from),
                attendee=Mailbox(row.person.name, row.person.email),
                texts=texts(),
            ).decode()
        except ValueError as error:
            log.error("invitations.no_calendar", invitation=row.id, exc_info=error)
            return None

    def _entry(self, language: str) -> Entry | None:
        if language not in self._entries:
            try:
                audiences = frozenset({circle_of(self.sitting.committee_id)})
                self._entries[language] = entry_of_sitting(self.sitting.id, audiences=audiences)
            except NotFound:
                self._entries[language] = None
        return self._entries[language]


def answer_address(row: Invitation) -> str:
    """The whole address of the answer page, by the setting and never by the Host header, which anybody may forge."""
    path = current_app.url_map.bind("").build("invitations.answer", {"key": key_of(row)})
    return str(current_app.config["SETTINGS"].public_url + path)


def place_of(sitting: Sitting) -> str:
    """Where the sitting takes place, in one line; empty where no place is entered."""
    return one_line(sitting.place.address) if sitting.place is not None else ""


def _agenda_line(item: AgendaItem) -> str:
    title = one_line(f"{item.number} {item.title}")
    line = title if item.public else _("%(item)s (not public)", item=title)
    if not item.description:
        return line
    return "\n".join([line, *(f"    {one_line(part)}" for part in item.description.splitlines() if part.strip())])


def _body_name() -> str:
    return str(current_app.config["SETTINGS"].body_name)
