"""`flask seats import`: one appointment with its seat on a line."""

from datetime import date
from pathlib import Path

import pytest

from participation.committees import queries as committees
from participation.seats import queries
from participation.seats.operations import SeatTerms, terms_of
from participation.seats.rules import SeatRole

HEADER = (
    "committee,seat,on_behalf_of,speaking,motion,voting,seat_from,seat_until,"
    "person,rank,role,appointed_from,appointed_until\n"
)
MEMBER = "beirat,MO 1,chor,yes,yes,no,2024-01-01,,alma,0,chair,2024-01-01,2026-06-30\n"
DEPUTY = "beirat,MO 1,chor,yes,yes,no,2024-01-01,,bela,1,,2024-01-01,\n"
VACANT = "beirat,MO 2,,no,no,yes,,,,,,,\n"


@pytest.fixture
def run(app, tmp_path: Path, make_committee, make_organization, make_person):
    """Import these lines; gives what the command printed."""
    make_committee("Beirat", slug="beirat")
    make_organization("Chor", key="chor")
    for key in ("alma", "bela"):
        make_person(key.title(), key=key)

    def call(*lines: str, options: tuple[str, ...] = ()) -> str:
        file = tmp_path / "seats.csv"
        file.write_text(HEADER + "".join(lines), encoding="utf-8")
        return app.test_cli_runner().invoke(args=["seats", "import", str(file), *options]).output

    return call


def roster(day: date):
    return queries.roster_on(committees.get_by_slug("beirat").id, day)


def test_seats_and_appointments_come_in_and_a_second_run_changes_nothing(run):
    assert "3 neu, 0 geändert, 0 unverändert, 0 fehlerhaft" in run(MEMBER, DEPUTY, VACANT)
    assert "0 neu, 0 geändert, 3 unverändert, 0 fehlerhaft" in run(MEMBER, DEPUTY, VACANT)
    filled, vacant = roster(date(2026, 6, 30))
    assert (filled.seat.organization.key, filled.seat.rights) == ("chor", ("speaking_right", "motion_right"))
    assert (filled.member.person.key, filled.member.role) == ("alma", SeatRole.CHAIR)
    assert [deputy.person.key for deputy in filled.deputies] == ["bela"]
    assert terms_of(vacant.seat) == SeatTerms(label="MO 2", speaking_right=False, voting_right=True)
    assert vacant.member is None
    assert roster(date(2026, 7, 1))[0].member is None


def test_a_changed_line_changes_seat_and_appointment(run):
    run(MEMBER)
    assert "1 geändert" in run(MEMBER.replace("yes,yes,no", "yes,yes,yes").replace("2026-06-30", ""))
    (holding,) = roster(date(2030, 1, 1))
    assert holding.seat.voting_right
    assert holding.member.person.key == "alma"


@pytest.mark.parametrize(
    ("bad", "complaint"),
    [
        (MEMBER.replace("beirat", "rat"), "Es gibt kein Gremium „rat“."),
        (MEMBER.replace("chor", "band"), "Es gibt keine Organisation „band“."),
        (MEMBER.replace("alma", "cora"), "Es gibt keine Person „cora“."),
        (MEMBER.replace("chair", "king"), "„king“ ist keines von: chair"),
        (MEMBER.replace("yes,yes", "ja,yes"), "„ja“ ist weder yes noch no."),
        (MEMBER.replace("2026-06-30", "2023-01-01"), "Der letzte Tag darf nicht vor dem ersten Tag liegen."),
        (MEMBER.replace(",0,", ",12,"), "bis zu 9 Vertretungen"),
        (MEMBER.replace("MO 1", "x" * 41), "höchstens 40 Zeichen"),
        (MEMBER.replace("2024-01-01,,alma", "bald,,alma"), "„bald“ ist kein Datum"),
    ],
)
def test_a_bad_line_is_reported_leaves_nothing_and_stops_nothing(run, bad, complaint):
    output = run(bad, VACANT)
    assert complaint in output
    assert "1 neu, 0 geändert, 0 unverändert, 1 fehlerhaft" in output
    assert [holding.seat.label for holding in roster(date(2026, 1, 1))] == ["MO 2"]


def test_two_persons_on_one_place_are_refused(run):
    assert "1 fehlerhaft" in run(MEMBER, MEMBER.replace("alma", "bela"))


def test_dates_move_by_the_whole_weeks_since_the_file_was_written(run):
    run(MEMBER, options=("--as-of", "2026-11-02"))
    (holding,) = roster(date(2026, 7, 14))
    assert (holding.member.starts_on, holding.member.ends_on) == (date(2024, 1, 15), date(2026, 7, 14))
