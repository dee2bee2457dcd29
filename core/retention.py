"""How long what is kept: one table of periods. core/expiry.py deletes what is over.

docs/retention.md says the same with its reasons; a test compares the two.
"""

from datetime import timedelta
from enum import StrEnum

from flask_babel import LazyString

from core.languages import _l


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
#: after so long in the archive, somebody should decide whether a person is erased
SUGGESTED_AFTER = timedelta(days=3 * 365)

#: the same in words, for those whose data it is
PERIOD_LABELS: dict[Retention, LazyString] = {
    Retention.RECORDS: _l("as long as the records of the municipality must be kept"),
    Retention.PARTICIPATION: _l("as long as somebody takes part"),
    Retention.ENDED: _l("up to 3 years after it ended"),
    Retention.ANSWERS: _l("up to 1 year after the sitting"),
    Retention.KEYS: _l("up to 90 days after they ended"),
    Retention.MAIL: _l("up to 30 days after sending"),
    Retention.FORMS: _l("up to 2 days after sending"),
}
