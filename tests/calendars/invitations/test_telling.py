"""Telling the difference: exactly who was told is told again, once, and deputies are asked and released."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine

from calendars.invitations import operations
from calendars.invitations.queries import round_of
from coordination.people.models import Person
from core.access import SYSTEM
from core.clock import to_utc
from core.database import session, transaction
from core.dated import Status
from core.outbox import OutboxMail, send_due
from meetings.attendance import operations as attendance
from meetings.attendance.rules import Answer
from meetings.sittings import operations as sittings
from meetings.sittings.models import Sitting
from participation.seats import operations as seats
from participation.seats.queries import list_appointments

LATER = datetime(2027, 1, 21, 19, 0)


@pytest.fixture
def invited(world, arrived):
    """The world after its invitations have arrived."""
    operations.invite(SYSTEM, world.sitting.id)
    arrived()
    return world


@pytest.fixture
def says(invited) -> Callable[..., None]:
    """`says("amina", Answer.COMING)`: for her seat, as on any page."""

    def say(name: str, said: Answer) -> None:
        attendance.answer(invited.people[name].id, invited.sitting.id, invited.seat.id, said)

    return say


@pytest.fixture
def told(arrived) -> Callable[[], dict[str, str | None]]:
    """`told()`: run the job; who gets what kind of date. The job run again says nothing more."""

    def run() -> dict[str, str | None]:
        number = operations.tell_all()
        mails = {mail.to: mail.method for mail in arrived()}
        assert len(mails) == number
        assert operations.tell_all() == 0
        assert arrived() == []
        return mails

    return run


def move(sitting, start=LATER, **kwargs):
    values = {"version": None, "start": start, "end": None, "place_id": sitting.place_id, "reason": ""} | kwargs
    sittings.move(SYSTEM, sitting.id, **values)


def test_a_moved_sitting_is_told_to_exactly_those_who_were_invited(invited, arrived, make_person, make_seat):
    make_seat(invited.committee, make_person("Nora Neu"))
    move(invited.sitting, reason="Der Saal ist belegt.")
    assert operations.tell_all() == 2
    amina, dina = arrived()
    assert (amina.to, dina.to) == ("amina", "dina")
    assert amina.subject == "Geändert: Integrationsrat, Do., 21. Januar 2027, ab 19:00 Uhr"
    assert "Bisherige Zeit: Do., 14. Januar 2027, 18:30 bis 20:30 Uhr" in amina.text
    assert "Grund: Der Saal ist belegt." in amina.text
    assert (amina.method, int(amina.event["SEQUENCE"])) == ("REQUEST", 1)
    assert str(amina.event["UID"]) == invited.sitting.uid
    assert operations.tell_all() == 0, "each person once"


def test_another_room_is_told_with_the_old_one(invited, arrived, make_place):
    move(invited.sitting, datetime(2027, 1, 14, 18, 30), end=datetime(2027, 1, 14, 20, 30), place_id=make_place().id)
    operations.tell_all()
    text = arrived()[0].text
    assert "Wo: Rathaus, Saal 1, Marktplatz 1, 12345 Musterstadt" in text
    assert "Bisheriger Ort: nicht bekannt" in text
    assert "Bisherige Zeit" not in text


def test_what_changes_nothing_for_people_is_not_told(invited, told):
    plan = sittings.plan_of(invited.sitting)
    sittings.edit(SYSTEM, invited.sitting.id, version=None, plan=sittings.replace(plan, number="1/2027"))
    assert told() == {}


def test_a_cancelled_sitting_leaves_the_calendars_of_those_who_were_told(invited, arrived):
    sittings.cancel(SYSTEM, invited.sitting.id, reason="Krankheit")
    assert operations.tell_all() == 2
    amina, dina = arrived()
    assert (amina.to, dina.to) == ("amina", "dina")
    assert amina.subject.startswith("Abgesagt: Integrationsrat")
    assert "Grund: Krankheit" in amina.text
    assert (amina.method, int(amina.event["SEQUENCE"])) == ("CANCEL", 1)
    assert str(amina.event["STATUS"]) == "CANCELLED"
    assert operations.tell_all() == 0


def test_moved_and_cancelled_before_the_job_runs_is_one_mail(invited, told):
    move(invited.sitting)
    sittings.cancel(SYSTEM, invited.sitting.id)
    assert told() == {"amina": "CANCEL", "dina": "CANCEL"}


def test_nothing_is_told_of_sittings_that_have_begun_or_to_which_nobody_was_invited(invited, told, make_sitting):
    other = make_sitting(invited.committee, datetime(2027, 2, 4, 18, 30))
    sittings.cancel(SYSTEM, other.id)
    sittings.cancel(SYSTEM, invited.sitting.id)
    with time_machine.travel(to_utc(datetime(2027, 1, 14, 18, 31)), tick=True):
        assert told() == {}


def test_a_deputy_is_asked_when_the_member_cannot_come_and_the_next_when_they_decline(invited, says, arrived, told):
    assert told() == {}
    says("amina", Answer.NOT_COMING)
    assert operations.tell_all() == 1
    bela = arrived()[0]
    assert bela.to == "bela"
    assert bela.subject.startswith("Können Sie vertreten?")
    assert "Amina Aminamann kann zu dieser Sitzung nicht kommen" in bela.text
    assert bela.method == "REQUEST"
    assert told() == {}
    says("bela", Answer.NOT_COMING)
    assert told() == {"cem": "REQUEST"}
    says("cem", Answer.NOT_COMING)
    assert told() == {}


def test_a_deputy_is_released_when_the_member_comes_after_all_and_asked_again_when_not(invited, says, arrived, told):
    says("amina", Answer.NOT_COMING)
    assert told() == {"bela": "REQUEST"}
    says("bela", Answer.COMING)
    says("amina", Answer.COMING)
    assert operations.tell_all() == 1
    bela = arrived()[0]
    assert (bela.to, bela.method) == ("bela", "CANCEL")
    assert "nicht mehr gebraucht" in bela.text
    assert str(bela.event["STATUS"]) == "CANCELLED"
    says("amina", Answer.NOT_COMING)
    assert told() == {"bela": "REQUEST"}


def test_who_has_declined_hears_nothing_of_being_released(invited, says, told):
    says("amina", Answer.NOT_COMING)
    told()
    says("bela", Answer.NOT_COMING)
    told()
    says("amina", Answer.COMING)
    assert told() == {"cem": "CANCEL"}


def test_a_deputy_who_accepts_after_all_releases_the_next(invited, says, told):
    says("amina", Answer.NOT_COMING)
    told()
    says("bela", Answer.NOT_COMING)
    told()
    says("bela", Answer.COMING)
    assert told() == {"cem": "CANCEL"}


def test_deputies_who_were_asked_hear_of_changes_too(invited, says, told):
    says("amina", Answer.NOT_COMING)
    told()
    move(invited.sitting, datetime(2027, 1, 14, 18, 45))  # so little that her answer holds
    assert told() == {"amina": "REQUEST", "bela": "REQUEST", "dina": "REQUEST"}
    sittings.cancel(SYSTEM, invited.sitting.id)
    assert told() == {"amina": "CANCEL", "bela": "CANCEL", "dina": "CANCEL"}


def test_moved_to_another_day_all_are_asked_anew(invited, says, told, arrived):
    """Amina declined the old time, not the new one; her deputies are needed only if she declines that, too."""
    says("amina", Answer.NOT_COMING)
    told()
    says("bela", Answer.NOT_COMING)
    told()
    move(invited.sitting)
    operations.tell_all()
    mails = {mail.to: mail for mail in arrived()}
    assert {name: mail.method for name, mail in mails.items()} == {
        "amina": "REQUEST",
        "cem": "CANCEL",  # Bela had declined and hears nothing
        "dina": "REQUEST",
    }
    assert "hatten Sie geantwortet: Ich komme nicht. Bitte antworten Sie für die neue Zeit" in " ".join(
        mails["amina"].text.split()
    )
    assert "Für eine andere Zeit (Do., 14. Januar 2027, 18:30 Uhr)" in " ".join(mails["amina"].text.split())
    assert operations.tell_all() == 0
    says("amina", Answer.NOT_COMING)
    assert told() == {"bela": "REQUEST"}


def test_after_a_move_who_has_not_answered_anew_is_reminded_even_if_they_were_before(invited, says, told, arrived):
    with time_machine.travel(to_utc(invited.sitting.starts_local) - timedelta(days=2), tick=True):
        assert operations.remind_all() == 2
        says("amina", Answer.COMING)
        says_dina = (invited.dina.id, invited.sitting.id, invited.other_seat.id, Answer.COMING)
        attendance.answer(*says_dina)
        move(invited.sitting)
        told()
        attendance.answer(*says_dina)
    with time_machine.travel(to_utc(LATER) - timedelta(days=2), tick=True):
        arrived()
        assert operations.remind_all() == 1
        assert [mail.to for mail in arrived()] == ["amina"]


def test_a_deputy_without_mail_is_passed_over(invited, told, make_seat, make_person, arrived):
    mia, ole, zoe = make_person("Mia Mit"), make_person("Ole Ohne", email=""), make_person("Zoe Zwei")
    seat = make_seat(invited.committee, mia, ole, zoe)
    operations.invite(SYSTEM, invited.sitting.id)
    assert [mail.to for mail in arrived()] == ["mia"]
    attendance.answer(mia.id, invited.sitting.id, seat.id, Answer.NOT_COMING)
    assert told() == {"zoe": "REQUEST"}


def test_the_clerk_sees_which_deputies_no_mail_reaches(invited, make_seat, make_person):
    mia, ole, zoe = make_person("Mia Mit"), make_person("Ole Ohne", email=""), make_person("Zoe Zwei")
    seat = make_seat(invited.committee, mia, ole, zoe)

    def by_phone():
        session().expire_all()
        return [
            person.name for person in round_of(session().get_one(Sitting, invited.sitting.id)).deputies_without_mail
        ]

    assert by_phone() == []
    attendance.answer(mia.id, invited.sitting.id, seat.id, Answer.NOT_COMING)
    assert by_phone() == ["Ole Ohne"]
    attendance.answer(zoe.id, invited.sitting.id, seat.id, Answer.COMING)
    assert by_phone() == []


def test_who_left_the_seat_before_the_day_is_told_and_the_next_member_is_not(invited, arrived, make_person):
    appointment = list_appointments(invited.other_seat.id)[0]
    seats.edit_appointment(SYSTEM, appointment.id, role=appointment.role, ends_on=datetime(2027, 1, 1).date())
    new = make_person("Nora Neu")
    seats.appoint(SYSTEM, invited.other_seat.id, person_id=new.id, starts_on=datetime(2027, 1, 2).date())
    assert operations.tell_all() == 1
    dina = arrived()[0]
    assert (dina.to, dina.method) == ("dina", "CANCEL")
    assert "keinen Sitz in diesem Gremium" in dina.text
    assert operations.tell_all() == 0
    assert operations.invite(SYSTEM, invited.sitting.id) == 1
    assert [mail.to for mail in arrived()] == ["nora"]


def test_who_lost_their_mail_address_waits_for_the_clerk_and_holds_up_nobody(invited, told):
    with transaction() as current:
        current.get_one(Person, invited.dina.id).email = ""
    move(invited.sitting)
    assert told() == {"amina": "REQUEST"}


def test_a_crash_between_two_mails_loses_nothing_and_doubles_nothing(invited, told, monkeypatch, counts):
    move(invited.sitting)
    before, calls, send = counts(), [], operations.Post.send

    def fail_on_the_second(self, row, what):
        calls.append(row.id)
        if len(calls) == 2:
            raise RuntimeError("power cut")
        send(self, row, what)

    monkeypatch.setattr(operations.Post, "send", fail_on_the_second)
    assert operations.tell_all() == 0
    assert counts() == before
    monkeypatch.undo()
    assert told() == {"amina": "REQUEST", "dina": "REQUEST"}


def test_a_sitting_that_cannot_be_told_holds_up_no_other(invited, told, monkeypatch, make_sitting, arrived):
    later = make_sitting(invited.committee, datetime(2027, 3, 4, 18, 30))
    operations.invite(SYSTEM, later.id)
    arrived()
    first, send = invited.sitting.id, operations.Post.send

    def fail_for_the_first(self, row, what):
        if self.sitting.id == first:
            raise RuntimeError("broken")
        send(self, row, what)

    for sitting_id in (first, later.id):
        sittings.cancel(SYSTEM, sitting_id)
    monkeypatch.setattr(operations.Post, "send", fail_for_the_first)
    assert operations.tell_all() == 2
    monkeypatch.undo()
    assert operations.tell_all() == 2


def test_the_job_asks_no_more_for_sittings_without_news(invited, make_sitting, count_queries, arrived):
    with count_queries() as few:
        assert operations.tell_all() == 0
    for day in range(1, 9):
        sitting = make_sitting(invited.committee, datetime(2027, 3, day, 18, 30))
        operations.invite(SYSTEM, sitting.id)
    with count_queries() as many:
        assert operations.tell_all() == 0
    assert many.number == few.number <= 6


def test_an_idle_job_asks_once(app, count_queries):
    with count_queries() as counted:
        assert operations.tell_all() == operations.remind_all() == 0
    assert counted.number == 2


@pytest.mark.parametrize("before", [timedelta(days=3), timedelta(hours=5)])
def test_who_has_not_answered_is_reminded_once(invited, says, arrived, before):
    says("amina", Answer.COMING)
    start = to_utc(invited.sitting.starts_local)
    with time_machine.travel(start - timedelta(days=3, minutes=5), tick=True):
        assert operations.remind_all() == 0
    with time_machine.travel(start - before, tick=True):
        assert operations.remind_all() == 1
        dina = arrived()[0]
        assert dina.to == "dina"
        assert dina.subject.startswith("Bitte antworten: Integrationsrat")
        assert dina.method is None, "the date is in the calendar already"
        assert dina.link
        assert operations.remind_all() == 0
    with time_machine.travel(start + timedelta(minutes=1), tick=True):
        assert operations.remind_all() == 0


def test_reminders_spare_deputies_not_needed_cancelled_sittings_and_fresh_invitations(invited, says, told, arrived):
    says("amina", Answer.NOT_COMING)
    told()
    says("amina", Answer.COMING)
    told()
    start = to_utc(invited.sitting.starts_local)
    with time_machine.travel(start - timedelta(days=2), tick=True):
        assert operations.remind_all() == 1
        assert [mail.to for mail in arrived()] == ["dina"]
        says("amina", Answer.NOT_COMING)
        assert told() == {"bela": "REQUEST"}
        assert operations.remind_all() == 0, "Bela was asked a moment ago"
    with time_machine.travel(start - timedelta(hours=20), tick=True):
        assert operations.remind_all() == 1
        assert [mail.to for mail in arrived()] == ["bela"]


def test_nobody_is_reminded_of_a_cancelled_sitting(invited):
    sittings.cancel(SYSTEM, invited.sitting.id)
    with time_machine.travel(to_utc(invited.sitting.starts_local) - timedelta(days=2), tick=True):
        assert operations.remind_all() == 0


def test_commands_say_how_many_mails(invited, app):
    move(invited.sitting)
    runner = app.test_cli_runner()
    assert runner.invoke(args=["invitations", "tell"]).output == "2\n"
    assert runner.invoke(args=["invitations", "remind"]).output == "0\n"


def test_no_mail_leaves_without_a_mail_server(world):
    operations.invite(SYSTEM, world.sitting.id)
    assert send_due() == 0
    assert session().query(OutboxMail).filter(OutboxMail.sent_at.is_(None)).count() == 2
    assert world.sitting.status == Status.CONFIRMED


def test_an_answer_by_phone_asks_and_releases_deputies_as_an_own_one_does(invited, told):
    def call(said: Answer | None, seen: Answer | None = None) -> None:
        said_so = attendance.Call(invited.amina.id, invited.seat.id, said, seen)
        attendance.answer_by_phone(SYSTEM, invited.sitting.id, call=said_so)

    call(Answer.NOT_COMING)
    assert told() == {"bela": "REQUEST"}
    call(None, Answer.NOT_COMING)
    assert told() == {"bela": "CANCEL"}
    call(Answer.NOT_COMING)
    told()
    attendance.answer(invited.amina.id, invited.sitting.id, invited.seat.id, Answer.COMING)  # her own later one
    assert told() == {"bela": "CANCEL"}
