"""What this room keeps of people: which account agreed to a publication or took that back."""

from sqlalchemy import ColumnElement, or_, select

from coordination.organizations.models import PublicationConsent
from coordination.organizations.publication import FIELD_LABELS, LEVEL_LABELS
from core.database import session
from core.languages import _l
from core.personal import PersonalTable, Subject, is_of
from core.retention import Retention


def _by(subject: Subject) -> ColumnElement[bool]:
    columns = (PublicationConsent.account_id, PublicationConsent.withdrawn_by)
    return or_(*(is_of(column, subject.account_id) for column in columns))


def _forget_account(subject: Subject) -> None:
    """That the organization agreed stays on record; through which account is not told any more."""
    for row in session().scalars(select(PublicationConsent).where(_by(subject))):
        if row.account_id == subject.account_id:
            row.account_id = None
        if row.withdrawn_by == subject.account_id:
            row.withdrawn_by = None


CONSENT = PersonalTable(
    model=PublicationConsent,
    holds=_l("Consents to publication that the account entered or withdrew for an organization"),
    rows=_by,
    erase=_forget_account,
    retention=Retention.RECORDS,
    words={"field": FIELD_LABELS, "level": LEVEL_LABELS},
)
