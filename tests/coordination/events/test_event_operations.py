"""Events are proposed, planned, announced, held and called off; room, record and mails keep up."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from coordination.accounts.queries import actor_of
from coordination.cooperation.rules import InitiatorKind, Lead, Status
from coordination.events import operations, queries
from coordination.events.operations import Plan, plan_of
from coordination.events.rules import State
from coordination.organizations.rules import Topic
from coordination.places.models import Booking
from coordination.planning.beginnings import Origin
from core import history
from core.access import SYSTEM
from core.database import session, version_of
from core.errors import NotFound, Outdated, Refused
from core.outbox import OutboxMail


def subjects():
    return list(session().scalars(select(OutboxMail.subject).order_by(OutboxMail.id)))


def rows(found):
    return session().scalars(found).all()


def bookings():
    return session().query(Booking).count()


def test_an_idea_tells_the_municipality_and_takes_no_room(sides, plan, make_place):
    room = make_place()
    idea = operations.propose(sides.partner, sides.chor.id, plan=plan(place_id=room.id), lead=Lead.MIGRANT_ORGANISATION)
    record = idea.cooperation
    assert (idea.state, record.status, bookings()) == (State.IDEA, Status.IDEA, 0)
    assert (record.initiator_kind, record.initiator_id) == (InitiatorKind.MIGRANT_ORGANISATION, sides.chor.id)
    assert [partner.organization_id for partner in record.partners] == [sides.chor.id]
    assert record.lead == Lead.MIGRANT_ORGANISATION
    assert subjects() == ["Neue Idee: Fest der Stimmen"]


def test_an_idea_that_is_taken_up_takes_its_room_and_tells_who_had_it(sides, plan, make_place):
    room = make_place()
    idea = operations.propose(sides.partner, sides.chor.id, plan=plan(place_id=room.id))
    operations.accept(sides.staff, idea.id)
    assert (idea.state, idea.cooperation.status, bookings()) == (State.PLANNED, Status.PLANNED, 1)
    assert subjects()[1:] == ["Wir planen gemeinsam: Fest der Stimmen"]
    operations.accept(sides.staff, idea.id)
    assert len(history.lines_of("event", idea.id)) == 2, "twice is as once"


def test_a_room_that_is_taken_is_refused_and_free_again_when_the_event_is_called_off(sides, plan, make_place):
    room = make_place()
    first = operations.create(sides.staff, plan(place_id=room.id))
    with pytest.raises(Refused) as refused:
        operations.create(sides.staff, plan("Lesung", place_id=room.id))
    assert refused.value.field == "place"
    assert len(rows(queries.workspaces_of(sides.staff))) == 1, "nothing of the refused one is left"
    operations.cancel(sides.staff, first.id)
    assert bookings() == 0
    operations.create(sides.staff, plan("Lesung", place_id=room.id))
    assert bookings() == 1


def test_an_event_of_the_municipality_has_its_impulse_and_its_lead(sides, plan):
    origin = Origin(InitiatorKind.INTEGRATION_DEPARTMENT, sides.department.id, Lead.MUNICIPAL)
    topics = frozenset({Topic.CULTURE, Topic.YOUTH_AND_EDUCATION})
    event = operations.create(sides.staff, plan(topics=topics), origin=origin)
    record = event.cooperation
    assert (record.initiator_id, record.lead) == (sides.department.id, Lead.MUNICIPAL)
    assert {topic.topic for topic in record.topics} == topics
    assert plan_of(event) == plan(topics=topics)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": "  "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"languages": "x" * 201}, "languages"),
        ({"end": datetime(2026, 12, 12, 17)}, "end"),
        ({"start": datetime(2027, 3, 28, 2, 30), "end": None}, "start"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_at_its_field(sides, plan, changes, field):
    event = operations.create(sides.staff, plan())
    for attempt in (
        lambda: operations.create(sides.staff, replace(plan(), **changes)),
        lambda: operations.edit(sides.staff, event.id, version=None, plan=replace(plan(), **changes)),
    ):
        with pytest.raises(Refused) as refused:
            attempt()
        assert refused.value.field == field
    assert plan_of(queries.get_event(event.id)) == plan()


def test_two_who_change_the_same_event_do_not_overwrite_each_other(sides, plan):
    event = operations.create(sides.staff, plan())
    seen = version_of(event, event.cooperation)
    operations.edit(sides.staff, event.id, version=seen, plan=plan(text="Mit Buffet."))
    with pytest.raises(Outdated):
        operations.edit(sides.partner, event.id, version=seen, plan=plan(text="Ohne Buffet."))
    assert event.text == "Mit Buffet."


def test_who_plans_reads_once_that_it_is_called_off(sides, plan):
    idea = operations.propose(sides.partner, sides.chor.id, plan=plan())
    for _twice in range(2):
        operations.accept(sides.staff, idea.id)
    for _twice in range(2):
        operations.cancel(sides.staff, idea.id, reason="Der Saal brennt.")
    assert (idea.state, idea.cooperation.status) == (State.CANCELLED, Status.CANCELLED)
    assert subjects()[1:] == ["Wir planen gemeinsam: Fest der Stimmen", "Fest der Stimmen: Abgesagt"]


def test_steps_that_there_are_not_are_refused(sides, idea):
    for attempt in (operations.announce, operations.hold):
        with pytest.raises(Refused):
            attempt(sides.staff, idea.id)
    with pytest.raises(Refused) as refused:
        operations.cancel(sides.staff, idea.id)
    assert refused.value.field == "reason"
    with pytest.raises(Refused) as refused:
        operations.cancel(sides.staff, idea.id, reason="x" * 401)
    assert refused.value.field == "reason"
    assert idea.state == State.IDEA


def test_it_is_held_when_it_began_and_not_before(sides, plan):
    event = operations.create(sides.staff, plan(), state=State.ANNOUNCED)
    with pytest.raises(Refused):
        operations.hold(sides.staff, event.id)
    with time_machine.travel(event.starts_at + timedelta(minutes=1)):
        operations.hold(sides.staff, event.id)
        operations.hold(sides.staff, event.id)
        with pytest.raises(Refused):
            operations.edit(sides.staff, event.id, version=None, plan=plan("Anders"))
    assert (event.state, event.cooperation.status) == (State.HELD, Status.HELD)


def test_what_waits_for_the_municipality(sides, plan, idea):
    over = operations.create(sides.staff, plan("Lesung", datetime(2026, 11, 13, 18)), state=State.ANNOUNCED)
    operations.create(sides.staff, plan("Konzert"), state=State.ANNOUNCED)
    operations.create(sides.staff, plan("Läuft bis 21 Uhr", datetime(2026, 11, 16, 9)), state=State.ANNOUNCED)
    without_end = operations.create(
        sides.staff, plan("Ohne Ende", datetime(2026, 11, 16, 9), end=None), state=State.ANNOUNCED
    )
    assert rows(queries.to_decide()) == [idea, over, without_end]


def test_an_idea_whose_day_nobody_knows_comes_last_and_is_no_more_than_an_idea(sides, plan, idea):
    some_day = operations.propose(sides.partner, sides.chor.id, plan=Plan("Lesung"))
    assert rows(queries.workspaces_of(sides.staff)) == rows(queries.to_decide()) == [idea, some_day]
    with pytest.raises(Refused):
        operations.accept(sides.staff, some_day.id)
    for told in (Plan("Markt"), Plan("Markt", end=datetime(2026, 12, 12, 18))):
        with pytest.raises(Refused) as refused:
            operations.create(sides.staff, told)
        assert refused.value.field == "date"
    operations.edit(sides.partner, some_day.id, version=None, plan=plan("Lesung"))
    operations.edit(sides.partner, some_day.id, version=None, plan=Plan("Lesung"))
    assert (some_day.starts_local, some_day.ends_at, some_day.cooperation.starts_on) == (None, None, None)
    operations.cancel(sides.staff, some_day.id, reason="Kein Platz.")
    assert some_day.state == State.TURNED_DOWN


def test_who_plans_sees_what_is_planned(sides, plan, make_account, make_organization, idea):
    operations.create(sides.staff, plan("Nur die Stadt"))
    other = make_account("representative", organization_id=make_organization().id)
    assert [event.title for event in rows(queries.workspaces_of(sides.partner))] == ["Fest der Stimmen"]
    assert len(rows(queries.workspaces_of(sides.staff))) == 2
    assert rows(queries.workspaces_of(actor_of(other))) == []


def test_what_is_not_there_is_not_found(app):
    for attempt in (operations.announce, operations.hold, operations.accept, operations.cancel):
        with pytest.raises(NotFound):
            attempt(SYSTEM, 4711)
