"""What the clerk sees: before inviting, before a change, and how it stands."""

from datetime import datetime

import pytest

from calendars.invitations import operations
from core.access import SYSTEM
from core.database import session
from core.dated import Status
from core.outbox import OutboxMail
from meetings.attendance import operations as attendance
from meetings.attendance.rules import Answer
from meetings.sittings import operations as sittings


@pytest.fixture
def clerk(world, sign_in):
    return sign_in("clerk", organization_id=world.committee.organization_id)


def url(sitting):
    return f"/sitzungen/{sitting.id}/einladung"


def text(response):
    return response.get_data(as_text=True)


def mails():
    session().rollback()
    return session().query(OutboxMail).count()


def test_the_page_says_beforehand_what_will_happen_and_to_whom_mail_goes(world, clerk, make_person, make_seat):
    make_seat(world.committee, make_person("Paul Papier", email="", phone="07000 123"))
    page = text(clerk.get(url(world.sitting)))
    assert "2 Personen bekommen je eine E-Mail" in page
    for name in ("Amina Aminamann", "Dina Dinamann", "Paul Papier", "07000 123"):
        assert name in page
    assert "Bela" not in page
    assert "Letzter Tag für den Versand" in page
    assert "Mi., 6. Januar 2027" in page
    assert "Die Tagesordnung ist leer." in page
    assert mails() == 0


def test_inviting_says_what_it_did_and_the_sitting_shows_how_it_stands(world, clerk, add_agenda):
    add_agenda(world.sitting, "Begrüßung")
    before = text(clerk.get(f"/sitzungen/{world.sitting.id}"))
    assert "Bisher wurde niemand eingeladen." in before
    assert url(world.sitting) in before
    done = text(clerk.submit(url(world.sitting), {"version": world.sitting.version}))
    assert "Eingeladen: 2 E-Mails gehen jetzt hinaus." in done
    assert mails() == 2
    assert "0 von 2 Personen haben geantwortet" in done
    attendance.answer(world.amina.id, world.sitting.id, world.seat.id, Answer.COMING)
    after = text(clerk.get(f"/sitzungen/{world.sitting.id}"))
    assert "1 von 2 Personen haben geantwortet" in after
    assert "Eingeladen am" in after


def test_inviting_twice_by_a_double_click_sends_one_mail_each(world, clerk):
    for _ in range(2):
        clerk.submit(url(world.sitting), {"version": world.sitting.version})
    assert mails() == 2
    assert "sind schon eingeladen" in text(clerk.get(url(world.sitting)))


def test_who_is_new_is_offered_afterwards(world, clerk, make_person, make_seat):
    operations.invite(SYSTEM, world.sitting.id)
    assert "Neue einladen" not in text(clerk.get(f"/sitzungen/{world.sitting.id}"))
    make_seat(world.committee, make_person("Nora Neu"))
    assert "Neue einladen" in text(clerk.get(f"/sitzungen/{world.sitting.id}"))
    page = text(clerk.get(url(world.sitting)))
    assert "1 Person bekommt eine E-Mail" in page
    assert "Amina" not in page.partition("<main")[2]


def test_a_late_invitation_asks_for_the_reason_at_its_field(world, clerk, make_sitting):
    soon = make_sitting(world.committee, datetime(2026, 11, 20, 18, 30))
    page = text(clerk.get(url(soon)))
    assert "Der letzte Tag für eine rechtzeitige Einladung war Do., 12. November 2026." in page
    refused = text(clerk.submit(url(soon), {"version": soon.version}))
    assert "error-summary" in refused
    assert mails() == 0
    assert "x" * 500 in text(clerk.submit(url(soon), {"version": soon.version, "reason": "x" * 500}))
    assert mails() == 0
    clerk.submit(url(soon), {"version": soon.version, "reason": "Förderzusage"})
    assert mails() == 2


def test_a_planned_sitting_is_said_to_become_confirmed(world, clerk, make_sitting):
    planned = make_sitting(world.committee, datetime(2027, 3, 4, 18, 30), status=Status.TENTATIVE)
    assert "Mit der Einladung wird sie bestätigt" in text(clerk.get(url(planned)))
    clerk.submit(url(planned), {"version": planned.version})
    session().rollback()
    assert session().get(type(planned), planned.id).status == Status.CONFIRMED


def test_a_draft_and_a_cancelled_sitting_say_why_nobody_can_be_invited(world, clerk, make_sitting):
    draft = make_sitting(world.committee, datetime(2027, 3, 4, 18, 30), status=Status.DRAFT)
    assert "ist ein Entwurf" in text(clerk.get(url(draft)))
    sittings.cancel(SYSTEM, world.sitting.id)
    assert "ist abgesagt" in text(clerk.get(url(world.sitting)))
    clerk.submit(url(draft), {"version": draft.version})
    assert mails() == 0


def test_somebody_who_changed_the_sitting_meanwhile_is_noticed(world, clerk):
    seen = world.sitting.version
    sittings.move(
        SYSTEM, world.sitting.id, version=None, start=datetime(2027, 1, 21, 18), end=None, place_id=None, reason=""
    )
    page = text(clerk.submit(url(world.sitting), {"version": seen}))
    assert "Inzwischen hat eine andere Person gespeichert" in page
    assert "21. Januar 2027" in page
    assert mails() == 0


def test_before_a_change_the_page_says_how_many_get_a_mail(world, clerk):
    cancel = f"/sitzungen/{world.sitting.id}/absagen"
    assert "bekommen je eine E-Mail" not in text(clerk.get(cancel))
    operations.invite(SYSTEM, world.sitting.id)
    assert "2 Personen wurden eingeladen und bekommen je eine E-Mail." in text(clerk.get(cancel))
    assert "2 Personen wurden eingeladen" in text(clerk.get(f"/sitzungen/{world.sitting.id}/bearbeiten"))


@pytest.mark.parametrize("role", ["officer", "representative", "clerk"])
def test_nobody_but_its_clerk_invites(world, sign_in, make_committee, role):
    organization = make_committee("Anderes Gremium").organization_id
    client = sign_in(role, organization_id=organization)
    expected = 404 if role == "clerk" else 403
    assert client.get(url(world.sitting)).status_code == expected
    assert client.submit(url(world.sitting)).status_code == expected
    assert 'id="einladung"' not in text(client.get(f"/sitzungen/{world.sitting.id}"))
    assert mails() == 0


def test_who_is_not_signed_in_is_led_to_the_sign_in_page(world, client):
    assert client.get(url(world.sitting)).status_code == 302
    assert 'id="einladung"' not in text(client.get(f"/sitzungen/{world.sitting.id}"))
