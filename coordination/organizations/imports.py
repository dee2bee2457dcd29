"""Taking organizations from the lines of a file, one at a time or together."""

from collections.abc import Sequence
from itertools import compress

from coordination.organizations import operations, queries
from coordination.organizations.lines import OrganizationLine
from coordination.organizations.rules import Kind
from core.access import Actor
from core.csv_files import Line
from core.errors import Refused
from core.filling import Filler
from core.forms import clean_line
from core.importing import Done, fill, once_each
from core.languages import _


class Taker:
    """Takes the organizations of one file. They are known by their key: taken twice, nothing changes."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.filler = Filler(OrganizationLine)

    def __call__(self, line: Line) -> Done:
        """Enter or update the organization of one line. Refused names the column."""
        form = fill(OrganizationLine, line.values)
        row = queries.find_by_key(form.key.data)
        if row is None:
            operations.create_organization(self.actor, form.profile(), key=form.key.data)
            return Done.ADDED
        if row.key != form.key.data:  # merged into another, which has a line of its own
            return Done.UNCHANGED
        if row.kind == Kind.COMMITTEE:
            raise Refused(_("This is the key of a committee, which is changed on its own page."))
        before = row.version
        row = operations.edit_organization(self.actor, row.id, version=None, profile=form.profile(row))
        return Done.UNCHANGED if row.version == before else Done.CHANGED

    def together(self, lines: Sequence[Line]) -> dict[int, Done]:
        """Enter new ones at once, and tell which are as they were, by the number of the line. All others are for one
        at a time, which says what is not right."""
        mine = [line for line in once_each(lines, _key) if line["integration_department"] != "yes"]
        places, told = self.filler.columns([line.values for line in mine])
        if not places:
            return {}
        numbers, keys = [mine[place].number for place in places], told["key"]
        known = queries.rows_by_key(keys, list(told))
        new = [key not in known for key in keys]
        operations.create_all(self.actor, {name: list(compress(values, new)) for name, values in told.items()})
        found = zip(numbers, keys, zip(*told.values(), strict=True), strict=True)
        same = {number: Done.UNCHANGED for number, key, row in found if known.get(key) == row}
        return same | dict.fromkeys(compress(numbers, new), Done.ADDED)


def _key(line: Line) -> str | None:
    return clean_line(line["key"])
