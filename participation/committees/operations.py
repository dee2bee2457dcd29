"""Changing committees."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import select

from coordination.cooperation import operations as cooperations
from coordination.cooperation.facts import Kept
from coordination.cooperation.models import Cooperation
from coordination.cooperation.rules import Figure, Format, Source, Status
from coordination.organizations import operations as organizations
from coordination.organizations.models import Organization
from coordination.organizations.operations import Profile
from coordination.organizations.rules import Kind as OrganizationKind
from core import history
from core.access import Actor
from core.clock import to_local
from core.database import check_version, get_row, transaction
from core.errors import Refused
from core.languages import _
from core.slugs import free_slug, slugify
from participation.committees.models import Committee
from participation.committees.rules import LONGEST_NOTICE, MOST_SEATS, Kind, QuorumRule


@dataclass(frozen=True)
class Charter:
    """What can be said of a committee; see the model for the meaning of each."""

    name: str
    kind: Kind
    short_name: str = ""
    about: str = ""
    notice_days: int = 7
    quorum_rule: QuorumRule = QuorumRule.MAJORITY_OF_VOTING_SEATS
    statutory_seats: int | None = None
    statutory_voting_seats: int | None = None
    public: bool = True
    publishes_attendance: bool = False
    figure: Figure | None = None


def charter_of(committee: Committee) -> Charter:
    """The charter as it is kept: what a form opens with, and what an import compares with."""
    texts = committee.organization
    return Charter(
        name=texts.name,
        short_name=texts.short_name,
        about=texts.about,
        kind=Kind(committee.kind),
        quorum_rule=QuorumRule(committee.quorum_rule),
        figure=Figure(committee.figure) if committee.figure else None,
        **{name: getattr(committee, name) for name in _NUMBERS_AND_SWITCHES},
    )


def create_committee(actor: Actor, charter: Charter, *, slug: str = "") -> Committee:
    """Found a committee, and with it the organization that stands for it (its key is the slug).

    Without a `slug` one is made from the name. Refused: a slug that is taken or no short name for an address,
    a name that somebody else entered at the same moment, numbers beyond reason, more seats with a vote than seats.
    """
    _check(charter)
    with transaction() as session:
        taken = {*session.scalars(select(Committee.slug)), *session.scalars(select(Organization.key))}
        if slug and (slug in taken or slugify(slug, longest=80) != slug):
            raise Refused(_("“%(slug)s” is taken or is no short name for an address.", slug=slug), "slug")
        slug = slug or free_slug(charter.name, taken)
        organization = organizations.create_organization(actor, _profile(charter), key=slug)
        session.flush()
        row = Committee(slug=slug, organization=organization, **_own_columns(charter))
        row.cooperation = _keep_in_step(actor, row)
        session.add(row)
        history.record(actor, "committees.create", row)
    return row


def edit_committee(actor: Actor, committee_id: int, *, version: int | None, charter: Charter) -> Committee:
    """Save the charter. Raises NotFound, Outdated when somebody saved since `version`, and Refused as creating does."""
    _check(charter)
    with transaction():
        row = get_row(Committee, committee_id)
        check_version(row, version)
        before = charter_of(row)
        if before == charter:
            return row
        if _profile(before) != _profile(charter):
            organizations.edit_organization(actor, row.organization_id, version=None, profile=_profile(charter))
            row.version += 1  # the name is part of what was edited here, and stands in calendars
        for name, value in _own_columns(charter).items():
            setattr(row, name, value)
        _keep_in_step(actor, row)
        history.record(actor, "committees.edit", row)
    return row


def archive_committee(actor: Actor, committee_id: int) -> Committee:
    """Keep the committee for the records only. Twice is as once."""
    with transaction():
        row = get_row(Committee, committee_id)
        if row.organization.archived_at is None:
            organizations.archive_organization(actor, row.organization_id)
            _keep_in_step(actor, row)
            history.record(actor, "committees.archive", row)
    return row


def restore_committee(actor: Actor, committee_id: int) -> Committee:
    """Take an archived committee back. Twice is as once."""
    with transaction():
        row = get_row(Committee, committee_id)
        if row.organization.archived_at is not None:
            organizations.restore_organization(actor, row.organization_id)
            _keep_in_step(actor, row)
            history.record(actor, "committees.restore", row)
    return row


def set_seated(actor: Actor, committee_id: int, *, organization_ids: Collection[int], since: date | None) -> None:
    """For the seats, within their transaction: these organizations have, had or will have a seat.

    So they are the partners in the committee's record of cooperation. `since` is the first day of the first seat.
    """
    with transaction():
        _keep_in_step(actor, get_row(Committee, committee_id), seated=organization_ids, since=since)


def _keep_in_step(
    actor: Actor, row: Committee, *, seated: Collection[int] | None = None, since: date | None = None
) -> Cooperation:
    """The committee's record of cooperation says what the committee says."""
    archived = row.organization.archived_at
    starts_on = since or (row.cooperation.starts_on if row.cooperation else None)
    kept = Kept(
        title=row.name,
        format=Format.COMMITTEE,
        status=Status.RUNNING if archived is None else Status.HELD,
        starts_on=starts_on,
        ends_on=max(to_local(archived).date(), starts_on) if archived and starts_on else None,
        figure=row.counts_for,
        restricted=not row.public,
    )
    return cooperations.keep_in_step(
        actor, row.cooperation_id, source=Source.COMMITTEE, kept=kept, key=row.slug, partner_ids=seated
    )


_ON_THE_ORGANIZATION = ("name", "short_name", "about")
_NUMBERS_AND_SWITCHES = (
    "notice_days",
    "statutory_seats",
    "statutory_voting_seats",
    "public",
    "publishes_attendance",
)


def _profile(charter: Charter) -> Profile:
    return Profile(
        name=charter.name,
        kind=OrganizationKind.COMMITTEE,
        short_name=charter.short_name,
        about=charter.about,
    )


def _own_columns(charter: Charter) -> dict[str, object]:
    return {name: value for name, value in asdict(charter).items() if name not in _ON_THE_ORGANIZATION}


def _check(charter: Charter) -> None:
    if not charter.name:
        raise Refused(_("Please fill in this field."), "name")
    if not 0 <= charter.notice_days <= LONGEST_NOTICE:
        raise Refused(_("Please enter a number from 0 to %(max)d.", max=LONGEST_NOTICE), "notice_days")
    for field in ("statutory_seats", "statutory_voting_seats"):
        number = getattr(charter, field)
        if number is not None and not 0 <= number <= MOST_SEATS:
            raise Refused(_("Please enter a number from 0 to %(max)d.", max=MOST_SEATS), field)
    if (charter.statutory_voting_seats or 0) > (
        MOST_SEATS if charter.statutory_seats is None else charter.statutory_seats
    ):
        raise Refused(_("There cannot be more seats with a vote than seats."), "statutory_voting_seats")
