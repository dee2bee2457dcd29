"""What this room shows on the pages of lower rooms."""

from flask import render_template
from markupsafe import Markup

from coordination.people.models import Person
from core.access import Actor


def personal_data_of(actor: Actor, person: Person) -> Markup | None:
    """For the administration, on a person's page: give their data out, or erase them."""
    if not actor.may("accounts.manage") or person.erased_at is not None:
        return None
    return Markup(render_template("coordination/accounts/data_of.html", person=person))  # noqa: S704 (escaped there)
