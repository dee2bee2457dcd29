"""The forms of a sitting's attendance: one choice a seat, read and shown again without losing any; and calls.

It has as many questions as the committee has seats, so it is a list of radio buttons and no WTForms class.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from core.errors import Refused
from core.languages import _
from meetings.attendance.models import Reply
from meetings.attendance.operations import Call, Mark
from meetings.attendance.queries import SeatLine, Sheet
from meetings.attendance.rules import (
    IN_PERSON,
    PRESENCE_LABELS,
    SAID_LABELS,
    Answer,
    Presence,
    answers_for,
    in_one_word,
)
from meetings.sittings.rules import Mode
from participation.seats.models import Appointment


@dataclass(frozen=True)
class Choice:
    """One radio button of a seat. The value is a presence, "represented:<person>", or "" for not recorded."""

    value: str
    label: str
    #: chosen so often that it is offered at once; the others are a fold away
    common: bool = False


@dataclass(frozen=True)
class Question:
    """A seat in the form: what can be chosen, what is chosen, and what was recorded when the form was opened."""

    line: SeatLine
    choices: Sequence[Choice]
    chosen: str
    #: value that the form was opened on; as it was `seen`, it may be none that is offered any more
    was: str
    seen: str
    #: what somebody else recorded since, in words
    meanwhile: str = ""
    #: the choice comes from an answer to the invitation
    suggested: bool = False
    #: what was sent as the choice is not offered, or not any more: a deputy who left since the form was opened
    lost: bool = False

    @property
    def name(self) -> str:
        """The name of the fields of this seat."""
        return f"seat-{self.line.holding.seat.id}"

    @property
    def waits(self) -> bool:
        """Whether the choice is not recorded yet."""
        return self.chosen != self.was

    @property
    def recorded_as(self) -> str:
        """What was recorded when the form was opened, in words."""
        return next(choice.label for choice in self.choices if choice.value == self.was)

    @property
    def untouched(self) -> bool:
        """Whether nothing is recorded of the seat, and nothing chosen."""
        return self.line.recorded is None and not self.chosen

    @property
    def filled_by(self) -> int | None:
        """Who is there on this seat by what is chosen; None: nobody."""
        presence, _colon, person = self.chosen.partition(":")
        if person:
            return int(person)
        member = self.line.holding.member
        return member.person_id if member and presence in IN_PERSON else None

    @property
    def at_hand(self) -> list[Choice]:
        """The choices that are offered at once: the common ones, and the one chosen."""
        common = [each for each in self.choices if each.common]
        return common + [each for each in self.choices if each.value == self.chosen != "" and not each.common]

    @property
    def folded(self) -> list[Choice]:
        """The other choices."""
        return [each for each in self.choices if each not in self.at_hand]

    @property
    def mark(self) -> Mark | None:
        """What is to be recorded; None where the choice is as it was."""
        if self.chosen == self.was:
            return None
        presence, _colon, person = self.chosen.partition(":")
        return Mark(
            self.line.holding.seat.id,
            Presence(presence) if presence else None,
            int(person) if person else None,
            self.seen,
        )


def questions(sheet: Sheet, *, suggest: bool) -> list[Question]:
    """The form as it opens. `suggest`: seats without a record show what the answers let expect, unsaved."""
    return [_question(sheet, line, suggest=suggest) for line in sheet.lines]


def read_questions(sheet: Sheet, form: Mapping[str, str]) -> list[Question]:
    """The form as it was sent; a seat without a choice is as it was. See `refuse_lost`."""
    return [_read(question, form) for question in questions(sheet, suggest=False)]


def refuse_lost(sent: Sequence[Question]) -> None:
    """Refused: a choice that is not offered. The form says for which seat; the other choices stay in it."""
    seats = [str(question.line.holding.seat.label) for question in sent if question.lost]
    if seats:
        raise Refused(
            _("What was chosen is not offered any more: %(seats)s. Please choose again.", seats=", ".join(seats))
        )


def with_the_rest_present(sheet: Sheet, sent: Sequence[Question]) -> list[Question]:
    """The form with the member present on every seat that is untouched; online where the sitting is by video alone.

    Left as they are: vacant seats, and whoever is there on another seat already.
    """
    present = Presence.REMOTE if sheet.sitting.mode == Mode.VIDEO else Presence.PRESENT
    there = {question.filled_by for question in sent}
    found = []
    for question in sent:
        member = question.line.holding.member
        fills = question.untouched and member is not None and member.person_id not in there
        found.append(replace(question, chosen=str(present)) if fills else question)
        there.add(found[-1].filled_by)
    return found


@dataclass(frozen=True)
class CallQuestion:
    """What the clerk may enter for one person on one seat, who has called."""

    line: SeatLine
    asked: Appointment
    #: what they can say, each with its words and whether it is their answer at present
    choices: Sequence[tuple[Answer, Any, bool]]

    @property
    def given(self) -> Answer | None:
        """Their answer at present."""
        return self.line.answers.get(self.asked.person_id)

    @property
    def earlier(self) -> Reply | None:
        """What they answered for another time, from which the sitting was moved since."""
        return self.line.earlier.get(self.asked.person_id)

    @property
    def entered_at(self) -> datetime | None:
        """When the clerk entered it; None where they answered themselves, or not at all."""
        return self.line.phoned.get(self.asked.person_id)

    @property
    def name(self) -> str:
        """Seat and person, as the form sends them."""
        return f"{self.line.holding.seat.id}-{self.asked.person_id}"

    def fits(self, text: str) -> bool:
        """Whether the text is a part of the person's name, or of that of their organization."""
        holder = self.line.holding.seat.organization
        names = (self.asked.person.name, *((holder.name, holder.short_name) if holder else ()))
        return any(text.casefold() in name.casefold() for name in names)

    def call(self, said: Answer | None) -> str:
        """What a button sends: who, for which seat, what was shown as their answer, and what they say now."""
        return f"{self.name}:{self.given or ''}:{said or ''}"


def call_questions(sheet: Sheet) -> list[CallQuestion]:
    """A question for each member, and for each deputy of a seat that is vacant or whose member cannot come."""
    offered = answers_for(online=sheet.sitting.mode != Mode.IN_PERSON)
    found = []
    for line in sheet.lines:
        member = line.holding.member
        deputies = line.holding.deputies if line.open else ()
        for asked in (*([member] if member else ()), *deputies):
            given = line.answers.get(asked.person_id)
            found.append(CallQuestion(line, asked, [(said, SAID_LABELS[said], said is given) for said in offered]))
    return found


def read_call(text: str) -> Call | None:
    """What a button sent, or None for anything else."""
    found = re.fullmatch(r"([0-9]{1,9})-([0-9]{1,9}):([a-z_]*):([a-z_]*)", text, re.ASCII)
    if found is None or not {found[3], found[4]} <= {"", *Answer}:
        return None
    seen, said = (Answer(word) if word else None for word in found.groups()[2:])
    return Call(int(found[2]), int(found[1]), said, seen)


def compared(sheet: Sheet, sent: Sequence[Question]) -> list[Question]:
    """The form as it is shown again after somebody else was faster: choices are kept, the record is today's."""
    fresh = {question.name: question for question in questions(sheet, suggest=False)}
    return [_compared(fresh[question.name], question) for question in sent if question.name in fresh]


def _compared(fresh: Question, sent: Question) -> Question:
    if sent.was == fresh.was:
        return replace(fresh, chosen=sent.chosen)
    if sent.chosen == sent.was:
        return fresh
    return replace(fresh, chosen=sent.chosen, meanwhile=fresh.recorded_as)


def _read(now: Question, form: Mapping[str, str]) -> Question:
    allowed = {choice.value for choice in now.choices}
    was = form.get(f"was-{now.name}", now.was)
    chosen = form.get(now.name, was)
    return replace(
        now,
        chosen=chosen if chosen in allowed else now.was,
        lost=chosen not in allowed and chosen != was,
        was=was if was in allowed else now.was,
        seen=was,
    )


def _question(sheet: Sheet, line: SeatLine, *, suggest: bool) -> Question:
    was = in_one_word(line.presence, line.recorded.person_id if line.recorded else None)
    choices, chosen = _choices(sheet, line, was), was
    if suggest and not was:
        deputy = line.standing_in
        expected = in_one_word(line.expected, deputy.person_id if deputy else None)
        chosen = expected if expected in {choice.value for choice in choices} else was
    return Question(line, choices, chosen, was, was, suggested=chosen != was)


def _choices(sheet: Sheet, line: SeatLine, was: str) -> list[Choice]:
    """What can be recorded of this seat, the common first. Online is offered where the sitting has a video room."""
    member, deputies = line.holding.member, line.holding.deputies
    online = [Choice(str(Presence.REMOTE), _("Online"), common=True)] if sheet.sitting.mode != Mode.IN_PERSON else []
    found = [
        *([_choice(Presence.PRESENT, common=True), *online] if member else []),
        *(Choice(in_one_word(Presence.REPRESENTED, d.person_id), _represented(d), common=not member) for d in deputies),
        _choice(Presence.EXCUSED, common=True),
        _choice(Presence.ABSENT),
        Choice("", _("Not recorded")),
    ]
    if was and was not in {choice.value for choice in found}:
        name = line.there
        label = PRESENCE_LABELS[Presence(was.partition(":")[0])]
        found.append(Choice(was, f"{label} ({name})" if name else str(label)))
    return found


def _choice(presence: Presence, *, common: bool = False) -> Choice:
    return Choice(str(presence), str(PRESENCE_LABELS[presence]), common)


def _represented(deputy: Appointment) -> str:
    return _("Represented by %(name)s", name=deputy.person.name)
