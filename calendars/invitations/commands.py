"""`flask invitations …`: the jobs of this room, run by hand."""

from datetime import timedelta

import click
from flask.cli import AppGroup

from calendars.invitations import operations
from core.access import SYSTEM
from core.clock import now
from core.errors import Refused
from core.languages import _
from meetings.sittings.queries import between

group = AppGroup("invitations", help="Invitations by mail: invite, tell what changed, remind.")


@group.command("tell")
def tell() -> None:
    """Tell those who were invited what changed since, and ask deputies. The sweep does this every minute."""
    click.echo(operations.tell_all())


@group.command("remind")
def remind() -> None:
    """Remind those who have not answered, once, three days before. The sweep does this every hour."""
    click.echo(operations.remind_all())


@group.command("invite")
@click.option("--within", type=click.IntRange(1, 365), required=True, help="Sittings that begin within so many days.")
@click.option("--reason", default="", help="Why the last sending day was missed, where it was.")
def invite(within: int, reason: str) -> None:
    """Invite to all coming sittings within so many days, where anybody is left to invite; says so for each."""
    for sitting in between(now(), now() + timedelta(days=within)):
        try:
            number = operations.invite(SYSTEM, sitting.id, reason=reason)
        except Refused as refused:
            click.echo(f"{sitting.heading}: {refused.message}")
        else:
            click.echo(_("%(sitting)s: invited, mails: %(number)d", sitting=sitting.heading, number=number))
