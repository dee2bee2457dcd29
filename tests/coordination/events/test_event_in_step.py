"""A cooperation and its event never disagree, whatever is done to either, in whatever order."""

from datetime import datetime, timedelta

import pytest
import time_machine
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from coordination.cooperation import operations as cooperation
from coordination.cooperation import queries as records
from coordination.cooperation.facts import Facts, PartnerTerms, Record, facts_of
from coordination.cooperation.models import Partner
from coordination.cooperation.partners import add_partner, remove_partner
from coordination.cooperation.rules import Format, Lead, Source, Status
from coordination.events import operations
from coordination.events.models import Event
from coordination.events.operations import Plan
from coordination.events.rules import State
from coordination.organizations import operations as organizations
from coordination.organizations.rules import Kind, Topic
from coordination.planning import operations as planning
from coordination.planning.reviews import Opinion, review
from coordination.planning.rules import Answer
from core.access import SYSTEM
from core.database import session
from core.errors import Refused
from tests.conftest import TEST_NOW, empty_all_tables

#: days on which events are planned; some are over on the day of the test
STARTS = st.sampled_from([datetime(2026, 11, day, 18) for day in (1, 14, 20, 28)])
TITLES = st.sampled_from(["Fest", "Lesung", "Markt", " ", "x" * 201])
TOPICS = st.frozensets(st.sampled_from([Topic.CULTURE, Topic.SPORT]))
PLANS = st.builds(
    lambda title, start, hours, topics, public: Plan(
        title, start, start + timedelta(hours=hours) if hours else None, topics=topics, public=public
    ),
    TITLES,
    STARTS,
    st.sampled_from([0, 2, 30, -1]),
    TOPICS,
    st.booleans(),
)


class OneEvent(RuleBasedStateMachine):
    """An event and everything that anybody can do to it or to its record. What is refused changes nothing."""

    @initialize(plan=PLANS, proposed=st.booleans())
    def begin(self, plan, proposed):
        self.choir = organizations.create_organization(
            SYSTEM, organizations.Profile(name="Chor", kind=Kind.MIGRANT_ORGANISATION)
        ).id
        self.event_id = 0
        self.attempt(lambda: self.made(plan, proposed))

    def made(self, plan, proposed):
        made = operations.propose(SYSTEM, self.choir, plan=plan) if proposed else operations.create(SYSTEM, plan)
        self.event_id, self.key = made.id, made.cooperation.key

    def attempt(self, change):
        """Do it; a refusal is an answer, too."""
        try:
            change()
        except Refused:
            session().rollback()

    @property
    def event(self):
        return session().get(Event, self.event_id)

    @property
    def record(self):
        return self.event.cooperation

    @precondition(lambda self: self.event_id)
    @rule(plan=PLANS)
    def edit(self, plan):
        self.attempt(lambda: operations.edit(SYSTEM, self.event_id, version=None, plan=plan))

    @precondition(lambda self: self.event_id)
    @rule(step=st.sampled_from([operations.accept, operations.announce, operations.hold, operations.cancel]))
    def go_on(self, step):
        self.attempt(lambda: step(SYSTEM, self.event_id))

    @precondition(lambda self: self.event_id)
    @rule(title=TITLES, start=STARTS, status=st.sampled_from(Status), topics=TOPICS)
    def edit_the_record(self, title, start, status, topics):
        facts = Facts(
            **{
                **vars(facts_of(self.record)),
                "title": title,
                "starts_on": start.date(),
                "starts_local": start,
                "status": status,
                "topics": topics,
            }
        )
        self.attempt(lambda: cooperation.edit_cooperation(SYSTEM, self.record.id, version=None, facts=facts))
        self.attempt(lambda: cooperation.set_status(SYSTEM, self.record.id, status=status))

    @precondition(lambda self: self.event_id)
    @rule(title=TITLES, start=STARTS, status=st.sampled_from(Status), taking_part=st.booleans())
    def import_the_record(self, title, start, status, taking_part):
        facts = Facts(title=title, format=Format.SINGLE_EVENT, status=status, starts_on=start.date(), participants=7)
        parts = (PartnerTerms(self.choir),) if taking_part else ()
        self.attempt(lambda: cooperation.put_record(SYSTEM, self.key, Record(facts, partners=parts)))

    @precondition(lambda self: self.event_id)
    @rule(lead=st.sampled_from(Lead), taking_part=st.booleans())
    def change_who_takes_part(self, lead, taking_part):
        cooperation.move_lead(SYSTEM, self.record.id, lead=lead)
        partner = session().query(Partner).filter_by(cooperation_id=self.record.id).first()
        if taking_part and partner is None:
            add_partner(SYSTEM, self.record.id, terms=PartnerTerms(self.choir))
        elif not taking_part and partner is not None:
            remove_partner(SYSTEM, partner.id)

    @precondition(lambda self: self.event_id)
    @rule(answer=st.sampled_from([Answer.ACCEPTED, Answer.DECLINED]))
    def invite_and_answer(self, answer):
        def both():
            invited = planning.invite(SYSTEM, self.record.id, organization_id=self.choir)
            planning.answer(SYSTEM, invited.id, answer=answer)

        self.attempt(both)

    @precondition(lambda self: self.event_id)
    @rule(participants=st.sampled_from([None, 0, 80, -1]))
    def say_how_it_went(self, participants):
        opinion = Opinion(participants, "Viele kamen.")
        self.attempt(lambda: review(SYSTEM, self.record.id, version=None, opinion=opinion))

    @precondition(lambda self: self.event_id)
    @rule()
    def close(self):
        self.attempt(lambda: cooperation.close(SYSTEM, self.record.id))

    @invariant()
    def they_agree(self):
        if not getattr(self, "event_id", 0):
            return
        session().expire_all()
        event, record = self.event, self.record
        last = (event.ends_local or event.starts_local).date()
        assert records.find_by_key(self.key).id == record.id
        assert (record.source, record.format) == (Source.EVENT, Format.SINGLE_EVENT)
        assert (record.title, record.status) == (event.title, event.state)
        assert record.starts_local == event.starts_local
        assert (record.starts_on, record.ends_on) == (event.starts_local.date(), last)
        assert record.closed_at is None or event.state == State.HELD
        assert (event.booking_id is None) == (event.place_id is None)


@pytest.mark.one_database
def test_a_cooperation_and_its_event_never_disagree(app):
    """Each run begins with an empty database, on the day of the test."""

    class Machine(OneEvent):
        def __init__(self):
            super().__init__()
            session().rollback()
            session().expunge_all()
            empty_all_tables(app)

    with time_machine.travel(TEST_NOW, tick=False):
        run_state_machine_as_test(
            Machine,
            settings=settings(
                max_examples=40,
                stateful_step_count=12,
                deadline=None,
                database=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
