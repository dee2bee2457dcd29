"""Inviting: one mail a person, with the date, in time."""

from datetime import datetime
from types import SimpleNamespace

import pytest
import time_machine
from sqlalchemy import select

from calendars.invitations import operations
from calendars.invitations.models import Invitation
from coordination.organizations.models import Organization
from coordination.people.models import Person
from core.access import SYSTEM
from core.clock import now, to_utc
from core.database import session, transaction
from core.dated import Status
from core.errors import NotFound, Outdated, Refused
from core.history import lines_of
from core.outbox import OutboxMail
from meetings.sittings import operations as sittings
from participation.seats import operations as seats
from participation.seats.operations import SeatTerms


def invite(sitting, **kwargs):
    return operations.invite(SYSTEM, sitting.id, **kwargs)


def test_each_member_gets_a_mail_with_agenda_link_and_date(world, arrived, add_agenda, row_of):
    add_agenda(world.sitting, "Begrüßung", ("Personalia", False))
    assert invite(world.sitting) == 2
    amina, dina = arrived()
    assert (amina.to, dina.to) == ("amina", "dina")
    assert amina.subject == "Einladung: Integrationsrat, Do., 14. Januar 2027, 18:30 bis 20:30 Uhr"
    assert "1 Begrüßung\n2 Personalia (nicht öffentlich)" in amina.text.replace("\r\n", "\n")
    assert "dann fragen wir Ihre Vertretung" in amina.text
    assert "keine Vertretung benannt" in dina.text
    assert amina.link != dina.link
    row = row_of(world.sitting, world.amina)
    assert (row.seat_id, row.rank, row.told_sequence, row.told_cancelled) == (world.seat.id, 0, 0, False)


def test_the_date_is_a_request_to_one_attendee_from_the_sending_address(world, arrived):
    invite(world.sitting)
    for mail in arrived():
        event = mail.event
        assert mail.method == "REQUEST"
        assert str(event["UID"]) == world.sitting.uid
        assert int(event["SEQUENCE"]) == 0
        assert str(event["STATUS"]) == "CONFIRMED"
        assert str(event["ORGANIZER"]) == f"mailto:{mail.message['From'].addresses[0].addr_spec}"
        assert str(event["ATTENDEE"]) == f"mailto:{mail.message['To'].addresses[0].addr_spec}"
        assert event["ATTENDEE"].params["RSVP"] == "TRUE"
        assert event["DTSTART"].dt.replace(tzinfo=None) == datetime(2027, 1, 14, 18, 30)
        assert abs((event["DTSTAMP"].dt - now()).total_seconds()) < 60
        others = {"aminamann", "belamann", "cemmann", "dinamann"} - {f"{mail.to}mann"}
        assert not any(name in mail.message.as_string().lower() for name in others), "names nobody else"


def test_the_file_in_the_mail_is_the_same_date(world, arrived):
    invite(world.sitting)
    mail = arrived()[0]
    files = [part for part in mail.message.walk() if part.get_content_disposition() == "attachment"]
    assert [part.get_filename() for part in files] == ["termin.ics"]
    inside = mail.invitation.get_payload(decode=True).replace(b"\r\n", b"\n")
    assert files[0].get_payload(decode=True).replace(b"\r\n", b"\n") == inside


def test_each_mail_is_in_the_language_of_the_person(world, arrived, make_person, make_seat):
    make_seat(world.committee, make_person("Edith English", language="en"))
    invite(world.sitting)
    texts = {mail.to: mail for mail in arrived()}
    assert texts["edith"].subject == "Invitation: Integrationsrat, Thu, 14 January 2027, 18:30 to 20:30"
    assert "Are you coming?" in texts["edith"].text
    assert "Status: Confirmed" in str(texts["edith"].event["DESCRIPTION"])
    assert "Kommen Sie?" in texts["amina"].text


def test_who_has_two_seats_gets_one_mail(world, arrived, make_seat):
    make_seat(world.committee, world.amina)
    assert invite(world.sitting) == 2
    assert sorted(mail.to for mail in arrived()) == ["amina", "dina"]


def test_who_has_no_mail_address_is_left_to_the_clerk(world, arrived, make_person, make_seat):
    make_seat(world.committee, make_person("Paul Papier", email=""))
    assert invite(world.sitting) == 2
    assert "paul" not in {mail.to for mail in arrived()}


def test_the_first_deputy_of_a_vacant_seat_is_asked_at_once(world, arrived, make_person, make_seat):
    make_seat(world.committee, None, make_person("Edda Ersatz"))
    assert invite(world.sitting) == 3
    edda = next(mail for mail in arrived() if mail.to == "edda")
    assert edda.subject.startswith("Können Sie vertreten?")
    assert "„MO 3“ ist zurzeit nicht besetzt" in edda.text


def test_only_who_sits_on_the_day_of_the_sitting_is_invited(world, arrived, make_person, make_seat):
    make_seat(world.committee, make_person("Vera Vorher"), ends_on=datetime(2027, 1, 13).date())
    make_seat(world.committee, make_person("Nora Neu"), starts_on=datetime(2027, 1, 14).date())
    invite(world.sitting)
    assert {mail.to for mail in arrived()} == {"amina", "dina", "nora"}


def test_inviting_again_invites_only_who_is_new(world, arrived, make_person, make_seat):
    invite(world.sitting)
    arrived()
    with pytest.raises(Refused, match="schon eingeladen"):
        invite(world.sitting)
    make_seat(world.committee, make_person("Nora Neu"))
    assert operations.tell_all() == 0, "who is newly appointed is not told by itself"
    assert invite(world.sitting) == 1
    assert [mail.to for mail in arrived()] == ["nora"]


def test_inviting_confirms_a_planned_sitting(world, arrived, make_sitting):
    planned = make_sitting(world.committee, datetime(2027, 3, 4, 18, 30), status=Status.TENTATIVE)
    invite(planned)
    mails = arrived()
    assert session().get(type(planned), planned.id).status == Status.CONFIRMED
    assert {(str(m.event["STATUS"]), int(m.event["SEQUENCE"])) for m in mails} == {("CONFIRMED", 1)}
    assert operations.tell_all() == 0, "the confirmation is known by the invitation"


def test_nobody_is_invited_to_a_draft_a_cancelled_or_a_past_sitting(world, make_sitting):
    draft = make_sitting(world.committee, datetime(2027, 3, 4, 18, 30), status=Status.DRAFT)
    past = make_sitting(world.committee, datetime(2026, 11, 2, 18, 30))
    sittings.cancel(SYSTEM, world.sitting.id)
    for sitting in (draft, past, world.sitting):
        with pytest.raises(Refused):
            invite(sitting, reason="eilig")
    with pytest.raises(NotFound):
        invite(SimpleNamespace(id=4711))
    assert session().scalars(select(OutboxMail)).all() == []


def test_a_late_invitation_needs_a_reason_which_is_kept(world):
    with time_machine.travel(to_utc(datetime(2027, 1, 6, 23, 30)), tick=True):
        assert not operations.is_late(world.sitting), "7 full days: until the 6th"
    with time_machine.travel(to_utc(datetime(2027, 1, 7, 0, 5)), tick=True):
        with pytest.raises(Refused) as refused:
            invite(world.sitting)
        assert refused.value.field == "reason"
        with pytest.raises(Refused) as refused:
            invite(world.sitting, reason="x" * 401)
        assert refused.value.field == "reason"
        assert invite(world.sitting, reason="Eilige Förderzusage") == 2
    line = next(line for line in lines_of("sitting", world.sitting.id) if line.action == "invitations.invite")
    assert line.new == {"mails": 2, "reason": "Eilige Förderzusage"}


def test_a_sitting_that_changed_since_the_page_was_opened_is_shown_again(world):
    seen = world.sitting.version
    sittings.move(
        SYSTEM, world.sitting.id, version=None, start=datetime(2027, 1, 21, 18), end=None, place_id=None, reason=""
    )
    with pytest.raises(Outdated):
        invite(world.sitting, version=seen)


def test_no_text_can_add_a_header_or_a_line(world, arrived, make_sitting):
    evil = "Rat\r\nBcc: boese@example.org\r\nBEGIN:VALARM"
    with transaction() as current:
        current.get_one(Organization, world.committee.organization_id).name = evil
        current.get_one(Person, world.amina.id).family_name = evil
    invite(make_sitting(world.committee, title=evil))
    for mail in arrived():
        assert mail.message["Bcc"] is None
        assert len(mail.message.get_all("Subject")) == 1
        assert mail.event.subcomponents == []
        assert not any(line.startswith(("Bcc:", "BEGIN:")) for line in mail.text.splitlines())


def test_a_failure_half_way_leaves_nothing_behind(world, monkeypatch, counts):
    before = counts()

    def fail(*_args, **_kwargs):
        raise RuntimeError("power cut")

    monkeypatch.setattr(operations.history, "record", fail)
    with pytest.raises(RuntimeError):
        invite(world.sitting)
    assert counts() == before
    monkeypatch.undo()
    assert invite(world.sitting) == 2


def test_a_seat_of_another_committee_gets_nothing(world, arrived, make_committee, make_person):
    other = make_committee("Runder Tisch")
    foreign = seats.create_seat(SYSTEM, other.id, terms=SeatTerms(label="A"))
    seats.appoint(SYSTEM, foreign.id, person_id=make_person("Fremda Fremd").id)
    invite(world.sitting)
    assert {mail.to for mail in arrived()} == {"amina", "dina"}
    assert len(session().scalars(select(Invitation)).all()) == 2
