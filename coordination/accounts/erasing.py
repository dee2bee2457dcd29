"""Who somebody is in all tables, and how they are erased from them.

Erasing is done at once when people ask for it themselves: nobody has to decide about a right (GDPR, Art. 17), and
what the law demands to keep stays without them (Art. 17 (3)).
"""

from collections.abc import Collection, Iterable

from sqlalchemy import select

from coordination.accounts.models import Account
from coordination.accounts.operations import keep_an_administrator
from coordination.people.models import Person
from coordination.people.queries import merged_into
from core import erasures, history, personal
from core.access import SYSTEM, Actor
from core.database import get_row, session, transaction
from core.errors import NotFound
from core.history import HistoryLine
from core.personal import Subject


def subject_of(*, person_id: int | None = None, account_id: int | None = None) -> Subject:
    """The person with their account, or the account with its person. Raises NotFound, also for who was erased."""
    person, account = _rows_of(person_id, account_id)
    merged = merged_into(person.id) if person else frozenset[int]()
    return Subject(
        person_id=person.id if person else None,
        account_id=account.id if account else None,
        names=_names_of(person, merged) if person else frozenset(),
        addresses=_addresses_of(person, account, merged),
        merged_ids=merged,
    )


def name_of(subject: Subject) -> str:
    """What the subject is called: the person's name, else the account's address."""
    person, account = _rows_of(subject.person_id, subject.account_id)
    return (person.name if person else "") or (account.email if account else "")


def note_export(actor: Actor, subject: Subject) -> None:
    """Leave a line that the subject's data were given out, and to whom."""
    with transaction():
        person, account = _rows_of(subject.person_id, subject.account_id)
        history.record(actor, "accounts.give_out", person or account)


def erase(actor: Actor, subject: Subject) -> None:
    """Erase the subject from every table, put them on the list of the erased, and leave one line without a name.

    Raises NotFound for who was erased already. Refused for the last administrator.
    """
    with transaction() as writing:
        person, account = _rows_of(subject.person_id, subject.account_id)
        merged = [get_row(Person, each) for each in subject.merged_ids]
        marks = {_mark_of(row) for row in (person, account, *merged) if row is not None}
        assignments = list(account.assignments) if account else []
        personal.erase(subject)
        if not actor.system:
            for assignment in assignments:
                keep_an_administrator(assignment)
        erasures.add(marks)
        writing.flush()
        history.record(actor, "people.erase" if person else "accounts.erase", person or account, bare=True)


def erase_marked(marks: Collection[str]) -> int:
    """Erase everybody whose mark is among these, and say how many: an older backup brought them back."""
    people = session().scalars(select(Person).where(Person.erased_at.is_(None)))
    found = [{"person_id": row.id} for row in people if _mark_of(row) in marks]
    accounts = session().scalars(select(Account).where(Account.erased_at.is_(None)))
    found += [{"account_id": row.id} for row in accounts if _mark_of(row) in marks]
    erased = 0
    for key in found:
        try:
            erase(SYSTEM, subject_of(**key))
        except NotFound:  # erased with the person a moment ago
            continue
        erased += 1
    return erased


def _mark_of(row: Person | Account) -> str:
    if isinstance(row, Person):
        return erasures.mark_of("person", row.id, row.key)
    return erasures.mark_of("account", row.id, row.email)


def _rows_of(person_id: int | None, account_id: int | None) -> tuple[Person | None, Account | None]:
    account = get_row(Account, account_id) if account_id is not None else None
    person_id = account.person_id if account is not None else person_id
    person = get_row(Person, person_id) if person_id is not None else None
    if account is None and person is not None:
        account = session().scalar(select(Account).where(Account.person_id == person.id))
    if (person or account) is None or any(row is not None and row.erased_at for row in (person, account)):
        raise NotFound
    return person, account


def _names_of(person: Person, merged: frozenset[int]) -> frozenset[str]:
    """The whole names, also of entries that were merged, where nobody else has them: in texts, one cannot be told
    from the other."""
    spelled = {(person.given_name, person.family_name)}
    for line in _lines_about("person", merged | {person.id}):
        said = (line.new or {}).get("said") if line.action == "people.merge" else None
        spelled |= {(said["given_name"], said["family_name"])} if said else set()
    others = select(Person.given_name, Person.family_name).where(Person.id != person.id, Person.erased_at.is_(None))
    taken = {
        tuple(row) for row in session().execute(others.where(Person.family_name.in_([last for _, last in spelled])))
    }
    return frozenset(f"{given} {family}" for given, family in spelled - taken if given and family)


def _lines_about(kind: str, numbers: Collection[int]) -> Iterable[HistoryLine]:
    found = select(HistoryLine).where(HistoryLine.object_type == kind, HistoryLine.object_id.in_(numbers))
    return session().scalars(found)


def _addresses_of(person: Person | None, account: Account | None, merged: frozenset[int]) -> frozenset[str]:
    """Present and earlier addresses, without those that somebody else has by now."""
    rows = [row for row in (person, account) if row is not None]
    addresses = {row.email for row in rows}
    for row in rows:
        earlier = merged if isinstance(row, Person) else frozenset[int]()
        for line in _lines_about(row.__tablename__, earlier | {row.id}):
            addresses |= {values["email"] for values in (line.old, line.new) if values and values.get("email")}
    others = select(Person.email).where(Person.id != (person.id if person else 0), Person.erased_at.is_(None))
    accounts = select(Account.email).where(Account.id != (account.id if account else 0), Account.erased_at.is_(None))
    taken = {*session().scalars(others.where(Person.email.in_(addresses)))}
    taken |= {*session().scalars(accounts.where(Account.email.in_(addresses)))}
    return frozenset(addresses - taken - {""})
