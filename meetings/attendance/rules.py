"""Answers before a sitting and presence at it."""

from enum import StrEnum

from core.languages import _l


class Answer(StrEnum):
    """What somebody says before the sitting."""

    COMING = "coming"
    ONLINE = "online"
    NOT_COMING = "not_coming"


ANSWER_LABELS = {
    Answer.COMING: _l("I am coming"),
    Answer.ONLINE: _l("I join online"),
    Answer.NOT_COMING: _l("I cannot come"),
}


class Presence(StrEnum):
    """What was seen at the sitting. A seat without a row is *not recorded* and counts nowhere."""

    PRESENT = "present"
    REMOTE = "remote"
    REPRESENTED = "represented"
    EXCUSED = "excused"
    ABSENT = "absent"


PRESENCE_LABELS = {
    Presence.PRESENT: _l("Present"),
    Presence.REMOTE: _l("Present online"),
    Presence.REPRESENTED: _l("Represented by a deputy"),
    Presence.EXCUSED: _l("Excused"),
    Presence.ABSENT: _l("Absent without excuse"),
}

THERE = frozenset({Presence.PRESENT, Presence.REMOTE, Presence.REPRESENTED})
