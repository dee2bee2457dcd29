"""Words and addresses that entries of every kind share, in the reader's language."""

from typing import Any

from flask import current_app

from calendars.ical import Texts
from coordination.places.models import Place
from core.languages import _, chosen_language

#: what is read of a place for an entry
PLACE_COLUMNS = (
    Place.name.label("place_name"),
    Place.room,
    Place.street,
    Place.postal_code,
    Place.locality,
)


def texts() -> Texts:
    """The words that every date brings along in a calendar, in the reader's language."""
    return Texts(
        cancelled_prefix=_("CANCELLED:") + " ",
        end_open=_("The end is open."),
        details=_("Details: %(url)s", url="%(url)s"),
        conference=_("Take part online: %(url)s", url="%(url)s"),
        conference_label=_("Take part online"),
    )


def reader() -> tuple[str, str]:
    """What the words of an entry depend on besides its rows: the language, and this site's address."""
    return chosen_language(), public_url()


def public_url() -> str:
    """The address of this site, without a slash at its end."""
    return str(current_app.config["SETTINGS"].public_url)


def municipality() -> str:
    """The name of the municipality."""
    return str(current_app.config["SETTINGS"].body_name)


def address_of(row: Any) -> str:
    """Room and postal address of a row with PLACE_COLUMNS in one line; empty where it has no place."""
    if row.place_name is None:
        return ""
    place = Place(
        name=row.place_name,
        room=row.room,
        street=row.street,
        postal_code=row.postal_code,
        locality=row.locality,
    )
    return place.address


def path_of(endpoint: str, **values: Any) -> str:
    """The path of a page, also where nobody is asking (jobs, feeds)."""
    return current_app.url_map.bind("").build(endpoint, values)
