"""A cooperation and its event never disagree, whatever is done to either, in whatever order."""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coordination.cooperation import operations as cooperation
from coordination.cooperation import queries as records
from coordination.cooperation.facts import Facts, PartnerTerms, Record, facts_of
from coordination.cooperation.partners import add_partner, remove_partner
from coordination.cooperation.rules import Format, Lead, Source, Status
from coordination.events import operations
from coordination.events.operations import Plan
from coordination.events.rules import State
from coordination.organizations.rules import Topic
from coordination.planning import operations as planning
from coordination.planning import queries as workspaces
from coordination.planning.reviews import Opinion, review
from coordination.planning.rules import Answer
from core.access import SYSTEM
from core.database import session
from core.errors import Refused

#: some are over on the day of the test
STARTS = st.sampled_from([datetime(2026, 11, day, 18) for day in (1, 14, 20, 28)])
#: the day of an idea may be open; of more than an idea that is refused
DAYS = st.none() | STARTS
#: the last ones are refused
TITLES = st.sampled_from(["Fest", "Lesung", "Markt", " ", "x" * 201])
HOURS = st.sampled_from([None, 2, 30, -1])
TOPICS = st.frozensets(st.sampled_from([Topic.CULTURE, Topic.SPORT]))
#: what can be done to an event
TO_THE_EVENT = st.one_of(
    *(st.tuples(st.just(step)) for step in ("accept", "announce", "hold", "cancel")),
    st.tuples(st.just("edit"), TITLES, DAYS, HOURS, TOPICS),
    st.tuples(st.just("review"), st.sampled_from([None, 0, 80, -1])),
    st.tuples(st.just("invite"), st.sampled_from([Answer.ACCEPTED, Answer.DECLINED])),
)
#: and, by the pages and files of records, to what is recorded of it
TO_THE_RECORD = st.one_of(
    st.tuples(st.just("record_edit"), TITLES, STARTS, st.sampled_from(Status), TOPICS),
    st.tuples(st.just("record_status"), st.sampled_from(Status)),
    st.tuples(st.just("record_import"), TITLES, STARTS, st.sampled_from(Status), st.booleans()),
    st.tuples(st.just("record_lead"), st.sampled_from(Lead)),
    st.tuples(st.just("record_partner")),
    st.tuples(st.just("record_close")),
)

#: where a step leads
AFTER = {"accept": State.PLANNED, "announce": State.ANNOUNCED, "hold": State.HELD, "cancel": State.CANCELLED}


def to_the_event(event, choir_id, what, *told):
    match what:
        case "accept" | "announce" | "hold" | "cancel":
            getattr(operations, what)(SYSTEM, event.id)
        case "edit":
            title, start, hours, topics = told
            end = None if hours is None or start is None else start + timedelta(hours=hours)
            plan = replace(operations.plan_of(event), title=title, start=start, end=end, topics=topics)
            operations.edit(SYSTEM, event.id, version=None, plan=plan)
        case "review":
            before = workspaces.find_review(event.cooperation_id, None)
            seen = before.version if before else None
            review(SYSTEM, event.cooperation_id, version=seen, opinion=Opinion(told[0], "Viele kamen."))
        case "invite":
            planning.invite(SYSTEM, event.cooperation_id, organization_id=choir_id)
            planning.answer(SYSTEM, event.cooperation_id, organization_id=choir_id, answer=told[0])


def to_the_record(record, choir_id, what, *told):
    match what:
        case "record_edit":
            title, start, status, topics = told
            told = {"title": title, "starts_on": start.date(), "starts_local": start, "status": status}
            facts = replace(facts_of(record), **told, topics=topics)
            cooperation.edit_cooperation(SYSTEM, record.id, version=None, facts=facts)
        case "record_status":
            cooperation.set_status(SYSTEM, record.id, status=told[0])
        case "record_import":
            title, start, status, taking_part = told
            facts = Facts(title=title, format=Format.SINGLE_EVENT, status=status, starts_on=start.date())
            parts = (PartnerTerms(choir_id),) if taking_part else ()
            cooperation.put_record(SYSTEM, record.key, Record(facts, partners=parts))
        case "record_lead":
            cooperation.move_lead(SYSTEM, record.id, lead=told[0])
        case "record_partner":
            if record.partners:
                remove_partner(SYSTEM, record.partners[0].id)
            else:
                add_partner(SYSTEM, record.id, terms=PartnerTerms(choir_id))
        case "record_close":
            cooperation.close(SYSTEM, record.id)


def kept_of(event):
    """What the event itself keeps."""
    return (event.title, event.state, event.starts_local, event.ends_local)


def check(event, key):
    """What the event keeps of its record."""
    session().expire_all()
    record, first, last = event.cooperation, event.starts_local, event.ends_local or event.starts_local
    assert records.find_by_key(key) is record
    assert (record.source, record.format) == (Source.EVENT, Format.SINGLE_EVENT)
    assert (record.title, record.status) == (event.title, event.state)
    assert record.starts_local == first
    assert (record.starts_on, record.ends_on) == (first and first.date(), last and last.date())
    assert first or event.state == State.IDEA
    assert record.closed_at is None or event.state == State.HELD


@given(proposed=st.booleans(), doings=st.lists(TO_THE_EVENT | TO_THE_RECORD, min_size=3, max_size=12))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_cooperation_and_its_event_never_disagree(sides, proposed, doings):
    plan = Plan("Fest", datetime(2026, 11, 14, 18))
    event = operations.propose(SYSTEM, sides.chor.id, plan=plan) if proposed else operations.create(SYSTEM, plan)
    key = event.cooperation.key
    for what, *told in doings:
        before, to_the_record_alone = kept_of(event), what.startswith("record_")
        try:
            if to_the_record_alone:
                to_the_record(event.cooperation, sides.chor.id, what, *told)
            else:
                to_the_event(event, sides.chor.id, what, *told)
            refused = False
        except Refused:
            refused = True
        check(event, key)
        if refused or to_the_record_alone:
            assert kept_of(event) == before, "neither a refusal nor a word about the record moves the event"
        elif what == "edit":
            title, start, _hours, topics = told
            assert (event.title, event.starts_local, facts_of(event.cooperation).topics) == (title, start, topics)
        elif what in AFTER:
            assert event.state == AFTER[what]
