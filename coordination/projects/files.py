"""Projects as lines of a file.

A project may take several lines: all have its key, the first tells what it is, and each may tell one more topic,
lead, partner and milestone. Where a record of cooperation with this key is known, it becomes the project's: title,
period, topics, leads and partners that the file leaves out are the record's then, so that nothing is told twice.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from wtforms.validators import Optional

from coordination.cooperation import queries as records
from coordination.cooperation.facts import PartnerTerms, facts_of, record_of
from coordination.cooperation.files import Block
from coordination.cooperation.forms import Answer
from coordination.cooperation.models import Cooperation
from coordination.cooperation.rules import BEGINNING, Lead, tidy_leads
from coordination.organizations import queries as organizations
from coordination.organizations.rules import PartnerRole, Topic
from coordination.planning.rules import LONGEST_REASON
from coordination.projects import imports, networks, queries
from coordination.projects.imports import Reached, Told
from coordination.projects.milestones import Aim
from coordination.projects.operations import Plan
from coordination.projects.rules import State
from core.access import SYSTEM
from core.errors import Refused
from core.forms import DateField, Form, LineField, LongTextField, needed
from core.importing import Done, WordField, fill, moved
from core.languages import _

REQUIRED = ("key", "state")
FACTS = ("state", "title", "starts_on", "ends_on", "network", "announced", "text", "reason", "initiator")
PARTS = ("topic", "lead", "lead_since", "partner", "role", "milestone", "due_on", "reached_on")
OPTIONAL = (*(name for name in FACTS if name not in REQUIRED), *PARTS)


class ProjectLine(Form):
    """What the first line of a project tells."""

    key = LineField(required=True, longest=80)
    state = WordField(State, validators=[needed()])
    title = LineField()
    starts_on = DateField(validators=[Optional()])
    ends_on = DateField(validators=[Optional()])
    network = LineField(longest=80)
    announced = WordField(Answer)
    text = LongTextField()
    reason = LineField(longest=LONGEST_REASON)
    initiator = LineField(longest=80)


class PartLine(Form):
    """What each line of a project may tell one of."""

    topic = LineField(longest=80)
    lead = WordField(Lead)
    lead_since = DateField(validators=[Optional()])
    partner = LineField(longest=80)
    role = WordField(PartnerRole)
    milestone = LineField()
    due_on = DateField(validators=[Optional()])
    reached_on = DateField(validators=[Optional()])


@dataclass
class _Parts:
    """What the lines of one project tell besides its facts."""

    topics: set[Topic]
    own_topics: set[int]
    leads: list[tuple[date, Lead]]
    partners: list[PartnerTerms]
    milestones: list[Reached]


class Taker:
    """Takes the projects of one file into the database, one at a time; dates move by `shift`."""

    def __init__(self, shift: timedelta = timedelta()) -> None:
        self.shift = shift
        self.seen: dict[str, int] = {}

    def __call__(self, block: Block) -> Done:
        """Enter or update the project of these lines. Refused names the column, and the line behind the first."""
        told = read_project(block, self.shift)
        key = block["key"]
        if key in self.seen:
            raise Refused(_("This key stands in line %(line)d already.", line=self.seen[key]))
        self.seen[key] = block.number
        project, record = queries.find_by_key(key), records.find_by_key(key)
        whole = _with_record(told, record) if record else told
        if project is not None and imports.same(project, whole):
            return Done.UNCHANGED
        imports.put(SYSTEM, key, whole)
        return Done.ADDED if project is None else Done.CHANGED


def read_project(block: Block, shift: timedelta = timedelta()) -> Told:
    """The project that these lines tell."""
    facts = fill(ProjectLine, {name: block.values.get(name, "") for name in ("key", *FACTS)})
    parts = _Parts(set(), set(), [], [], [])
    for line in block.lines:
        try:
            if line is not block and any(line.values.get(name) not in ("", None, block[name]) for name in FACTS):
                raise Refused(_("This line tells something else than the first line of this project."))
            _read_part(fill(PartLine, {name: line.values.get(name, "") for name in PARTS}), parts, shift)
        except Refused as refused:
            if line is block:
                raise
            raise Refused(_("Line %(line)d: %(reason)s", line=line.number, reason=refused.message)) from refused
    if len({terms.organization_id for terms in parts.partners}) < len(parts.partners):
        raise Refused(_("An organization takes part twice."))
    if len({one.aim.title for one in parts.milestones}) < len(parts.milestones):
        raise Refused(_("Two milestones of this project have the same title."))
    starts_on, ends_on = (moved(day.data, shift) for day in (facts.starts_on, facts.ends_on))
    return Told(
        plan=Plan(
            title=facts.title.data or "",
            starts_on=starts_on,
            ends_on=ends_on,
            text=facts.text.data or "",
            network_id=_network(facts.network.data or ""),
            topics=frozenset(parts.topics),
            own_topics=frozenset(parts.own_topics),
        ),
        state=facts.state.data,
        announced=facts.announced.data == Answer.YES,
        reason=facts.reason.data or "",
        initiator_id=organizations.known_by_key(facts.initiator.data).id if facts.initiator.data else None,
        leads=tidy_leads(parts.leads),
        partners=tuple(sorted(parts.partners, key=lambda terms: terms.organization_id)),
        milestones=tuple(sorted(parts.milestones, key=lambda one: (one.aim.due_on, one.aim.title))),
    )


def _read_part(form: PartLine, parts: _Parts, shift: timedelta) -> None:
    topic = form.topic.data or ""
    if topic in set(Topic):
        parts.topics.add(Topic(topic))
    elif topic:
        own = records.find_own_topic(topic)
        if own is None:
            raise Refused(_("“%(text)s” is none of the twelve topics, and no own topic.", text=topic))
        parts.own_topics.add(own.id)
    if form.lead.data:
        parts.leads.append((moved(form.lead_since.data, shift) or BEGINNING, form.lead.data))
    if form.partner.data:
        role = form.role.data or PartnerRole.PARTNER
        parts.partners.append(PartnerTerms(organizations.known_by_key(form.partner.data).id, role))
    if form.milestone.data:
        if form.due_on.data is None:
            raise Refused(_("A milestone needs its day."))
        due_on, reached_on = (moved(day.data, shift) for day in (form.due_on, form.reached_on))
        parts.milestones.append(Reached(Aim(form.milestone.data, due_on), reached_on))


def _with_record(told: Told, record: Cooperation) -> Told:
    """What the file leaves out is what the record says."""
    facts, plan = facts_of(record), told.plan
    if not plan.title:
        plan = replace(plan, title=facts.title)
    if plan.starts_on is None and plan.ends_on is None:
        plan = replace(plan, starts_on=facts.starts_on, ends_on=facts.ends_on)
    if not plan.topics and not plan.own_topics:
        plan = replace(plan, topics=facts.topics, own_topics=facts.own_topics)
    leads = told.leads or record_of(record).leads
    return replace(told, plan=plan, leads=leads, initiator_id=told.initiator_id or facts.initiator_id)


def _network(key: str) -> int | None:
    if not key:
        return None
    found = networks.find_by_key(key)
    if found is None:
        raise Refused(_("There is no public network with the key “%(key)s”.", key=key))
    return found.organization_id
