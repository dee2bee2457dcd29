"""Changing places, and taking them for a time."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import select

from coordination.places.models import Booking, Place
from coordination.places.queries import find_conflict
from coordination.places.rules import taken_until
from core import history
from core.access import Actor
from core.clock import now, to_local
from core.database import check_version, free_key_kept, get_row, hold_row, transaction
from core.errors import Refused
from core.languages import _, say_period
from core.slugs import free_slug


@dataclass(frozen=True)
class Profile:
    """What can be said of a place; see the model for the meaning of each."""

    name: str
    street: str = ""
    postal_code: str = ""
    locality: str = ""
    room: str = ""
    capacity: int | None = None
    step_free: bool | None = None
    note: str = ""


def profile_of(row: Place) -> Profile:
    """What is said of this place now."""
    return Profile(**{name: getattr(row, name) for name in Profile.__dataclass_fields__})


def create_place(actor: Actor, profile: Profile, *, key: str = "") -> Place:
    """Enter a place; without a `key` one is made from name and room. Refused: a name that somebody else entered at the
    same moment."""
    with transaction() as session, free_key_kept("name"):
        row = Place(**asdict(profile))
        row.key = key or free_slug(row.label, set(session.scalars(select(Place.key))))
        session.add(row)
        history.record(actor, "places.create", row)
    return row


def edit_place(actor: Actor, place_id: int, *, version: int | None, profile: Profile) -> Place:
    """Save the profile. Raises NotFound, and Outdated when somebody saved since `version`."""
    with transaction():
        row = get_row(Place, place_id)
        check_version(row, version)
        if profile != profile_of(row):
            for name, value in asdict(profile).items():
                setattr(row, name, value)
            history.record(actor, "places.edit", row)
    return row


def archive_place(actor: Actor, place_id: int) -> Place:
    """Offer the place no longer; what is booked stays booked. Twice is as once."""
    with transaction():
        row = get_row(Place, place_id)
        if row.archived_at is None:
            row.archived_at = now()
            history.record(actor, "places.archive", row)
    return row


def restore_place(actor: Actor, place_id: int) -> Place:
    """Take an archived place back. Twice is as once."""
    with transaction():
        row = get_row(Place, place_id)
        if row.archived_at is not None:
            row.archived_at = None
            history.record(actor, "places.restore", row)
    return row


def book(place_id: int, starts_at: datetime, ends_at: datetime | None) -> Booking:
    """Take the place from–until (aware moments, end exclusive; None = open, see `rules.OPEN_END`).

    For the transaction of the room that needs the place: it points to the row and writes the history. Refused at
    `place` when it is taken, were it for a minute (touching is no overlap), or archived; at `end` when the end does
    not lie after the start. Two who ask at once wait for one another, and one of them is refused.
    """
    ends_at = taken_until(starts_at, ends_at)
    with transaction() as session:
        place = hold_row(Place, place_id, key_share=True)
        _refuse_archived(place)
        check_free(place_id, starts_at, ends_at)
        row = Booking(place=place, starts_at=starts_at, ends_at=ends_at)
        session.add(row)
        session.flush()
    return row


def rebook(booking_id: int, place_id: int, starts_at: datetime, ends_at: datetime | None) -> Booking:
    """Move a booking to another time or place. Refused as in `book`; then the old one stands.

    A booking may stay in a place that was archived since.
    """
    ends_at = taken_until(starts_at, ends_at)
    with transaction() as session:
        place = hold_row(Place, place_id, key_share=True)
        row = get_row(Booking, booking_id)
        if row.place_id != place_id:
            _refuse_archived(place)
        check_free(place_id, starts_at, ends_at, apart_from=booking_id)
        row.place, row.starts_at, row.ends_at = place, starts_at, ends_at
        session.flush()
    return row


def release(booking_id: int) -> None:
    """Give the place free. Let go of the row first (set the pointer to None). Twice is as once."""
    with transaction() as session:
        row = session.get(Booking, booking_id)
        if row is not None:
            session.flush()  # the pointer to it must be gone before the row
            session.delete(row)
            session.flush()


def check_free(place_id: int, starts_at: datetime, ends_at: datetime | None, *, apart_from: int | None = None) -> None:
    """Refused as `book` is where somebody else has the place in that time; `apart_from` is one's own booking.

    Only an answer for now: `book` alone decides.
    """
    taken = find_conflict(place_id, starts_at, taken_until(starts_at, ends_at), apart_from=apart_from)
    if taken is not None:
        period = say_period(to_local(taken.starts_at), to_local(taken.ends_at))
        raise Refused(_("“%(place)s” is taken already: %(period)s.", place=taken.place.label, period=period), "place")


def _refuse_archived(place: Place) -> None:
    if place.archived_at is not None:
        raise Refused(_("“%(place)s” is in the archive and cannot be booked.", place=place.label), "place")
