"""Form of a committee's charter."""

from wtforms.validators import Optional

from coordination.cooperation.rules import FIGURE_LABELS, Figure
from core.forms import (
    BooleanField,
    IntegerField,
    LineField,
    LongTextField,
    NumberRange,
    SelectField,
    VersionedForm,
    choices,
    chosen,
    needed,
)
from core.languages import _l
from participation.committees.operations import Charter
from participation.committees.rules import KIND_LABELS, LONGEST_NOTICE, MOST_SEATS, QUORUM_LABELS, Kind, QuorumRule


def _from_0_to(most: int) -> NumberRange:
    return NumberRange(0, most, _l("Please enter a number from 0 to %(max)d.", max=most))


class CommitteeForm(VersionedForm):
    """What can be said of a committee."""

    name = LineField(_l("Name"), required=True)
    short_name = LineField(_l("Short name"), longest=60)
    kind = SelectField(_l("Kind"), choices=choices(KIND_LABELS.items()), coerce=Kind, validators=[chosen()])
    figure = SelectField(
        _l("Counts in the analysis as"),
        choices=choices([("", _l("As is usual for its kind")), *FIGURE_LABELS.items()]),
        coerce=lambda value: Figure(value) if value else None,
        description=_l("The survey of 2020 counts these three apart."),
    )
    about = LongTextField(_l("What it is for"))
    notice_days = IntegerField(
        _l("Notice period in full days"),
        description=_l("The days between sending the invitation and the sitting. Neither of the two days counts."),
        default=7,
        validators=[needed(), _from_0_to(LONGEST_NOTICE)],
    )
    quorum_rule = SelectField(
        _l("When it can decide"), choices=choices(QUORUM_LABELS.items()), coerce=QuorumRule, validators=[chosen()]
    )
    statutory_seats = IntegerField(
        _l("Number of seats by statute"),
        description=_l("Vacant seats count too. Leave this empty where no statute names a number."),
        validators=[Optional(), _from_0_to(MOST_SEATS)],
    )
    statutory_voting_seats = IntegerField(
        _l("Of these, seats with a vote"), validators=[Optional(), _from_0_to(MOST_SEATS)]
    )
    public = BooleanField(
        _l("Everybody may know of this committee"),
        description=_l("Its dates and public agenda items stand in the public calendar."),
    )
    publishes_attendance = BooleanField(
        _l("Names of those present may stand in the public minutes"),
        description=_l("Set this only where the law of your Land or the rules of procedure allow it."),
    )

    def charter(self) -> Charter:
        """What was entered."""
        return Charter(
            name=self.name.data,
            short_name=self.short_name.data or "",
            kind=self.kind.data,
            about=self.about.data or "",
            notice_days=self.notice_days.data or 0,
            quorum_rule=self.quorum_rule.data,
            statutory_seats=self.statutory_seats.data,
            statutory_voting_seats=self.statutory_voting_seats.data,
            public=self.public.data,
            publishes_attendance=self.publishes_attendance.data,
            figure=self.figure.data,
        )
