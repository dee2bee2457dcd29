"""What this room keeps of people: the account, and its roles."""

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import joinedload

from coordination.accounts.models import Account, Assignment
from coordination.accounts.rules import ROLE_LABELS
from core.clock import now, to_local
from core.database import session
from core.languages import LANGUAGES, _l
from core.personal import PersonalTable, Subject, delete_rows, is_of, plain_rows
from core.retention import Retention


def _assignments(subject: Subject) -> ColumnElement[bool]:
    return is_of(Assignment.account_id, subject.account_id)


def _accounts(subject: Subject) -> ColumnElement[bool]:
    return is_of(Account.id, subject.account_id)


def _with_organization(row: Assignment) -> dict[str, Any]:
    return {"organization": row.organization.name if row.organization else None}


def _close_account(subject: Subject) -> None:
    """Nobody signs in by it any more. The number stays taken: the history says by it who did what."""
    row = session().get(Account, subject.account_id) if subject.account_id else None
    if row is None:
        return
    row.email = f"erased-{secrets.token_hex(8)}@erased.invalid"
    row.password = row.language = row.confirmed_at = row.person = None
    row.second_factor_since = row.tf_totp_secret = row.tf_counter = row.mf_recovery_codes = None
    row.active = False
    row.links_used = 0
    row.fs_uniquifier = secrets.token_hex(32)
    row.erased_at = now()


def _ended(before: datetime) -> Select[Assignment]:
    return select(Assignment).where(Assignment.ends_on < to_local(before).date())


ACCOUNT = PersonalTable(
    model=Account,
    holds=_l("The account: the address for signing in, whether a second factor is on, and the language"),
    rows=_accounts,
    tell=lambda subject: plain_rows(
        Account,
        _accounts(subject),
        without=("password", "fs_uniquifier", "links_used", "tf_totp_secret", "tf_counter", "mf_recovery_codes"),
    ),
    erase=_close_account,
    retention=Retention.PARTICIPATION,
    words={"language": LANGUAGES},
)
ASSIGNMENT = PersonalTable(
    model=Assignment,
    holds=_l("Roles on this site"),
    rows=_assignments,
    tell=lambda subject: plain_rows(
        Assignment, _assignments(subject), loading=[joinedload(Assignment.organization)], adding=_with_organization
    ),
    erase=lambda subject: delete_rows(Assignment, _assignments(subject)),
    retention=Retention.ENDED,
    words={"role": ROLE_LABELS},
    expired=_ended,
)
