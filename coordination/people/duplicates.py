"""Which entries may mean the same person: the same name or mail address, however it is written."""

from dataclasses import dataclass

from sqlalchemy import select

from coordination.organizations.duplicates import grouped, plain_words
from coordination.people.models import Person
from core.database import session


@dataclass(frozen=True)
class Entry:
    """As much of a person as tells them from others."""

    id: int
    name: str
    email: str
    archived: bool

    def marks(self) -> set[str]:
        """What another entry of the same person would share; of a name the words count, in whatever order."""
        marks = {f"name {' '.join(sorted(plain_words(self.name)))}"}
        return marks | ({f"mail {self.email}"} if self.email else set())


def likely_duplicates() -> list[list[Entry]]:
    """Groups of entries that may be the same person, by name, with an active one first: one query, narrow columns."""
    columns = [getattr(Person, name) for name in ("id", "given_name", "family_name", "email", "archived_at")]
    rows = session().execute(select(*columns).where(Person.erased_at.is_(None)).order_by(Person.id))
    entries = [
        Entry(row.id, f"{row.given_name} {row.family_name}".strip(), row.email, row.archived_at is not None)
        for row in rows
    ]
    groups = [sorted(group, key=lambda each: each.archived) for group in grouped(entries)]
    return sorted((group for group in groups if not group[0].archived), key=lambda group: group[0].name)


def same_as(person: Person) -> list[Entry]:
    """The entries that may be the same person as this one."""
    groups = (group for group in likely_duplicates() if any(each.id == person.id for each in group))
    return [each for group in groups for each in group if each.id != person.id]
