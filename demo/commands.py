"""`flask demo …`."""

import click
from flask import current_app
from flask.cli import AppGroup
from rich.console import Console

from core.errors import Refused
from demo.growth import Growth, Size

group = AppGroup("demo", help="Demonstration data. Never in production mode.")


@group.command("grow")
@click.option("--scale", type=click.FloatRange(0, 100, min_open=True), default=1.0, show_default=True)
@click.option("--days", type=click.IntRange(30, 10_000), default=365, show_default=True, help="Length of the period.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same town.")
def grow(scale: float, days: int, seed: int) -> None:
    """Add a large town with a year behind it.

    2,000 organizations, 60 committees, 10,000 sittings, 200,000 lines of attendance and what belongs to them, all of
    it invented; --scale 0.01 makes a hundredth of it.
    """
    if current_app.config["SETTINGS"].mode == "production":
        raise click.ClickException("Invented data has no place in production mode.")
    console = Console(stderr=True)
    with console.status("growing"):
        try:
            Growth(Size().scaled(scale), days=days, seed=seed, tell=lambda what, n: click.echo(f"{what}: {n}")).run()
        except Refused as refused:
            raise click.ClickException(refused.message) from refused
