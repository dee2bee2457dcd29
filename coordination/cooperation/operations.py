"""Changing records of cooperation.

A record is its facts and what hangs on it. What an event, a project or a committee keeps in step (`Kept`) is changed
there, by `keep_in_step`, and refused here: so the two never disagree.
"""

from collections.abc import Collection
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update

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
    GAP_LABELS,
    KEPT_ELSEWHERE,
    MOST_PARTICIPANTS,
    ContributionKind,
    Figure,
    Format,
    InitiatorKind,
    Lead,
    PartnerRole,
    Source,
    Status,
    initiator_kind_of,
    missing,
    tidy_leads,
)
from coordination.organizations.models import Organization
from coordination.organizations.rules import Kind, Topic
from core import history
from core.access import Actor
from core.clock import now
from core.database import check_version, get_row, session, transaction
from core.errors import NotFound, Refused
from core.languages import _
from core.money import check_cents
from core.slugs import free_slug, slugify


@dataclass(frozen=True)
class Kept:
    """What an event, project or committee tells of its record; see the model for the meaning of each."""

    title: str
    format: Format
    status: Status = Status.PLANNED
    starts_on: date | None = None
    ends_on: date | None = None
    starts_local: datetime | None = None
    figure: Figure | None = None
    restricted: bool = False


@dataclass(frozen=True)
class Facts(Kept):
    """What can be said of a cooperation, but for who takes part and who leads."""

    regular_exchange: bool = False
    initiator_kind: InitiatorKind | None = None
    initiator_id: int | None = None
    participants: int | None = None
    what_worked: str = ""
    do_differently: str = ""
    topics: frozenset[Topic] = frozenset()
    #: ids of the municipality's own topics
    own_topics: frozenset[int] = frozenset()


@dataclass(frozen=True)
class PartnerTerms:
    """An organization's part in a cooperation; see the model."""

    organization_id: int
    role: PartnerRole = PartnerRole.PARTNER
    contribution: str = ""
    benefit: str = ""
    honorarium: int | None = None


@dataclass(frozen=True)
class Given:
    """A contribution of the municipality; see the model."""

    kind: ContributionKind
    department_id: int | None = None
    amount: int | None = None
    note: str = ""


@dataclass(frozen=True)
class Record:
    """Everything about a cooperation, as a file tells it."""

    facts: Facts
    leads: tuple[tuple[date, Lead], ...] = ()
    partners: tuple[PartnerTerms, ...] = ()
    contributions: tuple[Given, ...] = ()
    closed: bool = False


_KEPT = tuple(field.name for field in fields(Kept))
_COLUMNS = tuple(field.name for field in fields(Facts) if field.name not in ("topics", "own_topics"))


def facts_of(row: Cooperation) -> Facts:
    """The facts as they are kept: what a form opens with, and what an import compares with."""
    return Facts(
        **{name: getattr(row, name) for name in _COLUMNS},
        topics=frozenset(Topic(found.topic) for found in row.topics if found.own_topic_id is None),
        own_topics=frozenset(found.own_topic_id for found in row.topics if found.own_topic_id is not None),
    )


def terms_of(row: Partner) -> PartnerTerms:
    """A partner's terms as they are kept."""
    return PartnerTerms(**{field.name: getattr(row, field.name) for field in fields(PartnerTerms)})


def record_of(row: Cooperation) -> Record:
    """The whole record as it is kept."""
    return Record(
        facts=facts_of(row),
        leads=tuple((dated.since, Lead(dated.lead)) for dated in row.leads),
        partners=tuple(sorted(map(terms_of, row.partners), key=lambda terms: terms.organization_id)),
        contributions=tuple(
            Given(**{field.name: getattr(given, field.name) for field in fields(Given)}) for given in row.contributions
        ),
        closed=row.closed_at is not None,
    )


def create_cooperation(
    actor: Actor, facts: Facts, *, lead: Lead | None = None, key: str = "", source: Source = Source.ENTERED
) -> Cooperation:
    """Enter a cooperation, led as told from the beginning; without a `key` one is made from its title.

    Raises NotFound (organization, own topic). Refused: no title, a period that ends before it starts, a time on another
    day, a number beyond reason, an initiator of another kind than the one told, an office that is not there.
    """
    with transaction() as current:
        row = Cooperation(key=key or _free_key(facts.title), source=source)
        _set_facts(row, facts)
        row.leads = [CooperationLead(lead=lead, since=BEGINNING)] if lead else []
        current.add(row)
        history.record(actor, "cooperation.create", row)
    return row


def edit_cooperation(actor: Actor, cooperation_id: int, *, version: int | None, facts: Facts) -> Cooperation:
    """Save the facts. Raises as creating does, and Outdated.

    Refused too: a change of what the record's event, project or committee keeps. A closed record that lacks something
    afterwards is open again.
    """
    with transaction():
        row = _locked(cooperation_id)
        check_version(row, version)
        before = facts_of(row)
        if row.source in KEPT_ELSEWHERE and any(
            getattr(before, name) != getattr(settled(facts), name) for name in _KEPT
        ):
            raise Refused(_kept_elsewhere())
        _set_facts(row, facts)
        topics = {*facts_of(row).topics, *facts_of(row).own_topics}
        changed = topics != {*before.topics, *before.own_topics}
        if changed:
            row.version += 1  # topics are part of what was edited here, though they are rows of their own
        details = {"topics": sorted(map(str, topics))} if changed else None
        history.record(actor, "cooperation.edit", row, details=details)
        _review(row)
    return row


def set_status(actor: Actor, cooperation_id: int, *, status: Status) -> Cooperation:
    """Say how far it has come. Refused where its event, project or committee tells. Twice is as once."""
    with transaction():
        row = _locked(cooperation_id)
        if row.source in KEPT_ELSEWHERE:
            raise Refused(_kept_elsewhere())
        if row.status != status:
            row.status = status
            history.record(actor, "cooperation.set_status", row)
            _review(row)
    return row


def close(actor: Actor, cooperation_id: int) -> Cooperation:
    """Close the record of what was held. Refused before it was, and while something is missing. Twice is as once."""
    with transaction():
        row = _locked(cooperation_id)
        _check_can_close(row)
        if row.closed_at is None:
            row.closed_at = now()
            history.record(actor, "cooperation.close", row)
    return row


def move_lead(actor: Actor, cooperation_id: int, *, lead: Lead, since: date = BEGINNING) -> Cooperation:
    """From this day on it is led so, until the next recorded change. A second word on the same day replaces the first.

    What only repeats the lead before is not kept: so a wrong entry is taken back by telling the former lead from
    that day on.
    """
    with transaction():
        row = _locked(cooperation_id)
        told = {dated.since: Lead(dated.lead) for dated in row.leads}
        _set_leads(row, tuple({**told, since: lead}.items()))
        details = {"lead": lead, "since": None if since == BEGINNING else since}
        history.record(actor, "cooperation.move_lead", row, details=details)
    return row


def add_partner(actor: Actor, cooperation_id: int, *, terms: PartnerTerms) -> Partner:
    """An organization takes part. Raises NotFound; refused: twice the same, a committee's (its seats say who)."""
    with transaction() as current:
        row = _locked(cooperation_id)
        _check_partners_are_free(row)
        _check_terms(terms)
        if any(partner.organization_id == terms.organization_id for partner in row.partners):
            raise Refused(_("This organization takes part already."), "organization_id")
        partner = _new_partner(terms)
        row.partners.append(partner)
        current.flush()
        history.record(actor, "cooperation.add_partner", partner)
    return partner


def edit_partner(actor: Actor, partner_id: int, *, version: int | None, terms: PartnerTerms) -> Partner:
    """Save an organization's part. Raises NotFound and Outdated; refused: another organization than before."""
    with transaction():
        partner = get_row(Partner, partner_id)
        check_version(partner, version)
        if partner.organization_id != terms.organization_id:
            raise Refused(_("Remove this partner and add the other one instead."), "organization_id")
        _check_terms(terms)
        for field in fields(PartnerTerms):
            setattr(partner, field.name, getattr(terms, field.name))
        history.record(actor, "cooperation.edit_partner", partner)
    return partner


def remove_partner(actor: Actor, partner_id: int) -> Cooperation:
    """The organization did not take part. Refused for a committee's, whose seats say who does."""
    with transaction():
        partner = get_row(Partner, partner_id)
        row = _locked(partner.cooperation_id)
        _check_partners_are_free(row)
        history.record(actor, "cooperation.remove_partner", row, details={"organization_id": partner.organization_id})
        row.partners.remove(partner)
        _review(row)
    return row


def add_contribution(actor: Actor, cooperation_id: int, *, given: Given) -> MunicipalContribution:
    """The municipality gives something. Raises NotFound; refused: an amount beyond reason, no department."""
    with transaction() as current:
        row = _locked(cooperation_id)
        _check_given(given)
        contribution = _new_contribution(given)
        row.contributions.append(contribution)
        current.flush()
        history.record(actor, "cooperation.add_contribution", contribution)
    return contribution


def remove_contribution(actor: Actor, cooperation_id: int, contribution_id: int) -> Cooperation:
    """The municipality did not give it. Raises NotFound, also for another cooperation's."""
    with transaction():
        row = _locked(cooperation_id)
        contribution = get_row(MunicipalContribution, contribution_id)
        if contribution not in row.contributions:
            raise NotFound
        history.record(actor, "cooperation.remove_contribution", row, details={"kind": contribution.kind})
        row.contributions.remove(contribution)
    return row


def put_record(actor: Actor, key: str, record: Record) -> Cooperation:
    """Make the record with this key what a file says of it, wholly; a key that is not known is entered.

    One line of history for the whole. Raises as the single operations do. Of a record that its event, project or
    committee keeps, only the rest is taken (see `fit`).
    """
    with transaction() as current:
        row = current.scalar(select(Cooperation).where(Cooperation.key == key).with_for_update())
        if row is None:
            row = Cooperation(key=key, source=Source.IMPORTED)
        record = fit(row, record)
        _set_facts(row, record.facts)
        _set_leads(row, record.leads)
        _set_partners(row, record.partners)
        row.contributions = []
        for given in record.contributions:
            _check_given(given)
            row.contributions.append(_new_contribution(given))
        if record.closed:
            _check_can_close(row)
        row.closed_at = (row.closed_at or now()) if record.closed else None
        current.add(row)
        current.flush()
        history.record(actor, "cooperation.import", row, details={"partners": len(row.partners)})
    return row


def fit(row: Cooperation, record: Record) -> Record:
    """What a file says of a record, but for what the record's event, project or committee tells.

    Refused: an organization that takes part in a committee without a seat.
    """
    if row.source not in KEPT_ELSEWHERE:
        return record
    before = facts_of(row)
    facts = replace(record.facts, **{name: getattr(before, name) for name in _KEPT})
    partners = {terms.organization_id: terms for terms in record.partners}
    if row.source == Source.COMMITTEE:
        present = {partner.organization_id: terms_of(partner) for partner in row.partners}
        if set(partners) - set(present):
            _check_partners_are_free(row)
        partners = {**present, **partners}
    in_order = tuple(partners[key] for key in sorted(partners))
    return replace(record, facts=settled(facts), partners=in_order)


def keep_in_step(
    actor: Actor,
    cooperation_id: int | None,
    *,
    source: Source,
    kept: Kept,
    key: str = "",
    partner_ids: Collection[int] | None = None,
) -> Cooperation:
    """For the rooms above, within their transaction: the record of an event, project or committee says what that says.

    Without an id a new record is made, with a key like the one given.
    `partner_ids` makes these organizations its partners, neither more nor fewer
    (new ones as partners; what was said of the others stays); None leaves the partners alone. Nothing is written
    where nothing differs.
    """
    with transaction() as current:
        told = {name: getattr(kept, name) for name in _KEPT}
        if cooperation_id is None:
            row = create_cooperation(actor, Facts(**told), key=_free_key(key or kept.title), source=source)
        else:
            row = _locked(cooperation_id)
            facts = replace(facts_of(row), **told)
            if settled(facts) != facts_of(row):
                _set_facts(row, facts)
                history.record(actor, "cooperation.edit", row)
        before = {partner.organization_id: terms_of(partner) for partner in row.partners}
        if partner_ids is not None and set(before) != set(partner_ids):
            _set_partners(row, [before.get(key, PartnerTerms(key)) for key in sorted(partner_ids)])
            history.record(actor, "cooperation.set_partners", row, details={"partners": sorted(partner_ids)})
        _review(row)
        current.flush()
    return row


def create_own_topic(actor: Actor, *, name: str, topic: Topic, key: str = "") -> OwnTopic:
    """Add a topic of the municipality's own, which belongs to one of the survey's twelve."""
    with transaction() as current:
        taken = set(current.scalars(select(OwnTopic.key))) | set(Topic)
        row = OwnTopic(key=key or free_slug(name, taken), name=name, topic=topic)
        current.add(row)
        history.record(actor, "cooperation.create_own_topic", row)
    return row


def edit_own_topic(actor: Actor, own_topic_id: int, *, version: int | None, name: str, topic: Topic) -> OwnTopic:
    """Rename an own topic, or let it belong to another of the twelve: in every record at once."""
    with transaction() as current:
        row = get_row(OwnTopic, own_topic_id)
        check_version(row, version)
        row.name, row.topic = name, topic
        belonging = update(CooperationTopic).where(CooperationTopic.own_topic_id == row.id)
        current.execute(belonging.values(topic=topic), execution_options={"synchronize_session": "fetch"})
        history.record(actor, "cooperation.edit_own_topic", row)
    return row


def settled(facts: Facts) -> Facts:
    """The facts without contradiction: a time gives the day, an event of one day ends on it, and a committee is
    regular exchange where it counts for that figure; nothing else counts for a figure.

    Refused: a time on another day, a period that ends before it starts.
    """
    starts_on, ends_on = facts.starts_on, facts.ends_on
    if facts.starts_local is not None:
        starts_on = starts_on or facts.starts_local.date()
        if facts.starts_local.date() != starts_on:
            raise Refused(_("The time must lie on the first day."), "starts_on")
    if facts.format == Format.SINGLE_EVENT:
        ends_on = ends_on or starts_on
    if ends_on is not None and (starts_on is None or ends_on < starts_on):
        raise Refused(_("The last day must not lie before the first."), "ends_on")
    committee = facts.format == Format.COMMITTEE
    return replace(
        facts,
        starts_on=starts_on,
        ends_on=ends_on,
        figure=facts.figure if committee else None,
        regular_exchange=facts.figure == Figure.REGULAR_EXCHANGE if committee else facts.regular_exchange,
    )


def _locked(cooperation_id: int) -> Cooperation:
    """The record, kept from other writers until the commit: what is checked now must still hold then."""
    row = session().get(Cooperation, cooperation_id, with_for_update={"of": Cooperation}, populate_existing=True)
    if row is None:
        raise NotFound
    return row


def _free_key(title: str) -> str:
    alike = select(Cooperation.key).where(Cooperation.key.startswith(slugify(title), autoescape=True))
    return free_slug(title, set(session().scalars(alike)))


def _set_facts(row: Cooperation, facts: Facts) -> None:
    facts = settled(facts)
    if not facts.title:
        raise Refused(_("Please fill in this field."), "title")
    if facts.participants is not None and not 0 <= facts.participants <= MOST_PARTICIPANTS:
        message = _("Please enter a number from 0 to %(max)d.", max=MOST_PARTICIPANTS)
        raise Refused(message, "participants")
    facts = with_initiator(facts)
    with session().no_autoflush:
        own = [get_row(OwnTopic, key) for key in sorted(facts.own_topics)]
        for name in _COLUMNS:
            setattr(row, name, getattr(facts, name))
        wanted: dict[Any, Any] = dict.fromkeys(sorted(facts.topics))
        wanted |= {(topic.topic, topic.id): topic for topic in own}
        present = {(t.topic, t.own_topic_id) if t.own_topic_id else Topic(t.topic): t for t in row.topics}
        row.topics = [
            present.get(key) or CooperationTopic(topic=one.topic if one else key, own_topic=one)
            for key, one in wanted.items()
        ]


def with_initiator(facts: Facts) -> Facts:
    """The facts with the kind of initiator that follows from the organization. Refused where another was told."""
    if facts.initiator_id is None:
        return facts
    organization = get_row(Organization, facts.initiator_id)
    kind = initiator_kind_of(Kind(organization.kind), integration_department=organization.integration_department)
    if facts.initiator_kind not in (None, kind):
        raise Refused(_("This organization is not of the kind that you chose."), "initiator_id")
    return replace(facts, initiator_kind=kind)


def _set_leads(row: Cooperation, leads: Collection[tuple[date, Lead]]) -> None:
    kept = {dated.since: dated for dated in row.leads}
    wanted = []
    for since, lead in tidy_leads(leads):
        dated = kept.get(since) or CooperationLead(since=since)
        dated.lead = lead
        wanted.append(dated)
    row.leads = wanted


def _set_partners(row: Cooperation, partners: Collection[PartnerTerms]) -> None:
    kept = {partner.organization_id: partner for partner in row.partners}
    wanted = []
    for terms in partners:
        _check_terms(terms)
        partner = kept.get(terms.organization_id) or Partner()
        for field in fields(PartnerTerms):
            setattr(partner, field.name, getattr(terms, field.name))
        wanted.append(partner)
    row.partners = wanted


def _new_partner(terms: PartnerTerms) -> Partner:
    return Partner(**{field.name: getattr(terms, field.name) for field in fields(PartnerTerms)})


def _new_contribution(given: Given) -> MunicipalContribution:
    return MunicipalContribution(**{field.name: getattr(given, field.name) for field in fields(Given)})


def _check_partners_are_free(row: Cooperation) -> None:
    if row.source == Source.COMMITTEE:
        raise Refused(_("Who takes part in a committee is told by its seats. Please change them there."))


def _check_terms(terms: PartnerTerms) -> None:
    get_row(Organization, terms.organization_id)
    check_cents(terms.honorarium, "honorarium")


def _check_given(given: Given) -> None:
    if given.department_id is not None and get_row(Organization, given.department_id).kind != Kind.DEPARTMENT:
        raise Refused(_("Please choose a department of the municipality."), "department_id")
    check_cents(given.amount, "amount")


def _check_can_close(row: Cooperation) -> None:
    if row.status != Status.HELD:
        raise Refused(_("A record is closed after the cooperation was held."))
    if gaps := missing(row):
        questions = " ".join(str(GAP_LABELS[gap]) for gap in gaps)
        raise Refused(_("The record is not complete yet. %(questions)s", questions=questions))


def _review(row: Cooperation) -> None:
    """A closed record is complete: one that lacks something, or was not held after all, is open again."""
    if row.closed_at is not None and (row.status != Status.HELD or missing(row)):
        row.closed_at = None


def _kept_elsewhere() -> str:
    return _("This record is kept by its event, project or committee. Please change it there.")
