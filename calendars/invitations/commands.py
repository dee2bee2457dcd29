"""`flask invitations …`: the jobs of this room, run by hand."""

import click
from flask.cli import AppGroup

from calendars.invitations import operations

group = AppGroup("invitations", help="Invitations by mail: tell what changed, remind.")


@group.command("tell")
def tell() -> None:
    """Tell those who were invited what changed since, and ask deputies. The sweep does this every minute."""
    click.echo(operations.tell_all())


@group.command("remind")
def remind() -> None:
    """Remind those who have not answered, once, three days before. The sweep does this every hour."""
    click.echo(operations.remind_all())
