"""Support as lines of a file, and lines as entries: one file for all areas, in the words of the codes."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from coordination.organizations import queries as organizations
from coordination.places import queries as places
from coordination.support import operations, queries
from coordination.support.forms import FORMS, Offered
from coordination.support.operations import terms_of
from coordination.support.queries import Wanted
from coordination.support.rules import Area, told_people
from core.access import SYSTEM
from core.csv_files import Line, write_csv
from core.errors import Refused
from core.importing import Done, fill, moved
from core.languages import _
from core.money import plain_euros

REQUIRED = ("key", "area", "year", "form")
AMOUNTS = ("asked", "granted", "set_aside", "used")
TEXTS = ("title", "announced", "reason", "note")
NUMBERS = ("hours", "occasions", "participants")
OPTIONAL = ("organization", "offices", *AMOUNTS, "place", *NUMBERS, *TEXTS)
COLUMNS = (*REQUIRED, *OPTIONAL)
_AREAS = {area.name.lower(): area for area in Area}


@dataclass(frozen=True)
class Taker:
    """Takes lines into the database; years move with the middle of the year by `shift`."""

    shift: timedelta = timedelta()

    def __call__(self, line: Line) -> Done:
        """Enter or update the entry of one line, known by its area and key. Refused names the column."""
        area = _AREAS.get(line["area"])
        if area is None:
            raise Refused(_("“%(text)s” is none of: %(known)s.", text=line["area"], known=", ".join(_AREAS)))
        if not line["key"] or len(line["key"]) > 80:
            raise Refused(_("Each line needs a key of at most 80 characters."))
        terms = self._read(area, line)
        row = queries.find_by_key(area, line["key"])
        if row is None:
            operations.enter(SYSTEM, area, terms, key=line["key"])
            return Done.ADDED
        if terms_of(area, row) == terms:
            return Done.UNCHANGED
        operations.edit(SYSTEM, area, row.id, version=None, terms=terms)
        return Done.CHANGED

    def _read(self, area: Area, line: Line) -> Any:
        """The terms that the line tells, judged by the form of the page."""
        values: dict[str, Any] = dict(line.values)
        offices = [_organization(key) for key in line["offices"].split()]
        found = [_organization(line["organization"])] if line["organization"] else []
        rooms = [_place(line["place"])] if line["place"] else []
        for name, offered in (("organization_id", found), ("office_id", offices[:1]), ("office_ids", offices)):
            values[name] = [str(key) for key, _name in offered]
        values["place_id"] = [str(key) for key, _name in rooms]
        form: Any = fill(FORMS[area], values, offered=Offered(found, offices, rooms))
        terms = form.terms()
        return replace(terms, year=moved(date(terms.year, 7, 1), self.shift).year)


def _organization(key: str) -> tuple[int, str]:
    found = organizations.known_by_key(key)
    return found.id, found.name


def _place(key: str) -> tuple[int, str]:
    found = places.find_by_key(key)
    if found is None:
        raise Refused(_("There is no place with the key “%(key)s”.", key=key))
    return found.id, found.label


def lines_of(area: Area, wanted: Wanted, *, whole: bool) -> Iterator[list[object]]:
    """The lines of an area. `whole`: as they are kept; else a group of fewer than five people is left out."""
    for row in queries.each(area, wanted):
        told: dict[str, object] = {"key": row.key, "area": area.name.lower(), "year": row.year, "form": str(row.form)}
        told |= {name: plain_euros(getattr(row, name, None)) for name in AMOUNTS}
        told |= {name: getattr(row, name, "") for name in (*TEXTS, *NUMBERS)}
        if not whole:
            told["participants"] = told_people(getattr(row, "participants", None))
        told["organization"] = row.organization.key if area is not Area.BUDGET else ""
        told["offices"] = " ".join(office.key for office in _offices(area, row))
        told["place"] = row.place.key if area is Area.ROOM and row.place else ""
        yield ["" if told[name] is None else told[name] for name in COLUMNS]


def _offices(area: Area, row: Any) -> list[Any]:
    if area is Area.BUDGET:
        return [row.office]
    return [given.office for given in row.offices] if area is Area.FUNDING else []


def area_csv(area: Area, wanted: Wanted) -> bytes:
    """The entries of one area that are wanted, for a page."""
    return write_csv(COLUMNS, lines_of(area, wanted, whole=False))


def everything_csv() -> bytes:
    """All entries of all areas, in lines that the import reads back."""
    return write_csv(COLUMNS, (line for area in Area for line in lines_of(area, Wanted(), whole=True)))
