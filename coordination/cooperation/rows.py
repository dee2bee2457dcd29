"""Filling the rows of a record and judging what is filled in, within the transaction of an operation of this room."""

from collections.abc import Collection
from dataclasses import fields
from datetime import date
from typing import Any

from sqlalchemy import select

from coordination.cooperation.facts import COLUMNS, Facts, Given, PartnerTerms, settled, with_initiator
from coordination.cooperation.models import (
    Cooperation,
    CooperationLead,
    CooperationTopic,
    MunicipalContribution,
    OwnTopic,
    Partner,
)
from coordination.cooperation.rules import (
    BEGINNING,
    COUNTED,
    GAP_LABELS,
    KEPT_ELSEWHERE,
    MOST_PARTICIPANTS,
    SEEN_BY_PARTNERS,
    Lead,
    Source,
    Status,
    missing,
    tidy_leads,
)
from coordination.organizations.models import Organization
from coordination.organizations.rules import Kind, Topic
from coordination.strategy.models import Measure
from core.clock import today
from core.database import get_row, hold_row, session
from core.errors import Refused
from core.hour_words import check_year
from core.instance import move_calendars
from core.languages import _
from core.money import check_cents
from core.slugs import free_slug, slugify


def locked(cooperation_id: int) -> Cooperation:
    """The record, kept from other writers until the commit: what is checked now must still hold then."""
    return hold_row(Cooperation, cooperation_id)


def free_key(title: str) -> str:
    """A key like the title that no record has."""
    alike = select(Cooperation.key).where(Cooperation.key.startswith(slugify(title), autoescape=True))
    return free_slug(title, set(session().scalars(alike)))


def set_facts(row: Cooperation, facts: Facts) -> None:
    """The row says these facts. Raises NotFound. Refused: no title, a number beyond reason, what has begun before its
    first day, and as `settled` and `with_initiator` say."""
    facts = settled(facts)
    if row.source not in KEPT_ELSEWHERE and facts.status in COUNTED and (facts.starts_on or date.min) > today():
        raise Refused(_("The first day is still to come: it cannot be running or have taken place."), "status")
    if not facts.title:
        raise Refused(_("Please fill in this field."), "title")
    if facts.participants is not None and not 0 <= facts.participants <= MOST_PARTICIPANTS:
        message = _("Please enter a number from 0 to %(max)d.", max=MOST_PARTICIPANTS)
        raise Refused(message, "participants")
    facts = with_initiator(facts)
    if facts.measure_id is not None:
        get_row(Measure, facts.measure_id)
    with session().no_autoflush:
        own = [get_row(OwnTopic, key) for key in sorted(facts.own_topics)]
        for name in COLUMNS:
            setattr(row, name, getattr(facts, name))
        wanted: dict[Any, Any] = dict.fromkeys(sorted(facts.topics))
        wanted |= {(topic.topic, topic.id): topic for topic in own}
        present = {(t.topic, t.own_topic_id) if t.own_topic_id else Topic(t.topic): t for t in row.topics}
        row.topics = [
            present.get(key) or CooperationTopic(topic=one.topic if one else key, own_topic=one)
            for key, one in wanted.items()
        ]


def set_leads(row: Cooperation, leads: Collection[tuple[date, Lead]]) -> None:
    """Exactly these leads, without what only repeats the one before. Refused: a year in which no date lies (since)."""
    for since, _lead in leads:
        if since != BEGINNING:
            check_year(since, "since")
    kept = {dated.since: dated for dated in row.leads}
    wanted = []
    for since, lead in tidy_leads(leads):
        dated = kept.get(since) or CooperationLead(since=since)
        dated.lead = lead
        wanted.append(dated)
    row.leads = wanted


def set_partners(row: Cooperation, partners: Collection[PartnerTerms]) -> None:
    """Exactly these partners; rows of those that stay are kept."""
    kept = {partner.organization_id: partner for partner in row.partners}
    wanted = []
    for terms in partners:
        check_terms(terms)
        partner = kept.get(terms.organization_id) or Partner()
        for field in fields(PartnerTerms):
            setattr(partner, field.name, getattr(terms, field.name))
        wanted.append(partner)
    row.partners = wanted


def new_partner(terms: PartnerTerms) -> Partner:
    """The row of a partner with these terms."""
    return Partner(**{field.name: getattr(terms, field.name) for field in fields(PartnerTerms)})


def new_contribution(given: Given) -> MunicipalContribution:
    """The row of a contribution."""
    return MunicipalContribution(**{field.name: getattr(given, field.name) for field in fields(Given)})


def move_dates(row: Cooperation) -> None:
    """Who takes part sees the dates of an event or project in calendars, as soon as it is more than an idea."""
    if row.source in SEEN_BY_PARTNERS and row.status != Status.IDEA:
        move_calendars()


def check_partners_are_free(row: Cooperation) -> None:
    """Refused: partners of a committee, which its seats tell."""
    if row.source == Source.COMMITTEE:
        raise Refused(_("Who takes part in a committee is told by its seats. Please change them there."))


def check_terms(terms: PartnerTerms) -> None:
    """Raises NotFound; refused: an honorarium beyond reason."""
    get_row(Organization, terms.organization_id)
    check_cents(terms.honorarium, "honorarium")


def check_given(given: Given) -> None:
    """Raises NotFound; refused: an amount beyond reason, and an office that is no department."""
    if given.department_id is not None and get_row(Organization, given.department_id).kind != Kind.DEPARTMENT:
        raise Refused(_("Please choose a department of the municipality."), "department_id")
    check_cents(given.amount, "amount")


def check_can_close(row: Cooperation) -> None:
    """Refused: what was not held, and what lacks something; the words say what."""
    if row.status != Status.HELD:
        raise Refused(_("A record is closed after the cooperation was held."))
    if gaps := missing(row):
        questions = " ".join(str(GAP_LABELS[gap]) for gap in gaps)
        raise Refused(_("The record is not complete yet. %(questions)s", questions=questions))


def review(row: Cooperation) -> None:
    """A closed record is complete: one that lacks something, or was not held after all, is open again."""
    if row.closed_at is not None and (row.status != Status.HELD or missing(row)):
        row.closed_at = None
