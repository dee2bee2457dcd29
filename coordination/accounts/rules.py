"""Roles, the permissions they carry, and for what kind of organization each is held."""

import hashlib
import hmac
import re
import unicodedata
from datetime import date
from enum import StrEnum

from coordination.organizations.rules import MUNICIPAL_KINDS, Kind
from core.errors import Refused
from core.languages import _, _l


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
    "organizations.profile",
    "organizations.addresses",
    "people.read",
    "people.edit",
    "places.edit",
    "contacts.edit",
    "letters.write",
    "attendance.read",
    "cooperation.read",
    "cooperation.edit",
    "analysis.read",
    "planning.work",
    "projects.plan",
    "events.plan",
    "support.edit",
    "strategy.edit",
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
_REPRESENTATIVE = _EVERYBODY | {
    "organizations.profile",
    "cooperation.read",
    "planning.work",
    "projects.propose",
    "events.propose",
}
PERMISSIONS: dict[Role, frozenset[str]] = {
    Role.REPRESENTATIVE: _REPRESENTATIVE,
    Role.OFFICER: _OFFICER,
    Role.CLERK: _CLERK,
    Role.ADMIN: _OFFICER | _CLERK | {"committees.create", "accounts.manage", "pages.edit"},
}

#: who sees or changes much of other people, and is told that a second factor is advised
ADVISED = frozenset({Role.ADMIN, Role.OFFICER, Role.CLERK})


def check_holder(role: Role, kind: Kind | None) -> None:
    """Refuse a role for an organization of the wrong kind (None: for no organization, the administration alone)."""
    if role is Role.ADMIN:
        if kind is not None:
            raise Refused(_("The administration is not held for an organization. Please choose none."), "organization")
    elif kind is None:
        raise Refused(_("Please choose the organization for which this role is held."), "organization")
    elif role is Role.CLERK and kind != Kind.COMMITTEE:
        raise Refused(_("A committee clerk keeps a committee. Please choose a committee."), "organization")
    elif role is Role.OFFICER and kind != Kind.DEPARTMENT:
        raise Refused(_("Department staff work in a department. Please choose a department."), "organization")
    elif role is Role.REPRESENTATIVE and kind in MUNICIPAL_KINDS:
        raise Refused(
            _("A representative speaks for an organization that is neither a department nor a committee."),
            "organization",
        )


def holds_on(day: date, starts_on: date | None, ends_on: date | None) -> bool:
    """Whether a role from–until (both days inclusive, open where None) is held on the day."""
    return (starts_on is None or starts_on <= day) and (ends_on is None or day <= ends_on)


def is_inside(target: str | None) -> bool:
    """Whether an address handed in by a link (`next`) stays within this site, however a browser may read it.

    Inside is a path alone: one slash first, then no second slash or backslash, no control character anywhere.
    """
    return (
        target is not None
        and len(target) < 2000
        and target.startswith("/")
        and not target.startswith(("//", "/\\"))
        and "\\" not in target
        and all(character.isprintable() and character != " " for character in target)
    )


def hash_of(key: str) -> str:
    """What is kept of the key of a session: its SHA-256, hexadecimal. It is random, so it needs no salt."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


#: so many recovery codes somebody gets at a time, and so many signs has each
RECOVERY_CODES, RECOVERY_SIGNS = 5, 12


def recovery_codes(secret: str) -> list[str]:
    """The recovery codes made of a random secret: three times four signs from 0 to f each, 48 bits."""
    made = (hmac.new(secret.encode(), f"recovery code {n}".encode(), hashlib.sha256) for n in range(RECOVERY_CODES))
    return ["-".join(re.findall("....", code.hexdigest()[:RECOVERY_SIGNS])) for code in made]


def plain_recovery_code(text: str) -> str:
    """A recovery code as it is compared, however it was typed: small letters and digits alone."""
    return re.sub(r"[^a-z0-9]", "", plain_digits(text).lower())


def plain_digits(text: str) -> str:
    """The text with the digits of other scripts as 0 to 9, so that any keyboard will do."""
    return "".join(str(unicodedata.decimal(sign, sign)) for sign in text)
