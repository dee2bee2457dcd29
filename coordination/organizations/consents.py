"""Agreeing to the publication of an organization's fields, and taking that back."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from sqlalchemy import func, select

from coordination.organizations.models import Organization, PublicationConsent
from coordination.organizations.operations import lock
from coordination.organizations.publication import CONSENT_VERSION, Field, Level, allowed_levels
from coordination.organizations.rules import MUNICIPAL_KINDS
from core import history
from core.access import Actor
from core.clock import now, to_local, today
from core.database import session, transaction
from core.errors import Outdated, Refused
from core.languages import _


def state_of(organization_id: int) -> int:
    """A number that moves with every consent that is given or withdrawn: what a form was opened on."""
    own = PublicationConsent.organization_id == organization_id
    given, withdrawn = (
        session().execute(select(func.count(), func.count(PublicationConsent.withdrawn_at)).where(own)).one()
    )
    return int(given + withdrawn)


def set_consents(
    actor: Actor, organization_id: int, *, wished: Mapping[Field, Level | None], state: int | None, agreed: bool
) -> list[PublicationConsent]:
    """Show these fields as wished from now on (None: to nobody); fields that are not named stay as they are.

    Says what was newly agreed to. Refused: something new unless `agreed` to the text (at `agreed`); a public body,
    which needs no consent; a level that the field does not have. Raises Outdated when a consent was given or withdrawn
    since `state`, so that nobody revives what somebody else has just withdrawn.
    """
    with transaction():
        _consenting(organization_id)
        if state is not None and state != state_of(organization_id):
            raise Outdated(_("Somebody else has saved this in the meantime. Please compare and save again."))
        before = {row.field: row for row in _in_force(organization_id)}
        changed = {field: level for field, level in wished.items() if level != _level(before.get(field))}
        if not agreed and any(changed.values()):
            raise Refused(_("Please say that you agree for the organization. Else nothing is shown."), "agreed")
        _withdraw(actor, [before[field] for field in changed if field in before])
        given = [_give(actor, organization_id, field, level, today()) for field, level in changed.items() if level]
        _record(actor, organization_id, {field.value: level for field, level in changed.items()})
    return given


def note_paper(
    actor: Actor, organization_id: int, *, wished: Mapping[Field, Level], given_on: date
) -> list[PublicationConsent]:
    """Note consents that were signed on paper on a day.

    A field that has one in force already, or was withdrawn on that day or later, is passed over: an old paper never
    revives what was taken back. Says what is new. Refused: a day still to come (at `given_on`), and as `set_consents`.
    """
    if given_on > today():
        raise Refused(_("This day is still to come. Please enter the day of the signature."), "given_on")
    with transaction() as current:
        _consenting(organization_id)
        rows = select(PublicationConsent).filter_by(organization_id=organization_id)
        newer = {row.field for row in current.scalars(rows) if _outlasts(row, given_on)}
        new = {field: level for field, level in wished.items() if field not in newer}
        given = [_give(actor, organization_id, field, level, given_on, paper=True) for field, level in new.items()]
        _record(actor, organization_id, {field.value: level for field, level in new.items()})
    return given


def withdraw(actor: Actor, organization_id: int, *, fields: Collection[Field] | None = None) -> int:
    """Show these fields (None: all) to nobody any more; says how many were shown before. Twice is as once."""
    with transaction():
        lock(organization_id)
        rows = [row for row in _in_force(organization_id) if fields is None or row.field in fields]
        _withdraw(actor, rows)
        _record(actor, organization_id, {row.field: None for row in rows})
    return len(rows)


def restrict(actor: Actor, organization_id: int, field: Field, level: Level | None) -> None:
    """Show a field to fewer people than its consent allows (None: to nobody). What was agreed to is kept, withdrawn.

    The narrower one in its place names the same day and the same text. Nothing is widened, and where none is in force
    nothing is done.
    """
    with transaction():
        lock(organization_id)
        rows = [row for row in _in_force(organization_id) if row.field == field]
        _withdraw(actor, rows)
        if level is not None:
            for row in rows:
                narrower = _give(actor, organization_id, field, level, row.given_on, paper=row.on_paper)
                narrower.text_version, narrower.account_id = row.text_version, row.account_id
        _record(actor, organization_id, {row.field: level for row in rows})


def _consenting(organization_id: int) -> Organization:
    row = lock(organization_id)
    if row.kind in MUNICIPAL_KINDS:
        raise Refused(_("A public body needs no consent."))
    return row


def _in_force(organization_id: int) -> list[PublicationConsent]:
    found = select(PublicationConsent).filter_by(organization_id=organization_id, withdrawn_at=None)
    return list(session().scalars(found.order_by(PublicationConsent.id)))


def _level(row: PublicationConsent | None) -> Level | None:
    return None if row is None else row.level


def _outlasts(row: PublicationConsent, given_on: date) -> bool:
    return row.withdrawn_at is None or to_local(row.withdrawn_at).date() >= given_on


def _give(
    actor: Actor, organization_id: int, field: Field, level: Level, given_on: date, *, paper: bool = False
) -> PublicationConsent:
    if level not in allowed_levels(field):
        raise Refused(_("This is not shown to everybody: programs collect addresses from public pages."), field.value)
    row = PublicationConsent(
        organization_id=organization_id,
        field=field,
        level=level,
        text_version=CONSENT_VERSION,
        given_on=given_on,
        on_paper=paper,
        recorded_at=now(),
        account_id=actor.account_id,
    )
    session().add(row)
    return row


def _withdraw(actor: Actor, rows: Iterable[PublicationConsent]) -> None:
    """And write it at once: of one field there is never more than one consent in force."""
    for row in rows:
        row.withdrawn_at, row.withdrawn_by = now(), actor.account_id
    session().flush()


def _record(actor: Actor, organization_id: int, changed: Mapping[str, Level | None]) -> None:
    """One line of the organization's history, if anything changed."""
    if changed:
        said = {field: level or "" for field, level in sorted(changed.items())}
        history.append(actor, "organizations.consent", "organization", organization_id, {"consents": said})
