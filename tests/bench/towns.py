"""Applications with a database of their own for a measurement, and what they are filled with."""

import gc
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from flask import Flask
from sqlalchemy import insert

from core.access import SYSTEM
from core.clock import to_utc, today
from core.database import db, transaction
from core.dated import Status
from core.instance import move_calendars
from core.settings import PREFIX, Settings
from demo.growth import Growth, Size
from meetings.agenda.models import AgendaItem
from meetings.sittings.models import Sitting
from participation.committees import operations as committees
from participation.committees.operations import Charter
from participation.committees.rules import Kind
from wsgi import create_app

KEY = "for measurements only, for measurements only"


@contextmanager
def application() -> Iterator[tuple[Flask, dict[str, str]]]:
    """An application on an empty SQLite database, within its context, and the environment of a server on the same."""
    with tempfile.TemporaryDirectory(prefix="bench") as folder:
        settings = Settings(mode="test", secret_key=KEY, data=Path(folder), public_url="http://127.0.0.1")
        app = create_app(settings, testing=True)
        environment = {"MODE": "test", "SECRET_KEY": KEY, "DATA": folder, "PUBLIC_URL": settings.public_url}
        with app.app_context():
            db.create_all()
            gc.freeze()  # as `create_app` does outside of tests
            yield app, {PREFIX + name: value for name, value in environment.items()}
            gc.unfreeze()
            db.session.remove()
            db.engine.dispose()


def grow(size: Size) -> None:
    """A town as `flask demo grow` makes it, without a word."""
    Growth(size, tell=lambda *_: None).run()


def public_sittings(number: int) -> None:
    """A public committee with so many public sittings from now on, each with an agenda of three."""
    committee = committees.create_committee(SYSTEM, Charter(name="Beirat", kind=Kind.ADVISORY_BOARD), slug="beirat")
    first = datetime.combine(today(), datetime.min.time()) + timedelta(days=1, hours=18)
    with transaction() as current:
        made = insert(Sitting).returning(Sitting.id, sort_by_parameter_order=True)
        ids = list(current.scalars(made, [_sitting(committee.id, n, first) for n in range(number)]))
        items = [
            {"sitting_id": row_id, "number": str(n + 1), "position": n, "title": f"Bericht über das Vorhaben {n}"}
            for row_id in ids
            for n in range(3)
        ]
        current.execute(insert(AgendaItem), items)
        move_calendars()


def _sitting(committee_id: int, number: int, first: datetime) -> dict[str, object]:
    start = first + timedelta(days=number % 2_000, minutes=5 * (number // 2_000))
    return {
        "uid": f"{UUID(int=number)}@bench.example",
        "committee_id": committee_id,
        "status": Status.CONFIRMED,
        "starts_local": start,
        "ends_local": start + timedelta(hours=2),
        "starts_at": to_utc(start),
        "ends_at": to_utc(start + timedelta(hours=2)),
        "title": f"Sitzung {number}",
        "number": f"{number}/26",
    }
