"""Roles and the permissions they carry."""

from enum import StrEnum

from core.languages import _l


class Role(StrEnum):
    """What somebody does here. All but admin are held for one organization."""

    ADMIN = "admin"
    #: works in a department of the municipality
    OFFICER = "officer"
    #: keeps the business of one committee
    CLERK = "clerk"
    #: speaks for a migrant organization
    REPRESENTATIVE = "representative"


ROLE_LABELS = {
    Role.ADMIN: _l("Administration"),
    Role.OFFICER: _l("Department staff"),
    Role.CLERK: _l("Committee clerk"),
    Role.REPRESENTATIVE: _l("Representative of an organization"),
}

_EVERYBODY = frozenset({"organizations.read"})
_OFFICER = _EVERYBODY | {
    "organizations.edit",
    "people.read",
    "people.edit",
    "places.edit",
    "attendance.read",
}
_CLERK = _EVERYBODY | {
    "people.read",
    "people.edit",
    "places.edit",
    "committees.edit",
    "seats.edit",
    "sittings.edit",
    "agenda.edit",
    "attendance.read",
    "attendance.edit",
    "minutes.edit",
    "invitations.send",
}
PERMISSIONS: dict[Role, frozenset[str]] = {
    Role.REPRESENTATIVE: _EVERYBODY,
    Role.OFFICER: _OFFICER,
    Role.CLERK: _CLERK,
    Role.ADMIN: _OFFICER | _CLERK | {"committees.create", "accounts.manage", "pages.edit"},
}
