"""Which entries may mean the same organization: the same name, mail address or website, however it is written."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol, TypeVar
from urllib.parse import urlsplit

from sqlalchemy import select

from coordination.organizations.models import Organization
from coordination.organizations.rules import Kind
from core.database import session

#: forms of law, which some write and others leave out
FORMS = re.compile(r"\b(e ?v|ev|gmbh|ggmbh|ug|gug|eg|verein|eingetragener)\b")


class Marked(Protocol):
    """An entry that can be told from others, of whatever."""

    @property
    def id(self) -> int:
        """Its number."""
        ...

    @property
    def name(self) -> str:
        """By which it stands in its group."""
        ...

    def marks(self) -> set[str]:
        """What another entry of the same thing would share."""
        ...


AnyEntry = TypeVar("AnyEntry", bound=Marked)


@dataclass(frozen=True)
class Entry:
    """As much of an organization as tells it from others."""

    id: int
    name: str
    kind: Kind
    short_name: str = ""
    email: str = ""
    website: str = ""

    def marks(self) -> set[str]:
        """What another entry of the same organization would share; only entries of one kind are compared."""
        names = {fold(self.name), fold(self.short_name)}
        marks = {f"name {name}" for name in names if len(name) > 2}
        marks |= {f"mail {self.email.strip().casefold()}"} if self.email else set()
        site = fold_website(self.website)
        return {f"{self.kind} {mark}" for mark in marks | ({f"site {site}"} if site else set())}


def fold(name: str) -> str:
    """A name as it is compared: no case, accents, punctuation or form of law."""
    return " ".join(FORMS.sub(" ", " ".join(plain_words(name))).split())


def plain_words(name: str) -> list[str]:
    """The words of a name without case, accents and punctuation."""
    plain = unicodedata.normalize("NFKD", name.casefold().replace("ß", "ss"))
    return "".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c)).split()


def fold_website(address: str) -> str:
    """Host and path as they are compared: no scheme, no `www.`, no slash at the end."""
    parts = urlsplit(address if "//" in address else f"//{address}")
    return (parts.netloc.casefold().removeprefix("www.") + parts.path).rstrip("/")


def likely_duplicates() -> list[list[Entry]]:
    """Groups of active entries that may be the same organization, by name: one query, narrow columns."""
    return grouped(_entries())


def same_as(organization: Organization) -> list[Entry]:
    """The active entries that may be the same as this one."""
    groups = (group for group in likely_duplicates() if any(each.id == organization.id for each in group))
    return [each for group in groups for each in group if each.id != organization.id]


def grouped(entries: Iterable[AnyEntry]) -> list[list[AnyEntry]]:
    """Those that share a mark, also by way of a third; each entry stands in one group."""
    leader: dict[int, int] = {}
    by_mark: dict[str, int] = {}
    known: dict[int, AnyEntry] = {}

    def first_of(number: int) -> int:
        while leader[number] != number:
            number = leader[number]
        return number

    for entry in entries:
        leader[entry.id], known[entry.id] = entry.id, entry
        for mark in entry.marks():
            other = by_mark.setdefault(mark, entry.id)
            leader[first_of(entry.id)] = first_of(other)
    groups: dict[int, list[AnyEntry]] = {}
    for number, entry in known.items():
        groups.setdefault(first_of(number), []).append(entry)
    return [sorted(group, key=lambda each: (each.name, each.id)) for group in groups.values() if len(group) > 1]


def _entries() -> list[Entry]:
    columns = [getattr(Organization, name) for name in ("id", "name", "kind", "short_name", "email", "website")]
    found = select(*columns).where(Organization.kind != Kind.COMMITTEE, Organization.archived_at.is_(None))
    rows = session().execute(found.order_by(Organization.name, Organization.id))
    return [Entry(row.id, row.name, Kind(row.kind), row.short_name, row.email, row.website) for row in rows]
