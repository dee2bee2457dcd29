"""Dated facts of an organization: in which umbrella bodies it is, and in which phase a network is."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from coordination.organizations.models import NetworkPhase, Organization, UmbrellaMembership
from coordination.organizations.operations import lock
from coordination.organizations.rules import MUNICIPAL_KINDS, Criterion, Phase, in_order
from core import history
from core.access import Actor
from core.database import check_version, get_row, session, transaction
from core.errors import Refused
from core.languages import _
from core.periods import check_days, days_overlap


@dataclass(frozen=True)
class Belonging:
    """That an organization belongs to an umbrella body from–until (both days inclusive, None open)."""

    umbrella_id: int
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True)
class Stage:
    """That a network is in a phase from a day on, and what is true of it."""

    since: date
    phase: Phase
    criteria: Collection[str] = ()


def join_umbrella(actor: Actor, organization_id: int, *, belonging: Belonging) -> UmbrellaMembership:
    """Note a membership in an umbrella body. Raises NotFound, and Refused as `_check` says."""
    with transaction() as current:
        lock(organization_id)
        _check(organization_id, belonging)
        row = UmbrellaMembership(organization_id=organization_id, **vars(belonging))
        current.add(row)
        history.record(actor, "organizations.join", row)
    return row


def edit_umbrella(
    actor: Actor, umbrella_membership_id: int, *, version: int | None, belonging: Belonging
) -> UmbrellaMembership:
    """Correct it, or say when it ended. Raises NotFound, Outdated, and Refused as `_check` says."""
    with transaction():
        row = get_row(UmbrellaMembership, umbrella_membership_id)
        check_version(row, version)
        lock(row.organization_id)
        _check(row.organization_id, belonging, besides=row.id)
        for name, value in vars(belonging).items():
            setattr(row, name, value)
        history.record(actor, "organizations.edit", row)
    return row


def remove_umbrella(actor: Actor, umbrella_membership_id: int) -> None:
    """It was entered by mistake. Raises NotFound."""
    _remove(actor, UmbrellaMembership, umbrella_membership_id)


def enter_phase(actor: Actor, organization_id: int, *, stage: Stage) -> NetworkPhase:
    """Note that a network is in a phase from a day on. Raises NotFound; Refused (at `since`) for a day that has one."""
    with transaction() as current:
        lock(organization_id)
        _check_day(organization_id, stage.since)
        row = NetworkPhase(organization_id=organization_id)
        _fill(row, stage)
        current.add(row)
        history.record(actor, "organizations.phase", row)
    return row


def edit_phase(actor: Actor, network_phase_id: int, *, version: int | None, stage: Stage) -> NetworkPhase:
    """Correct a phase. Raises NotFound, Outdated, and Refused as entering does."""
    with transaction():
        row = get_row(NetworkPhase, network_phase_id)
        check_version(row, version)
        lock(row.organization_id)
        _check_day(row.organization_id, stage.since, besides=row.id)
        _fill(row, stage)
        history.record(actor, "organizations.edit", row)
    return row


def remove_phase(actor: Actor, network_phase_id: int) -> None:
    """It was entered by mistake. Raises NotFound."""
    _remove(actor, NetworkPhase, network_phase_id)


def _remove(actor: Actor, model: type[NetworkPhase | UmbrellaMembership], number: int) -> None:
    with transaction() as current:
        row = get_row(model, number)
        history.record(actor, "organizations.remove", row)
        current.delete(row)


def _fill(row: NetworkPhase, stage: Stage) -> None:
    row.since, row.phase, row.criteria = stage.since, stage.phase, in_order(stage.criteria, Criterion)


def _check_day(organization_id: int, since: date, besides: int | None = None) -> None:
    """Refuse a second phase from the same day on."""
    same = select(NetworkPhase.id).filter_by(organization_id=organization_id, since=since)
    if session().scalar(same) not in (None, besides):
        raise Refused(_("A phase is entered for this day already. Please change that one."), "since")


def _check(organization_id: int, belonging: Belonging, besides: int | None = None) -> None:
    """Refused: a period that ends before it begins (at `ends_on`); an umbrella body that is the organization itself or
    a public body (at `umbrella_id`); a period that overlaps with one known already (at `starts_on`)."""
    check_days(belonging.starts_on, belonging.ends_on)
    umbrella = get_row(Organization, belonging.umbrella_id)
    if umbrella.id == organization_id or umbrella.kind in MUNICIPAL_KINDS:
        raise Refused(_("Please choose an umbrella body."), "umbrella_id")
    wanted = belonging.starts_on, belonging.ends_on
    known = select(UmbrellaMembership).filter_by(organization_id=organization_id, umbrella_id=umbrella.id)
    for row in session().scalars(known):
        if row.id != besides and days_overlap(wanted, (row.starts_on, row.ends_on)):
            raise Refused(_("This membership is entered already for a part of this time."), "starts_on")
