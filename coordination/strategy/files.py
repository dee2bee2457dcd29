"""Aims, measures and statements as lines of a file, and lines as entries: one file, an aim before its measures."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from coordination.organizations import queries as organizations
from coordination.strategy import operations, queries, statements
from coordination.strategy.forms import ItemForm, StateForm, StatementForm
from coordination.strategy.models import Aim, Measure
from coordination.strategy.operations import Stand, Terms, stand_of, terms_of
from coordination.strategy.rules import Foundation, State
from core.access import SYSTEM
from core.csv_files import Line, write_csv
from core.errors import Refused
from core.importing import Done, fill, moved, parse_choice, parse_yes
from core.languages import _

REQUIRED = ("kind", "title")
OPTIONAL = (
    "key",
    "aim",
    "text",
    "owner",
    "due_on",
    "state",
    "since",
    "reason",
    "adopted_on",
    "adopted_by",
    "holds",
)
COLUMNS = (*REQUIRED, *OPTIONAL)
MODELS: dict[str, Any] = {"aim": Aim, "measure": Measure}
KINDS = (*MODELS, *Foundation)


@dataclass(frozen=True)
class Taker:
    """Takes lines into the database; dates move by `shift`."""

    shift: timedelta = timedelta()

    def __call__(self, line: Line) -> Done:
        """Enter or update what one line tells: aims and measures by their key, statements by kind and day."""
        kind = line["kind"]
        if kind not in KINDS:
            raise Refused(_("“%(text)s” is none of: %(known)s.", text=kind, known=", ".join(KINDS)))
        if kind not in MODELS:
            return self._statement(Foundation(kind), line)
        if not line["key"] or len(line["key"]) > 80:
            raise Refused(_("Each line needs a key of at most 80 characters."))
        return self._item(MODELS[kind], line)

    def _item(self, model: type[Any], line: Line) -> Done:
        terms, stand = self._terms(line), self._stand(line)
        aim = _aim(line["aim"]) if model is Measure else None
        row: Any = queries.find_measure(line["key"]) if model is Measure else queries.find_aim(line["key"])
        if row is None:
            if aim is not None:
                operations.create_measure(SYSTEM, aim.id, terms=terms, stand=stand, key=line["key"])
            else:
                operations.create_aim(SYSTEM, terms, stand=stand, key=line["key"])
            return Done.ADDED
        before = (terms_of(row), stand_of(row), row.aim_id if aim is not None else None)
        if aim is not None and aim.id != row.aim_id:
            operations.move(SYSTEM, row.id, aim_id=aim.id)
        stand = replace(stand, since=stand.since or before[1].since)
        if stand != before[1]:  # before it may be adopted: what it was as a draft is nobody else's to read
            operations.set_state(SYSTEM, model, row.id, version=None, stand=stand)
        if terms != before[0]:
            operations.edit(SYSTEM, model, row.id, version=None, terms=terms)
        return Done.UNCHANGED if before == (terms, stand, aim and aim.id) else Done.CHANGED

    def _terms(self, line: Line) -> Terms:
        """What the line says but for the state, judged by the form of the page."""
        owner = organizations.known_by_key(line["owner"]) if line["owner"] else None
        named = [(owner.id, owner.name)] if owner else []
        form = fill(ItemForm, {**line.values, "owner_id": str(owner.id) if owner else ""}, owners=named)
        terms = form.terms()
        due, adopted = (moved(day, self.shift) for day in (terms.due_on, terms.adopted_on))
        return replace(terms, due_on=due, adopted_on=adopted)

    def _stand(self, line: Line) -> Stand:
        state = parse_choice(line["state"], State) if line["state"] else State.PLANNED
        since = line["since"] or "2000-01-01"  # the form asks for a day; without one it is the day of the import
        form = fill(StateForm, {"state": state, "since": since, "reason": line["reason"]})
        stand = form.stand()
        return replace(stand, since=moved(stand.since, self.shift) if line["since"] else None)

    def _statement(self, foundation: Foundation, line: Line) -> Done:
        holds = parse_yes(line["holds"] or "yes")
        told = {"foundation": foundation, "since": line["since"], "note": line["title"]}
        form = fill(StatementForm, {**told, **({"holds": "y"} if holds else {})})
        since, note = moved(form.since.data, self.shift), form.note.data or ""
        row = queries.find_statement(foundation, since)
        if row is not None and (row.holds, row.note) == (holds, note):
            return Done.UNCHANGED
        statements.state(SYSTEM, foundation, holds=holds, since=since, note=note)
        return Done.ADDED if row is None else Done.CHANGED


def _aim(key: str) -> Aim:
    found = queries.find_aim(key)
    if found is None:
        raise Refused(_("There is no aim with the key “%(key)s”. It must stand in a line before.", key=key))
    return found


def strategy_csv() -> bytes:
    """All of it as a file, drafts too, in lines that the import reads back."""
    return write_csv(COLUMNS, _lines())


def _lines() -> Iterator[list[object]]:
    for row in reversed(queries.list_statements()):
        told = {
            "kind": str(row.foundation),
            "title": row.note,
            "since": row.since,
            "holds": "yes" if row.holds else "no",
        }
        yield [told.get(name, "") for name in COLUMNS]
    for aim in queries.list_aims(drafts=True):
        yield _line_of("aim", aim)
        for measure in aim.measures:
            yield _line_of("measure", measure, aim=aim.key)


def _line_of(kind: str, row: Aim | Measure, *, aim: str = "") -> list[object]:
    told: dict[str, object] = {name: getattr(row, name, None) or "" for name in COLUMNS}
    told |= {"kind": kind, "aim": aim, "state": str(row.state), "since": row.state_since, "holds": ""}
    told["owner"] = row.owner.key if row.owner else ""
    return [told[name] for name in COLUMNS]
