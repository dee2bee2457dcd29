"""How long what is kept: one table of periods, and the job that deletes what is over.

docs/retention.md says the same with its reasons; a test compares the two.
"""

from datetime import timedelta
from enum import StrEnum


class Retention(StrEnum):
    """Why something is kept: the class that decides how long."""

    #: records of what was decided and by whom; kept as the law on municipalities demands, without those who are erased
    RECORDS = "records"
    #: who takes part, and how they are reached; until they leave and are erased
    PARTICIPATION = "participation"
    #: that somebody took part, after it ended
    ENDED = "ended"
    #: invitations and the answers to them, after the sitting
    ANSWERS = "answers"
    #: keys that were taken back
    KEYS = "keys"
    #: mails, after they were sent or given up
    MAIL = "mail"
    #: what a page answered to a form, so that the same form is answered the same again
    FORMS = "forms"


#: how long each class is kept after it is done with; None: nothing is deleted without a person deciding it
PERIODS: dict[Retention, timedelta | None] = {
    Retention.RECORDS: None,
    Retention.PARTICIPATION: None,
    Retention.ENDED: timedelta(days=3 * 365),
    Retention.ANSWERS: timedelta(days=365),
    Retention.KEYS: timedelta(days=90),
    Retention.MAIL: timedelta(days=30),
    Retention.FORMS: timedelta(days=2),
}
