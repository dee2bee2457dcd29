"""What this room shows on the pages of lower rooms."""

from flask import render_template
from markupsafe import Markup

from calendars.feeds import queries
from coordination.accounts.models import Account
from core.access import Actor


def my_feeds(_actor: Actor, account: Account) -> Markup:
    """The own feeds, and the way to a new one; why there are none where the account has no person."""
    tokens = queries.list_tokens(account.person_id) if account.person_id is not None else []
    page = render_template("calendars/feeds/panel.html", has_person=account.person_id is not None, tokens=tokens)
    return Markup(page)  # noqa: S704 (our own template has escaped the values)
