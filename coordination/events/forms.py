"""Forms of an event: its plan, and the reason of a step."""

from collections.abc import Iterable, Sequence
from datetime import datetime, time

from wtforms import Field
from wtforms.validators import Optional

from coordination.cooperation.forms import TopicsField, ticked
from coordination.cooperation.rules import LEAD_LABELS, Lead
from coordination.events.models import Event
from coordination.events.operations import Plan, plan_of
from coordination.planning.rules import LONGEST_REASON
from core.database import version_of
from core.forms import (
    BooleanField,
    DateField,
    Form,
    LineField,
    LongTextField,
    Needed,
    OptionalIdField,
    SelectField,
    TimeField,
    VersionedForm,
    choices,
    chosen,
    needed,
    not_past,
)
from core.hour_words import HourHint, hint_at
from core.languages import _, _l


class EventForm(VersionedForm):
    """What can be said of an event. Day, start and end are wall time."""

    title = LineField(_l("Title"), required=True)
    date = DateField(_l("Day"), description=_l("It may still be moved."), validators=[needed()])
    start = TimeField(_l("Start"), validators=[needed()])
    end = TimeField(
        _l("End"), description=_l("Leave this empty when nobody knows when it will end."), validators=[Optional()]
    )
    organization = OptionalIdField(
        _l("For which organization"),
        description=_l("Its name stands on the public page as soon as this is announced to everybody."),
        validators=[needed()],
    )
    place = OptionalIdField(_l("Room"), description=_l("The room is taken as soon as the event is planned."))
    text = LongTextField(_l("What it is about"), description=_l("Everybody reads this once it is announced."))
    languages = LineField(_l("Languages"), description=_l("In which languages it is held, for example German, Arabic."))
    topics = TopicsField(_l("Topics"))
    lead = SelectField(
        _l("Who leads"), choices=choices(LEAD_LABELS.items()), coerce=Lead, default=Lead.JOINT, validators=[chosen()]
    )
    project = OptionalIdField(_l("Project"), description=_l("The project of which the event is a part."))
    public = BooleanField(_l("Open to everybody"), description=_l("If not, only those who take part see it."))

    def offer(
        self,
        places: Iterable[tuple[int, str]],
        own_topics: Iterable[tuple[int, str]],
        organizations: Iterable[tuple[int, str]] | None = None,
        projects: Sequence[tuple[int, str]] = (),
    ) -> None:
        """Hand in the choices; without organizations nobody is asked for whom it is, without projects not of which."""
        if projects:
            self.project.choices = choices([("", _("No project")), *projects])
        else:
            del self.project
        self.place.choices = choices([("", _("No room")), *places])
        self.topics.offer(own_topics)
        if organizations is None:
            del self.organization
        else:
            self.organization.choices = choices(organizations)

    def plan(self, project_id: int | None = None) -> Plan:
        """What was entered; only of a valid form. Where no project was offered it is the given one."""
        day = self.date.data

        def at(told: time | None) -> datetime | None:
            return None if day is None or told is None else datetime.combine(day, told)

        return Plan(
            title=self.title.data or "",
            start=at(self.start.data),
            end=at(self.end.data),
            text=self.text.data or "",
            languages=self.languages.data or "",
            public=self.public.data,
            place_id=self.place.data,
            topics=self.topics.survey,
            project_id=self.project.data if "project" in self else project_id,
            own_topics=self.topics.own,
        )

    def hint(self, language: str) -> HourHint | None:
        """What the start entered so far asks of people who volunteer; None as long as there is none."""
        if self.date.data is None or self.start.data is None:
            return None
        return hint_at(datetime.combine(self.date.data, self.start.data), language)


class _NeededWith:
    """Something must be entered where one of these other fields is filled."""

    def __init__(self, *others: str) -> None:
        self.others = others

    def __call__(self, form: EventForm, field: Field) -> None:
        """Judge the field as one that is needed, or as one that is not."""
        filled = any(any(map(str.strip, form[other].raw_data or ())) for other in self.others)
        judge = Needed(_l("Please fill in day and start, or leave all of it empty.")) if filled else Optional()
        judge(form, field)


class IdeaForm(EventForm):
    """What can be said of an idea, whose day may still be open."""

    date = DateField(
        _l("Day"),
        description=_l("Leave day and time empty as long as nobody knows them."),
        validators=[_NeededWith("start", "end")],
    )
    start = TimeField(_l("Start"), validators=[_NeededWith("date", "end")])


class ProposalForm(IdeaForm):
    """What an organization proposes: something to come."""

    validate_date = not_past


class ReasonForm(Form):
    """Why a step is taken; those who plan read it."""

    reason = LineField(_l("Reason"), longest=LONGEST_REASON, description=_l("All who plan this read it."))


def opened_with(event: Event) -> dict[str, object]:
    """What the form shows of an event as it stands."""
    plan = plan_of(event)
    return {
        "version": version_of(event, event.cooperation),
        "title": plan.title,
        "date": plan.start and plan.start.date(),
        "start": plan.start and plan.start.time(),
        "end": plan.end.time() if plan.end else None,
        "place": plan.place_id,
        "project": plan.project_id,
        "text": plan.text,
        "languages": plan.languages,
        "topics": ticked(plan.topics, plan.own_topics),
        "public": plan.public,
    }
