"""`flask accounts …`."""

from datetime import datetime
from pathlib import Path

import click
from flask.cli import AppGroup
from flask_security import hash_password
from flask_security.proxies import _security
from sqlalchemy import select

from coordination.accounts import factors, operations, queries
from coordination.accounts.operations import Duty
from coordination.accounts.rules import Role, holds_on
from coordination.organizations.queries import find_by_key
from coordination.people.models import Person
from core.access import SYSTEM
from core.clock import today
from core.csv_files import Line, read_csv
from core.database import session
from core.errors import Refused
from core.importing import Done, finish, import_options, parse_choice, run_import
from core.languages import _

group = AppGroup("accounts", help="Accounts: create, import.")


@group.command("create")
@click.argument("email")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--organization", default="", help="Short name of the organization; committee:SLUG for a committee.")
@click.option("--person", default="", help="Short name of the person.")
@click.option("--link", is_flag=True, help="Ask for no password: send a mail that leads to the sign-in page.")
def create(email: str, role: str, organization: str, person: str, link: bool) -> None:
    """Enter an account with a role."""
    try:
        duty = Duty(Role(role), organization_id(organization))
        password_hash = None if link else hashed(click.prompt("Password", hide_input=True, confirmation_prompt=True))
        account = operations.create_account(
            SYSTEM, email, person_id=person_id(person), duty=duty, password_hash=password_hash, invite=link
        )
    except Refused as refused:
        raise click.ClickException(refused.message) from refused
    click.echo(f"{account.email}: {role}")
    if link:
        click.echo("A mail that leads to the sign-in page is in the outbox.")


@group.command("take-off-second-factor")
@click.argument("email")
def take_off_second_factor(email: str) -> None:
    """Sign-in asks this account for no code any more: where nobody is left who administers and can do it."""
    account = queries.find_account(email)
    if account is None:
        raise click.ClickException(_("There is no account with this address."))
    factors.take_off(SYSTEM, account.id)
    click.echo(f"{account.email}: off")


@group.command("import")
@import_options
def import_file(file: Path, as_of: datetime | None, quiet: bool) -> None:  # noqa: ARG001
    """Read accounts from a CSV file, one line a role: run twice, it changes nothing. No mail is sent."""
    lines = read_csv(file, required=["email", "role"], optional=["organization", "person"])
    finish(run_import(lines, take, quiet=quiet))


def take(line: Line) -> Done:
    """Enter the account of one line, or give it the line's role."""
    duty = Duty(parse_choice(line["role"], Role), organization_id(line["organization"]))
    person = person_id(line["person"])
    account = queries.find_account(line["email"])
    if account is None:
        operations.create_account(SYSTEM, line["email"], person_id=person, duty=duty)
        return Done.ADDED
    account_id, before = account.id, (account.person_id, _holds(account.id, duty))
    if person is not None and account.person_id != person:
        operations.link_person(SYSTEM, account_id, person)
    if not before[1]:
        operations.assign(SYSTEM, account_id, duty)
    unchanged = before[1] and person in (None, before[0])
    return Done.UNCHANGED if unchanged else Done.CHANGED


def _holds(account_id: int, duty: Duty) -> bool:
    return any(
        (row.role, row.organization_id) == (duty.role, duty.organization_id)
        and holds_on(today(), row.starts_on, row.ends_on)
        for row in queries.get_account(account_id).assignments
    )


def organization_id(key: str) -> int | None:
    """The organization with this short name; a committee's own may be named `committee:<slug>`. Refused: unknown."""
    if not key:
        return None
    row = find_by_key(key.removeprefix("committee:"))
    if row is None:
        raise Refused(_("There is no organization with the short name “%(key)s”.", key=key), "organization")
    return row.id


def person_id(key: str) -> int | None:
    """The person with this short name. Refused: unknown."""
    if not key:
        return None
    found = session().scalar(select(Person.id).where(Person.key == key))
    if found is None:
        raise Refused(_("There is no person with the short name “%(key)s”.", key=key), "person")
    return found


def hashed(password: str) -> str:
    """The hash of a new password. Refused when it is too short."""
    complaints, plain = _security.password_util.validate(password, True)
    if complaints:
        raise Refused(str(complaints[0]), "password")
    return str(hash_password(plain))
