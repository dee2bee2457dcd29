"""Modes and states of a sitting."""

from enum import StrEnum

from core.dated import Status
from core.languages import _l


class Mode(StrEnum):
    """The kind of a sitting, as § 42 BbgKVerf asks the minutes to name it."""

    IN_PERSON = "in_person"
    HYBRID = "hybrid"
    VIDEO = "video"


MODE_LABELS = {
    Mode.IN_PERSON: _l("In person"),
    Mode.HYBRID: _l("In person and by video"),
    Mode.VIDEO: _l("By video"),
}
STATUS_LABELS = {
    Status.DRAFT: _l("Draft"),
    Status.TENTATIVE: _l("Planned"),
    Status.CONFIRMED: _l("Confirmed"),
    Status.CANCELLED: _l("Cancelled"),
}
