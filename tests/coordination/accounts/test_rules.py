"""Who may hold what, and which permissions a role carries."""

from datetime import date

import pytest

from coordination.accounts.addresses import normal_address
from coordination.accounts.rules import PERMISSIONS, Role, check_holder, holds_on, is_inside
from coordination.organizations.rules import Kind
from core.errors import Refused

ALL = frozenset().union(*PERMISSIONS.values())
#: who may what: a new permission that is missing here fails
TABLE = {
    "organizations.read": "admin officer clerk representative",
    "organizations.edit": "admin officer",
    "organizations.profile": "admin officer representative",
    "organizations.addresses": "admin officer",
    "people.read": "admin officer clerk",
    "people.edit": "admin officer clerk",
    "places.edit": "admin officer clerk",
    "committees.create": "admin",
    "committees.edit": "admin clerk",
    "seats.edit": "admin clerk",
    "sittings.edit": "admin clerk",
    "agenda.edit": "admin clerk",
    "attendance.read": "admin officer clerk",
    "attendance.edit": "admin clerk",
    "minutes.edit": "admin clerk",
    "invitations.send": "admin clerk",
    "accounts.manage": "admin",
    "pages.edit": "admin",
    "contacts.edit": "admin officer",
    "letters.write": "admin officer",
    "cooperation.read": "admin officer representative",
    "cooperation.edit": "admin officer",
    "analysis.read": "admin officer",
    "planning.work": "admin officer representative",
    "projects.plan": "admin officer",
    "projects.propose": "representative",
    "events.plan": "admin officer",
    "events.propose": "representative",
    "support.edit": "admin officer",
    "strategy.edit": "admin officer",
}


def test_the_table_names_every_permission():
    assert set(TABLE) == ALL


@pytest.mark.parametrize("permission", sorted(TABLE))
def test_permissions_by_role(permission):
    holders = {role.value for role in Role if permission in PERMISSIONS[role]}
    assert holders == set(TABLE[permission].split())


FITS = {
    (Role.ADMIN, None),
    (Role.CLERK, Kind.COMMITTEE),
    (Role.OFFICER, Kind.DEPARTMENT),
    *((Role.REPRESENTATIVE, kind) for kind in Kind if kind not in (Kind.COMMITTEE, Kind.DEPARTMENT)),
}


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("kind", [None, *Kind])
def test_each_role_is_held_for_its_kind_of_organization(role, kind):
    if (role, kind) in FITS:
        check_holder(role, kind)
    else:
        with pytest.raises(Refused) as refused:
            check_holder(role, kind)
        assert refused.value.field == "organization"


def test_both_days_of_a_period_belong_to_it():
    first, last = date(2026, 11, 1), date(2026, 11, 30)
    assert holds_on(first, first, last)
    assert holds_on(last, first, last)
    assert not holds_on(date(2026, 10, 31), first, last)
    assert not holds_on(date(2026, 12, 1), first, last)
    assert holds_on(first, None, None)


@pytest.mark.parametrize(
    "typed",
    ["mira@example.org", "MIRA@Example.ORG", " mira@example.org\t", "ｍｉｒａ@example.org", "mira@ｅxample.org"],
)
def test_one_mailbox_has_one_spelling(typed):
    assert normal_address(typed) == "mira@example.org"


def test_a_host_with_umlauts_is_kept_as_mail_servers_take_it():
    assert normal_address("info@Größe.example") == normal_address("info@gro\u0308\u00dfe.example")
    assert normal_address("info@größe.example").isascii()


@pytest.mark.parametrize(
    "typed", ["mırа@example.org", "mıra@example.org", "mira", "@example.org", "", "a b@example.org"]
)
def test_look_alikes_and_what_is_no_address_are_refused(typed):
    with pytest.raises(Refused):
        normal_address(typed)


@pytest.mark.parametrize("target", ["/", "/konto/", "/kalender/?monat=2026-11&alle=1", "/gremien/rat"])
def test_paths_are_inside(target):
    assert is_inside(target)


@pytest.mark.parametrize(
    "target",
    [
        None, "", "konto", "//evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example",
        "javascript:alert(1)", "/\t/evil.example", "/a b", "/\r\nSet-Cookie: a=b", "/a\\..\\b", "/" + "x" * 2000,
    ],
)  # fmt: skip
def test_all_else_is_outside(target):
    assert not is_inside(target)
