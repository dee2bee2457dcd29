"""Projects in files: several lines each, read twice without change; a record that is known becomes the project's."""

from datetime import date

import pytest

from coordination.cooperation import operations as cooperation
from coordination.cooperation import queries as records
from coordination.cooperation.facts import Facts, record_of
from coordination.cooperation.files import blocks
from coordination.cooperation.rules import BEGINNING, Format, Lead, Source, Status
from coordination.organizations.rules import Topic
from coordination.planning import queries as workspaces
from coordination.planning.rules import Answer
from coordination.projects import files, operations, queries
from coordination.projects.operations import Plan
from coordination.projects.rules import State
from core.access import SYSTEM
from core.csv_files import read_csv
from core.database import session
from core.errors import Refused
from core.importing import Done
from core.outbox import OutboxMail

HEADER = (
    "key,state,title,starts_on,ends_on,network,announced,topic,lead,lead_since,partner,role,milestone,due_on,reached_on"
)
WHOLE = f"""{HEADER}
garten,running,Garten,2026-03-01,,netzwerk-garten,yes,planning,migrant_organisation,,chor,,Beete,2026-05-01,2026-04-28
garten,,,,,,,culture,joint,2026-09-01,verein,expert,Fest,2027-05-01,
"""


@pytest.fixture
def town(make_organization, network):
    for name in ("chor", "verein"):
        make_organization(name, key=name)


def read(text: str, folder) -> list[Done]:
    (folder / "projects.csv").write_text(text, encoding="utf-8")
    lines = read_csv(folder / "projects.csv", required=files.REQUIRED, optional=files.OPTIONAL)
    taker = files.Taker()
    return [taker(block) for block in blocks(lines)]


def test_a_file_tells_a_whole_project_and_changes_nothing_when_read_again(town, network, tmp_path):
    assert read(WHOLE, tmp_path) == [Done.ADDED]
    assert read(WHOLE, tmp_path) == [Done.UNCHANGED]
    project = queries.find_by_key("garten")
    record = project.cooperation
    assert (project.state, record.status, project.network_id) == (
        State.RUNNING,
        Status.RUNNING,
        network.organization_id,
    )
    assert project.announced_at is not None
    assert record_of(record).leads == ((BEGINNING, Lead.MIGRANT_ORGANISATION), (date(2026, 9, 1), Lead.JOINT))
    assert [(one.title, one.reached_on) for one in project.milestones] == [("Beete", date(2026, 4, 28)), ("Fest", None)]
    assert [one.answer for one in workspaces.standings(record)] == [Answer.ACCEPTED] * 2
    assert session().query(OutboxMail).count() == 0


def test_what_changed_in_the_file_changes_and_what_left_it_is_gone(town, tmp_path):
    read(WHOLE, tmp_path)
    fewer = WHOLE.replace("running,", "completed,", 1).replace(",2026-03-01,,", ",2026-03-01,2026-10-31,")
    fewer = "\n".join(fewer.splitlines()[:2]) + "\n"
    assert read(fewer, tmp_path) == [Done.CHANGED]
    assert read(fewer, tmp_path) == [Done.UNCHANGED]
    project = queries.find_by_key("garten")
    assert (project.state, project.cooperation.status) == (State.COMPLETED, Status.HELD)
    assert [one.title for one in project.milestones] == ["Beete"]
    assert [lead.lead for lead in project.cooperation.leads] == [Lead.MIGRANT_ORGANISATION]
    assert len(project.cooperation.partners) == 2, "who took part is not taken back by a file that does not name them"


def test_a_known_record_becomes_the_project_and_tells_what_the_file_leaves_out(town, tmp_path):
    facts = Facts("Sprachpaten", Format.PROJECT, Status.RUNNING, date(2026, 1, 1), topics=frozenset({Topic.REFUGEES}))
    record = cooperation.create_cooperation(SYSTEM, facts, lead=Lead.MUNICIPAL, key="sprachpaten")
    text = f"{HEADER}\nsprachpaten,paused,,,,,,,,,,,,,\n"
    assert read(text, tmp_path) == [Done.ADDED]
    assert read(text, tmp_path) == [Done.UNCHANGED]
    project = queries.find_by_key("sprachpaten")
    assert project.cooperation_id == record.id
    assert (project.title, project.starts_on, project.state) == ("Sprachpaten", date(2026, 1, 1), State.PAUSED)
    assert (record.source, record.status) == (Source.PROJECT, Status.RUNNING)
    kept = records.find_by_key("sprachpaten")
    assert record_of(kept).leads == ((BEGINNING, Lead.MUNICIPAL),)
    assert record_of(kept).facts.topics == {Topic.REFUGEES}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a,dreaming,A,,,,,,,,,,,,\n", "state"),
        ("a,running,A,,,,,,,,,,,,\n", "wann es beginnt"),
        ("a,planned,,,,,,,,,,,,,\n", "Feld"),
        ("a,planned,A,,,nirgends,,,,,,,,,\n", "nirgends"),
        ("a,idea,A,,,,yes,,,,,,,,\n", "Idee"),
        ("a,planned,A,,,,,kochen,,,,,,,\n", "kochen"),
        ("a,planned,A,,,,,,,,niemand,,,,\n", "niemand"),
        ("a,planned,A,,,,,,,,,,Ziel,,\n", "Tag"),
        ("a,planned,A,,,,,,,,,,Ziel,2026-01-01,\na,,,,,,,,,,,,Ziel,2026-02-01,\n", "gleich"),
        ("a,planned,A,,,,,,,,chor,,,,\na,,,,,,,,,,chor,,,,\n", "zweimal"),
        ("a,planned,A,,,,,,,,,,,,\na,,B,,,,,,,,,,,,\n", "Zeile 3"),
    ],
)
def test_a_line_that_cannot_be_is_refused_with_its_reason(town, tmp_path, text, reason):
    with pytest.raises(Refused) as refused:
        read(f"{HEADER}\n{text}", tmp_path)
    assert reason in refused.value.message
    assert queries.find_by_key("a") is None


def test_a_key_stands_once_in_a_file(town, tmp_path):
    with pytest.raises(Refused) as refused:
        read(f"{HEADER}\na,planned,A{',' * 12}\nb,planned,B{',' * 12}\na,planned,A{',' * 12}\n", tmp_path)
    assert "Zeile 2" in refused.value.message


def test_the_command_says_what_became_of_each_line(app, town, tmp_path):
    (tmp_path / "a.csv").write_text(WHOLE + "b,dreaming,B" + "," * 12 + "\n", encoding="utf-8")
    told = app.test_cli_runner().invoke(args=["projects", "import", "--quiet", str(tmp_path / "a.csv")])
    assert told.exit_code == 1
    assert "4" in told.output
    assert queries.find_by_key("garten") is not None


def test_a_file_finds_a_project_that_was_planned_by_hand(town, tmp_path):
    operations.create(SYSTEM, Plan("Garten", text="Von Hand"), key="garten")
    assert read(WHOLE, tmp_path) == [Done.CHANGED]
    assert queries.find_by_key("garten").text == "", "what is empty in the file is emptied"
