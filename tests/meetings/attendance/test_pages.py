"""Pages of attendance: the clerk's table, one's own answer, the overview, documents; and for whom they do not exist."""

import csv
import io
from datetime import datetime

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from coordination.people.models import Person
from core import importing
from core.access import SYSTEM
from core.csv_files import read_csv
from core.database import session, transaction
from core.dated import Status
from core.history import check_chain, lines_of
from core.importing import Done
from meetings.attendance import operations, queries
from meetings.attendance.commands import take
from meetings.attendance.models import Reply
from meetings.attendance.rules import Answer, Presence
from meetings.sittings.models import Sitting
from meetings.sittings.rules import DEFAULT_SOURCE, Mode

TODAY = datetime(2026, 11, 16, 9, 30)  # half an hour ago
HELD = "Integrationsrat 2026"


@pytest.fixture
def held(board, make_sitting) -> int:
    """The id of a sitting that has just begun."""
    return make_sitting(board.committee, start=TODAY, title=HELD).id


@pytest.fixture
def clerk(board, sign_in):
    """A browser of the board's clerk."""
    return sign_in("clerk", organization_id=board.committee.organization_id)


def recorded(sitting_id: int) -> dict[int, str]:
    return {seat: str(row.presence) for seat, row in queries.attendance_of(sitting_id).items()}


def pdf_text(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


def test_the_clerk_records_all_seats_and_sees_the_quorum(board, held, clerk):
    url = f"/sitzungen/{held}/anwesenheit"
    page = clerk.get(url)
    assert "Elif Aydın" in page.text
    page = clerk.submit(
        url,
        {
            f"seat-{board.first}": f"represented:{board.Dario}",
            f"seat-{board.second}": "excused",
            f"seat-{board.third}": "present",
            f"seat-{board.fourth}": "",
        },
    )
    assert "3 Sitze wurden erfasst." in page.text
    assert "2 Sitze mit Stimmrecht sind besetzt, 2 sind nötig." in page.text
    assert recorded(held) == {board.first: "represented", board.second: "excused", board.third: "present"}


def test_answers_are_suggested_but_not_saved(board, held, clerk):
    with transaction() as current:  # given before the sitting began
        said = {"answer": Answer.NOT_COMING, "for_start": TODAY}
        current.add(Reply(sitting_id=held, seat_id=board.third, person_id=board.Jan, **said))
    page = clerk.get(f"/sitzungen/{held}/anwesenheit")
    assert "Aus der Antwort, noch nicht gespeichert" in page.text
    assert recorded(held) == {}


def test_a_seat_without_a_choice_stays_as_it_is(board, held, clerk):
    page = clerk.get(f"/sitzungen/{held}/anwesenheit")
    assert " checked" not in page.text.split("<main")[1]
    page = clerk.submit(f"/sitzungen/{held}/anwesenheit", {f"seat-{board.third}": "present"})
    assert "Ein Sitz wurde erfasst." in page.text
    assert recorded(held) == {board.third: "present"}
    page = clerk.submit(f"/sitzungen/{held}/anwesenheit", {})
    assert "Es war nichts zu speichern" in page.text
    assert recorded(held) == {board.third: "present"}


def test_everybody_else_is_recorded_as_present_with_one_button(board, held, clerk, make_seat):
    make_seat(board.committee, label="Frei")  # vacant: nobody is present on it
    url = f"/sitzungen/{held}/anwesenheit"
    operations.record(SYSTEM, held, seat_id=board.first, presence=Presence.ABSENT)
    page = clerk.submit(url, {f"seat-{board.second}": "excused", "rest": "present"})
    assert "2 Sitze, zu denen noch nichts erfasst war, sind jetzt als anwesend erfasst." in page.text
    assert "Ein Sitz wurde erfasst." in page.text
    all_four = {board.first: "absent", board.second: "excused", board.third: "present", board.fourth: "present"}
    assert recorded(held) == all_four
    actions = [line.action for line in lines_of("sitting", held)]
    assert actions.count("attendance.record") == 2  # one for the button, whatever it did
    page = clerk.submit(url, {"rest": "present"})  # pressed again
    assert "Es war nichts zu speichern" in page.text
    assert recorded(held) == all_four
    clerk.submit(url, {f"seat-{board.fourth}": ""})  # edited, as any other record
    assert recorded(held) == {seat: seen for seat, seen in all_four.items() if seat != board.fourth}


def test_the_rest_is_online_where_the_sitting_is_by_video(board, make_sitting, clerk):
    video = make_sitting(board.committee, start=TODAY, mode=Mode.VIDEO, video_url="https://video.example/a").id
    clerk.submit(f"/sitzungen/{video}/anwesenheit", {"rest": "present"})
    assert set(recorded(video).values()) == {"remote"}


def test_nobody_of_the_rest_is_there_twice(board, held, clerk, make_seat):
    """Olena has two seats; Ada stands in for Jan."""
    olena, ada, jan = (session().get_one(Person, each) for each in (board.Olena, board.Ada, board.Jan))
    second_of_olena = make_seat(board.committee, olena, label="MO 9").id
    represented = make_seat(board.committee, jan, ada, label="Rat 9").id
    page = clerk.submit(
        f"/sitzungen/{held}/anwesenheit",
        {f"seat-{represented}": f"represented:{board.Ada}", "rest": "present"},
    )
    assert page.status_code == 200
    assert {board.fourth, second_of_olena} & recorded(held).keys() == set()
    assert recorded(held)[board.second] == "present"


def test_the_rest_leaves_alone_what_others_recorded_since_the_page_was_opened(board, held, clerk):
    opened = {f"was-seat-{seat}": "" for seat in (board.first, board.second)}
    operations.record(SYSTEM, held, seat_id=board.second, presence=Presence.EXCUSED)
    clerk.submit(f"/sitzungen/{held}/anwesenheit", {**opened, "rest": "present"})
    assert recorded(held)[board.second] == "excused"
    assert recorded(held)[board.first] == "present"


@pytest.fixture
def autosave(held, clerk):
    """`autosave("seat-1", "present", was="")`: what the page's script sends, and what it is answered."""

    def send(seat: str, value: str, was: str = "") -> dict[str, object]:
        sent = {seat: value, f"was-{seat}": was}
        answer = clerk.submit(f"/sitzungen/{held}/anwesenheit", sent, headers={"X-Autosave": "1"})
        assert answer.status_code == 200
        return answer.json

    return send


def test_a_seat_saves_itself_and_no_other(board, held, autosave, clerk):
    seat = f"seat-{board.first}"
    said = autosave(seat, "present")
    assert (said["saved"], said["was"]) == (True, "present")
    assert said["message"].startswith("Gespeichert um")
    words = "1 Sitz mit Stimmrecht ist besetzt, 2 sind nötig."
    assert said["quorum"] == {"known": True, "reached": False, "words": words}
    assert autosave(seat, "present")["saved"]  # the answer was lost, so it is sent again
    assert autosave(seat, "excused", was="present")["saved"]
    assert recorded(held) == {board.first: "excused"}
    said = autosave(seat, "", was="excused")
    assert (said["saved"], said["was"], said["quorum"]["known"]) == (True, "", False)
    assert recorded(held) == {}
    assert "flashes" not in clerk.get(f"/sitzungen/{held}/anwesenheit").text  # nothing waits to be said


def test_a_seat_never_saves_itself_over_what_somebody_else_recorded(board, held, autosave):
    operations.record(SYSTEM, held, seat_id=board.first, presence=Presence.EXCUSED)
    seat = f"seat-{board.first}"
    said = autosave(seat, "present")
    assert (said["saved"], said["was"]) == (False, "excused")
    assert "Inzwischen hat jemand anderes erfasst: Entschuldigt." in said["message"]
    assert recorded(held) == {board.first: "excused"}
    assert autosave(seat, "present", was="excused")["saved"]  # chosen again, knowing that
    assert recorded(held) == {board.first: "present"}


def test_a_seat_that_is_refused_says_why_and_one_that_is_gone_is_not_found(board, held, autosave, clerk, make_seat):
    olena = session().get_one(Person, board.Olena)
    other = make_seat(board.committee, olena, label="MO 9").id
    autosave(f"seat-{board.second}", "present")
    said = autosave(f"seat-{other}", "present")
    assert not said["saved"]
    assert "zwei Sitzen" in said["message"]
    said = autosave(f"seat-{board.third}", f"represented:{board.Ada}")  # no deputy of this seat any more
    assert not said["saved"]
    assert "steht nicht mehr zur Wahl: Rat 1." in said["message"]
    sent = {"seat-999999": "present"}
    answer = clerk.submit(f"/sitzungen/{held}/anwesenheit", sent, headers={"X-Autosave": "1"})
    assert answer.status_code == 404
    assert recorded(held) == {board.second: "present"}


def test_what_somebody_else_recorded_is_shown_and_nothing_chosen_is_lost(board, held, clerk, actor):
    url, opened = f"/sitzungen/{held}/anwesenheit", {}
    for seat in (board.first, board.second, board.third, board.fourth):
        opened |= {f"was-seat-{seat}": "", f"seat-{seat}": ""}
    operations.record(actor, held, seat_id=board.second, presence=Presence.EXCUSED)
    operations.record(actor, held, seat_id=board.fourth, presence=Presence.PRESENT)
    mine = {**opened, f"seat-{board.second}": "absent", f"seat-{board.third}": "present"}
    page = clerk.submit(url, mine)
    assert page.status_code == 409
    assert "MO 2" in page.text
    assert "Inzwischen erfasst: Entschuldigt" in page.text
    assert f'name="seat-{board.second}" value="absent" checked' in page.text
    assert f'name="seat-{board.third}" value="present" checked' in page.text
    # a seat that was not touched here shows the new record
    assert f'name="seat-{board.fourth}" value="present" checked' in page.text
    assert recorded(held) == {board.second: "excused", board.fourth: "present"}
    # saved again from this page, it is kept deliberately
    again = {f"seat-{board.second}": "absent", f"was-seat-{board.second}": "excused"}
    clerk.submit(url, again)
    assert recorded(held)[board.second] == "absent"


def test_what_was_deleted_and_recorded_anew_is_not_overwritten_by_a_page_of_before(board, held, clerk):
    operations.record(SYSTEM, held, seat_id=board.second, presence=Presence.PRESENT)
    old = {f"was-seat-{board.second}": "present", f"seat-{board.second}": "absent"}
    operations.record(SYSTEM, held, seat_id=board.second, presence=None)
    operations.record(SYSTEM, held, seat_id=board.second, presence=Presence.EXCUSED)
    assert clerk.submit(f"/sitzungen/{held}/anwesenheit", old).status_code == 409
    assert recorded(held)[board.second] == "excused"


def test_a_deputy_who_is_offered_no_more_was_recorded_before_somebody_else_was(board, held, clerk):
    operations.record(SYSTEM, held, seat_id=board.second, presence=Presence.EXCUSED)
    old = {f"was-seat-{board.second}": "represented:999999", f"seat-{board.second}": "absent"}
    assert clerk.submit(f"/sitzungen/{held}/anwesenheit", old).status_code == 409
    assert recorded(held)[board.second] == "excused"


def test_a_refusal_stands_at_its_row(board, held, clerk, make_seat, make_person):
    olena = session().get_one(Person, board.Olena)
    other = make_seat(board.committee, make_person("Weiß"), olena, label="MO 9").id
    page = clerk.submit(
        f"/sitzungen/{held}/anwesenheit",
        {f"seat-{board.second}": "present", f"seat-{other}": f"represented:{board.Olena}"},
    )
    assert page.status_code == 400
    assert "zwei Sitzen" in page.text
    assert f'value="represented:{board.Olena}" checked' in page.text
    assert recorded(held) == {}


def test_what_is_not_offered_is_refused_and_what_else_was_chosen_is_kept(board, held, clerk):
    page = clerk.submit(
        f"/sitzungen/{held}/anwesenheit",
        {
            f"seat-{board.second}": "votes=99",
            f"was-seat-{board.second}": "\u202e",
            "seat-999999": "present",
            "only": "nonsense",
            f"seat-{board.third}": "present",
        },
    )
    assert page.status_code == 400
    assert "Was gewählt wurde, steht nicht mehr zur Wahl: MO 2." in page.text
    assert f'name="seat-{board.third}" value="present" checked' in page.text
    assert recorded(held) == {}


def test_members_see_the_list_and_cannot_change_it(board, held, sign_in):
    client = sign_in("representative", person_id=board.Olena)
    page = client.get(f"/sitzungen/{held}/anwesenheit")
    assert "Olena Koval" in page.text
    assert 'type="radio"' not in page.text
    assert client.submit(f"/sitzungen/{held}/anwesenheit", {}).status_code == 403
    assert client.get(f"/sitzungen/{held}/anwesenheitsliste.pdf").status_code == 403


@pytest.mark.parametrize("role", ["representative", "officer", "clerk"])
def test_for_outsiders_there_is_no_list(board, held, sign_in, make_organization, role):
    client = sign_in(role, organization_id=make_organization("Andere").id)
    assert client.get(f"/sitzungen/{held}/anwesenheit").status_code == 404
    if role == "clerk":
        assert client.submit(f"/sitzungen/{held}/anwesenheit", {f"seat-{board.third}": "present"}).status_code == 404
        assert client.get(f"/sitzungen/{held}/anwesenheitsliste.pdf").status_code == 404
    page = client.get(f"/sitzungen/{held}")
    assert "Anwesenheit" not in page.text.split("<main")[1]
    assert recorded(held) == {}


def test_a_member_answers_on_the_page_of_the_sitting(board, make_sitting, sign_in):
    sitting = make_sitting(board.committee).id
    client = sign_in("representative", person_id=board.Elif)
    page = client.get(f"/sitzungen/{sitting}")
    assert "Ihre Antwort für den Sitz „MO 1“" in page.text
    assert "Ich nehme online teil" not in page.text  # in person only
    page = client.submit(f"/sitzungen/{sitting}/antwort", {"answer": f"{board.first}:coming"})
    assert "Ihre Antwort ist gespeichert: Ich komme." in page.text
    assert "1 Sitz mit Stimmrecht ist besetzt, 2 sind nötig." in page.text
    page = client.submit(f"/sitzungen/{sitting}/antwort", {"answer": f"{board.first}:not_coming"})
    assert "Können nicht kommen (1)" in page.text


def test_a_deputy_is_asked_once_the_member_cannot_come(board, make_sitting, sign_in):
    sitting = make_sitting(board.committee).id
    client = sign_in("representative", person_id=board.Dario)
    assert "Sie sind Vertretung von <bdi>Elif Aydın</bdi>." in client.get(f"/sitzungen/{sitting}").text
    assert client.submit(f"/sitzungen/{sitting}/antwort", {"answer": f"{board.first}:coming"}).status_code == 400
    operations.answer(board.Elif, sitting, board.first, Answer.NOT_COMING)
    page = client.submit(f"/sitzungen/{sitting}/antwort", {"answer": f"{board.first}:coming"})
    assert "<bdi>Dario Conti</bdi> für <bdi>Elif Aydın</bdi>" in page.text


@pytest.mark.parametrize("said", ["", "coming", "x:coming", "1:perhaps", "²:coming", "99999999999:coming"])
def test_a_senseless_answer_is_not_found(board, make_sitting, sign_in, said):
    sitting = make_sitting(board.committee).id
    client = sign_in("representative", person_id=board.Elif)
    assert client.submit(f"/sitzungen/{sitting}/antwort", {"answer": said}).status_code == 404


def test_nobody_answers_for_another_and_the_public_sees_nobody(board, make_sitting, sign_in, client):
    sitting = make_sitting(board.committee).id
    assert "Aydın" not in client.get(f"/sitzungen/{sitting}").text
    assert client.submit(f"/sitzungen/{sitting}/antwort", {"answer": f"{board.first}:coming"}).status_code == 200
    assert session().query(Reply).count() == 0  # led to the sign-in page
    client = sign_in("representative", person_id=board.Olena)
    assert client.submit(f"/sitzungen/{sitting}/antwort", {"answer": f"{board.first}:coming"}).status_code == 400


@pytest.fixture
def year(board, make_sitting, actor) -> None:
    """Two sittings in 2026: MO 1 was filled at both, once by a deputy; Rat 1 excused, then absent."""
    march = make_sitting(board.committee, start=datetime(2026, 3, 5, 18, 0)).id
    june = make_sitting(board.committee, start=datetime(2026, 6, 4, 18, 0)).id
    operations.record(actor, march, seat_id=board.first, presence=Presence.PRESENT)
    operations.record(actor, june, seat_id=board.first, presence=Presence.REPRESENTED, person_id=board.Mina)
    operations.record(actor, march, seat_id=board.third, presence=Presence.EXCUSED)
    operations.record(actor, june, seat_id=board.third, presence=Presence.ABSENT)


def test_the_overview_as_page_and_table(board, year, clerk):
    url = f"/gremien/{board.committee.slug}/anwesenheit"
    page = clerk.get(url)
    assert "2 Sitzungen mit erfasster Anwesenheit" in page.text
    assert "100 %" in page.text
    table = clerk.get(url + ".csv?von=2026-01-01&bis=2026-12-31").data.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(table), delimiter=";"))
    by_seat = {row[0]: row for row in rows[1:]}
    #                          sittings present online represented excused absent not recorded percent
    assert by_seat["MO 1"][3:] == ["ja", "2", "1", "0", "1", "0", "0", "0", "100,0"]
    assert by_seat["Rat 1"][3:] == ["ja", "2", "0", "0", "0", "1", "1", "0", "0,0"]
    assert by_seat["Amt"][3:] == ["nein", "2", "0", "0", "0", "0", "0", "2", ""]
    text = pdf_text(clerk.get(url + ".pdf?von=2026-01-01&bis=2026-12-31").data)
    assert "Elif Aydın" in text
    assert "Nicht öffentlich" in text


def test_formulas_in_the_table_are_text(board, clerk, make_person, make_seat, make_sitting):
    seat = make_seat(board.committee, make_person("+49", given_name="="), label="=HYPERLINK(1)").id
    sitting = make_sitting(board.committee, start=datetime(2026, 7, 2, 18, 0)).id
    operations.record(SYSTEM, sitting, seat_id=seat, presence=Presence.PRESENT)
    table = clerk.get(f"/gremien/{board.committee.slug}/anwesenheit.csv").data.decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in table
    assert "'= +49" in table


@pytest.mark.parametrize(
    "query", ["von=gestern", "von=2026-12-31&bis=2026-01-01", "bis=9999-12-31", "von=" + "9" * 3000]
)
def test_a_senseless_period_shows_the_last_twelve_months_and_says_so(board, year, clerk, query):
    page = clerk.get(f"/gremien/{board.committee.slug}/anwesenheit?{query}")
    assert "Sie sehen die letzten zwölf Monate." in page.text
    assert "2 Sitzungen mit erfasster Anwesenheit" in page.text


def test_who_sees_the_overview(board, year, sign_in, client, make_organization):
    url = f"/gremien/{board.committee.slug}/anwesenheit"
    assert client.get(url).status_code == 302
    assert sign_in("representative", person_id=board.Olena).get(url).status_code == 200
    assert sign_in("officer", organization_id=make_organization().id).get(url).status_code == 200
    other = sign_in("representative", organization_id=make_organization("Andere").id)
    assert [other.get(url + ending).status_code for ending in ("", ".pdf", ".csv")] == [404, 404, 404]


def test_a_closed_committee_is_for_its_circle_only(make_committee, sign_in, make_organization):
    closed = make_committee("Schutz", public=False)
    url = f"/gremien/{closed.slug}/anwesenheit"
    assert sign_in("officer", organization_id=make_organization().id).get(url).status_code == 404
    assert sign_in("clerk", organization_id=closed.organization_id).get(url).status_code == 200


def test_the_sign_in_sheet_names_every_seat_and_stays_blank(board, make_sitting, clerk, actor):
    sitting = make_sitting(board.committee, title="<b>Sitzung</b> \u0645\u0631\u062d\u0628\u0627").id
    answer = clerk.get(f"/sitzungen/{sitting}/anwesenheitsliste.pdf")
    assert answer.headers["Cache-Control"] == "private, no-store"
    text = pdf_text(answer.data)
    for expected in ("MO 1", "Elif Aydın", "Vertretung: Dario Conti", "Amt", "<b>Sitzung</b>", "26. November 2026"):
        assert expected in text


def test_no_table_for_drafts_and_cancelled_sittings(board, make_sitting, clerk):
    for status in (Status.DRAFT, Status.CANCELLED):
        sitting = make_sitting(board.committee, start=TODAY, status=status).id
        assert 'type="radio"' not in clerk.get(f"/sitzungen/{sitting}/anwesenheit").text


def test_the_page_asks_the_same_number_of_queries_for_ten_times_the_seats(board, held, clerk, make_seat, count_queries):
    def ask() -> int:
        with count_queries() as counted:
            assert clerk.get(f"/sitzungen/{held}/anwesenheit").status_code == 200
        return counted.number

    few = ask()
    for number in range(20):
        make_seat(board.committee, *session().scalars(select(Person)), label=f"S {number}")
    assert ask() == few


def test_an_import_run_twice_changes_nothing_and_complains_by_line(board, make_sitting, tmp_path, actor):
    sitting = make_sitting(board.committee, start=datetime(2026, 3, 5, 18, 0)).id
    with transaction() as current:
        row = current.get_one(Sitting, sitting)
        row.source, row.source_key = DEFAULT_SOURCE, "2025-01-09T17:00:00Z"
    slug, start = board.committee.slug, "2025-01-09 18:00"
    file = tmp_path / "attendance.csv"
    file.write_text(
        "committee,start,seat,status,person\n"
        f"{slug},{start},MO 1,represented,elif-aydin-nobody\n"
        f"{slug},{start},MO 2,present,\n"
        f"{slug},{start},Rat 1,asleep,\n"
        f"{slug},{start},Rat 9,present,\n",
        encoding="utf-8",
    )
    columns = ["committee", "start", "seat", "status"]

    def run() -> list[str]:
        done = []
        for line in read_csv(file, required=columns, optional=["person"]):
            try:
                done.append(take(line).value)
            except Exception as error:
                done.append(type(error).__name__)
        return done

    assert run() == ["NotFound", Done.ADDED, "Refused", "NotFound"]
    assert run() == ["NotFound", Done.UNCHANGED, "Refused", "NotFound"]
    assert recorded(sitting) == {board.second: "present"}


def test_lines_taken_together_are_as_if_they_were_taken_one_by_one(board, make_sitting, app, tmp_path, monkeypatch):
    """Sittings of which all is plain, of which one line is not, and of which something is recorded."""
    known = {}
    for town in ("a", "b"):
        for day in range(1, 7):
            start = datetime(2026, 3, day, 18 if town == "a" else 20, 0)
            known[town, day] = make_sitting(board.committee, start=start).id
        known[town, 9] = make_sitting(board.committee, start=datetime(2027, 3, 1, start.hour)).id
    with transaction() as current:
        for (town, day), sitting_id in known.items():
            row = current.get_one(Sitting, sitting_id)
            row.source, row.source_key = DEFAULT_SOURCE, f"2025-01-{day:02d}T{17 if town == 'a' else 19}:00:00Z"
    keys = {person.id: person.key for person in session().scalars(select(Person))}
    deputy, member = keys[board.Mina], keys[board.Olena]
    first = [
        (1, "MO 1,represented", deputy),
        (1, "MO 2,present", ""),
        (1, "Rat 1,excused", ""),
        (2, "MO 1,represented", ""),
        (2, "MO 2,present", member),
        (3, "MO 2,asleep", ""),
        (3, "Rat 1,present", ""),
        (4, "MO 2,present", "gibt-es-nicht"),
        (5, "Rat 9,present", ""),
        (8, "MO 2,present", ""),
        (9, "MO 2,present", ""),
    ]
    later = [(1, "MO 2,present", ""), (1, "MO 1,excused", ""), (2, "MO 2,present", member), (2, "Amt,present", "")]

    def outcome(town: str) -> tuple[list[str], list[dict[int, str]]]:
        said = []
        for lines in (first, later):
            file = tmp_path / "attendance.csv"
            told = [
                f"{board.committee.slug},2025-01-{day:02d} {18 if town == 'a' else 20}:00,{seat},{person}"
                for day, seat, person in lines
            ]
            file.write_text("committee,start,seat,status,person\n" + "\n".join(told), encoding="utf-8")
            said.append(app.test_cli_runner().invoke(args=["attendance", "import", str(file)]).output)
        return said, [recorded(sitting_id) for (of, _day), sitting_id in known.items() if of == town]

    together = outcome("a")
    monkeypatch.setattr(importing, "_taken_together", lambda batch, together: {})
    assert together == outcome("b")
    assert sum(map(len, together[1])) == 6
    assert check_chain(session()).holds
