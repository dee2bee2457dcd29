"""The front door: `create_app()` and the visible tables of what hangs where.

BLUEPRINTS: blueprint → URL prefix. COMMANDS: `flask …`. PANELS: place on a page → functions that fill it.
JOBS: name, what does what is due, minutes between sweeps. PERSONAL: what each table keeps of people, bottom to top.
"""

import gc
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from click import Command
from flask import Blueprint, Flask, url_for
from flask_migrate import Migrate

from calendars.feeds import door, subscriptions, used
from calendars.feeds import panels as feed_panels
from calendars.feeds import personal as feed_personal
from calendars.feeds import views as feeds
from calendars.invitations import commands as invitation_commands
from calendars.invitations import operations as invitation_operations
from calendars.invitations import panels as invitation_panels
from calendars.invitations import personal as invitation_personal
from calendars.invitations import views as invitations
from calendars.overview import calendar as calendar_pages
from calendars.overview import panels as overview_panels
from calendars.overview import saved_dates, start
from coordination.accounts import administration, erasing, own_data, second_factor, security, sign_in
from coordination.accounts import commands as account_commands
from coordination.accounts import merging as account_merging
from coordination.accounts import operations as account_operations
from coordination.accounts import panels as account_panels
from coordination.accounts import personal as account_personal
from coordination.accounts import queries as accounts
from coordination.accounts import views as account
from coordination.accounts.demo import register_demo
from coordination.analysis import commands as analysis_commands
from coordination.analysis import views as analysis
from coordination.contacts import commands as contact_commands
from coordination.contacts import panels as contact_panels
from coordination.contacts import personal as contact_personal
from coordination.contacts import views as contacts
from coordination.cooperation import commands as cooperation_commands
from coordination.cooperation import completion
from coordination.cooperation import panels as cooperation_panels
from coordination.cooperation import personal as cooperation_personal
from coordination.cooperation import uploads as cooperation_files
from coordination.cooperation import views as cooperation
from coordination.events import commands as event_commands
from coordination.events import panels as event_panels
from coordination.events import personal as event_personal
from coordination.events import views as events
from coordination.letters import commands as letter_commands
from coordination.letters import merging as letter_merging
from coordination.letters import panels as letter_panels
from coordination.letters import personal as letter_personal
from coordination.letters import views as letters
from coordination.organizations import address_list, dated, merge_pages, profiles, publishing, voices
from coordination.organizations import commands as organization_commands
from coordination.organizations import panels as organization_panels
from coordination.organizations import personal as organization_personal
from coordination.organizations import uploads as organization_files
from coordination.organizations import views as organizations
from coordination.people import commands as people_commands
from coordination.people import merge_pages as people_merge_pages
from coordination.people import merging as people_merging
from coordination.people import panels as people_panels
from coordination.people import personal as people_personal
from coordination.people import responsible
from coordination.people import views as people
from coordination.places import commands as place_commands
from coordination.places import views as places
from coordination.planning import merging as planning_merging
from coordination.planning import panels as planning_panels
from coordination.planning import personal as planning_personal
from coordination.planning import terms as planning_terms
from coordination.planning import views as planning
from coordination.planning import work as planning_work
from coordination.projects import commands as project_commands
from coordination.projects import networks
from coordination.projects import panels as project_panels
from coordination.projects import personal as project_personal
from coordination.projects import progress as project_progress
from coordination.projects import schedule as project_schedule
from coordination.projects import views as projects
from coordination.strategy import commands as strategy_commands
from coordination.strategy import panels as strategy_panels
from coordination.strategy import personal as strategy_personal
from coordination.strategy import views as strategy
from coordination.support import commands as support_commands
from coordination.support import panels as support_panels
from coordination.support import views as support
from core import (
    access,
    database,
    erasures,
    expiry,
    health,
    history,
    hour_words,
    jobs,
    languages,
    logs,
    merging,
    outbox,
    panels,
    personal,
    reads,
    submissions,
    traces,
    web,
)
from core.access import current_actor
from core.backup import commands as backup_commands
from core.languages import _, _l
from core.merging import Merged, join_texts, keep
from core.pages import commands as page_commands
from core.pages import views as pages
from core.pages.rules import TITLES
from core.panels import Panel
from core.personal import PersonalTable
from core.settings import Settings, checked, from_environment
from demo import commands as demo_commands
from meetings.agenda import commands as agenda_commands
from meetings.agenda import panels as agenda_panels
from meetings.agenda import views as agenda
from meetings.attendance import commands as attendance_commands
from meetings.attendance import merging as attendance_merging
from meetings.attendance import panels as attendance_panels
from meetings.attendance import personal as attendance_personal
from meetings.attendance import views as attendance
from meetings.minutes import commands as minutes_commands
from meetings.minutes import panels as minutes_panels
from meetings.minutes import personal as minutes_personal
from meetings.minutes import views as minutes
from meetings.sittings import commands as sitting_commands
from meetings.sittings import panels as sitting_panels
from meetings.sittings import views as sittings
from participation.committees import access as committee_access
from participation.committees import commands as committee_commands
from participation.committees import networks as committee_networks
from participation.committees import panels as committee_panels
from participation.committees import views as committees
from participation.seats import commands as seat_commands
from participation.seats import merging as seat_merging
from participation.seats import panels as seat_panels
from participation.seats import personal as seat_personal
from participation.seats import policies as seat_policies
from participation.seats import views as seats

BLUEPRINTS: Sequence[tuple[Blueprint, str]] = (
    (health.blueprint, ""),
    (pages.blueprint, ""),
    (organizations.blueprint, "/organisationen"),
    (organization_files.blueprint, "/organisationen"),
    (merge_pages.blueprint, "/organisationen"),
    (address_list.blueprint, "/organisationen"),
    (profiles.blueprint, "/organisationen"),
    (publishing.blueprint, "/organisationen"),
    (account.blueprint, ""),
    (own_data.blueprint, ""),
    (second_factor.blueprint, "/konto/zweiter-faktor"),
    (administration.blueprint, "/verwaltung"),
    (sign_in.blueprint, "/anmelden"),
    (people.blueprint, "/personen"),
    (people_merge_pages.blueprint, "/personen"),
    (responsible.blueprint, "/zustaendig"),
    (places.blueprint, "/orte"),
    (support.blueprint, "/foerderung"),
    (contacts.blueprint, "/kontakte"),
    (strategy.blueprint, "/strategie"),
    (letters.blueprint, "/briefe"),
    (cooperation.blueprint, "/kooperationen"),
    (cooperation_files.blueprint, "/kooperationen"),
    (completion.blueprint, "/kooperationen"),
    (analysis.blueprint, "/auswertung"),
    (planning.blueprint, "/planung"),
    (planning_work.blueprint, "/planung"),
    (planning_terms.blueprint, "/planung"),
    (projects.blueprint, "/projekte"),
    (project_progress.blueprint, "/projekte"),
    (project_schedule.blueprint, "/projekte"),
    (events.blueprint, "/veranstaltungen"),
    (committees.blueprint, "/gremien"),
    (seats.blueprint, "/gremien"),
    (sittings.blueprint, ""),
    (agenda.blueprint, "/sitzungen"),
    (attendance.blueprint, ""),
    (minutes.blueprint, ""),
    (feeds.blueprint, ""),
    (subscriptions.blueprint, "/konto/abos"),
    (invitations.blueprint, ""),
    (start.blueprint, ""),
    (calendar_pages.blueprint, "/kalender"),
    (saved_dates.blueprint, ""),
)
COMMANDS: Sequence[Command] = (
    backup_commands.backup,
    backup_commands.restore,
    backup_commands.group,
    history.group,
    expiry.group,
    jobs.group,
    outbox.group,
    page_commands.group,
    organization_commands.group,
    *dated.GROUPS,
    account_commands.group,
    people_commands.group,
    place_commands.group,
    support_commands.group,
    contact_commands.group,
    letter_commands.group,
    strategy_commands.group,
    cooperation_commands.group,
    event_commands.group,
    project_commands.group,
    analysis_commands.group,
    committee_commands.group,
    seat_commands.group,
    sitting_commands.group,
    agenda_commands.group,
    attendance_commands.group,
    minutes_commands.group,
    invitation_commands.group,
    demo_commands.group,
)
PANELS: dict[str, Sequence[Panel]] = {
    "organization.page": [
        people_panels.members_today,
        people_panels.contacts_today,
        seat_panels.organization_seats,
        support_panels.of_organization,
        cooperation_panels.of_organization,
        contact_panels.of_organization,
        strategy_panels.of_organization,
        letter_panels.of_organization,
    ],
    "contacts.page": [letter_panels.of_contacts],
    "person.page": [seat_panels.person_seats, feed_panels.feeds_of, account_panels.personal_data_of],
    "committee.tabs": [
        seat_panels.committee_tab,
        sitting_panels.committee_tab,
        attendance_panels.committee_tab,
        overview_panels.committee_tab,
    ],
    "committee.overview": [
        sitting_panels.committee_panel,
        seat_panels.committee_seats,
        project_panels.of_network,
    ],
    "sitting.tabs": [agenda_panels.sitting_tab, attendance_panels.sitting_tab, minutes_panels.sitting_tab],
    "sitting.overview": [attendance_panels.reply_panel, agenda_panels.sitting_panel, invitation_panels.told],
    "sitting.before-change": [invitation_panels.consequences],
    "account.page": [feed_panels.my_feeds],
    "analysis.fairness": [attendance_panels.fairness_panel],
    "start.page": [
        planning_panels.asked,
        planning_panels.to_do,
        project_panels.to_decide,
        event_panels.to_decide,
        project_panels.due,
        cooperation_panels.to_complete,
        contact_panels.silent,
        people_panels.who_is_responsible,
        strategy_panels.overdue,
        organization_panels.own,
    ],
    "measure.page": [cooperation_panels.of_measure],
    "record.page": [planning_panels.of_record, committee_panels.of_record],
    "event.page": [overview_panels.event_date],
    "workspace.state": [project_panels.workspace_state, event_panels.workspace_state],
    "workspace.when": [event_panels.workspace_when],
    "workspace.head": [project_panels.workspace_head, event_panels.workspace_head],
    "project.events": [event_panels.of_project],
    "project.page": [overview_panels.project_dates],
}
JOBS: Sequence[tuple[str, Callable[[], object], int]] = (
    ("feeds-used", used.write_down, 15),
    ("reads", reads.write_down, 1),
    ("retention", expiry.run, 24 * 60),
    ("erasures", erasures.keep_in_file, 60),
    ("tell-invited", invitation_operations.tell_all, 1),
    ("remind-invited", invitation_operations.remind_all, 60),
    ("forget-submissions", submissions.forget_old, 60),
    ("forget-sessions", account_operations.forget_ended_sessions, 1_440),
)
PERSONAL: Sequence[PersonalTable] = (
    organization_personal.CONSENT,
    people_personal.PERSON,
    people_personal.MEMBERSHIP,
    account_personal.ACCOUNT,
    account_personal.ASSIGNMENT,
    contact_personal.CONTACT_NOTE,
    *strategy_personal.ALL,
    *letter_personal.ALL,
    *cooperation_personal.ALL,
    *planning_personal.ALL,
    project_personal.PROJECT,
    project_personal.MILESTONE,
    event_personal.EVENT,
    seat_personal.APPOINTMENT,
    attendance_personal.REPLY,
    attendance_personal.ATTENDANCE,
    minutes_personal.MINUTES,
    minutes_personal.REVISION,
    minutes_personal.RELEASE,
    feed_personal.FEED_TOKEN,
    invitation_personal.INVITATION,
    traces.MAIL,
    traces.SUBMISSION,
    traces.HISTORY,
)

#: table → what its rows are, and what becomes of two of them once two organizations, or persons, are merged. A table
#: that is missing here moves all the same; two rows of which there can be only one are refused then
MERGED: dict[str, Merged] = {
    "organization": Merged(_l("Entries merged earlier")),
    "person": Merged(_l("Entries merged earlier")),
    "publication_consent": Merged(_l("Consents to publication"), keep),
    "umbrella_membership": Merged(_l("Memberships in umbrella bodies"), keep, loop=("organization_id", "umbrella_id")),
    "network_phase": Merged(_l("Phases of the network"), keep),
    "membership": Merged(
        _l("Memberships"), people_merging.join_memberships, same=("person_id", "organization_id", "function")
    ),
    "account": Merged(
        _l("Accounts"),
        refusal=_l("Both have an account. Please take the person out of one of the two accounts first."),
    ),
    "assignment": Merged(_l("Roles of accounts"), account_merging.join_assignments),
    "contact_note": Merged(_l("Contacts")),
    "letter": Merged(_l("Letters")),
    "letter_recipient": Merged(_l("Letters received")),
    "letter_objection": Merged(_l("Wants no letters"), letter_merging.join_objections),
    "funding": Merged(_l("Funding")),
    "funding_office": Merged(_l("Funding that it gives"), keep),
    "budget": Merged(_l("Money set aside")),
    "room_use": Merged(_l("Rooms")),
    "advice": Merged(_l("Qualification and advice")),
    "cooperation": Merged(_l("Cooperation to which it gave the impulse")),
    "partner": Merged(_l("Cooperation"), join_texts("contribution", "benefit", fill=("honorarium",))),
    "municipal_contribution": Merged(_l("What it gives to cooperation")),
    "planning_invitation": Merged(_l("Invitations to plan together"), planning_merging.join_invitations),
    "planning_task": Merged(_l("Tasks")),
    "planning_post": Merged(_l("Messages")),
    "planning_request": Merged(_l("Requests")),
    "planning_confirmation": Merged(_l("Confirmed agreements"), keep),
    "planning_review": Merged(_l("Reviews"), join_texts("what_worked", "do_differently", fill=("participants",))),
    "aim": Merged(_l("Aims of the strategy")),
    "measure": Merged(_l("Measures of the strategy")),
    "project": Merged(_l("Projects of the network")),
    "seat": Merged(_l("Seats in committees")),
    "committee": Merged(_l("Committees")),
    "appointment": Merged(_l("Appointments to seats"), seat_merging.join_appointments, same=("seat_id", "person_id")),
    "invitation": Merged(_l("Invitations to sittings"), keep),
    "reply": Merged(_l("Answers to invitations"), attendance_merging.join_replies),
    "attendance": Merged(_l("Attendance at sittings")),
    "feed_token": Merged(_l("Calendar subscriptions")),
}


def create_app(settings: Settings | None = None, *, testing: bool = False) -> Flask:
    """The whole application for these settings (default: from the environment).

    Raises BadSettings when they would not be safe or cannot work: a server in production mode does not start with the
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
        MAX_CONTENT_LENGTH=4_000_000,  # a form is read into memory as a whole
        MAX_FORM_PARTS=5_000,
        MAX_FORM_MEMORY_SIZE=2_000_000,
        WTF_CSRF_TIME_LIMIT=None,
        TRUSTED_HOSTS=[urlsplit(settings.public_url).hostname] if settings.mode == "production" else None,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    hour_words.init_app(app)
    logs.init_app(app)
    database.init_app(app)
    Migrate(app, database.db, directory=str(settings.root / "core/migrations"), render_as_batch=True, compare_type=True)
    languages.init_app(app)
    jobs.init_app(app)
    outbox.init_app(app)
    security.init_app(app)
    access.init_app(app, accounts.build_actor)
    voices.init_app(app, accounts.has_voice)
    committee_access.init_app(app, seat_policies.inner_circle_of)
    networks.init_app(app, committee_networks.public_networks)
    panels.init_app(app, PANELS)
    personal.init_app(app, PERSONAL)
    merging.init_app(app, MERGED)
    erasures.init_app(app, erasing.erase_marked)
    door.init_app(app)  # before web: behind a proxy that is trusted, it must know the client's address
    web.init_app(app, _navigation, _footer)
    submissions.init_app(app)
    for blueprint, prefix in BLUEPRINTS:
        app.register_blueprint(blueprint, url_prefix=prefix or None)
    for group in COMMANDS:
        app.cli.add_command(group)
    for name, run, interval in JOBS:
        jobs.register(app, name, run, every_minutes=interval)
    if settings.demo_sign_in:
        register_demo(app)
    if not testing:
        gc.freeze()  # what is loaded by now stays: the collector need not walk through it again and again
    return app


def _navigation() -> list[web.NavigationItem]:
    """The main navigation: what this person may open."""
    actor = current_actor()
    items = []
    items.append(web.NavigationItem(_("Calendar"), url_for("calendar.index")))
    items.append(web.NavigationItem(_("Committees"), url_for("committees.index")))
    items.append(web.NavigationItem(_("Events"), url_for("events.index")))
    items.append(web.NavigationItem(_("Projects"), url_for("projects.index")))
    items.append(web.NavigationItem(_("Organizations"), url_for("organizations.index")))
    if actor.may("organizations.read"):
        items.append(web.NavigationItem(_("Places"), url_for("places.index")))
    if actor.may("contacts.edit"):
        items.append(web.NavigationItem(_("Contacts"), url_for("contacts.index")))
    if actor.may("cooperation.read"):
        items.append(web.NavigationItem(_("Cooperation"), url_for("cooperation.index")))
    items.append(web.NavigationItem(_("Analysis"), url_for("analysis.index")))
    if actor.may("strategy.edit"):
        items.append(web.NavigationItem(_("Strategy"), url_for("strategy.index")))
    if actor.may("support.edit"):
        items.append(web.NavigationItem(_("Support"), url_for("support.overview")))
    if actor.may("people.read"):
        items.append(web.NavigationItem(_("People"), url_for("people.index")))
    if actor.may("accounts.manage"):
        items.append(web.NavigationItem(_("Administration"), url_for("administration.index")))
    return items


def _footer() -> list[tuple[str, str]]:
    pages_of_the_site = [(str(title), url_for("pages.show", name=name.value)) for name, title in TITLES.items()]
    of_the_town = [
        (_("Strategy"), url_for("strategy.index")),
        (_("Who is responsible for what"), url_for("responsible.index")),
    ]
    return [*of_the_town, *pages_of_the_site]
