"""Forms of a project: its plan, its steps, its milestones and who leads."""

from collections.abc import Iterable

from wtforms.validators import Optional

from coordination.cooperation.forms import TopicsField, ticked
from coordination.cooperation.rules import LEAD_LABELS, Lead
from coordination.planning.rules import LONGEST_REASON
from coordination.projects.milestones import Aim
from coordination.projects.models import Project
from coordination.projects.operations import Plan, plan_of
from core.database import version_of
from core.forms import (
    DateField,
    Form,
    LineField,
    LongTextField,
    OptionalIdField,
    SelectField,
    VersionedForm,
    choices,
    chosen,
    needed,
)
from core.languages import _, _l


class ProjectForm(VersionedForm):
    """What can be said of a project."""

    title = LineField(_l("Title"), required=True)
    organization = OptionalIdField(
        _l("For which organization"),
        description=_l("Its name stands on the public page as soon as this is announced to everybody."),
        validators=[needed()],
    )
    starts_on = DateField(
        _l("First day"), description=_l("Leave this empty while nobody knows."), validators=[Optional()]
    )
    ends_on = DateField(
        _l("Last day"), description=_l("Leave this empty when it has no fixed end."), validators=[Optional()]
    )
    text = LongTextField(_l("What it is about"), description=_l("Everybody reads this once the project is announced."))
    topics = TopicsField(_l("Topics"))
    network_id = OptionalIdField(
        _l("Network"), description=_l("The network or working group to which the project belongs.")
    )
    lead = SelectField(
        _l("Who leads"), choices=choices(LEAD_LABELS.items()), coerce=Lead, default=Lead.JOINT, validators=[chosen()]
    )

    def offer(
        self,
        networks: Iterable[tuple[int, str]],
        own_topics: Iterable[tuple[int, str]],
        organizations: Iterable[tuple[int, str]] | None = None,
    ) -> None:
        """Hand in the choices; without organizations nobody is asked for whom it is."""
        self.network_id.choices = choices([("", _("No network")), *networks])
        self.topics.offer(own_topics)
        if organizations is None:
            del self.organization
        else:
            self.organization.choices = choices(organizations)

    def plan(self) -> Plan:
        """What was entered; only of a valid form."""
        return Plan(
            title=self.title.data or "",
            starts_on=self.starts_on.data,
            ends_on=self.ends_on.data,
            text=self.text.data or "",
            network_id=self.network_id.data,
            topics=self.topics.survey,
            own_topics=self.topics.own,
        )


class ReasonForm(Form):
    """Why a step is taken; those who plan read it."""

    reason = LineField(
        _l("Reason"), required=True, longest=LONGEST_REASON, description=_l("All who plan this read it.")
    )


class CompleteForm(Form):
    """When it came to its end."""

    last_day = DateField(_l("Last day of the project"), validators=[needed()])


class MilestoneForm(VersionedForm):
    """Something that is to be reached by a day."""

    title = LineField(_l("What is to be reached"), required=True)
    due_on = DateField(_l("By when"), validators=[needed()])

    def aim(self) -> Aim:
        """What was entered; only of a valid form."""
        assert self.due_on.data is not None
        return Aim(self.title.data or "", self.due_on.data)


def opened_with(project: Project) -> dict[str, object]:
    """What the form shows of a project as it stands."""
    plan = plan_of(project)
    return {
        "version": version_of(project, project.cooperation),
        "title": plan.title,
        "starts_on": plan.starts_on,
        "ends_on": plan.ends_on,
        "text": plan.text,
        "network_id": plan.network_id,
        "topics": ticked(plan.topics, plan.own_topics),
    }
