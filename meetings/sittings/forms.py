"""Forms of a sitting: its plan, and calling it off."""

from datetime import datetime, timedelta

from wtforms.validators import Optional, ValidationError

from core.dated import Status
from core.errors import Refused
from core.forms import (
    BooleanField,
    DateField,
    LineField,
    OptionalIdField,
    SelectField,
    TimeField,
    VersionedForm,
    choices,
    chosen,
    needed,
)
from core.hour_words import HourHint, hint_at
from core.languages import _, _l
from meetings.sittings.models import Sitting
from meetings.sittings.operations import Plan, check_place, plan_of
from meetings.sittings.rules import LONGEST_HOURS, MODE_LABELS, STATUS_LABELS, Mode


class SittingForm(VersionedForm):
    """What can be said of a sitting. Day, start and end are wall time."""

    date = DateField(_l("Day"), validators=[needed()])
    start = TimeField(_l("Start"), validators=[needed()])
    end = TimeField(
        _l("End"),
        description=_l(
            "Leave this empty when nobody knows when it will end. An hour after midnight is taken for the next day."
        ),
        validators=[Optional()],
    )
    title = LineField(_l("Title"), description=_l("Leave this empty for an ordinary sitting."))
    number = LineField(_l("Number"), longest=40, description=_l("As the committee counts, for example 3/2027."))
    mode = SelectField(_l("Mode"), choices=choices(MODE_LABELS.items()), coerce=Mode, validators=[chosen()])
    place = OptionalIdField(
        _l("Room"), description=_l("The room is taken for this time as soon as the sitting is no draft any more.")
    )
    video_url = LineField(
        _l("Address of the video room"), longest=400, description=_l("Only those who are invited see it.")
    )
    public = BooleanField(
        _l("Public sitting"), description=_l("Everybody may know of it. If not, only the members see it.")
    )
    status = SelectField(
        _l("How firm the date is"),
        coerce=Status,
        description=_l("Only you see a draft. A planned or confirmed sitting stands in the calendars at once."),
        validators=[chosen()],
    )
    reason = LineField(
        _l("Reason for the change"),
        longest=400,
        description=_l("If you change time, room or status: this is told to everybody who was invited."),
    )

    #: whole days that the sitting lasts beside its hours: the form cannot say them, and leaves them as they are
    days = 0

    def offer(self, places: list[tuple[int, str]], *, published: bool) -> None:
        """Set the choices; a published sitting can no longer become a draft and asks for a reason."""
        self.place.choices = choices([("", _("No room")), *places])
        firm = [Status.TENTATIVE, Status.CONFIRMED] if published else [Status.DRAFT, Status.TENTATIVE, Status.CONFIRMED]
        if self.status.object_data == Status.CANCELLED:  # who comes too late reads why nothing can be changed
            firm.append(Status.CANCELLED)
        self.status.choices = choices((status, STATUS_LABELS[status]) for status in firm)
        if not published:
            del self.reason

    def validate_video_url(self, field: LineField) -> None:
        """A video sitting by itself needs no address yet; it is often known late."""
        if field.data and self.mode.data is Mode.IN_PERSON:
            raise ValidationError(
                _("A sitting in person has no video room. Please choose another mode or remove the address.")
            )

    def plan(self) -> Plan:
        """What was entered; only of a valid form."""
        day, start = self.date.data, self.start.data
        assert day is not None
        assert start is not None
        begins = datetime.combine(day, start)
        return Plan(
            start=begins,
            end=self._end_after(begins),
            title=self.title.data or "",
            number=self.number.data or "",
            mode=self.mode.data,
            place_id=self.place.data,
            video_url=self.video_url.data or "",
            public=self.public.data,
            status=self.status.data,
        )

    def _end_after(self, start: datetime) -> datetime | None:
        """The end that was entered; not after the start, it is on the next day if no sitting would be too long so."""
        if self.end.data is None:
            return None
        end, day = datetime.combine(start.date(), self.end.data), timedelta(days=1)
        if end <= start and (self.days or end + day - start <= timedelta(hours=LONGEST_HOURS)):
            end += day
        return end + self.days * day

    def hint(self, language: str) -> HourHint | None:
        """What to say about the start entered so far; None as long as there is none."""
        if self.date.data is None or self.start.data is None:
            return None
        return hint_at(datetime.combine(self.date.data, self.start.data), language)

    def clash(self, booking_id: int | None) -> str:
        """When somebody has the room in the time entered so far, be it for a draft, apart from one's own booking.

        Empty where it is free, and as long as day, start or room is missing.
        """
        if self.date.data is None or self.start.data is None or self.place.data is None:
            return ""
        if not self.place.validate(self):
            return ""
        begins = datetime.combine(self.date.data, self.start.data)
        try:
            check_place(self.place.data, begins, self._end_after(begins), apart_from=booking_id)
        except Refused as refused:
            return refused.message if refused.field == "place" else ""
        return ""


class EndForm(VersionedForm):
    """Calling a sitting off."""

    reason = LineField(
        _l("Reason"), longest=400, description=_l("This is told to everybody who was invited. It may stay empty.")
    )


def opened_with(sitting: Sitting) -> dict[str, object]:
    """What the form shows of a sitting as it stands."""
    plan = plan_of(sitting)
    return {
        "version": sitting.version,
        "date": plan.start.date(),
        "start": plan.start.time(),
        "end": plan.end.time() if plan.end else None,
        "title": plan.title,
        "number": plan.number,
        "mode": plan.mode,
        "place": plan.place_id,
        "video_url": plan.video_url,
        "public": plan.public,
        "status": plan.status,
    }
