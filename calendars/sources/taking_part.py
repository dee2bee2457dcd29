"""Who sees what is planned together, and who takes part in it: the same for events and for milestones of projects.

Everybody sees what was announced to the public. What is planned, and what is not public, is seen by the people of the
organizations that take part, of departments that give something, and by those of the staff who work on it.

What everybody may see no more is left out, and not told as cancelled: programs take a date out that left the feed, and
a date "cancelled" without a name would be untrue, since it takes place for those who take part, and would still tell
that there is one. Cancelled is what was called off, and that alone.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, Select, false, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from calendars.entry import Audience, Circle
from coordination.accounts.models import Account, Assignment
from coordination.accounts.queries import held_today
from coordination.accounts.rules import Role
from coordination.cooperation.models import MunicipalContribution, Partner
from coordination.organizations.models import Organization
from coordination.planning.models import Follower
from core.database import session
from core.languages import _

#: id, version and name of each organization that takes part, by name
Partners = tuple[tuple[int, int, str], ...]


def seen_by(
    audiences: Iterable[Audience], record: InstrumentedAttribute[int], *, public: ColumnElement[bool]
) -> ColumnElement[bool]:
    """The condition that one of these audiences may see today what has this record; `public`: that everybody may."""
    by_kind: dict[Circle, list[int | None]] = {}
    for audience in audiences:
        by_kind.setdefault(audience.kind, []).append(audience.id)
    ways: list[ColumnElement[bool]] = []
    if Circle.PUBLIC in by_kind:
        ways.append(public)
    if organizations := by_kind.get(Circle.ORGANIZATION):
        takes_part = select(Partner.cooperation_id).where(Partner.organization_id.in_(organizations))
        gives = select(MunicipalContribution.cooperation_id).where(
            MunicipalContribution.department_id.in_(organizations)
        )
        ways += [record.in_(takes_part), record.in_(gives)]
    if people := by_kind.get(Circle.PERSON):
        ways.append(record.in_(_worked_on_by(people)))
    return or_(false(), *ways)


def partners_of(records: Select[int]) -> dict[int, Partners]:
    """Who takes part in each of these, by the id of its record: one query."""
    found = (
        select(Partner.cooperation_id, Organization.id, Organization.version, Organization.name)
        .join(Organization, Organization.id == Partner.organization_id)
        .where(Partner.cooperation_id.in_(records))
        .order_by(Organization.name, Organization.id)
    )
    partners: dict[int, list[tuple[int, int, str]]] = {}
    for cooperation_id, organization_id, version, name in session().execute(found):
        partners.setdefault(cooperation_id, []).append((organization_id, version, name))
    return {cooperation_id: tuple(rows) for cooperation_id, rows in partners.items()}


def together_with(partners: Partners) -> str:
    """One line that names them, in the reader's language; empty where nobody takes part."""
    names = ", ".join(name for _id, _version, name in partners)
    return _("Together with: %(names)s", names=names) if names else ""


def _worked_on_by(people: Sequence[int | None]) -> Select[int]:
    """The records on which these people work for the municipality, as far as they still do today."""
    staff = select(Assignment.account_id).where(Assignment.role.in_((Role.OFFICER, Role.ADMIN)), held_today(Assignment))
    return (
        select(Follower.cooperation_id)
        .join(Account, Account.id == Follower.account_id)
        .where(Account.person_id.in_(people), Account.active.is_(True), Account.id.in_(staff))
    )
