"""Records as lines of a file, and lines as records.

A record may take several lines: all have its key, the first tells its facts, and each may tell one more topic, lead,
partner and contribution. So there is no list within a cell, and no fact is told twice.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby, zip_longest

from coordination.cooperation import codebook, operations, queries
from coordination.cooperation.facts import Facts, Given, PartnerTerms, Record, record_of, settled, with_initiator
from coordination.cooperation.forms import FactsLine, PartLine
from coordination.cooperation.models import Cooperation
from coordination.cooperation.policies import reach_of
from coordination.cooperation.rules import BEGINNING, ContributionKind, Lead, Status, tidy_leads
from coordination.organizations import queries as organizations
from coordination.organizations.models import Organization
from coordination.organizations.rules import PartnerRole, Topic
from coordination.strategy import queries as strategy
from coordination.strategy.models import Measure
from core.access import Actor
from core.csv_files import Line
from core.errors import NotFound, Refused
from core.filling import Filler
from core.importing import Done, fill, moved, once_each
from core.languages import _
from core.money import plain_euros


@dataclass(frozen=True)
class Block(Line):
    """The lines of one record: the first, and those behind it."""

    more: tuple[Line, ...] = ()

    @property
    def lines(self) -> tuple[Line, ...]:
        """All lines of the record."""
        return (self, *self.more)


def blocks(lines: Iterable[Line]) -> Iterator[Block]:
    """The lines of a file, record by record. A key that comes again later makes a block of its own, to be refused."""
    for _key, found in groupby(lines, key=lambda line: line["key"] or line.number):
        first, *more = found
        yield Block(first.number, first.values, tuple(more))


class Lookup:
    """What the lines of a file are judged by: the forms, and the organizations and own topics that they name."""

    def facts(self, line: Line) -> FactsLine:
        """The facts of a first line. Refused names the column."""
        return fill(FactsLine, line.values)

    def part(self, line: Line) -> PartLine:
        """What the line tells one of. Refused names the column."""
        return fill(PartLine, line.values)

    def organization(self, key: str | None) -> int | None:
        """The id of the organization with this key; None without any. Refused: unknown."""
        return organizations.known_by_key(key).id if key else None

    def own_topic(self, key: str) -> int | None:
        """The id of the municipality's own topic with this key."""
        found = queries.find_own_topic(key)
        return found.id if found else None

    def measure(self, key: str | None) -> int | None:
        """The id of the measure with this key; None without any. Refused: unknown."""
        if not key:
            return None
        found = strategy.find_measure(key)
        if found is None:
            raise Refused(_("There is no measure with the key “%(key)s”.", key=key))
        return found.id


class ManyLookup(Lookup):
    """The same for many records: forms are used again, and what they name is read at once."""

    def __init__(self) -> None:
        self._facts, self._part = Filler(FactsLine), Filler(PartLine)
        #: the rows are kept, so that operations that ask for one of them find it in the session
        self._organizations: dict[str, Organization] = {}
        self._own_topics = {topic.key: topic for topic in queries.list_own_topics()}
        self._measures: dict[str, Measure] = {}

    def read_ahead(self, blocks: Iterable[Block]) -> None:
        """Read the organizations and measures that these records name, and keep no others: two queries."""
        columns = ("partner", "department", "initiator")
        keys = {line[column] for block in blocks for line in block.lines for column in columns}
        self._organizations = organizations.known_by_keys(keys)
        self._measures = strategy.measures_by_key({block["measure"] for block in blocks})

    def facts(self, line: Line) -> FactsLine:
        """As of one; the form holds until the next line."""
        return self._facts.plain(line.values) or super().facts(line)

    def part(self, line: Line) -> PartLine:
        """As of one; the form holds until the next line."""
        return self._part.plain(line.values) or super().part(line)

    def organization(self, key: str | None) -> int | None:
        """As of one."""
        found = self._organizations.get(key or "")
        return found.id if found else super().organization(key)

    def own_topic(self, key: str) -> int | None:
        """As of one."""
        found = self._own_topics.get(key)
        return found.id if found else None

    def measure(self, key: str | None) -> int | None:
        """As of one."""
        found = self._measures.get(key or "")
        return found.id if found else super().measure(key)


class Taker:
    """Takes the records of one file into the database, one at a time or together."""

    def __init__(self, actor: Actor, shift: timedelta = timedelta()) -> None:
        self.actor = actor
        self.shift = shift
        self.reach = reach_of(actor)
        self.seen: dict[str, int] = {}
        self._many: ManyLookup | None = None

    def __call__(self, block: Block) -> Done:
        """Enter or update the record of these lines. Refused names the column, and the line behind the first."""
        key = block["key"]
        if key in self.seen:
            raise Refused(_("This key stands in line %(line)d already.", line=self.seen[key]))
        if key:
            self.seen[key] = block.number
        record = read_record(block, self.shift)
        row = queries.find_by_key(key)
        if self._is_out_of_reach(row, record):
            raise Refused(_("Records that are not public are kept by the administration."))
        if row is not None:
            record = _with_measure(row, block, record)
            if record_of(row) == operations.fit(row, record):
                return Done.UNCHANGED
        operations.put_record(self.actor, key, record)
        return Done.ADDED if row is None else Done.CHANGED

    def together(self, found: Sequence[Block]) -> dict[int, Done]:
        """Enter the new records at once, and tell which are as they were. All others are for one at a time."""
        self._many = self._many or ManyLookup()
        self._many.read_ahead(found)
        mine = {block["key"]: block for block in once_each(found, lambda block: block["key"])}
        known = queries.whole_by_key(mine)
        new: dict[str, Record] = {}
        done: dict[int, Done] = {}
        for key, block in mine.items():
            with suppress(Refused, NotFound):  # the word on that is said by one at a time
                record = read_record(block, self.shift, self._many)
                row = known.get(key)
                if key in self.seen or self._is_out_of_reach(row, record):
                    continue
                if row is None:
                    new[key] = record
                elif record_of(row) == operations.fit(row, _with_measure(row, block, record)):
                    done[block.number] = Done.UNCHANGED
        entered = operations.enter_records(self.actor, new)
        done |= {mine[key].number: Done.ADDED for key in entered}
        self.seen |= {block["key"]: block.number for block in mine.values() if block.number in done}
        return done

    def _is_out_of_reach(self, row: Cooperation | None, record: Record) -> bool:
        """Whether the record, or the one that it would replace, is of a committee that is not public, and so not for
        whoever reads the file."""
        restricted = record.facts.restricted or (row is not None and row.restricted)
        return restricted and not self.reach.restricted


def _with_measure(row: Cooperation, block: Block, record: Record) -> Record:
    """The record of a known row: a file from before there were measures says nothing of them."""
    if block.tells("measure"):
        return record
    return replace(record, facts=replace(record.facts, measure_id=row.measure_id))


def read_record(block: Block, shift: timedelta = timedelta(), lookup: Lookup | None = None) -> Record:
    """The record that these lines tell; dates move by `shift`."""
    lookup = lookup or Lookup()
    leads: list[tuple[date, Lead]] = []
    partners: list[PartnerTerms] = []
    contributions: list[Given] = []
    topics: set[Topic] = set()
    own_topics: set[int] = set()
    facts = lookup.facts(block)
    for line in block.lines:
        try:
            if line is not block:
                _check_facts_are_the_same(block, line)
            part = lookup.part(line)
            _read_topic(part.topic.data or "", topics, own_topics, lookup)
            if part.lead.data:
                leads.append((moved(part.lead_since.data, shift) or BEGINNING, part.lead.data))
            if part.partner.data:
                partners.append(_read_partner(part, lookup))
            if part.municipal_contribution.data:
                contributions.append(_read_given(part, lookup))
        except Refused as refused:
            if line is block:
                raise
            raise Refused(_("Line %(line)d: %(reason)s", line=line.number, reason=refused.message)) from refused
    if len({partner.organization_id for partner in partners}) < len(partners):
        raise Refused(_("An organization takes part twice."))
    return Record(
        facts=_read_facts(facts, frozenset(topics), frozenset(own_topics), shift, lookup),
        leads=tidy_leads(leads),
        partners=tuple(sorted(partners, key=lambda terms: terms.organization_id)),
        contributions=tuple(contributions),
        closed=facts.closed.data == "yes",
    )


def _read_facts(
    form: FactsLine, topics: frozenset[Topic], own_topics: frozenset[int], shift: timedelta, lookup: Lookup
) -> Facts:
    starts_on, ends_on = (moved(day.data, shift) for day in (form.starts_on, form.ends_on))
    at = form.starts_at.data
    if at and starts_on is None:
        raise Refused(_("A time needs its day."))
    initiator = lookup.organization(form.initiator.data)
    facts = settled(
        Facts(
            title=form.title.data,
            format=form.format.data,
            regular_exchange=form.regular_exchange.data == "yes",
            initiator_kind=form.initiator_kind.data,
            initiator_id=initiator,
            starts_on=starts_on,
            ends_on=ends_on,
            starts_local=datetime.combine(starts_on, at) if starts_on and at else None,
            status=form.status.data or Status.HELD,
            participants=form.participants.data,
            what_worked=form.what_worked.data or "",
            do_differently=form.do_differently.data or "",
            measure_id=lookup.measure(form.measure.data),
            figure=form.figure.data,
            restricted=form.restricted.data == "yes",
            topics=topics,
            own_topics=own_topics,
        )
    )
    return with_initiator(facts)


def _read_topic(text: str, topics: set[Topic], own_topics: set[int], lookup: Lookup) -> None:
    if text in set(Topic):
        topics.add(Topic(text))
    elif text:
        own = lookup.own_topic(text)
        if own is None:
            raise Refused(_("“%(text)s” is none of the twelve topics, and no own topic.", text=text))
        own_topics.add(own)


def _read_partner(form: PartLine, lookup: Lookup) -> PartnerTerms:
    return PartnerTerms(
        organization_id=lookup.organization(form.partner.data) or 0,
        role=form.role.data or PartnerRole.PARTNER,
        contribution=form.contribution.data or "",
        benefit=form.benefit.data or "",
        honorarium=form.honorarium.data,
    )


def _read_given(form: PartLine, lookup: Lookup) -> Given:
    return Given(
        kind=ContributionKind(form.municipal_contribution.data),
        department_id=lookup.organization(form.department.data),
        amount=form.amount.data,
        note=form.note.data or "",
    )


def _check_facts_are_the_same(block: Block, line: Line) -> None:
    """Further lines may leave the facts empty or repeat them; else nobody knows which to believe."""
    for column in codebook.FACTS:
        if line[column.name] not in ("", block[column.name]):
            raise Refused(_("%(column)s tells something else than the first line of this record.", column=column.name))


def lines_of(row: Cooperation, own_topics: dict[int, str]) -> Iterator[list[str]]:
    """The lines of a record, as `codebook.EXPORTED` orders the columns. `own_topics`: id → key."""
    facts = _facts_of(row)
    topics = [own_topics[t.own_topic_id] if t.own_topic_id else str(t.topic) for t in row.topics]
    leads = [
        {"lead": str(d.lead), "lead_since": "" if d.since == BEGINNING else d.since.isoformat()} for d in row.leads
    ]
    partners = [
        {
            "partner": partner.organization.key,
            "role": str(partner.role),
            "contribution": partner.contribution,
            "benefit": partner.benefit,
            "honorarium": plain_euros(partner.honorarium),
        }
        for partner in row.partners
    ]
    given = [
        {
            "municipal_contribution": str(one.kind),
            "department": one.department.key if one.department else "",
            "amount": plain_euros(one.amount),
            "note": one.note,
        }
        for one in row.contributions
    ]
    told = [{"topic": topic} for topic in topics]
    for number, parts in enumerate(list(zip_longest(told, leads, partners, given, fillvalue={})) or [()]):
        values = {**(facts if number == 0 else {"key": row.key})}
        for part in parts:
            values |= part
        yield [values.get(name, "") for name in codebook.EXPORTED]


def _facts_of(row: Cooperation) -> dict[str, str]:
    return {
        "key": row.key,
        "title": row.title,
        "format": str(row.format),
        "regular_exchange": "yes" if row.regular_exchange else "no",
        "initiator_kind": str(row.initiator_kind or ""),
        "initiator": row.initiator.key if row.initiator else "",
        "starts_on": row.starts_on.isoformat() if row.starts_on else "",
        "ends_on": row.ends_on.isoformat() if row.ends_on else "",
        "starts_at": f"{row.starts_local:%H:%M}" if row.starts_local else "",
        "status": str(row.status),
        "participants": "" if row.participants is None else str(row.participants),
        "what_worked": row.what_worked,
        "do_differently": row.do_differently,
        "measure": row.measure.key if row.measure else "",
        "figure": str(row.figure or ""),
        "restricted": "yes" if row.restricted else "no",
        "closed": "yes" if row.closed_at else "no",
        "source": str(row.source),
    }
