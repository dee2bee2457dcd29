"""What this room shows on the pages of lower rooms."""

from flask import render_template
from markupsafe import Markup

from calendars.feeds import queries
from coordination.accounts.models import Account
from coordination.people.models import Person
from core.access import Actor


def my_feeds(_actor: Actor, account: Account) -> Markup:
    """The own feeds, and the way to a new one; why there are none where the account has no person."""
    tokens = queries.list_tokens(account.person_id) if account.person_id is not None else []
    page = render_template("calendars/feeds/panel.html", has_person=account.person_id is not None, tokens=tokens)
    return Markup(page)  # noqa: S704 (our own template has escaped the values)


def feeds_of(actor: Actor, person: Person) -> Markup | None:
    """For the administration, on a person's page: which feeds there are, and the way to end one."""
    tokens = queries.list_tokens(person.id) if actor.is_admin else []
    if not tokens:
        return None
    return Markup(render_template("calendars/feeds/of_person.html", tokens=tokens))  # noqa: S704 (as above)
