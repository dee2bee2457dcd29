"""Addresses of feeds as people and their programs take them. Whole addresses, from the setting `public_url`."""

from urllib.parse import quote, urlsplit

from flask import current_app
from markupsafe import Markup

from core.qr_codes import qr_code
from core.slugs import slugify


def committee_address(slug: str) -> str:
    """The https address of a committee's public feed."""
    return _address("feeds.committee", slug=slug)


def public_address() -> str:
    """The https address of the feed with all public dates."""
    return _address("feeds.everything")


def personal_address(token: str, name: str) -> str:
    """The https address of a personal feed. It ends in a readable name: some programs call the calendar by it."""
    return _address("feeds.personal", token=token, name=slugify(name))


def webcal(address: str) -> str:
    """The same address so that a calendar program opens it as a subscription."""
    return "webcal://" + address.partition("://")[2]


def google(address: str) -> str:
    """A link that lets Google Calendar subscribe to the address (which Google then knows)."""
    return f"https://calendar.google.com/calendar/render?cid={quote(webcal(address), safe='')}"


def outlook(address: str, name: str) -> str:
    """A link that lets Outlook on the web subscribe to the address (which Microsoft then knows)."""
    values = f"url={quote(address, safe='')}&name={quote(name, safe='')}"
    return f"https://outlook.office.com/calendar/0/addfromweb?{values}"


def feed_qr_code(address: str, title: str) -> Markup:
    """The address as a QR code with which a phone subscribes; `title` as in `core.qr_codes`."""
    return qr_code(webcal(address) if urlsplit(address).scheme in ("http", "https") else address, title)


def _address(endpoint: str, **values: str) -> str:
    path = current_app.url_map.bind("").build(endpoint, values)
    return str(current_app.config["SETTINGS"].public_url + path)
