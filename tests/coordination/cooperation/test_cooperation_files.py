"""Records in files: one or more lines each, read twice without change, written so that they are read back."""

import pytest
from sqlalchemy import func, select

from coordination.cooperation import codebook, documents, queries
from coordination.cooperation.facts import Kept, record_of
from coordination.cooperation.files import Taker, blocks
from coordination.cooperation.models import Cooperation
from coordination.cooperation.operations import keep_in_step
from coordination.cooperation.queries import Wanted
from coordination.cooperation.rules import Format, Lead, Reach, Source, Status
from coordination.organizations.merging import merge_organizations
from coordination.organizations.queries import find_by_key
from coordination.organizations.rules import Kind, Topic
from coordination.strategy.operations import Terms, create_aim, create_measure
from core import importing
from core.access import SYSTEM
from core.codebooks import codebook_rows
from core.csv_files import write_csv
from core.database import session
from core.errors import Refused
from core.history import HistoryLine, check_chain
from core.importing import Done
from core.spreadsheets import parse_table, write_xlsx

EVERYTHING = Reach(everything=True, restricted=True)
HEADER = (
    "key,title,format,starts_on,starts_at,topic,lead,lead_since,partner,role,honorarium,"
    "municipal_contribution,department"
)
FILE = f"""{HEADER}
fest,Fest der Nachbarn,single_event,09.05.2026,18:30,culture,municipal,,chor,door_opener,150.50,room,amt
fest,,,,,sport,joint,2026-01-01,tanz,,0,greeting,
"""


@pytest.fixture
def town(make_organization):
    for name in ("chor", "tanz"):
        make_organization(name, key=name)
    make_organization("Amt", key="amt", kind=Kind.DEPARTMENT)


def read(content: bytes) -> list[Done]:
    taker = Taker(SYSTEM)
    lines = parse_table(content, required=codebook.REQUIRED, optional=codebook.IMPORTED)
    return [taker(block) for block in blocks(lines)]


def test_further_lines_tell_more_of_the_same_record(town):
    assert read(FILE.encode()) == [Done.ADDED]
    assert read(FILE.encode()) == [Done.UNCHANGED]
    row = queries.find_by_key("fest")
    assert {topic.topic for topic in row.topics} == {Topic.CULTURE, Topic.SPORT}
    assert [dated.lead for dated in row.leads] == [Lead.MUNICIPAL, Lead.JOINT]
    assert [partner.honorarium for partner in row.partners] == [15_050, 0]
    assert (len(row.contributions), row.status) == (2, Status.HELD)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_is_written_is_read_back_the_same(town, make_cooperation, kind):
    read(FILE.encode())
    make_cooperation("=1+1", what_worked="-Viel;\n\n007", do_differently="1E5", complete=False)
    write = documents.records_csv if kind == "csv" else documents.records_xlsx
    content = write(EVERYTHING, Wanted())
    assert read(content) == [Done.UNCHANGED] * 2
    kept = {key: record_of(queries.find_by_key(key)) for key in ("fest", "1-1")}
    assert kept["1-1"].facts.title == "=1+1"
    assert write(EVERYTHING, Wanted()) == content or kind == "xlsx"


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("x,Fest,party", "none of: single_event"),
        (",Fest,project", "key"),
        ("x,,project", "title"),
        ("x,Fest,project,31.02.2026", "starts_on"),
        ("x,Fest,project,,18:30", "time needs its day"),
        ("x,Fest,project,,,witchcraft", "none of the twelve"),
        ("x,Fest,project,,,,municipal,,nobody", "no organization with the key"),
        ("x,Fest,project,,,,,,chor,,1E5", "amount in euros"),
        ("x,Fest,project,,,,,,chor,,-1", "amount in euros"),
        ("x,Fest,project\nx,Ball,project", "Line 3: title"),
        ("x,Fest,project,,,,,,chor\nx,,,,,,,,chor", "twice"),
    ],
)
def test_a_line_that_is_wrong_says_why(app, town, line, complaint):
    from core.languages import in_language

    content = f"{HEADER}\n{line}\n"
    with app.test_request_context(), in_language("en"):
        with pytest.raises(Refused, match=complaint):
            read(content.encode())
    assert queries.find_by_key("x") is None


def test_a_key_that_comes_again_later_is_refused(town):
    with pytest.raises(Refused):
        read(b"key,title,format\na,Fest,project\nb,Ball,project\na,Fest,project\n")


def test_of_two_lines_with_one_key_the_second_is_refused_though_the_first_is_wrong(town):
    taker = Taker(SYSTEM)
    lines = parse_table(b"key,title,format\na,Fest,party\nb,Ball,project\na,Fest,project\n", required=codebook.REQUIRED)
    wrong, _ball, again = blocks(lines)
    with pytest.raises(Refused, match="party"):
        taker(wrong)
    with pytest.raises(Refused, match="2"):
        taker(again)


def test_of_a_committee_only_what_it_does_not_tell_is_read(town):
    kept = Kept(title="Forum", format=Format.COMMITTEE, status=Status.RUNNING)
    keep_in_step(SYSTEM, None, source=Source.COMMITTEE, kept=kept, key="forum", partner_ids=[1])
    assert read(b"key,title,format,topic\nforum,Anders,committee,religion\n") == [Done.CHANGED]
    row = queries.find_by_key("forum")
    assert (row.title, [topic.topic for topic in row.topics], len(row.partners)) == ("Forum", [Topic.RELIGION], 1)
    with pytest.raises(Refused):
        read(b"key,title,format,partner\nforum,Forum,committee,tanz\n")


def test_the_codebook_explains_every_column():
    how_it_is_written, *columns = codebook_rows(codebook.COLUMNS)
    assert (how_it_is_written[0], "semicolon" in how_it_is_written[1]) == ("", True)
    assert {row[0] for row in columns} == set(codebook.EXPORTED)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_file_tells_which_measure_a_record_serves_and_an_older_one_leaves_it(town, kind):
    aim = create_aim(SYSTEM, Terms("Vereine stärken"))
    create_measure(SYSTEM, aim.id, terms=Terms("Raumbörse"), key="raumboerse")

    def served(header: str, *cells: str) -> str | None:
        rows = [header.split(","), list(cells)]
        content = write_csv(*rows[:1], rows[1:]) if kind == "csv" else write_xlsx({"Blatt": (rows[0], rows[1:])})
        assert Done.FAILED not in read(content)
        row = queries.find_by_key("fest")
        return row.measure.key if row.measure else None

    base = ("fest", "Fest", "single_event")
    assert served("key,title,format,measure", *base, "raumboerse") == "raumboerse"
    assert served("key,title,format", *base) == "raumboerse"
    assert served("key,title,format,what_worked", *base, "Vieles") == "raumboerse"
    assert served("key,title,format,measure", *base, "") is None
    with pytest.raises(Refused):
        served("key,title,format,measure", *base, "gibt-es-nicht")


def test_many_records_that_serve_measures_ask_as_often_as_few(app, make_organization, tmp_path, count_queries):
    aim = create_aim(SYSTEM, Terms("Vereine stärken"))
    asked = []
    for start, end in ((0, 3), (3, 33)):
        for n in range(start, end):
            create_measure(SYSTEM, aim.id, terms=Terms("Raumbörse"), key=f"m{n}")
            make_organization(key=f"o{n}")
        lines = [f"f{n},Fest,project,m{n},o{n}\n" for n in range(start, end)]
        file = tmp_path / "cooperations.csv"
        file.write_text("key,title,format,measure,partner\n" + "".join(lines), encoding="utf-8")
        with count_queries() as counted:
            app.test_cli_runner().invoke(args=["cooperation", "import", str(file)])
        asked.append([statement for statement in counted.statements if statement.startswith("SELECT")])
        assert queries.find_by_key(f"f{end - 1}").measure.key == f"m{end - 1}"
    assert len(asked[0]) == len(asked[1])


def test_records_taken_together_are_as_if_they_were_taken_one_by_one(
    app, town, make_organization, tmp_path, monkeypatch
):
    """New and known ones, an organization that was merged, and what is refused: in its facts, on a further line, and a
    key that stands there twice."""
    merge_organizations(SYSTEM, find_by_key("tanz").id, make_organization("Tanz", key="tanzgruppe").id)
    first = [
        "X-fest,Fest,single_event,09.05.2026,18:30,culture,municipal,,chor,door_opener,150.50,room,amt",
        "X-fest,,,,,sport,joint,2026-01-01,tanz,,0,greeting,",
        "X-leer,,single_event,,,,,,,,,,",
        "X-wer,Wer,project,,,,,,niemand,,,,",
        "X-zwei,Zwei,project,,,sport,,,chor,,,,",
        "X-zwei,,,,,,,,chor,,,,",
        "X-amt,Amt,project,,,,,,,,,greeting,chor",
        "X-bald,Bald,project,2027-01-01,,culture,joint,,tanz,expert,,,",
        "X-fest,Noch einmal,single_event,,,,,,,,,,",
        "X-thema,Thema,other,,,tanzen,,,,,,,",
        "X-gruppe,Gruppe,other,,,sport,,,tanzgruppe,expert,,,",
    ]
    later = [*first[:2], "X-bald,Bald,project,2027-02-01,,culture,joint,,tanz,expert,,,", "X-neu,Neu,other,,,,,,,,,,"]

    def outcome(town: str) -> tuple[list[str], list[tuple[str, object]], int]:
        said = []
        for lines in (first, later):
            file = tmp_path / "cooperations.csv"
            file.write_text("\n".join([HEADER, *lines]).replace("X-", town), encoding="utf-8")
            said.append(app.test_cli_runner().invoke(args=["cooperation", "import", str(file)]).output)
        session().rollback()
        rows = session().scalars(select(Cooperation).where(Cooperation.key.startswith(town)).order_by(Cooperation.key))
        return said, [(row.title, record_of(row)) for row in rows], session().scalar(select(func.count(HistoryLine.id)))

    before = session().scalar(select(func.count(HistoryLine.id)))
    together = outcome("a-")
    monkeypatch.setattr(importing, "_taken_together", lambda batch, together: {})
    apart = outcome("b-")
    assert (together[0], together[1]) == (apart[0], apart[1])
    assert len(together[1]) >= 3
    (partner,) = queries.find_by_key("a-gruppe").partners
    assert partner.organization.key == "tanz"
    assert together[2] - before == apart[2] - together[2]
    assert check_chain(session()).holds
