"""What this room writes to people, in their own language. All mail goes through the outbox."""

from collections.abc import Iterable
from typing import Any

from flask import current_app

from coordination.accounts.mails import address_of
from coordination.accounts.models import Account
from coordination.cooperation.models import Cooperation
from coordination.cooperation.rules import CONTRIBUTION_LABELS
from coordination.cooperation.words import days_of
from coordination.planning.models import Invitation, Post, Request
from coordination.planning.rules import REQUEST_LABELS
from core.languages import DEFAULT, _, in_language
from core.outbox import Mail, queue_mail


def language_of(account: Account) -> str:
    """The language of mails to the account: its own, else its person's, else German."""
    return account.language or (account.person.language if account.person else DEFAULT)


def _send(account: Account, subject: str, text: str) -> None:
    queue_mail(Mail(account.email, account.person.name if account.person else "", subject, text))


def tell_invited(accounts: Iterable[Account], invitation: Invitation) -> None:
    """Within a transaction: an organization is asked to take part."""
    row = invitation.cooperation
    for account in accounts:
        with in_language(language_of(account)):
            asked = _(
                "Hello,\n\n%(organization)s is asked to plan “%(title)s” together with %(body)s.",
                organization=invitation.organization.name,
                title=row.title,
                body=current_app.config["SETTINGS"].body_name,
            )
            days = days_of(row)
            when = _("When: %(days)s", days=days) if days else ""
            tap = _(
                "Please say whether you take part. You need one tap on this page:\n%(url)s",
                url=_page_of(row),
            )
            text = "\n\n".join(filter(None, [asked, when, tap]))
            _send(account, _("Will you take part? %(title)s", title=row.title), text)


def tell_answered(accounts: Iterable[Account], invitation: Invitation) -> None:
    """Within a transaction: an organization has said whether it takes part."""
    row = invitation.cooperation
    for account in accounts:
        with in_language(language_of(account)):
            if invitation.answer == "accepted":
                subject = _(
                    "%(organization)s takes part: %(title)s", organization=invitation.organization.name, title=row.title
                )
            else:
                subject = _(
                    "%(organization)s cannot take part: %(title)s",
                    organization=invitation.organization.name,
                    title=row.title,
                )
            _send(account, subject, "\n\n".join(filter(None, [subject, invitation.reason, _page_of(row)])))


def tell_posted(accounts: Iterable[Account], row: Cooperation, post: Post, writer: str) -> None:
    """Within a transaction: somebody wrote in the discussion."""
    for account in accounts:
        with in_language(language_of(account)):
            text = _(
                "%(writer)s has written about “%(title)s”:\n\n%(text)s\n\n"
                "Answer here:\n%(url)s\n\n"
                "On that page you can also stop these mails.",
                writer=writer,
                title=row.title,
                text=post.text,
                url=_page_of(row),
            )
            _send(account, _("New message: %(title)s", title=row.title), text)


def tell_requested(accounts: Iterable[Account], row: Cooperation, request: Request) -> None:
    """Within a transaction: an organization asks the municipality for something."""
    for account in accounts:
        with in_language(language_of(account)):
            text = _(
                "%(organization)s asks for something for “%(title)s” (%(what)s). Please answer on this page:\n%(url)s",
                organization=request.organization.name,
                title=row.title,
                what=CONTRIBUTION_LABELS[request.kind],
                url=_page_of(row),
            )
            _send(account, _("Please answer: %(title)s", title=row.title), text)


def tell_request_answered(accounts: Iterable[Account], row: Cooperation, request: Request) -> None:
    """Within a transaction: the municipality has answered what an organization asked for."""
    for account in accounts:
        with in_language(language_of(account)):
            said = _(
                "You asked for something for “%(title)s” (%(what)s). The answer: %(answer)s",
                title=row.title,
                what=CONTRIBUTION_LABELS[request.kind],
                answer=REQUEST_LABELS[request.state],
            )
            text = "\n\n".join(filter(None, [said, request.reason, _page_of(row)]))
            _send(account, _("Your request was answered: %(title)s", title=row.title), text)


def tell_agreement(accounts: Iterable[Account], row: Cooperation) -> None:
    """Within a transaction: the agreement was written or changed, and everybody is asked for their word."""
    for account in accounts:
        with in_language(language_of(account)):
            text = _(
                "The agreement on “%(title)s” was written or changed. "
                "What was confirmed before counts no more. Please read and confirm it:\n%(url)s",
                title=row.title,
                url=_page_of(row),
            )
            _send(account, _("Please confirm the agreement: %(title)s", title=row.title), text)


def tell_proposed(accounts: Iterable[Account], row: Cooperation, proposer: str) -> None:
    """Within a transaction: an organization has proposed something to do together."""
    for account in accounts:
        with in_language(language_of(account)):
            text = _(
                "%(organization)s proposes “%(title)s”. Please answer on this page:\n%(url)s",
                organization=proposer,
                title=row.title,
                url=_page_of(row),
            )
            _send(account, _("New idea: %(title)s", title=row.title), text)


def tell_decided(accounts: Iterable[Account], row: Cooperation, *, accepted: bool, reason: str) -> None:
    """Within a transaction: the municipality has answered an idea."""
    for account in accounts:
        with in_language(language_of(account)):
            if accepted:
                subject = _("Let us plan it together: %(title)s", title=row.title)
            else:
                subject = _("Your idea was answered: %(title)s", title=row.title)
            _send(account, subject, "\n\n".join(filter(None, [subject, reason, _page_of(row)])))


def tell_step(accounts: Iterable[Account], row: Cooperation, *, state: Any, reason: str) -> None:
    """Within a transaction: it has come one step on, or stands still."""
    for account in accounts:
        with in_language(language_of(account)):
            subject = _("%(title)s: %(state)s", title=row.title, state=state)
            _send(account, subject, "\n\n".join(filter(None, [subject, reason, _page_of(row)])))


def tell_held(accounts: Iterable[Account], row: Cooperation) -> None:
    """Within a transaction: it took place, and each side is asked how it was."""
    for account in accounts:
        with in_language(language_of(account)):
            text = _(
                "“%(title)s” took place. Please say in a few words how it went. One short form is enough:\n%(url)s",
                title=row.title,
                url=address_of("planning_terms.review", cooperation_id=row.id),
            )
            _send(account, _("How did it go? %(title)s", title=row.title), text)


def _page_of(row: Cooperation) -> str:
    return address_of("planning.show", cooperation_id=row.id)
