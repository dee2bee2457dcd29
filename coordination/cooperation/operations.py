"""Changing records of cooperation: the record as a whole and its facts.

A record is its facts and what hangs on it (`partners`, `contributions`, `own_topics` change those). What an event, a
project or a committee keeps in step (`Kept`) is changed there, by `keep_in_step`, and refused here: so the two never
disagree.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date

from sqlalchemy import select

from coordination.cooperation.facts import KEPT, Facts, Kept, PartnerTerms, Record, facts_of, settled, terms_of
from coordination.cooperation.models import Cooperation, CooperationLead
from coordination.cooperation.rows import (
    check_can_close,
    check_given,
    check_partners_are_free,
    free_key,
    locked,
    new_contribution,
    review,
    set_facts,
    set_leads,
    set_partners,
)
from coordination.cooperation.rules import BEGINNING, KEPT_ELSEWHERE, Lead, Source, Status, tidy_leads
from core import history
from core.access import Actor
from core.clock import now
from core.database import check_version, free_key_kept, transaction
from core.errors import NotFound, Refused
from core.languages import _


def create_cooperation(
    actor: Actor, facts: Facts, *, lead: Lead | None = None, key: str = "", source: Source = Source.ENTERED
) -> Cooperation:
    """Enter a cooperation, led as told from the beginning; without a `key` one is made from its title.

    Raises NotFound (organization, own topic). Refused: no title, a period that ends before it starts, a time on another
    day, a number beyond reason, an initiator of another kind than the one told, an office that is not there,
    a title that somebody else entered at the same moment.
    """
    with transaction() as current, free_key_kept("title"):
        row = Cooperation(key=key or free_key(facts.title), source=source)
        set_facts(row, facts)
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
        row = locked(cooperation_id)
        check_version(row, version)
        before = facts_of(row)
        if row.source in KEPT_ELSEWHERE and any(
            getattr(before, name) != getattr(settled(facts), name) for name in KEPT
        ):
            raise Refused(_kept_elsewhere())
        set_facts(row, facts)
        topics = {*facts_of(row).topics, *facts_of(row).own_topics}
        changed = topics != {*before.topics, *before.own_topics}
        if changed:
            row.version += 1  # topics are part of what was edited here, though they are rows of their own
        details = {"topics": sorted(map(str, topics))} if changed else None
        history.record(actor, "cooperation.edit", row, details=details)
        review(row)
    return row


def set_status(actor: Actor, cooperation_id: int, *, status: Status) -> Cooperation:
    """Say how far it has come. Refused where its event, project or committee tells. Twice is as once."""
    with transaction():
        row = locked(cooperation_id)
        if row.source in KEPT_ELSEWHERE:
            raise Refused(_kept_elsewhere())
        if row.status != status:
            row.status = status
            history.record(actor, "cooperation.set_status", row)
            review(row)
    return row


def close(actor: Actor, cooperation_id: int) -> Cooperation:
    """Close the record of what was held. Refused before it was, and while something is missing. Twice is as once."""
    with transaction():
        row = locked(cooperation_id)
        check_can_close(row)
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
        row = locked(cooperation_id)
        told = {dated.since: Lead(dated.lead) for dated in row.leads}
        set_leads(row, tuple({**told, since: lead}.items()))
        details = {"lead": lead, "since": None if since == BEGINNING else since}
        history.record(actor, "cooperation.move_lead", row, details=details)
    return row


def tell_leads(actor: Actor, cooperation_id: int, *, leads: Collection[tuple[date, Lead]]) -> Cooperation:
    """For files: who led when, wholly. Nothing is written where nothing differs."""
    with transaction():
        row = locked(cooperation_id)
        if tidy_leads(leads) != tuple((dated.since, Lead(dated.lead)) for dated in row.leads):
            set_leads(row, leads)
            told = {since.isoformat(): lead for since, lead in tidy_leads(leads)}
            history.record(actor, "cooperation.move_lead", row, details={"leads": told})
    return row


def put_record(actor: Actor, key: str, record: Record) -> Cooperation:
    """Make the record with this key what a file says of it, wholly; a key that is not known is entered.

    One line of history for the whole. Raises as the single operations do; refused too: a key that somebody else
    entered at the same moment. Of a record that its event, project or
    committee keeps, only the rest is taken (see `fit`).
    """
    with transaction() as current:
        row = current.scalar(select(Cooperation).where(Cooperation.key == key).with_for_update())
        if row is None:
            row = Cooperation(key=key, source=Source.IMPORTED)
        _put(row, fit(row, record))
        with free_key_kept("key"):
            current.add(row)
        history.record(actor, "cooperation.import", row, details={"partners": len(row.partners)})
    return row


def enter_records(actor: Actor, records: Mapping[str, Record]) -> frozenset[str]:
    """Enter many records at once, by keys that are not known yet, each with its line of history.

    Gives the keys of those that were entered. Where `put_record` would refuse, nothing is.
    """
    rows = []
    with transaction() as current:
        for key, record in records.items():
            row = Cooperation(key=key, source=Source.IMPORTED)
            try:
                _put(row, record)
            except (Refused, NotFound):
                continue
            rows.append(row)
        current.add_all(rows)
        current.flush()
        for row in rows:
            history.record(actor, "cooperation.import", row, details={"partners": len(row.partners)})
    return frozenset(row.key for row in rows)


def _put(row: Cooperation, record: Record) -> None:
    """The row says what the record says, wholly."""
    set_facts(row, record.facts)
    set_leads(row, record.leads)
    set_partners(row, record.partners)
    row.contributions = []
    for given in record.contributions:
        check_given(given)
        row.contributions.append(new_contribution(given))
    if record.closed:
        check_can_close(row)
    row.closed_at = (row.closed_at or now()) if record.closed else None


def fit(row: Cooperation, record: Record) -> Record:
    """What a file says of a record, but for what the record's event, project or committee tells.

    Refused: an organization that takes part in a committee without a seat.
    """
    if row.source not in KEPT_ELSEWHERE:
        return record
    before = facts_of(row)
    facts = replace(record.facts, **{name: getattr(before, name) for name in KEPT})
    partners = {terms.organization_id: terms for terms in record.partners}
    if row.source == Source.COMMITTEE:
        present = {partner.organization_id: terms_of(partner) for partner in row.partners}
        if set(partners) - set(present):
            check_partners_are_free(row)
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
        told = {name: getattr(kept, name) for name in KEPT}
        if cooperation_id is None:
            row = create_cooperation(actor, Facts(**told), key=free_key(key or kept.title), source=source)
        else:
            row = locked(cooperation_id)
            facts = replace(facts_of(row), **told)
            if settled(facts) != facts_of(row):
                set_facts(row, facts)
                history.record(actor, "cooperation.edit", row)
        before = {partner.organization_id: terms_of(partner) for partner in row.partners}
        if partner_ids is not None and set(before) != set(partner_ids):
            set_partners(row, [before.get(key, PartnerTerms(key)) for key in sorted(partner_ids)])
            history.record(actor, "cooperation.set_partners", row, details={"partners": sorted(partner_ids)})
        review(row)
        current.flush()
    return row


def adopt(actor: Actor, cooperation_id: int, *, source: Source) -> Cooperation:
    """For the rooms above, within their transaction: a record entered by hand or imported is theirs from now on.

    They keep it in step then. Refused: a record that belongs to an event, project or committee already.
    """
    with transaction():
        row = locked(cooperation_id)
        if row.source in KEPT_ELSEWHERE:
            raise Refused(_kept_elsewhere())
        row.source = source
        history.record(actor, "cooperation.adopt", row)
    return row


def _kept_elsewhere() -> str:
    return _("This record is kept by its event, project or committee. Please change it there.")
