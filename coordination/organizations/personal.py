"""What this room keeps of people: which account agreed to a publication or took that back."""

from sqlalchemy import ColumnElement, false, or_, select

from coordination.organizations.models import PublicationConsent
from coordination.organizations.publication import FIELD_LABELS, LEVEL_LABELS
from core.database import session
from core.languages import _l
from core.personal import PersonalTable, Subject, plain_rows
from core.retention import Retention


def _by(subject: Subject) -> ColumnElement[bool]:
    if subject.account_id is None:
        return false()
    number = subject.account_id
    return or_(PublicationConsent.account_id == number, PublicationConsent.withdrawn_by == number)


def _forget_account(subject: Subject) -> None:
    """That the organization agreed stays on record; through which account is not told any more."""
    for row in session().scalars(select(PublicationConsent).where(_by(subject))):
        if row.account_id == subject.account_id:
            row.account_id = None
        if row.withdrawn_by == subject.account_id:
            row.withdrawn_by = None


CONSENT = PersonalTable(
    table="publication_consent",
    holds=_l("Consents to publication that the account entered or withdrew for an organization"),
    export=lambda subject: plain_rows(PublicationConsent, _by(subject)),
    erase=_forget_account,
    retention=Retention.RECORDS,
    words={"field": FIELD_LABELS, "level": LEVEL_LABELS},
)
