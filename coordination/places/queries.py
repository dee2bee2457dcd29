"""Reading places and when they are taken."""

from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, or_, select

from coordination.places.models import Booking, Place
from coordination.places.rules import taken_until
from core.database import get_row, session
from core.errors import NotFound
from core.web import like


def get_place(place_id: int) -> Place:
    """The place, archived ones too. Raises NotFound."""
    return get_row(Place, place_id)


def get_by_key(key: str) -> Place:
    """The place with this short name. Raises NotFound."""
    found = find_by_key(key)
    if found is None:
        raise NotFound
    return found


def find_by_key(key: str) -> Place | None:
    """The place with this short name, or None."""
    return session().scalar(select(Place).where(Place.key == key))


def search(text: str = "", *, archived: bool = False) -> Select[Place]:
    """Places whose name, room, street or town contains the text, by name and room."""
    found = select(Place).order_by(Place.name, Place.room, Place.id)
    found = found.where(Place.archived_at.is_not(None) if archived else Place.archived_at.is_(None))
    if text:
        columns = (Place.name, Place.room, Place.street, Place.locality)
        found = found.where(or_(*(column.ilike(like(text), escape="\\") for column in columns)))
    return found


def list_choices(*, including: int | None = None) -> list[tuple[int, str]]:
    """Id and label of the active places, by name, for a form.

    `including` adds the place that a date already has, though it was archived since.
    """
    found = search()
    if including is not None:
        found = select(Place).where(or_(Place.archived_at.is_(None), Place.id == including))
        found = found.order_by(Place.name, Place.room, Place.id)
    return [(row.id, row.label) for row in session().scalars(found)]


def overlaps(starts_at: datetime, ends_at: datetime) -> ColumnElement[bool]:
    """The condition that a booking shares a moment with the period; touching is no overlap (ends exclusive)."""
    return and_(Booking.starts_at < ends_at, Booking.ends_at > starts_at)


def bookings_of(place_id: int, starts_at: datetime, ends_at: datetime, *, limit: int | None = None) -> list[Booking]:
    """The bookings that share a moment with the period (UTC, end exclusive), earliest first."""
    found = select(Booking).where(Booking.place_id == place_id, overlaps(starts_at, ends_at))
    return list(session().scalars(found.order_by(Booking.starts_at, Booking.id).limit(limit)))


def is_free(place_id: int, starts_at: datetime, ends_at: datetime | None, *, apart_from: int | None = None) -> bool:
    """Whether nobody has the place in that time (UTC, end exclusive, None open); `apart_from` is one's own booking.

    Only an answer for now: `operations.book` alone decides. Refused where the end lies before the start.
    """
    return find_conflict(place_id, starts_at, taken_until(starts_at, ends_at), apart_from=apart_from) is None


def find_conflict(
    place_id: int, starts_at: datetime, ends_at: datetime, *, apart_from: int | None = None
) -> Booking | None:
    """The first booking that is in the way, or None."""
    found = select(Booking).where(Booking.place_id == place_id, overlaps(starts_at, ends_at))
    if apart_from is not None:
        found = found.where(Booking.id != apart_from)
    return session().scalar(found.order_by(Booking.starts_at, Booking.id).limit(1))
