"""The form of the head, and the texts of all items as they are sent in one go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any

from wtforms.validators import Optional

from core.forms import LineField, LongTextField, TimeField, VersionedForm
from core.languages import _l
from core.web import number_of
from meetings.minutes.models import Minutes
from meetings.minutes.operations import Draft, Head
from meetings.minutes.queries import ItemText
from meetings.minutes.rules import LONGEST_REASON
from meetings.sittings.models import Sitting


class HeadForm(VersionedForm):
    """What the minutes say of the sitting as a whole."""

    began = TimeField(_l("Began at"), validators=[Optional()])
    ended = TimeField(
        _l("Ended at"), validators=[Optional()], description=_l("An hour after midnight is taken for the next day.")
    )
    chair_name = LineField(_l("Chair"))
    secretary_name = LineField(_l("Minute taker"))
    guests = LongTextField(
        _l("Others who were there"),
        description=_l("Officials, experts and guests: one a line, with function or organization."),
    )

    def head(self, day: datetime) -> Head:
        """What was entered, for a sitting of this day."""
        began, ended = _on(day, self.began.data), _on(day, self.ended.data)
        if began and ended and ended < began:
            ended += timedelta(days=1)
        return Head(
            began,
            ended,
            self.chair_name.data or "",
            self.secretary_name.data or "",
            self.guests.data or "",
        )


class ReleaseForm(VersionedForm):
    """Releasing minutes again. The reason is asked for where they say something else than before."""

    reason = LineField(
        _l("Why is there a new version?"),
        required=True,
        longest=LONGEST_REASON,
        description=_l("The committee's inner circle reads it with the minutes."),
    )

    def __init__(self, *, needed: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if not needed:
            del self.reason

    @property
    def said(self) -> str:
        """The reason, empty where none is needed."""
        return (self.reason.data or "") if "reason" in self else ""


def opened_with(sitting: Sitting, minutes: Minutes | None, suggested: Mapping[str, str]) -> dict[str, object]:
    """What the form of the head opens with: what was saved, else what is known of the sitting."""
    if minutes is None or not minutes.described:
        version = minutes.version if minutes else 0
        return {"began": sitting.starts_local.time(), "version": version, **suggested}
    return {
        "began": minutes.began_local.time() if minutes.began_local else None,
        "ended": minutes.ended_local.time() if minutes.ended_local else None,
        "chair_name": minutes.chair_name,
        "secretary_name": minutes.secretary_name,
        "guests": minutes.guests,
        "version": minutes.version,
    }


def _on(day: datetime, hour: time | None) -> datetime | None:
    return None if hour is None else datetime.combine(day.date(), hour)


@dataclass(frozen=True)
class TextField:
    """The text of one item in the form: what was typed, and the revision that it stands on."""

    state: ItemText
    text: str
    base: int
    #: somebody else saved `state.text` meanwhile
    conflict: bool = False
    error: str = ""

    @property
    def name(self) -> str:
        """The name of the text area."""
        return f"text-{self.state.item.id}"


def opened(states: Sequence[ItemText]) -> list[TextField]:
    """The form as it opens."""
    return [TextField(state, state.text, state.number) for state in states]


def sent(form: Mapping[str, str]) -> dict[int, Draft]:
    """The texts that were sent, by item, also of items that are none of the sitting any more."""
    numbers = (number_of(name.removeprefix("text-")) for name in form if name.startswith("text-"))
    drafts = {item_id: _draft(item_id, form) for item_id in numbers if item_id is not None}
    return {item_id: draft for item_id, draft in drafts.items() if draft is not None}


def _draft(item_id: int, form: Mapping[str, str]) -> Draft | None:
    text, base = form.get(f"text-{item_id}"), number_of(form.get(f"base-{item_id}"))
    return None if text is None or base is None else Draft(base, text)


def read(states: Sequence[ItemText], drafts: Mapping[int, Draft]) -> list[TextField]:
    """The form as it was sent; an item that was not in it (it was added meanwhile) stays as it is."""
    return [_read(field, drafts.get(field.state.item.id)) for field in opened(states)]


def _read(field: TextField, draft: Draft | None) -> TextField:
    return field if draft is None else replace(field, text=draft.text, base=draft.base)


def left_over(states: Sequence[ItemText], drafts: Mapping[int, Draft]) -> dict[int, Draft]:
    """What was typed for items that were taken off the agenda meanwhile."""
    there = {state.item.id for state in states}
    return {item_id: draft for item_id, draft in drafts.items() if item_id not in there and draft.text.strip()}


def shown_again(states: Sequence[ItemText], drafts: Mapping[int, Draft], conflicts: frozenset[int]) -> list[TextField]:
    """The form after a save: what conflicts keeps its text, now standing on the newest revision.

    So a second save stores it deliberately, after both texts were seen.
    """
    return [
        replace(field, text=drafts[field.state.item.id].text, conflict=True)
        if field.state.item.id in conflicts
        else field
        for field in opened(states)
    ]
