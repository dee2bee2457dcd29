"""A record in words."""

from coordination.cooperation.models import Cooperation
from core.languages import _, say_date, say_period


def days_of(row: Cooperation) -> str:
    """When it is: its start, its day, or its first and last; empty where nobody knows it yet."""
    if row.starts_local:
        return say_period(row.starts_local, None)
    if row.starts_on and row.ends_on and row.starts_on != row.ends_on:
        days = {"first": say_date(row.starts_on, weekday=False), "last": say_date(row.ends_on, weekday=False)}
        return str(_("%(first)s to %(last)s", **days))
    return say_date(row.starts_on) if row.starts_on else ""
