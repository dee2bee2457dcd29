"""What every page shares: paging, headers, error pages, the frame's context."""

import hashlib
import ipaddress
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Generic, TypeVar
from urllib.parse import quote, urlencode

from flask import Flask, current_app, flash, g, render_template, request, url_for
from flask_limiter import Limiter
from flask_wtf.csrf import CSRFError, CSRFProtect
from sqlalchemy import Select, func, select
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map
from werkzeug.wrappers import Response

from core.access import ANONYMOUS, current_actor
from core.database import AWAY, log_away, session
from core.documents.render import pdf_available
from core.errors import NotFound, Refused
from core.languages import _

T = TypeVar("T")
csrf = CSRFProtect()

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; object-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a list. `total` counts all rows that the person may see."""

    rows: list[T]
    number: int
    total: int
    per_page: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // self.per_page))

    def url_for(self, number: int) -> str:
        """The address of another page of the same list, with the same filters."""
        return same_page(seite=str(number))


def paginate(found: Select[T], *, per_page: int = 50) -> Page[T]:
    """The page that the address asks for by `seite` (first page for rubbish, last page for too much): two queries.

    Counted and sorted are the ids alone; a late page of a long list would else carry every whole row before it along.
    """
    row_id = found.column_descriptions[0]["entity"].id
    ids = found.with_only_columns(row_id)
    total = session().scalar(select(func.count()).select_from(ids.order_by(None).subquery())) or 0
    number = _page_asked_for(total, per_page)
    on_page = ids.limit(per_page).offset((number - 1) * per_page)
    return Page(list(session().scalars(found.where(row_id.in_(on_page)))), number, total, per_page)


def paginate_list(found: Sequence[T], *, per_page: int = 50) -> Page[T]:
    """As `paginate`, of what is in memory already."""
    number = _page_asked_for(len(found), per_page)
    return Page(list(found[(number - 1) * per_page : number * per_page]), number, len(found), per_page)


def same_page(**changes: str) -> str:
    """The address that was asked for, with some of its parameters changed.

    Not by `url_for`: it would take what a visitor writes into the address for arguments of its own.
    """
    values = {**dict(request.args.lists()), **changes}
    return f"{quote(request.script_root + request.path)}?{urlencode(values, doseq=True)}"


def filtered_url(endpoint: str, /, **route: Any) -> str:
    """The address of a file, or of another page, with the filters of the page shown but not its place in the list.

    `route` are the parameters of its route; as in `same_page`, nothing else becomes an argument.
    """
    filters = {name: text for name, text in request.args.items() if text and name != "seite"}
    return "?".join(filter(None, [url_for(endpoint, **route), urlencode(filters)]))


def _page_asked_for(total: int, per_page: int) -> int:
    last = max(1, -(-total // per_page))
    return min(max(number_of(request.args.get("seite")) or 1, 1), last)


def number_of(text: str | None) -> int | None:
    """The whole number that an address or a button sends, in at most nine plain digits; None for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None


def like(text: str) -> str:
    """A LIKE pattern that finds the text anywhere; use with `escape="\\\\"`."""
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def asked_for(name: str = "q") -> str:
    """What was typed into a search field: at most 100 characters, no NUL (PostgreSQL refuses it)."""
    return request.args.get(name, "").replace("\0", "").strip()[:100]


def flash_done(message: str) -> None:
    """Say on the next page what was done."""
    flash(message, "success")


def said_yes(name: str) -> bool:
    """Which of its two states a button asked for. Raises NotFound for what no button offers."""
    said = request.form.get(name)
    if said not in ("0", "1"):
        raise NotFound
    return said == "1"


def client_network() -> str:
    """The client for rate limits: an IPv4 address, or the /64 of an IPv6 address."""
    try:
        address = ipaddress.ip_address(request.remote_addr or "127.0.0.1")
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is None:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(getattr(address, "ipv4_mapped", address))


limiter = Limiter(client_network, default_limits=[], headers_enabled=False)


@dataclass(frozen=True)
class NavigationItem:
    """An entry of the main navigation."""

    label: str
    url: str

    @property
    def current(self) -> bool:
        """Whether the page shown lies below this entry."""
        return request.path == self.url or (self.url != "/" and request.path.startswith(self.url))


@cache
def static_version(root: Path) -> str:
    """A short hash of the own sheets and scripts, so that browsers fetch them anew after an upgrade."""
    own = sorted(file for file in (root / "core/static").iterdir() if file.suffix in (".css", ".js"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in own)).hexdigest()[:10]


class IdConverter(IntegerConverter):
    """A number in an address: an id that a row can have. What is greater leads nowhere (404)."""

    def __init__(self, url_map: Map, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max", 2**31 - 1)
        super().__init__(url_map, *args, **kwargs)


def init_app(
    app: Flask, navigation: Callable[[], list[NavigationItem]], footer: Callable[[], list[tuple[str, str]]]
) -> None:
    """Headers, error pages, CSRF, limiter and the context of the frame."""
    settings = app.config["SETTINGS"]
    app.config["RATELIMIT_STORAGE_URI"] = settings.limits_storage
    app.url_map.converters["int"] = IdConverter
    csrf.init_app(app)
    limiter.init_app(app)
    if settings.trusted_proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app,
            x_for=settings.trusted_proxies,
            x_proto=settings.trusted_proxies,
            x_host=settings.trusted_proxies,
        )
    app.add_template_global(pdf_available)
    app.add_template_global(filtered_url)
    app.add_template_global(navigation, "navigation")
    app.add_template_global(footer, "footer_links")
    app.jinja_env.globals.update(body_name=settings.body_name, static_version=static_version(settings.root))
    app.context_processor(lambda: {"actor": current_actor()})
    app.before_request(_refuse_nul)
    app.after_request(_with_headers)
    app.register_error_handler(NotFound, lambda _error: error_page(404))
    app.register_error_handler(Refused, lambda refused: error_page(refused.status, refused.message))
    for kind in AWAY:
        app.register_error_handler(kind, _database_away)
    app.register_error_handler(
        CSRFError,
        lambda _error: error_page(400, _("This page was open for too long. Please go back, reload it and try again.")),
    )
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(500, lambda _error: error_page(500))


def _refuse_nul() -> None:
    """No text holds a NUL (PostgreSQL refuses it), so no address with one leads anywhere."""
    if "\0" in request.path:
        raise NotFound


def _with_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if current_app.config["SETTINGS"].secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
    if not request.path.startswith("/static/"):
        response.headers.setdefault("Cache-Control", "private, no-store")
    return response


def _http_error(error: HTTPException) -> Response | tuple[str, int] | HTTPException:
    if error.code is None or error.code < 400:
        return error
    return error_page(error.code)


def _database_away(error: DBAPIError) -> tuple[str, int]:
    """A page that needs no database, not even to know who asks."""
    log_away(error)
    session().rollback()
    g.actor = ANONYMOUS
    return error_page(503)


def error_page(code: int, message: str | None = None) -> tuple[str, int]:
    """A whole page for an error, in the reader's language."""
    title, explanation = _error_texts().get(code, _error_texts()[400])
    page = render_template("errors/error.html", title_text=title, message=message or explanation, back_url="/")
    return page, code


def _error_texts() -> dict[int, tuple[str, str]]:
    return {
        400: (
            _("That did not work"),
            _("The request could not be understood. Please go back and try again."),
        ),
        403: (_("Not for this account"), _("Your account does not have the right to see or do this.")),
        404: (_("Page not found"), _("This page does not exist, or you may not see it.")),
        405: (
            _("That did not work"),
            _("The request could not be understood. Please go back and try again."),
        ),
        410: (_("This link is no longer valid"), _("The link was ended. Please ask for a new one.")),
        413: (_("Too much at once"), _("What was sent is larger than allowed. Please send less at a time.")),
        429: (_("Too many attempts"), _("Please wait a few minutes and try again.")),
        500: (
            _("Something went wrong on our side"),
            _("The error was noted. What you had saved before is kept. Please try again later."),
        ),
        503: (
            _("Not available at the moment"),
            _("The site cannot reach its data. What you had saved before is kept. Please try again in a few minutes."),
        ),
    }
