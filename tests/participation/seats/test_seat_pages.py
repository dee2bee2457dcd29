"""Pages /gremien/<slug>/sitze…: what the public reads, who sees names, and the forms."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from core.access import ANONYMOUS, Actor
from core.clock import today
from participation.committees.models import Committee
from participation.seats import panels, queries

ROSTER = "/gremien/beirat/sitze"


@pytest.fixture
def board(make_committee, make_organization, make_person, make_seat) -> Committee:
    """A public board with a filled and a vacant seat."""
    committee, chorus = make_committee("Beirat", slug="beirat"), make_organization("Chor der Brücken")
    alma, bela = make_person("Alma", "Beispiel"), make_person("Bela", "Muster")
    make_seat(committee, "MO 1", chorus, member=alma, deputies=[bela], motion_right=True, since=today())
    make_seat(committee, "MO 2", speaking_right=False)
    return committee


@pytest.fixture
def clerk(board: Committee, sign_in: Callable):
    """A browser of the board's clerk."""
    return sign_in("clerk", organization_id=board.organization_id)


def test_the_public_reads_seats_organizations_rights_and_roles_but_no_names(client, board):
    page = client.get(ROSTER).text
    for said in ("MO 1", "Chor der Brücken", "Rederecht", "Antragsrecht", "Mitglied", "Unbesetzt", "2 Sitze"):
        assert said in page
    for hidden in ("Alma", "Bela", "Stimmrecht", "bearbeiten", "Sitz anlegen"):
        assert hidden not in page
    assert "Die Namen der Personen sieht nur das Gremium selbst." in page


@pytest.mark.parametrize("role", ["officer", "clerk", "admin"])
def test_staff_who_may_read_persons_see_names(sign_in, board, make_organization, role):
    somewhere_else = make_organization().id
    page = sign_in(role, organization_id=None if role == "admin" else somewhere_else).get(ROSTER).text
    assert "Alma Beispiel" in page
    assert "Bela Muster" in page


def test_who_sits_there_sees_names_and_who_sits_elsewhere_does_not(
    sign_in, make_account, make_person, make_committee, make_seat, *, board
):
    (holding, _vacant) = queries.roster_on(board.id, today())
    member, stranger = holding.member.person_id, make_person("Cora")
    make_seat(make_committee("Anderes"), member=stranger)
    inner, outer = make_account(person_id=member), make_account(person_id=stranger.id)
    assert "Bela Muster" in sign_in(account=inner).get(ROSTER).text
    assert "Bela Muster" not in sign_in(account=outer).get(ROSTER).text


def test_the_roster_is_shown_as_on_any_day(clerk):
    yesterday = (today() - timedelta(days=1)).isoformat()
    assert "Alma" in clerk.get(f"{ROSTER}?am={today().isoformat()}").text
    page = clerk.get(f"{ROSTER}?am={yesterday}").text
    assert "Alma" not in page
    assert page.count("Unbesetzt") == 2
    assert f'value="{yesterday}"' in page


@pytest.mark.parametrize("day", ["", "morgen", "2026-02-30", "0000-00-00", "%00", "2026-11-16' OR 1=1", "9" * 500])
def test_a_day_that_does_not_exist_is_said_at_the_field_and_today_is_shown(clerk, day):
    response = clerk.get(f"{ROSTER}?am={day}")
    assert response.status_code == 200
    assert 'id="am-error"' in response.text
    assert "Alma" in response.text


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_first_and_the_last_day_there_is_can_be_asked_for(clerk, day):
    assert clerk.get(f"{ROSTER}?am={day}").status_code == 200


def test_the_clerk_adds_fills_and_ends_a_seat(clerk, board, make_person):
    cora = make_person("Cora").id
    page = clerk.submit(f"{ROSTER}/neu", {"label": " MO  3 ", "voting_right": "y", "starts_on": "2026-01-01"})
    assert "Der Sitz „MO 3“ wurde angelegt." in page.text
    seat = queries.find_seat(board.id, "MO 3")
    assert seat.rights == ("voting_right",)
    page = clerk.submit(
        f"{ROSTER}/{seat.id}/berufen", {"person_id": cora, "rank": "1", "role": "adviser", "starts_on": "2026-01-01"}
    )
    assert "Die Besetzung des Sitzes „MO 3“ wurde gespeichert." in page.text
    assert "1. Vertretung" in page.text
    (appointment,) = queries.list_appointments(seat.id)
    page = clerk.submit(f"{ROSTER}/{seat.id}/berufungen/{appointment.id}", {"role": "member", "ends_on": "2026-06-30"})
    assert "Di., 30. Juni 2026" in page.text
    assert "Beendet" in page.text
    page = clerk.submit(f"{ROSTER}/{seat.id}/beenden", {"ends_on": "2026-07-31"})
    assert "Der Sitz „MO 3“ besteht bis Fr., 31. Juli 2026." in page.text
    assert "MO 3" not in clerk.get(ROSTER).text


def test_an_outdated_edit_is_refused_and_nothing_typed_is_lost(clerk, board):
    seat = queries.find_seat(board.id, "MO 2")
    seat_id, version = seat.id, seat.version
    assert "MO 2" in clerk.get(f"{ROSTER}/{seat_id}/bearbeiten").text
    assert "gespeichert" in clerk.submit(f"{ROSTER}/{seat_id}/bearbeiten", {"label": "MO 8", "version": version}).text
    page = clerk.submit(f"{ROSTER}/{seat_id}/bearbeiten", {"label": "MO 9", "version": version}).text
    assert "Inzwischen hat eine andere Person gespeichert." in page
    assert 'value="MO 9"' in page


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        ({"label": ""}, "Bitte füllen Sie dieses Feld aus."),
        ({"label": "MO 1"}, "Ein anderer Sitz dieses Gremiums heißt schon so."),
        ({"label": "x" * 10_000}, "höchstens 40 Zeichen"),
        ({"label": "MO\u202e3"}, "Schreibrichtung"),
        ({"label": "MO 3", "starts_on": "2026-02-30"}, "Bitte geben Sie ein Datum wie 14.01.2027 ein."),
        (
            {"label": "MO 3", "starts_on": "2026-02-02", "ends_on": "2026-02-01"},
            "Der letzte Tag darf nicht vor dem ersten Tag liegen.",
        ),
        ({"label": "MO 3", "organization_id": "4711"}, "organization_id-error"),
        ({"label": "MO 3", "organization_id": "' OR 1=1"}, "organization_id-error"),
    ],
)
def test_bad_seats_get_a_message_at_the_field(clerk, board, data, complaint):
    assert complaint in clerk.submit(f"{ROSTER}/neu", data).text
    assert len(queries.list_seats(board.id)) == 2


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"person_id": ""}, "person_id"),
        ({"person_id": "4711"}, "person_id"),
        ({"person_id": "x"}, "person_id"),
        ({"rank": "0", "role": "member"}, "rank"),
        ({"rank": "99"}, "rank"),
        ({"rank": "1", "role": "king"}, "role"),
        ({"rank": "2", "ends_on": "2020-01-01", "starts_on": "2021-01-01"}, "ends_on"),
    ],
)
def test_bad_appointments_get_a_message_at_the_field(clerk, board, make_person, *, data, field):
    seat_id, cora = queries.find_seat(board.id, "MO 1").id, make_person("Cora").id
    page = clerk.submit(f"{ROSTER}/{seat_id}/berufen", {"person_id": cora, "rank": "3", "role": "member", **data})
    assert f'id="{field}-error"' in page.text
    assert len(queries.list_appointments(seat_id)) == 2


def test_numbers_of_other_committees_do_not_fit_this_address(clerk, make_committee, make_seat, make_person, *, board):
    other = make_committee("Anderes", slug="anderes")
    foreign = make_seat(other, "MO 1", member=make_person("Cora")).id
    own = queries.find_seat(board.id, "MO 2").id
    (appointment,) = queries.list_appointments(foreign)
    strange = appointment.id
    for path in (
        f"{ROSTER}/{foreign}",
        f"{ROSTER}/{foreign}/bearbeiten",
        f"{ROSTER}/{foreign}/berufen",
        f"{ROSTER}/{foreign}/beenden",
        f"{ROSTER}/{own}/berufungen/{strange}",
        f"{ROSTER}/4711",
        f"/gremien/anderes/sitze/{foreign}",
        "/gremien/anderes/sitze/neu",
    ):
        assert clerk.get(path).status_code == 404, path
    assert clerk.submit(f"{ROSTER}/{foreign}/beenden", {"ends_on": "2026-01-01"}).status_code == 404
    assert queries.find_seat(other.id, "MO 1").ends_on is None


@pytest.mark.parametrize("role", ["officer", "representative"])
def test_others_who_are_signed_in_change_nothing(sign_in, board, role):
    client = sign_in(role, organization_id=1)
    assert client.get(f"{ROSTER}/neu").status_code == 403
    assert client.submit(f"{ROSTER}/neu", {"label": "MO 9"}).status_code == 403
    assert len(queries.list_seats(board.id)) == 2


def test_fields_that_the_form_does_not_have_change_nothing(clerk, board, make_committee):
    other = make_committee("Anderes").id
    clerk.submit(f"{ROSTER}/neu", {"label": "MO 3", "committee_id": other, "position": "-5"})
    assert queries.list_seats(other) == []
    assert queries.list_seats(board.id)[-1].label == "MO 3"


def test_an_organizations_page_shows_its_seats_in_committees_that_one_may_see(
    sign_in, board, make_committee, make_seat, *, make_organization
):
    chorus = queries.find_seat(board.id, "MO 1").organization
    make_seat(make_committee("Schutzgruppe", public=False), "MO 1", chorus)
    url, empty = f"/organisationen/{chorus.id}", f"/organisationen/{make_organization('Leer').id}"
    page = sign_in("officer", organization_id=1).get(url).text
    assert "Sitze in Gremien" in page
    assert "Antragsrecht" in page
    assert "Schutzgruppe" not in page
    client = sign_in("admin")
    assert "Schutzgruppe" in client.get(url).text
    assert "Sitze in Gremien" not in client.get(empty).text


def test_panels_tell_the_public_who_has_a_say_and_the_clerk_what_needs_care(app, board):
    keeper = Actor(account_id=1, permissions=frozenset({"seats.edit"}), is_admin=True)
    with app.test_request_context("/"):
        said = panels.committee_seats(ANONYMOUS, board) or ""
        assert "Chor der Brücken" in said
        assert "Unbesetzte Sitze" not in said
        assert "Unbesetzte Sitze" in (panels.committee_seats(keeper, board) or "")


def test_a_persons_seats_are_shown_in_committees_that_one_may_see(app, make_committee, make_person, make_seat):
    alma, keeper = make_person(), Actor(account_id=1, is_admin=True)
    make_seat(make_committee("Schutzgruppe", public=False), deputies=[alma])
    with app.test_request_context("/"):
        assert panels.person_seats(ANONYMOUS, alma) is None
        assert "Schutzgruppe" in (panels.person_seats(keeper, alma) or "")
        assert panels.committee_seats(keeper, make_committee("Leer")) is None


def test_the_roster_page_asks_the_same_number_of_queries_for_ten_times_the_seats(
    clerk, board, make_person, make_seat, *, count_queries
):
    def ask() -> int:
        with count_queries() as counted:
            assert clerk.get(ROSTER).status_code == 200
        return counted.number

    few = ask()
    for number in range(20):
        make_seat(board, f"S {number}", member=make_person(), deputies=[make_person()])
    assert ask() == few
