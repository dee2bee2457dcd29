"""Events from a file: each in its state, known records taken over, nothing doubled, errors by line, and no mail."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from coordination.accounts.queries import actor_of
from coordination.cooperation import operations as cooperation
from coordination.cooperation.facts import Facts, PartnerTerms
from coordination.cooperation.partners import add_partner
from coordination.cooperation.rules import Format, Lead, Source, Status
from coordination.events import queries
from coordination.events.files import take
from coordination.events.rules import State
from coordination.organizations.rules import Topic
from coordination.planning import policies as planning
from coordination.planning import queries as workspaces
from coordination.projects import operations as projects
from core.access import SYSTEM
from core.csv_files import Line
from core.database import session
from core.dated import Status as DateStatus
from core.errors import Refused
from core.importing import Done
from core.outbox import OutboxMail

KONZERT = {
    "key": "konzert",
    "state": "announced",
    "title": "Konzert",
    "start": "2026-12-13 16:00",
    "end": "18:30",
    "topics": "culture",
    "lead": "joint",
    "initiator": "chor",
    "partners": "chor",
    "asked": "verein",
    "public": "yes",
}


def line(**values):
    return Line(2, {**KONZERT, **values})


@pytest.fixture(autouse=True)
def organizations(make_organization):
    return [make_organization(name.title(), key=name) for name in ("chor", "verein")]


def test_a_line_becomes_an_event_with_its_workspace_and_changes_nothing_when_read_again(organizations, make_account):
    assert take(line(), timedelta(weeks=1)) is Done.ADDED
    event = queries.find_by_key("konzert")
    assert (event.state, f"{event.starts_local}", f"{event.ends_local:%H:%M}") == (
        State.ANNOUNCED,
        "2026-12-20 16:00:00",
        "18:30",
    )
    assert (event.cooperation.initiator.key, event.cooperation.lead) == ("chor", Lead.JOINT)
    answers = {asked.organization.key: asked.answer for asked in workspaces.standings(event.cooperation)}
    assert answers == {"chor": "accepted", "verein": "open"}
    speaks_for_it = make_account("representative", organization_id=organizations[0].id)
    assert planning.may_work(actor_of(speaks_for_it), event.cooperation)
    assert session().scalars(select(OutboxMail)).all() == []
    assert take(line(title="Anders"), timedelta(weeks=1)) is Done.UNCHANGED
    assert event.title == "Konzert", "what people here decided stays"


def test_a_known_record_becomes_the_events_and_is_not_told_twice(organizations):
    start = "2026-10-30 19:30"
    facts = Facts(
        title="Theaterabend",
        format=Format.SINGLE_EVENT,
        status=Status.HELD,
        starts_local=datetime.fromisoformat(start),
        participants=150,
        topics=frozenset({Topic.CULTURE}),
    )
    record = cooperation.create_cooperation(SYSTEM, facts, lead=Lead.MIGRANT_ORGANISATION, key="konzert")
    add_partner(SYSTEM, record.id, terms=PartnerTerms(organizations[0].id))
    told = {"title": "", "start": "", "topics": "", "partners": "", "asked": "", "initiator": "", "lead": ""}
    assert take(line(**told, state="held", end="22:00")) is Done.ADDED
    event = queries.find_by_key("konzert")
    assert (event.cooperation, record.source, record.participants) == (record, Source.EVENT, 150)
    assert (event.title, event.state, f"{event.starts_local:%Y-%m-%d %H:%M}") == ("Theaterabend", State.HELD, start)
    assert record.lead == Lead.MIGRANT_ORGANISATION
    assert [asked.answer for asked in workspaces.standings(record)] == ["accepted"]


@pytest.mark.parametrize("state", State)
def test_every_state_can_be_told(state):
    take(line(state=state, reason="Darum"))
    event = queries.find_by_key("konzert")
    assert (event.state, event.cooperation.status) == (state, Status(state))
    assert event.open_to_all == (state in ("announced", "held", "cancelled"))
    drafts = dict.fromkeys(("idea", "turned_down"), DateStatus.DRAFT)
    expected = {**drafts, "planned": DateStatus.TENTATIVE, "cancelled": DateStatus.CANCELLED}
    assert event.status == expected.get(state, DateStatus.CONFIRMED)


def test_an_idea_may_lack_its_day():
    take(line(state="idea", start="", end=""))
    event = queries.find_by_key("konzert")
    assert (event.starts_at, event.cooperation.starts_on) == (None, None)


@pytest.mark.parametrize(("told", "seen"), [("", False), ("no", False), ("yes", True)])
def test_who_took_part_in_the_past_is_named_in_public_only_where_the_file_says_so(client, told, seen):
    take(line(state="held", start="2025-05-10 16:00", public=told))
    page = client.get(f"/veranstaltungen/{queries.find_by_key('konzert').id}")
    assert (page.status_code == 200, "Chor" in page.text) == (seen, seen)


@pytest.mark.parametrize(
    ("values", "complaint"),
    [
        ({"state": "vielleicht"}, "vielleicht"),
        ({"start": "", "end": ""}, "Tag"),
        ({"start": "", "end": "22:00", "state": "idea"}, "Tag"),
        ({"start": "übermorgen"}, "übermorgen"),
        ({"title": ""}, "Feld"),
        ({"partners": "chor niemand"}, "niemand"),
        ({"place": "nirgends"}, "nirgends"),
        ({"topics": "wetter"}, "wetter"),
        ({"end": "25:00"}, "end"),
        ({"project": "keines"}, "keines"),
    ],
)
def test_what_is_not_right_is_said_and_leaves_nothing(values, complaint):
    with pytest.raises(Refused) as refused:
        take(line(**values))
    assert complaint in refused.value.message
    session().rollback()
    assert queries.find_by_key("konzert") is None


def test_an_event_is_part_of_a_project_that_is_known():
    project = projects.create(SYSTEM, projects.Plan("Orchester"), key="orchester")
    take(line(project="orchester"))
    assert queries.find_by_key("konzert").project_id == project.id


def test_a_record_of_something_else_is_not_taken_over():
    facts = Facts(title="Projekt", format=Format.PROJECT, status=Status.RUNNING)
    cooperation.create_cooperation(SYSTEM, facts, key="konzert")
    with pytest.raises(Refused):
        take(line())


def test_the_command_reads_the_demonstration(app, tmp_path):
    file = tmp_path / "events.csv"
    file.write_text("key,state,title,start\nfest,planned,Fest,2026-12-12 18:00\nschlecht,planned,,\n", encoding="utf-8")
    ran = app.test_cli_runner().invoke(args=["events", "import", "--as-of", "2026-11-16", str(file)])
    assert ran.exit_code == 1
    assert "Zeile 3" in ran.output
    assert queries.find_by_key("fest") is not None
    ran = app.test_cli_runner().invoke(args=["events", "import", "--quiet", str(file)])
    assert "1 unverändert" in ran.output
