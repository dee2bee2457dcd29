"""The front door: `create_app()` and the visible tables of what hangs where.

BLUEPRINTS: blueprint → URL prefix. COMMANDS: `flask …`. PANELS: place on a page → functions that fill it.
"""

from collections.abc import Sequence

from flask import Blueprint, Flask, url_for
from flask.cli import AppGroup
from flask_migrate import Migrate

from coordination.accounts import queries as accounts
from coordination.accounts import security
from coordination.organizations import commands as organization_commands
from coordination.organizations import views as organizations
from core import access, database, health, jobs, languages, logs, outbox, panels, web
from core.access import current_actor
from core.languages import _
from core.pages import commands as page_commands
from core.pages import views as pages
from core.pages.rules import TITLES
from core.panels import Panel
from core.settings import Settings, checked, from_environment

BLUEPRINTS: Sequence[tuple[Blueprint, str]] = (
    (health.blueprint, ""),
    (pages.blueprint, ""),
    (organizations.blueprint, "/organisationen"),
)
COMMANDS: Sequence[AppGroup] = (
    jobs.group,
    outbox.group,
    page_commands.group,
    organization_commands.group,
)
PANELS: dict[str, Sequence[Panel]] = {
    "organization.page": [],
    "person.page": [],
    "committee.tabs": [],
    "committee.overview": [],
    "sitting.tabs": [],
    "sitting.overview": [],
    "sitting.before-change": [],
    "account.page": [],
    "start.page": [],
}


def create_app(settings: Settings | None = None, *, testing: bool = False) -> Flask:
    """The whole application for these settings (default: from the environment).

    Raises BadSettings when they would not be safe: a server in production mode does not start with the
    demonstration's sign-in links.
    """
    settings = checked(settings) if settings else from_environment()
    app = Flask("augenhoehe", root_path=str(settings.root), static_folder="core/static", template_folder="templates")
    app.testing = testing
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="__Host-session" if settings.secure else "session",
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=25_000_000,
        MAX_FORM_PARTS=5_000,
        MAX_FORM_MEMORY_SIZE=2_000_000,
        WTF_CSRF_TIME_LIMIT=None,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    logs.init_app(app)
    database.init_app(app)
    Migrate(app, database.db, directory=str(settings.root / "core/migrations"), render_as_batch=True, compare_type=True)
    languages.init_app(app)
    jobs.init_app(app)
    outbox.init_app(app)
    security.init_app(app)
    access.init_app(app, accounts.build_actor)
    panels.init_app(app, PANELS)
    web.init_app(app, _navigation, _footer)
    for blueprint, prefix in BLUEPRINTS:
        app.register_blueprint(blueprint, url_prefix=prefix or None)
    for group in COMMANDS:
        app.cli.add_command(group)
    return app


def _navigation() -> list[web.NavigationItem]:
    """The main navigation: what this person may open."""
    actor = current_actor()
    items = []
    if actor.may("organizations.read"):
        items.append(web.NavigationItem(_("Organizations"), url_for("organizations.index")))
    return items


def _footer() -> list[tuple[str, str]]:
    return [(str(title), url_for("pages.show", name=name.value)) for name, title in TITLES.items()]
