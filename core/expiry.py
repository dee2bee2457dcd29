"""The nightly job that deletes what was kept for its whole period, and the report of what it would delete."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import click
import structlog
from flask.cli import AppGroup
from sqlalchemy import Select, func, select

from core import history
from core.access import SYSTEM
from core.clock import now
from core.database import session, transaction
from core.languages import _, _n
from core.personal import PersonalTable, entries
from core.retention import PERIODS, SUGGESTED_AFTER

log = structlog.get_logger()
#: rows that are deleted in one transaction, so that nobody waits for long
BATCH = 500


@dataclass(frozen=True)
class Due:
    """How many rows of a table are over."""

    entry: PersonalTable
    rows: int


def due() -> list[Due]:
    """What `run` would delete now, table by table, also where it is nothing."""
    return [Due(entry, _count(found)) for entry in entries() if (found := _expired(entry)) is not None]


def suggested() -> list[Due]:
    """About how many rows of which tables somebody should decide."""
    before = now() - SUGGESTED_AFTER
    looked = ((entry, entry.suggested) for entry in entries())
    return [Due(entry, _count(found(before))) for entry, found in looked if found is not None]


class Unfinished(Exception):
    """What is over could not be deleted from these tables, as the log tells; from the others so many rows were."""

    def __init__(self, deleted: int, tables: Sequence[str]) -> None:
        super().__init__(", ".join(tables))
        self.deleted = deleted
        self.tables = tables


def run() -> int:
    """Delete what is over and say how many rows. The history says of which table, and nothing of whose they were.

    Raises Unfinished at the end where a table failed; the others do not wait for it.
    """
    deleted, failed = 0, []
    for entry in entries():
        try:
            while number := _delete_some(entry):
                deleted += number
        except Exception:
            log.exception("retention.failed", table=entry.table)
            failed.append(entry.table)
    if failed:
        raise Unfinished(deleted, failed)
    return deleted


def _expired(entry: PersonalTable) -> Select[Any] | None:
    period, found = PERIODS[entry.retention], entry.expired
    return None if period is None or found is None else found(now() - period)


def _count(found: Select[Any]) -> int:
    return session().scalar(select(func.count()).select_from(found.order_by(None).subquery())) or 0


def _delete_some(entry: PersonalTable) -> int:
    found = _expired(entry)
    if found is None:
        return 0
    with transaction() as writing:
        rows = writing.scalars(found.limit(BATCH)).all()
        for row in rows:
            writing.delete(row)
        if rows:
            history.append(SYSTEM, "retention.run", entry.table, None, {"rows": len(rows)})
    return len(rows)


group = AppGroup("retention", help="What is kept for how long (docs/retention.md).")


@group.command("run")
@click.option("--dry-run", is_flag=True, help="Only say what would be deleted.")
def command(*, dry_run: bool) -> None:
    """Delete what was kept for its whole period. The jobs do so every night."""
    for found in due():
        period = PERIODS[found.entry.retention]
        days = period.days if period else 0
        click.echo(f"{found.entry.retention:<14} {found.entry.table:<18} {days:>5} {found.rows:>8}")
    for found in suggested():
        if found.rows:
            click.echo(
                _n(
                    "%(num)d person is archived for over %(years)d years: please decide about erasure.",
                    "%(num)d people are archived for over %(years)d years: please decide about erasure.",
                    found.rows,
                    years=SUGGESTED_AFTER.days // 365,
                )
            )
    if dry_run:
        click.echo(_("Nothing was deleted."))
        return
    try:
        _say(run())
    except Unfinished as left:
        _say(left.deleted)
        raise click.ClickException(
            _("It could not be deleted from: %(tables)s. The log of the server says why.", tables=str(left))
        ) from left


def _say(deleted: int) -> None:
    click.echo(_n("%(num)d row was deleted.", "%(num)d rows were deleted.", deleted))
