"""Forms of the record, and what a line of a file is judged by."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from wtforms.validators import Optional

from coordination.cooperation.facts import Facts, Given, PartnerTerms
from coordination.cooperation.rules import (
    BEGINNING,
    CONTRIBUTION_LABELS,
    FORMAT_LABELS,
    INITIATOR_LABELS,
    LEAD_LABELS,
    MOST_PARTICIPANTS,
    STATUS_LABELS,
    ContributionKind,
    Figure,
    Format,
    InitiatorKind,
    Lead,
    Status,
)
from coordination.organizations.choosing import NamedOrganization, choose
from coordination.organizations.models import Organization
from coordination.organizations.rules import PARTNER_ROLE_LABELS, TOPIC_LABELS, PartnerRole, Topic
from core.errors import Refused
from core.forms import (
    BooleanField,
    DateField,
    Form,
    IntegerField,
    LineField,
    LongTextField,
    ManyField,
    NumberRange,
    OptionalIdField,
    SelectField,
    TimeField,
    VersionedForm,
    choices,
    chosen,
    needed,
)
from core.importing import WordField
from core.languages import _, _l
from core.money import EuroField

LONGEST_WORDS = 2000


class Answer(StrEnum):
    """Yes and no, as files tell them."""

    YES = "yes"
    NO = "no"


def _optional(words: type[StrEnum], label: Any, labels: Any, **kwargs: Any) -> SelectField:
    """A choice whose first, empty entry says that it is not known."""
    return SelectField(
        label,
        choices=choices([("", _l("Not known")), *labels.items()]),
        coerce=lambda value: words(value) if value else None,
        **kwargs,
    )


class TopicsField(ManyField):
    """The survey's twelve topics and the municipality's own. The value of an own one is “own:” and its id."""

    def offer(self, own_topics: Iterable[tuple[int, str]]) -> None:
        """Hand in id and name of the own ones."""
        own = [(f"own:{key}", name) for key, name in own_topics]
        self.choices = choices([*((topic.value, label) for topic, label in TOPIC_LABELS.items()), *own])

    @property
    def survey(self) -> frozenset[Topic]:
        """Those of the twelve that were ticked."""
        return frozenset(Topic(value) for value in self.data or () if not value.startswith("own:"))

    @property
    def own(self) -> frozenset[int]:
        """The ids of the own ones that were ticked."""
        return frozenset(int(value[4:]) for value in self.data or () if value.startswith("own:"))


def ticked(topics: Iterable[Topic], own_topics: Iterable[int]) -> list[str]:
    """What a `TopicsField` opens with."""
    return [*topics, *(f"own:{key}" for key in own_topics)]


def participants_field(label: Any = None, *, required: bool = False) -> IntegerField:
    """A number of people."""
    message = _l("Please enter a number from 0 to %(max)d.", max=MOST_PARTICIPANTS)
    label = label or _l("How many people came")
    return IntegerField(
        label, validators=[needed() if required else Optional(), NumberRange(0, MOST_PARTICIPANTS, message)]
    )


class CooperationForm(VersionedForm):
    """The facts of a record. Who takes part and how it went have forms of their own."""

    title = LineField(_l("Title"), required=True)
    format = SelectField(_l("Form"), choices=choices(FORMAT_LABELS.items()), coerce=Format, validators=[chosen()])
    status = SelectField(
        _l("How far it has come"), choices=choices(STATUS_LABELS.items()), coerce=Status, validators=[chosen()]
    )
    starts_on = DateField(_l("First day"), validators=[Optional()])
    starts_at = TimeField(_l("Starts at"), validators=[Optional()])
    ends_on = DateField(
        _l("Last day"),
        description=_l("Leave this empty for one day, and for what is still going on."),
        validators=[Optional()],
    )
    topics = TopicsField(_l("Topics"))
    lead = _optional(Lead, _l("Who leads"), LEAD_LABELS)
    initiator_kind = _optional(InitiatorKind, _l("From whom the impulse came"), INITIATOR_LABELS)
    initiator_id = OptionalIdField(
        _l("And from which organization"), description=_l("The kind above follows from it, and may stay empty.")
    )
    initiator_named = NamedOrganization("initiator_id")
    measure_id = OptionalIdField(_l("Which measure of the strategy it serves"))
    regular_exchange = BooleanField(
        _l("It is regular exchange"),
        description=_l("With umbrella bodies or working groups of migrant organizations, and not only once."),
    )

    def offer(
        self,
        likely: Sequence[tuple[int, str]],
        own_topics: Iterable[tuple[int, str]],
        measures: Sequence[tuple[int, str]],
    ) -> None:
        """Hand in the choices. `likely`: organizations that may be chosen as initiator without a search by name."""
        choose(self, "initiator_named", likely, empty=_("Not known"))
        self.measure_id.choices = choices([("", _("None")), *measures])
        if not measures:
            self.leave_out("measure_id")
        self.topics.offer(own_topics)

    def leave_out(self, *names: str) -> None:
        """Take fields away that are told elsewhere."""
        for name in names:
            del self[name]

    def facts(self, before: Facts | None = None) -> Facts:
        """What was entered, on top of what is told elsewhere (`before`). Refused: a time without its day, and a name
        that fits no organization, or several."""
        told = {
            "topics": self.topics.survey,
            "own_topics": self.topics.own,
            "initiator_kind": self.initiator_kind.data,
            "initiator_id": self.initiator_named.organization_id(),
        }
        if "measure_id" in self:
            told["measure_id"] = self.measure_id.data
        if "regular_exchange" in self:
            told["regular_exchange"] = self.regular_exchange.data
        if "title" in self:
            told |= {name: self[name].data for name in ("title", "format", "status", "starts_on", "ends_on")}
            told["starts_local"] = self._starts_local()
        kept = {} if before is None else {name: getattr(before, name) for name in Facts.__dataclass_fields__}
        return Facts(**{**kept, **told})

    def _starts_local(self) -> datetime | None:
        if not self.starts_at.data:
            return None
        if not self.starts_on.data:
            raise Refused(_("A time needs its day."), "starts_on")
        return datetime.combine(self.starts_on.data, self.starts_at.data)


class ResultForm(VersionedForm):
    """How it went: what is asked when it is over."""

    participants = participants_field()
    what_worked = LongTextField(_l("What worked"))
    do_differently = LongTextField(_l("What you would do otherwise"))


class RoleField(SelectField):
    """What an organization is in a cooperation. Nothing is chosen beforehand: the analysis tells of roles what somebody
    has said."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            _l("What it is in this cooperation"),
            choices=choices([("", _l("Please choose")), *PARTNER_ROLE_LABELS.items()]),
            coerce=lambda value: PartnerRole(value) if value else None,
            validators=[chosen()],
            **kwargs,
        )


class PartnerForm(VersionedForm):
    """An organization's part."""

    organization_id = OptionalIdField(_l("Organization"))
    organization_named = NamedOrganization("organization_id", one_of=True)
    role = RoleField()
    contribution = LongTextField(_l("What it gives"), longest=LONGEST_WORDS)
    benefit = LongTextField(_l("What it gains"), longest=LONGEST_WORDS)
    honorarium = EuroField(_l("What it is paid, in euros"), validators=[Optional()])

    def keep_to(self, organization: Organization) -> None:
        """The part is this organization's, and no other's."""
        del self.organization_named
        self.organization_id.choices = choices([(organization.id, organization.name)])
        self.organization_id.flags.required = True

    def terms(self) -> PartnerTerms:
        """What was entered. Refused: no organization, and a name that fits none, or several."""
        named = self.organization_named.organization_id() if "organization_named" in self else self.organization_id.data
        if named is None:
            raise Refused(_("Please choose one of these."), "organization_id")
        return PartnerTerms(
            organization_id=named,
            role=self.role.data,
            contribution=self.contribution.data or "",
            benefit=self.benefit.data or "",
            honorarium=self.honorarium.data,
        )


class ContributionForm(Form):
    """Something that the municipality gives."""

    kind = SelectField(
        _l("What the municipality gives"),
        choices=choices(CONTRIBUTION_LABELS.items()),
        coerce=ContributionKind,
        validators=[chosen()],
    )
    department_id = OptionalIdField(_l("Department"))
    amount = EuroField(_l("Amount in euros, where it is money"), validators=[Optional()])
    note = LineField(_l("More about it"))

    def given(self) -> Given:
        """What was entered."""
        return Given(self.kind.data, self.department_id.data, self.amount.data, self.note.data or "")


class LeadForm(Form):
    """From when on somebody else leads."""

    lead = SelectField(_l("Who leads"), choices=choices(LEAD_LABELS.items()), coerce=Lead, validators=[chosen()])
    since = DateField(
        _l("From this day on"), description=_l("Leave this empty for “from the beginning”."), validators=[Optional()]
    )

    def first_day(self) -> Any:
        """The day from which it counts."""
        return self.since.data or BEGINNING


class OwnTopicForm(VersionedForm):
    """A topic of the municipality's own."""

    name = LineField(_l("Name"), required=True)
    topic = SelectField(
        _l("Belongs to"),
        choices=choices(TOPIC_LABELS.items()),
        coerce=Topic,
        description=_l("Analysis counts it under this one of the survey's twelve topics."),
        validators=[chosen()],
    )


class FactsLine(Form):
    """The facts of a record as the first of its lines tells them."""

    key = LineField(required=True, longest=80)
    title = LineField(required=True)
    format = WordField(Format, validators=[needed()])
    regular_exchange = WordField(Answer)
    initiator_kind = WordField(InitiatorKind)
    initiator = LineField(longest=80)
    starts_on = DateField(validators=[Optional()])
    ends_on = DateField(validators=[Optional()])
    starts_at = TimeField(validators=[Optional()])
    status = WordField(Status)
    participants = participants_field()
    what_worked = LongTextField()
    do_differently = LongTextField()
    measure = LineField(longest=80)
    figure = WordField(Figure)
    restricted = WordField(Answer)
    closed = WordField(Answer)


class PartLine(Form):
    """What each line of a record may tell one of."""

    topic = LineField(longest=80)
    lead = WordField(Lead)
    lead_since = DateField(validators=[Optional()])
    partner = LineField(longest=80)
    role = WordField(PartnerRole)
    contribution = LongTextField(longest=LONGEST_WORDS)
    benefit = LongTextField(longest=LONGEST_WORDS)
    honorarium = EuroField(validators=[Optional()])
    municipal_contribution = WordField(ContributionKind)
    department = LineField(longest=80)
    amount = EuroField(validators=[Optional()])
    note = LineField()
