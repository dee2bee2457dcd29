"""Whatever is done to a project or to its record, the two never disagree."""

from dataclasses import replace
from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coordination.cooperation import operations as cooperation
from coordination.cooperation.facts import facts_of, record_of
from coordination.cooperation.rules import BEGINNING, Lead, Source, Status, lead_on, tidy_leads
from coordination.organizations.rules import Topic
from coordination.projects import operations, steps
from coordination.projects.operations import Plan, plan_of
from coordination.projects.rules import record_status
from core.access import SYSTEM
from core.database import session
from core.errors import Refused

TOPICS = st.frozensets(st.sampled_from([Topic.CULTURE, Topic.SPORT]))
DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))
#: what can be done to a project
TO_THE_PROJECT = st.one_of(
    st.tuples(st.just("accept")),
    st.tuples(st.just("start")),
    st.tuples(st.just("pause")),
    st.tuples(st.just("cancel")),
    st.tuples(st.just("announce")),
    st.tuples(st.just("complete"), DAYS),
    st.tuples(st.just("edit"), st.sampled_from(["Eins", "Zwei"]), st.none() | DAYS, st.none() | DAYS, TOPICS),
    st.tuples(st.just("move_lead"), st.sampled_from(Lead), st.none() | DAYS),
)
#: and, by the pages and files of records, to what is recorded of it
TO_THE_RECORD = st.one_of(
    st.tuples(st.just("record_title"), st.sampled_from(["Anders"])),
    st.tuples(st.just("record_status"), st.sampled_from(Status)),
    st.tuples(st.just("record_lead"), st.sampled_from(Lead), DAYS),
    st.tuples(st.just("record_import"), st.sampled_from(["Datei"]), DAYS),
    st.tuples(st.just("record_words"), st.sampled_from(["Viele kamen."])),
)


def do(project, what, *told) -> None:
    """Try it; what is refused changes nothing."""
    key, record = project.id, project.cooperation
    match what:
        case "accept" | "start" | "announce":
            getattr(steps, what)(SYSTEM, key)
        case "pause" | "cancel":
            getattr(steps, what)(SYSTEM, key, reason="Darum")
        case "complete":
            steps.complete(SYSTEM, key, last_day=told[0])
        case "edit":
            title, first, last, topics = told
            plan = replace(plan_of(project), title=title, starts_on=first, ends_on=last, topics=topics)
            operations.edit(SYSTEM, key, version=None, plan=plan)
        case "move_lead":
            operations.move_lead(SYSTEM, key, lead=told[0], since=told[1])
        case "record_title":
            facts = replace(facts_of(record), title=told[0])
            cooperation.edit_cooperation(SYSTEM, record.id, version=None, facts=facts)
        case "record_status":
            cooperation.set_status(SYSTEM, record.id, status=told[0])
        case "record_lead":
            cooperation.move_lead(SYSTEM, record.id, lead=told[0], since=told[1])
        case "record_words":
            facts = replace(facts_of(record), what_worked=told[0])
            cooperation.edit_cooperation(SYSTEM, record.id, version=None, facts=facts)
        case "record_import":
            kept = record_of(record)
            facts = replace(kept.facts, title=told[0], starts_on=told[1], ends_on=None, status=Status.HELD)
            cooperation.put_record(SYSTEM, record.key, replace(kept, facts=facts, closed=False))


def done(project, what, *told) -> bool:
    """Whether it was done. What is refused, and what is done to the record, leaves the project as it is."""
    before = kept_of(project)
    try:
        do(project, what, *told)
    except Refused:
        session().expire_all()
        assert kept_of(project) == before
        return False
    session().expire_all()
    if what.startswith("record_"):
        assert kept_of(project) == before
    return True


def kept_of(project) -> tuple[object, ...]:
    """What the project itself keeps."""
    return (project.title, project.state, project.starts_on, project.ends_on)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(TO_THE_PROJECT | TO_THE_RECORD, max_size=12))
def test_a_cooperation_and_its_project_never_disagree(circle, todo):
    topics = frozenset({Topic.SPORT})
    plan = Plan("Eins", date(2026, 1, 1), topics=topics)
    project = operations.propose(circle.act(circle.of_chor), circle.chor.id, plan=plan)
    for what, *told in todo:
        was_done = done(project, what, *told)
        if was_done and what == "edit":
            title, first, last, topics = told
            assert (project.title, project.starts_on, project.ends_on) == (title, first, last)
        if was_done and what in ("move_lead", "record_lead"):
            lead, since = told
            assert lead_on(project.cooperation.leads, since or BEGINNING) == lead
        record = project.cooperation
        assert record.source == Source.PROJECT
        assert (record.title, record.format) == (project.title, "project")
        assert (record.starts_on, record.ends_on) == (project.starts_on, project.ends_on)
        assert record.status == record_status(project.state)
        assert facts_of(record).topics == topics
        leads = [(dated.since, Lead(dated.lead)) for dated in record.leads]
        assert tuple(leads) == tidy_leads(leads)
