"""What this room keeps of people: names in minutes, and who wrote them.

Minutes are kept as the law demands. Of who is erased the office stays in them: every whole name is replaced, in
all revisions and in every version that was released, so that no text is left in which it stands.
"""

from collections.abc import Callable

from sqlalchemy import ColumnElement, Text, false, or_, select
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from coordination.people.models import Person
from core.database import session
from core.languages import DEFAULT, _, _l, in_language
from core.named import is_named, without_names
from core.personal import PersonalTable, Rows, Subject, is_of, plain
from core.retention import Retention
from core.web import like
from meetings.agenda.models import AgendaItem
from meetings.minutes.content import as_kept, read, replaced, signs_of, write
from meetings.minutes.models import Minutes, MinutesRelease, MinutesRevision
from meetings.minutes.operations import rewrite, salt
from meetings.sittings.models import Sitting
from participation.seats.personal import office_of

TEXTS = ("chair_name", "secretary_name", "guests")


def _names_in(subject: Subject, *columns: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """The condition that one of the subject's names stands in one of these texts, be it as a part of a longer one."""
    named = (column.cast(Text).like(like(name), escape="\\") for name in subject.names for column in columns)
    return or_(false(), *named)


def _in_heads(subject: Subject) -> ColumnElement[bool]:
    return _names_in(subject, Minutes.chair_name, Minutes.secretary_name, Minutes.guests)


def _heads(subject: Subject) -> list[Minutes]:
    found = select(Minutes).where(_in_heads(subject)).options(joinedload(Minutes.sitting))
    return list(session().scalars(found.order_by(Minutes.id)))


def _in_revisions(subject: Subject) -> ColumnElement[bool]:
    return _names_in(subject, MinutesRevision.text)


def _in_revisions_or_written(subject: Subject) -> ColumnElement[bool]:
    return or_(_in_revisions(subject), is_of(MinutesRevision.author_account, subject.account_id))


def _revisions(condition: ColumnElement[bool]) -> list[MinutesRevision]:
    item = joinedload(MinutesRevision.agenda_item).joinedload(AgendaItem.sitting)
    found = select(MinutesRevision).where(condition).options(item)
    return list(session().scalars(found.order_by(MinutesRevision.id)))


def _tell_heads(subject: Subject) -> Rows:
    return [
        {
            **_place(row.sitting),
            "id": row.id,
            "named_as": [name for name in TEXTS if _names(subject, getattr(row, name))],
        }
        for row in _heads(subject)
    ]


def _tell_revisions(subject: Subject) -> Rows:
    """Where the subject is named and what the account wrote, without the texts: they are about others as well."""
    return [
        {
            **_place(row.agenda_item.sitting),
            "id": row.id,
            "agenda_item": row.agenda_item.title,
            "number": row.number,
            "saved_at": plain(row.saved_at),
            "named": _names(subject, row.text),
            "by_you": subject.account_id is not None and row.author_account == subject.account_id,
        }
        for row in _revisions(_in_revisions_or_written(subject))
    ]


def _in_releases(subject: Subject) -> ColumnElement[bool]:
    """Versions in which the subject sits or is named."""
    kept = MinutesRelease.content
    needles = [as_kept(name) for name in subject.names]
    needles += [sign for number in subject.person_ids for sign in signs_of(number)]
    return or_(_names_in(subject, MinutesRelease.reason), *(kept.like(like(n), escape="\\") for n in needles))


def _in_releases_or_made(subject: Subject) -> ColumnElement[bool]:
    return or_(_in_releases(subject), is_of(MinutesRelease.by_account, subject.account_id))


def _releases(condition: ColumnElement[bool]) -> list[MinutesRelease]:
    found = select(MinutesRelease).where(condition).options(joinedload(MinutesRelease.sitting))
    return list(session().scalars(found.order_by(MinutesRelease.id)))


def _tell_releases(subject: Subject) -> Rows:
    named = {row.id for row in _releases(_in_releases(subject))}
    return [
        {
            **_place(row.sitting),
            "id": row.id,
            "number": row.number,
            "released_at": plain(row.released_at),
            "named": row.id in named,
            "by_you": subject.account_id is not None and row.by_account == subject.account_id,
        }
        for row in _releases(_in_releases_or_made(subject))
    ]


def _replace_in_releases(subject: Subject) -> None:
    """The name goes out of every version, with the salt: so the old checksum tells nobody what stood there."""
    for row in _releases(_in_releases(subject)):
        in_text = _replacing(subject, row.sitting)
        offices = {number: _seated_as(subject.person_id) for number in subject.person_ids if subject.person_id}
        before, reason = read(row.content), in_text(row.reason)
        content = replaced(before, offices=offices, in_text=in_text)
        if (content, reason) != (before, row.reason):
            rewrite(row.id, write(content, salt()), reason=reason)


def _seated_as(person_id: int) -> str:
    """What stands for the person in lists: their row is blank by now, but for the office."""
    person = session().get(Person, person_id)
    with in_language(DEFAULT):
        return (person.name if person else "") or _("Erased person")


def _place(sitting: Sitting) -> dict[str, object]:
    return {"sitting": sitting.heading, "on": plain(sitting.starts_local)}


def _names(subject: Subject, text: str) -> bool:
    return is_named(text, subject.names)


def _replace_in_heads(subject: Subject) -> None:
    for row in _heads(subject):
        replaced = _replacing(subject, row.sitting)
        for name in TEXTS:
            setattr(row, name, replaced(getattr(row, name)))


def _replace_in_revisions(subject: Subject) -> None:
    for row in _revisions(_in_revisions(subject)):
        row.text = _replacing(subject, row.agenda_item.sitting)(row.text)


def _replacing(subject: Subject, sitting: Sitting) -> Callable[[str], str]:
    """What puts the office in place of the names, in a text of this sitting."""
    office = office_of(subject.person_id, sitting.committee_id) if subject.person_id else ""
    with in_language(DEFAULT):
        office = office or _("Erased person")

    return lambda text: without_names(text, subject.names, office)


MINUTES = PersonalTable(
    model=Minutes,
    holds=_l("Minutes with the name of the chair, the secretary or a guest"),
    rows=_in_heads,
    tell=_tell_heads,
    erase=_replace_in_heads,
    retention=Retention.RECORDS,
)
REVISION = PersonalTable(
    model=MinutesRevision,
    holds=_l("Texts of minutes with the name, or written with the account"),
    rows=_in_revisions_or_written,
    tell=_tell_revisions,
    erase=_replace_in_revisions,
    retention=Retention.RECORDS,
)
RELEASE = PersonalTable(
    model=MinutesRelease,
    holds=_l("Released minutes in which you sit in the list of those present or are named, or that you released"),
    rows=_in_releases_or_made,
    tell=_tell_releases,
    erase=_replace_in_releases,
    retention=Retention.RECORDS,
)
