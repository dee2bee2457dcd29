"""What is counted, what is not, and what it is compared with."""

from datetime import date, datetime

import pytest
from sqlalchemy import inspect

from coordination.analysis import queries, statistics
from coordination.analysis.indicators import indicators
from coordination.analysis.rules import Asked, Compared, Dimension
from coordination.cooperation import contributions, operations, own_topics
from coordination.cooperation.facts import Given
from coordination.cooperation.rules import ContributionKind, Figure, Format, InitiatorKind, Lead, Status
from coordination.organizations.operations import Profile, create_organization
from coordination.organizations.rules import MO_KIND_LABELS, Kind, MoKind, PartnerRole, Topic
from coordination.strategy import statements
from coordination.strategy.rules import Foundation
from core.access import SYSTEM
from core.database import db, session, transaction
from participation.committees.operations import Charter, create_committee
from participation.committees.rules import Kind as CommitteeKind
from participation.seats.operations import SeatTerms, create_seat


def rows_of(statistic):
    return {row.label: row.counts for row in statistic.rows}


def test_what_is_planned_or_called_off_is_in_no_figure(record, chor):
    for status in Status:
        record(chor, status=status)
    assert statistics.formats(Asked()).total == 2  # running and held
    assert rows_of(statistics.lead_of_events(Asked())) == {"2026": (0, 0, 2)}


def test_no_index_turns_the_records_over_while_they_are_counted(app):
    """With one on format SQLite groups along it, and looks up each record at random: 27 times as long for ten times as
    many."""
    columns = {name for index in inspect(db.engine).get_indexes("cooperation") for name in index["column_names"]}
    assert columns - {"key"} == {"initiator_id", "measure_id"}


def test_the_lead_of_a_year_is_the_one_at_its_end(record):
    row = record(
        lead=Lead.MIGRANT_ORGANISATION,
        format=Format.PROJECT,
        status=Status.RUNNING,
        starts_on=date(2024, 3, 1),
    )
    operations.move_lead(SYSTEM, row.id, lead=Lead.JOINT, since=date(2025, 7, 1))
    operations.move_lead(SYSTEM, row.id, lead=Lead.MUNICIPAL, since=date(2027, 1, 1))
    found = rows_of(statistics.lead_of_projects(Asked()))
    assert found == {"2024": (0, 1, 0), "2025": (0, 0, 1), "2026": (0, 0, 1)}
    assert queries.leads(Asked(), [Format.PROJECT]) == [("project", "joint", 1)]
    assert queries.leads(Asked(year=2024), [Format.PROJECT]) == [("project", "migrant_organisation", 1)]
    assert queries.leads(Asked(year=2023), [Format.PROJECT]) == []


def test_a_lead_that_nobody_recorded_is_told_apart(record):
    record(lead=None)
    record()
    found = statistics.lead_of_events(Asked())
    assert rows_of(found) == {"2026": (0, 0, 1)}
    assert len(found.notes) == 1


def test_two_own_topics_that_belong_to_one_count_once(record):
    own = [own_topics.create_own_topic(SYSTEM, name=name, topic=Topic.CULTURE).id for name in ("Chöre", "Bühnen")]
    record(own_topics=frozenset(own), topics=frozenset({Topic.SPORT}))
    found = rows_of(statistics.lead_of_events(Asked(), Dimension.TOPIC))
    assert set(found.values()) == {(0, 0, 1)}
    assert len(found) == 2


def test_a_department_takes_part_by_giving_by_being_a_partner_or_by_the_impulse(record, amt, chor):
    given = record(chor)
    contributions.add_contribution(SYSTEM, given.id, given=Given(ContributionKind.ROOM, department_id=amt.id))
    record(amt)
    record(initiator_kind=InitiatorKind.INTEGRATION_DEPARTMENT, initiator_id=amt.id)
    both = record(amt, initiator_kind=InitiatorKind.INTEGRATION_DEPARTMENT, initiator_id=amt.id)
    assert both
    record(chor)
    assert rows_of(statistics.lead_of_events(Asked(), Dimension.DEPARTMENT)) == {"Amt für Integration": (0, 0, 4)}
    assert statistics.formats(Asked(department_id=amt.id)).total == 4
    assert statistics.formats(Asked(kind=Kind.MIGRANT_ORGANISATION)).total == 2
    assert statistics.formats(Asked(topic=Topic.SPORT)).total == 0


def test_only_the_initiative_of_regular_exchange_is_compared_with_the_survey(record):
    record(initiator_kind=InitiatorKind.OTHER_OFFICE, topics=frozenset({Topic.SPORT}))
    record(initiator_kind=InitiatorKind.MIGRANT_ORGANISATION, regular_exchange=True, topics=frozenset({Topic.SPORT}))
    exchange, by_topic = statistics.initiative_of_exchange(Asked()), statistics.initiative_by_topic(Asked())
    assert exchange.rows[0].counts == (0, 1, 0)
    assert exchange.survey == Compared((41, 31, 28))
    assert by_topic.survey is None
    assert [row.total for row in by_topic.rows] == [2]


def test_a_committee_counts_for_its_figure_once_a_migrant_organization_has_a_seat(app, chor, amt):
    made = [create_committee(SYSTEM, Charter(name=kind.value, kind=kind)) for kind in CommitteeKind]
    assert queries.figures(Asked()) == []
    for committee in made:
        create_seat(SYSTEM, committee.id, terms=SeatTerms(label="Amt", organization_id=amt.id))
    assert queries.figures(Asked()) == []
    for committee in made:
        create_seat(SYSTEM, committee.id, terms=SeatTerms(label="MO", organization_id=chor.id))
    assert dict(queries.figures(Asked())) == {
        Figure.REGULAR_EXCHANGE: 1,
        Figure.MUNICIPAL_BODY: 1,
        Figure.FURTHER_LEVEL: 4,
    }


def test_a_committee_that_is_not_public_is_in_no_figure(app, chor):
    committee = create_committee(SYSTEM, Charter(name="Kreis", kind=CommitteeKind.NETWORK, public=False))
    create_seat(SYSTEM, committee.id, terms=SeatTerms(label="MO", organization_id=chor.id))
    assert queries.figures(Asked()) == []
    assert indicators(Asked(), "Ort")["records"] == 0


def test_exchange_and_conferences_count_for_the_committee_figures_too(record, chor):
    record(chor, format=Format.OTHER, regular_exchange=True)
    record(chor, format=Format.OTHER)
    assert dict(queries.figures(Asked())) == {Figure.REGULAR_EXCHANGE: 1, Figure.FURTHER_LEVEL: 1}


def test_from_door_opener_to_partner(record, chor, amt):
    record(chor, amt, role=PartnerRole.DOOR_OPENER, starts_on=date(2024, 5, 4))
    record(chor, starts_on=date(2026, 5, 4))
    assert rows_of(statistics.roles(Asked())) == {"2024": (1, 0, 0), "2025": (0, 0, 0), "2026": (0, 0, 1)}


def test_a_seat_in_a_committee_says_nothing_of_roles(record, chor):
    record(chor, role=PartnerRole.DOOR_OPENER)
    record(chor, format=Format.COMMITTEE, status=Status.RUNNING, starts_on=date(2020, 1, 1))
    assert rows_of(statistics.roles(Asked())) == {"2026": (1, 0, 0)}
    told = indicators(Asked(), "Ort")["roles_of_migrant_organisations"]["counts"]
    assert told == {"door_opener": 1, "expert": 0, "partner": 0}


def test_what_the_survey_did_not_ask_apart_says_so(record):
    record()
    whole, apart = "alle Themen und Organisationen", [Asked(topic=Topic.SPORT), Asked(kind=Kind.DEPARTMENT)]
    for statistic in (statistics.lead_of_events, statistics.initiative_of_exchange):
        assert not any(whole in note for note in statistic(Asked(year=2026)).notes)
        assert all(any(whole in note for note in statistic(asked).notes) for asked in apart)
    assert whole in statistics.lead_of_events(Asked(), Dimension.TOPIC).notes[-1]


def test_what_both_sides_give(record, chor):
    record(chor, gives=ContributionKind.ROOM, terms={"contribution": "Musik", "benefit": "Bühne", "honorarium": 20000})
    record(chor, terms={"contribution": "Essen", "honorarium": 0})
    given = {row.label: row.counts for row in statistics.municipal_contributions(Asked()).rows}
    assert sum(count for (count,) in given.values()) == 1
    partners = [row.counts for row in statistics.contributions_of_partners(Asked()).rows]
    assert partners == [(2, 0), (1, 1), (1, 1), (1, 1)]


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        (datetime(2026, 5, 7, 8), (1, 0, 0)),
        (datetime(2026, 5, 7, 17, 29), (1, 0, 0)),
        (datetime(2026, 5, 7, 17, 30), (0, 1, 0)),
        (datetime(2026, 5, 7, 7, 59), (0, 1, 0)),
        (datetime(2026, 5, 9, 10), (0, 0, 1)),  # Saturday
        (datetime(2026, 5, 14, 10), (0, 0, 1)),  # Ascension Day
    ],
)
def test_a_date_is_judged_by_its_start(record, start, expected):
    record(starts_local=start)
    assert [row.counts for row in statistics.fairness(Asked()).rows] == [expected]


def test_whose_evening_it_was(record, chor, amt):
    evening = datetime(2026, 5, 7, 19)
    record(chor, lead=Lead.MIGRANT_ORGANISATION, starts_local=evening)
    record(chor, lead=Lead.MIGRANT_ORGANISATION, starts_local=evening, gives=ContributionKind.CO_FUNDING)
    record(chor, lead=Lead.MIGRANT_ORGANISATION, starts_local=evening, gives=ContributionKind.GREETING)
    record(amt, lead=Lead.MUNICIPAL, starts_local=evening)
    volunteers, staff = statistics.whose_time(Asked()).rows
    assert (volunteers.counts, staff.counts) == ((0, 3, 0), (0, 2, 0))


def test_few_persons_are_not_told(record):
    record(participants=3)
    record(participants=40, format=Format.PROJECT)
    counts = indicators(Asked(), "Ort")["participants"]["counts"]
    assert counts == {"single_event": None, "project": 40, "committee": 0, "other": 0}


def test_who_was_never_asked(record, chor, amt):
    record(chor, topics=frozenset({Topic.CULTURE}))
    quiet = create_organization(SYSTEM, Profile(name="Frauenkreis", kind=Kind.MIGRANT_ORGANISATION))

    def named(asked):
        return [row.name for row in session().scalars(queries.organizations(asked, never=True))]

    assert named(Asked()) == [quiet.name]
    assert named(Asked(topic=Topic.SPORT)) == ["Chor Lindenhof", "Frauenkreis"]
    assert queries.involvement(Asked(), [chor.id, quiet.id]) == [(chor.id, "culture", 1)]


def test_who_takes_part_with_others_of_a_kind(record, chor, amt):
    """What is narrowed to a kind of partner still tells of all who take part, not of those of the kind alone."""
    with transaction():
        chor.kinds = [MoKind.CULTURE]
    record(chor, amt, topics=frozenset({Topic.CULTURE}))
    record(chor, topics=frozenset({Topic.CULTURE}))
    with_departments = Asked(kind=Kind.DEPARTMENT)
    assert queries.involvement(with_departments, [chor.id]) == [(chor.id, "culture", 1)]
    assert queries.roles(with_departments) == [("partner", 1)]
    assert queries.terms(with_departments).total == 1
    assert [row.counts for row in statistics.roles(with_departments).rows] == [(0, 0, 1)]
    assert [row.counts for row in statistics.roles(Asked(mo_kind=MoKind.CULTURE)).rows] == [(0, 0, 2)]
    assert list(session().scalars(queries.organizations(with_departments, never=True))) == []


def test_what_the_work_rests_on_is_told_for_the_end_of_the_year(app):
    statements.state(SYSTEM, Foundation.CONCEPT, holds=False, since=date(2024, 1, 1))
    statements.state(SYSTEM, Foundation.CONCEPT, holds=True, since=date(2025, 12, 31))
    assert queries.foundations(Asked(year=2023)) == dict.fromkeys(Foundation)
    assert queries.foundations(Asked(year=2024))[Foundation.CONCEPT] is False
    assert indicators(Asked(year=2025), "Ort")["foundations"] == {"yes": {"concept": True, "job_description": None}}
    assert queries.foundations(Asked())[Foundation.CONCEPT] is True


def test_an_organization_of_two_kinds_counts_for_both(record, chor, amt):
    women = create_organization(SYSTEM, Profile(name="Frauenkreis", kind=Kind.MIGRANT_ORGANISATION))
    school = create_organization(SYSTEM, Profile(name="Kulturschule", kind=Kind.EDUCATION))
    with transaction():
        chor.kinds = [MoKind.CULTURE, MoKind.YOUTH_WELFARE]
        women.kinds = [MoKind.WOMEN]
        school.kinds = [MoKind.CULTURE]
    record(chor, women, amt, lead=Lead.JOINT)
    record(chor, lead=Lead.MUNICIPAL)
    record(school, lead=Lead.MUNICIPAL)
    told = rows_of(statistics.lead_of_events(Asked(), Dimension.MO_KIND))
    labels = {kind: str(MO_KIND_LABELS[kind]) for kind in MoKind}
    assert told == {
        labels[MoKind.CULTURE]: (1, 0, 1),
        labels[MoKind.WOMEN]: (0, 0, 1),
        labels[MoKind.YOUTH_WELFARE]: (1, 0, 1),
    }
    assert sum(number for _form, number in queries.formats(Asked(mo_kind=MoKind.WOMEN))) == 1
    found = session().scalars(queries.organizations(Asked(mo_kind=MoKind.CULTURE), never=False))
    assert [row.name for row in found] == ["Chor Lindenhof"]


def test_as_many_statements_for_many_records_as_for_few(record, chor, amt, count_queries, client):
    def counted():
        with count_queries() as found:
            for page in ("", "leitung", "themen", "entwicklung", "termine", "indikatoren.json"):
                assert client.get(f"/auswertung/{page}").status_code == 200
        return found.number

    record(chor, amt, starts_local=datetime(2026, 5, 7, 19), topics=frozenset({Topic.SPORT}))
    few = counted()
    for year in (2024, 2025, 2026):
        for lead in Lead:
            record(chor, amt, starts_local=datetime(year, 5, 7, 19), lead=lead, topics=frozenset(Topic))
    assert counted() == few
