"""`flask sittings import`: run twice, after moves, with bad lines; and the real sittings where they are at hand."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from core import importing
from core.csv_files import Line
from core.database import session
from core.dated import Status
from core.errors import Refused
from core.history import HistoryLine, check_chain
from core.hours import Kind
from core.importing import Done
from meetings.sittings import operations, queries
from meetings.sittings.commands import take
from meetings.sittings.models import Sitting
from meetings.sittings.rules import Mode, Sight, source_key

REAL = Path(__file__).resolve().parents[4] / "shared" / "data" / "sittings-integration-committee.csv"


def line(**values: str) -> Line:
    return Line(2, values)


@pytest.fixture
def committee(make_committee):
    return make_committee("Integrationsrat")


@pytest.fixture
def run(app, tmp_path):
    """Run the command on these lines; gives its result."""

    def command(text: str, *arguments: str):
        file = tmp_path / "sittings.csv"
        file.write_bytes(text.encode() if isinstance(text, str) else text)
        return app.test_cli_runner().invoke(args=["sittings", "import", *arguments, str(file)])

    return command


def rows() -> list[Sitting]:
    session().rollback()
    return list(session().scalars(select(Sitting).order_by(Sitting.starts_at)))


def test_a_line_becomes_a_confirmed_sitting(committee, make_place):
    make_place("Rathaus", room="Saal")
    full = line(
        committee="integrationsrat",
        start="2024-05-07T15:30:00+02:00",
        end="2024-05-07T17:00:00+02:00",
        title="Haushalt",
        number="3/2024",
        place="rathaus-saal",
        mode="hybrid",
        public="no",
        status="held",
    )
    assert take(full) is Done.ADDED
    (row,) = rows()
    assert (row.starts_local, row.ends_local) == (datetime(2024, 5, 7, 15, 30), datetime(2024, 5, 7, 17))
    assert (row.title, row.number, row.mode, row.public) == ("Haushalt", "3/2024", Mode.HYBRID, False)
    assert (row.status, row.place.label) == (Status.CONFIRMED, "Rathaus, Saal")
    assert (row.source, row.source_key) == ("import", "2024-05-07T13:30:00Z")


@pytest.mark.parametrize("end", ["2024-05-07T00:00:00+02:00", "2024-05-07T15:30:00+02:00", ""])
@pytest.mark.parametrize("column", ["end", "end_as_published"])
def test_an_end_not_after_the_start_means_that_nobody_knows(committee, end, column):
    take(line(committee="integrationsrat", start="2024-05-07T15:30:00+02:00", **{column: end}))
    assert rows()[0].ends_local is None


def test_a_moved_sitting_does_not_move_back_and_is_not_doubled(actor, committee):
    one = line(committee="integrationsrat", start="2027-01-14 18:30", end="2027-01-14 20:30", title="Haushalt")
    take(one)
    (row,) = rows()
    moved = datetime(2027, 1, 21, 19)
    operations.move(actor, row.id, version=None, start=moved, end=None, place_id=None)
    assert take(one) is Done.UNCHANGED
    (row,) = rows()
    assert (row.starts_local, row.ends_local, row.sequence) == (moved, None, 1)


def test_what_people_entered_stays_and_only_gaps_are_filled(actor, committee):
    bare = line(committee="integrationsrat", start="2027-01-14 18:30")
    full = line(
        committee="integrationsrat",
        start="2027-01-14 18:30",
        end="2027-01-14 20:30",
        title="Haushalt",
        number="1/2027",
        status="cancelled",
    )
    take(bare)
    assert take(full) is Done.CHANGED
    (row,) = rows()
    assert (row.title, row.number, row.status) == ("Haushalt", "1/2027", Status.CONFIRMED)
    assert row.ends_local == datetime(2027, 1, 14, 20, 30)
    plan = operations.plan_of(row)
    operations.edit(actor, row.id, version=None, plan=operations.replace(plan, title="Anders"))
    assert take(full) is Done.UNCHANGED
    operations.cancel(actor, row.id)
    assert take(full) is Done.UNCHANGED
    assert rows()[0].title == "Anders"


def test_the_same_start_from_another_source_or_committee_is_another_sitting(committee, make_committee):
    make_committee("Beirat")
    one = line(committee="integrationsrat", start="2027-01-14 18:30")
    assert take(one, source="ratsinfo") is Done.ADDED
    assert take(one) is Done.ADDED
    assert take(one, slug="beirat") is Done.ADDED
    assert take(one, source="ratsinfo") is Done.UNCHANGED
    assert len({row.uid for row in rows()}) == 3


def test_a_file_of_another_day_moves_by_whole_weeks_and_keeps_its_keys(committee, run):
    text = "committee,start\nintegrationsrat,2024-05-07 18:30\n"
    assert "1 neu" in run(text, "--as-of", "2024-05-01").output
    (row,) = rows()
    assert row.starts_local - datetime(2024, 5, 7, 18, 30) == timedelta(
        weeks=(date(2026, 11, 16) - date(2024, 5, 1)).days // 7
    )
    assert (row.starts_local.weekday(), row.source_key) == (1, "2024-05-07T16:30:00Z")
    assert "1 unverändert" in run(text, "--as-of", "2024-04-01").output
    assert queries.get_imported("integrationsrat", "2024-05-07 18:30").id == row.id


def test_one_bad_line_stops_nothing_and_is_named(committee, run):
    text = (
        "committee;start;end;mode;status;place\n"
        "integrationsrat;2027-01-14 18:30;;;;\n"
        "gibt-es-nicht;2027-01-14 18:30;;;;\n"
        "integrationsrat;gestern;;;;\n"
        "integrationsrat;2027-03-28 02:30;;;;\n"
        "integrationsrat;2027-01-15 18:30;morgen;;;\n"
        "integrationsrat;2027-01-16 18:30;;telepathy;;\n"
        "integrationsrat;2027-01-17 18:30;;;vielleicht;\n"
        "integrationsrat;2027-01-18 18:30;;;;nirgendwo\n"
        ";2027-01-18 18:30;;;;\n"
        "integrationsrat;0001-01-01T00:00:00+02:00;;;;\n"
        "integrationsrat;2027-01-19 18:30;;;cancelled;\n"
    )
    result = run(text)
    assert result.exit_code == 1
    for number in range(3, 12):
        assert f"Zeile {number} wurde nicht übernommen: " in result.output
    assert "2 neu, 0 geändert, 0 unverändert, 9 fehlerhaft" in result.output
    assert [row.status for row in rows()] == [Status.CONFIRMED, Status.CANCELLED]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("beginn,ende\n1,2\n", "start"),
        ("committee,start,title\nintegrationsrat,2027-01-14 18:30,Überblick\n".encode("latin-1"), "UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_as_a_whole(run, content, complaint):
    result = run(content)
    assert result.exit_code == 1
    assert complaint in result.output
    assert "Traceback" not in result.output
    assert rows() == []


def test_an_unknown_committee_is_said_once_and_not_for_every_line(app, tmp_path):
    file = tmp_path / "sittings.csv"
    file.write_text("start\n2026-05-07 15:30\n2026-06-07 15:30\n", encoding="utf-8")
    done = app.test_cli_runner().invoke(args=["sittings", "import", "--committee", "gibt-es-nicht", str(file)])
    assert done.exit_code == 1
    assert done.output.count("„gibt-es-nicht“") == 1


def test_a_line_without_any_committee_is_refused(app):
    with pytest.raises(Refused, match="--committee"):
        take(line(start="2027-01-14 18:30"))


def test_keys_are_the_moment_however_it_is_written():
    offset = datetime.fromisoformat("2027-01-14T18:30:00+01:00")
    assert source_key(offset) == source_key(datetime.fromisoformat("2027-01-14T17:30:00+00:00"))


@pytest.mark.realdata
@pytest.mark.skipif(not REAL.exists(), reason="the real sittings are not beside the project")
class TestRealSittings:
    """36 sittings of a real integration committee, 2003 to 2026."""

    def test_they_come_in_once_at_their_local_hour_all_in_office_time(self, app, actor, committee, client):
        def run():
            return app.test_cli_runner().invoke(
                args=["sittings", "import", "--committee", "integrationsrat", "--source", "oparl", str(REAL)]
            )

        first = run()
        assert first.exit_code == 0, first.output
        assert "36 neu, 0 geändert, 0 unverändert, 0 fehlerhaft" in first.output
        assert first.output.count("Zeile ") == 36
        assert "0 neu, 0 geändert, 36 unverändert, 0 fehlerhaft" in run().output
        found = rows()
        assert len(found) == 36
        assert found[0].starts_local == datetime(2003, 5, 7, 15, 30)  # summer: +02:00
        assert found[4].starts_local == datetime(2007, 12, 12, 15, 30)  # winter: +01:00
        assert [(row.starts_at.hour, row.starts_at.minute) for row in (found[0], found[4])] == [(13, 30), (14, 30)]
        assert {row.status for row in found} == {Status.CONFIRMED}
        assert all(row.ends_local is None or row.ends_local > row.starts_local for row in found)
        assert found[0].ends_local is None
        assert found[7].ends_local == datetime(2016, 3, 18, 18)

        operations.move(actor, found[-1].id, version=None, start=datetime(2026, 12, 1, 17), end=None, place_id=None)
        assert "0 neu, 0 geändert, 36 unverändert, 0 fehlerhaft" in run().output
        assert rows()[-1].starts_local == datetime(2026, 12, 1, 17)
        counts = queries.count_of_hours(committee.id, Sight.PUBLIC)
        assert counts == {Kind.OFFICE: 36, Kind.EVENING: 0, Kind.FREE_DAY: 0}
        page = client.get("/gremien/integrationsrat/").text
        assert "36 in der Bürozeit, 0 am Abend, 0 an freien Tagen" in page
        assert "<h3>2003</h3>" in client.get("/gremien/integrationsrat/sitzungen").text


def test_new_lines_go_in_at_once_and_each_has_its_line_of_history(run, committee, count_queries):
    starts = [f"2027-{month:02}-{day:02} 18:30" for month in range(1, 7) for day in range(1, 21)]
    rows = "".join(f"integrationsrat,{start}\n" for start in starts)
    with count_queries() as counted:
        first = run("committee,start\n" + rows + f"integrationsrat,{starts[0]}\n" + "integrationsrat,gestern\n")
    assert "120 neu, 0 geändert, 1 unverändert, 1 fehlerhaft" in first.output
    assert counted.number < 1.5 * 122, "hardly more than the insert of each line"
    lines = session().scalars(select(HistoryLine).where(HistoryLine.action == "sittings.schedule")).all()
    assert [line.new["starts_local"] for line in lines][:2] == ["2027-01-01T18:30:00", "2027-01-02T18:30:00"]
    assert check_chain(session()).holds


def test_lines_taken_together_are_as_if_they_were_taken_one_by_one(committee, make_place, run, monkeypatch):
    make_place("Rathaus", room="Saal")
    head = "committee,start,end,title,number,place,status\n"
    day = "integrationsrat,2027-01-{:02d} 18:30,"
    first = [
        day.format(14) + "2027-01-14 20:30,Haushalt,1/27,,",
        day.format(15) + ",,,rathaus-saal,",
        day.format(15) + ",Zweimal,,,",
        day.format(16) + ",,,,cancelled",
        day.format(17) + ",,,nirgendwo,",
        day.format(18) + ",,,,",
        "nirgends" + day.format(18)[15:] + ",,,,",
        day.format(19) + ",,,,draft",
    ]
    later = [
        day.format(14) + "2027-01-14 20:30,Anders,1/27,rathaus-saal,",
        day.format(16) + ",Abgesagt,2/27,,",
        day.format(18) + "2027-01-18 20:00,,3/27,,",
        day.format(19) + ",,,nirgendwo,",
        day.format(20) + ",,,rathaus-saal,",
        day.format(21) + ",,,,",
    ]

    def outcome(source: str, move: str) -> tuple[list[str], list[tuple[object, ...]], int]:
        files = ((head + "\n".join(lines)).replace("2027", move) for lines in (first, later))
        said = [run(file, "--source", source).output for file in files]
        found = [row for row in rows() if row.source == source]
        told = [(f"{row.starts_local:%d %H}", row.title, row.number, row.status, row.place_id) for row in found]
        return said, told, session().scalar(select(func.count()).select_from(HistoryLine))

    before = session().scalar(select(func.count()).select_from(HistoryLine))
    together = outcome("a", "2027")
    monkeypatch.setattr(importing, "_taken_together", lambda batch, together: {})
    apart = outcome("b", "2028")
    assert (together[0], together[1]) == (apart[0], apart[1])
    assert together[2] - before == apart[2] - together[2]
    assert check_chain(session()).holds
