"""Records: entered, edited, led, joined, closed; kept in step with what owns them."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from coordination.cooperation import contributions, operations, own_topics, partners
from coordination.cooperation.facts import Facts, Given, Kept, PartnerTerms, Record, facts_of, record_of
from coordination.cooperation.rules import (
    BEGINNING,
    ContributionKind,
    Figure,
    Format,
    Gap,
    InitiatorKind,
    Lead,
    Source,
    Status,
    missing,
)
from coordination.organizations.rules import Kind, PartnerRole, Topic
from core.database import session
from core.errors import NotFound, Outdated, Refused
from core.history import lines_of

FEST = Facts(title="Fest der Nachbarn", format=Format.SINGLE_EVENT, topics=frozenset({Topic.CULTURE, Topic.SPORT}))


def test_an_entered_cooperation_gets_a_short_name_a_lead_and_one_line_of_history(actor):
    first = operations.create_cooperation(actor, FEST, lead=Lead.JOINT)
    second = operations.create_cooperation(actor, FEST)
    assert (first.key, second.key) == ("fest-der-nachbarn", "fest-der-nachbarn-2")
    assert (first.lead, second.lead) == (Lead.JOINT, None)
    assert facts_of(first) == FEST
    (line,) = lines_of("cooperation", first.id)
    assert line.action == "cooperation.create"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": ""}, "title"),
        ({"starts_on": date(2026, 5, 9), "ends_on": date(2026, 5, 8)}, "ends_on"),
        ({"ends_on": date(2026, 5, 8)}, "starts_on"),
        ({"starts_on": date(2026, 5, 9), "starts_local": datetime(2026, 5, 10, 18)}, "starts_on"),
        ({"starts_on": date(2099, 5, 9), "status": Status.HELD}, "status"),
        ({"starts_on": date(2099, 5, 9), "status": Status.RUNNING}, "status"),
        ({"participants": -1}, "participants"),
        ({"participants": 10_000_000}, "participants"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(actor, change, field):
    with pytest.raises(Refused) as refused:
        operations.create_cooperation(actor, replace(FEST, **change))
    assert refused.value.field == field


def test_a_time_gives_the_day_and_an_event_ends_on_it(actor):
    row = operations.create_cooperation(actor, replace(FEST, starts_local=datetime(2026, 5, 9, 18, 30)))
    assert (row.starts_on, row.ends_on) == (date(2026, 5, 9), date(2026, 5, 9))


def test_who_gave_the_impulse_follows_from_the_organization(actor, make_organization):
    office = make_organization("Integration", kind=Kind.DEPARTMENT, integration_department=True)
    row = operations.create_cooperation(actor, replace(FEST, initiator_id=office.id))
    assert row.initiator_kind == InitiatorKind.INTEGRATION_DEPARTMENT
    wrong = replace(FEST, initiator_id=office.id, initiator_kind=InitiatorKind.MIGRANT_ORGANISATION)
    with pytest.raises(Refused) as refused:
        operations.create_cooperation(actor, wrong)
    assert refused.value.field == "initiator_id"
    with pytest.raises(NotFound):
        operations.create_cooperation(actor, replace(FEST, initiator_id=9999))


def test_only_a_department_is_the_integration_department(make_organization):
    with pytest.raises(Refused):
        make_organization("Chor", integration_department=True)


def test_an_outdated_save_is_refused_also_when_topics_alone_changed(actor):
    row = operations.create_cooperation(actor, FEST)
    opened = row.version
    operations.edit_cooperation(actor, row.id, version=opened, facts=replace(FEST, topics=frozenset({Topic.RELIGION})))
    with pytest.raises(Outdated):
        operations.edit_cooperation(actor, row.id, version=opened, facts=FEST)
    assert facts_of(row).topics == {Topic.RELIGION}
    assert lines_of("cooperation", row.id)[0].new["topics"] == ["religion"]


def test_an_edit_that_changes_nothing_leaves_no_line(actor):
    row = operations.create_cooperation(actor, FEST)
    operations.edit_cooperation(actor, row.id, version=row.version, facts=FEST)
    assert len(lines_of("cooperation", row.id)) == 1


def test_the_lead_moves_and_a_wrong_move_is_taken_back(actor):
    row = operations.create_cooperation(actor, FEST, lead=Lead.MUNICIPAL)
    operations.move_lead(actor, row.id, lead=Lead.JOINT, since=date(2025, 1, 1))
    assert [(dated.since, dated.lead) for dated in row.leads] == [
        (BEGINNING, Lead.MUNICIPAL),
        (date(2025, 1, 1), Lead.JOINT),
    ]
    operations.move_lead(actor, row.id, lead=Lead.MUNICIPAL, since=date(2025, 1, 1))
    session().expire_all()
    assert [dated.lead for dated in row.leads] == [Lead.MUNICIPAL]


def test_a_lead_begins_in_a_year_in_which_dates_lie(actor):
    row = operations.create_cooperation(actor, FEST, lead=Lead.JOINT)
    with pytest.raises(Refused) as refused:
        operations.move_lead(actor, row.id, lead=Lead.MUNICIPAL, since=date(9999, 12, 31))
    assert (refused.value.field, row.lead) == ("since", Lead.JOINT)


def test_partners_take_part_once_with_what_they_give_gain_and_are_paid(actor, make_organization, make_cooperation):
    choir, row = make_organization("Chor"), make_cooperation()
    terms = PartnerTerms(choir.id, PartnerRole.EXPERT, "Konzert", "Neue Mitglieder", 15_000)
    partner = partners.add_partner(actor, row.id, terms=terms)
    with pytest.raises(Refused) as refused:
        partners.add_partner(actor, row.id, terms=terms)
    assert refused.value.field == "organization_id"
    opened = partner.version
    partners.edit_partner(actor, partner.id, version=opened, terms=replace(terms, role=PartnerRole.PARTNER))
    with pytest.raises(Outdated):
        partners.edit_partner(actor, partner.id, version=opened, terms=terms)
    with pytest.raises(Refused):
        partners.edit_partner(actor, partner.id, version=None, terms=replace(terms, honorarium=-1))
    partners.remove_partner(actor, partner.id)
    assert row.partners == []
    assert lines_of("cooperation", row.id)[0].new == {"organization_id": choir.id}


def test_departments_alone_give_on_the_municipality_s_side(actor, make_organization, make_cooperation):
    choir, office = make_organization("Chor"), make_organization("Kulturamt", kind=Kind.DEPARTMENT)
    row, other = make_cooperation(), make_cooperation()
    given = contributions.add_contribution(
        actor, row.id, given=Given(ContributionKind.CO_FUNDING, office.id, 50_000, "Technik")
    )
    with pytest.raises(Refused) as refused:
        contributions.add_contribution(actor, row.id, given=Given(ContributionKind.GREETING, choir.id))
    assert refused.value.field == "department_id"
    with pytest.raises(NotFound):
        contributions.remove_contribution(actor, other.id, given.id)
    contributions.remove_contribution(actor, row.id, given.id)
    assert row.contributions == []


def test_a_record_is_closed_when_it_is_complete_and_opens_when_it_no_longer_is(
    actor, make_organization, make_cooperation
):
    row = make_cooperation("Fest", complete=True)
    assert missing(row) == [Gap.PARTNER]
    with pytest.raises(Refused, match="Organisationen"):
        operations.close(actor, row.id)
    partner = partners.add_partner(actor, row.id, terms=PartnerTerms(make_organization().id))
    assert operations.close(actor, row.id).closed_at is not None
    partners.remove_partner(actor, partner.id)
    assert row.closed_at is None


def test_what_was_not_held_is_not_closed(actor, make_organization, make_cooperation):
    row = make_cooperation("Fest", make_organization(), complete=True, status=Status.PLANNED)
    with pytest.raises(Refused):
        operations.close(actor, row.id)
    operations.set_status(actor, row.id, status=Status.HELD)
    operations.close(actor, row.id)
    operations.set_status(actor, row.id, status=Status.CANCELLED)
    assert row.closed_at is None


def test_own_topics_belong_to_one_of_the_twelve_in_every_record(actor):
    chess = own_topics.create_own_topic(actor, name="Schach", topic=Topic.OTHER)
    row = operations.create_cooperation(actor, replace(FEST, topics=frozenset(), own_topics=frozenset({chess.id})))
    assert [(topic.topic, topic.own_topic_id) for topic in row.topics] == [(Topic.OTHER, chess.id)]
    own_topics.edit_own_topic(actor, chess.id, version=chess.version, name="Schach", topic=Topic.SPORT)
    session().expire_all()
    assert [topic.topic for topic in row.topics] == [Topic.SPORT]
    assert facts_of(row).own_topics == {chess.id}


def test_two_own_topics_of_one_name_could_not_be_told_apart(actor):
    own_topics.create_own_topic(actor, name="Schach", topic=Topic.SPORT)
    other = own_topics.create_own_topic(actor, name="Dame", topic=Topic.SPORT)
    for again in (
        lambda: own_topics.create_own_topic(actor, name="schach", topic=Topic.CULTURE),
        lambda: own_topics.edit_own_topic(actor, other.id, version=None, name="Schach", topic=Topic.SPORT),
    ):
        with pytest.raises(Refused) as refused:
            again()
        assert refused.value.field == "name"
    own_topics.edit_own_topic(actor, other.id, version=None, name="DAME", topic=Topic.SPORT)


def test_what_an_event_keeps_is_changed_there_and_the_rest_here(actor, make_organization):
    choir, dance = make_organization("Chor"), make_organization("Tanz")
    kept = Kept(title="Konzert", format=Format.SINGLE_EVENT, starts_on=date(2026, 12, 1))
    row = operations.keep_in_step(actor, None, source=Source.EVENT, kept=kept, partner_ids=[choir.id])
    facts = facts_of(row)
    operations.edit_cooperation(actor, row.id, version=None, facts=replace(facts, topics=frozenset({Topic.CULTURE})))
    with pytest.raises(Refused):
        operations.edit_cooperation(actor, row.id, version=None, facts=replace(facts, title="Anders"))
    with pytest.raises(Refused):
        operations.set_status(actor, row.id, status=Status.HELD)
    partners.edit_partner(
        actor, row.partners[0].id, version=None, terms=PartnerTerms(choir.id, contribution="Singt drei Lieder")
    )
    moved = replace(kept, starts_on=date(2026, 12, 8), ends_on=None)
    operations.keep_in_step(actor, row.id, source=Source.EVENT, kept=moved, partner_ids=[choir.id, dance.id])
    assert (row.starts_on, row.ends_on) == (date(2026, 12, 8), date(2026, 12, 8))
    assert facts_of(row).topics == {Topic.CULTURE}
    assert [partner.contribution for partner in row.partners] == ["Singt drei Lieder", ""]
    lines = len(lines_of("cooperation", row.id))
    operations.keep_in_step(actor, row.id, source=Source.EVENT, kept=moved)
    assert len(lines_of("cooperation", row.id)) == lines


def test_a_committee_is_regular_exchange_where_it_counts_as_that(actor):
    kept = Kept(title="Forum", format=Format.COMMITTEE, figure=Figure.REGULAR_EXCHANGE)
    row = operations.keep_in_step(actor, None, source=Source.COMMITTEE, kept=kept)
    assert row.regular_exchange
    operations.keep_in_step(actor, row.id, source=Source.COMMITTEE, kept=replace(kept, figure=Figure.FURTHER_LEVEL))
    assert not row.regular_exchange
    event = operations.create_cooperation(actor, replace(FEST, figure=Figure.FURTHER_LEVEL))
    assert event.figure is None


def test_a_whole_record_is_what_was_put_in(actor, make_organization):
    choir = make_organization("Chor")
    office = make_organization("Kulturamt", kind=Kind.DEPARTMENT)
    record = Record(
        replace(FEST, starts_on=date(2025, 6, 1), ends_on=date(2025, 6, 1), status=Status.HELD),
        leads=((BEGINNING, Lead.MUNICIPAL), (date(2025, 3, 1), Lead.JOINT)),
        partners=(PartnerTerms(choir.id, PartnerRole.DOOR_OPENER, "Zelt", "Sichtbar", 0),),
        contributions=(Given(ContributionKind.ROOM, office.id), Given(ContributionKind.CO_FUNDING, office.id, 100)),
    )
    row = operations.put_record(actor, "fest-2025", record)
    assert (record_of(row), row.source) == (record, Source.IMPORTED)
    fewer = replace(record, partners=(), contributions=record.contributions[1:], leads=record.leads[:1])
    again = operations.put_record(actor, "fest-2025", fewer)
    session().expire_all()
    assert (again.id, record_of(again)) == (row.id, fewer)
