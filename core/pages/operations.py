"""Writing the pages."""

from core import history
from core.access import Actor
from core.database import check_version, transaction
from core.pages.models import TextPage
from core.pages.queries import find_page
from core.pages.rules import PageName


def save_page(actor: Actor, name: PageName, language: str, *, text: str, version: int | None) -> TextPage:
    """Save the text. Raises Outdated when somebody saved since `version` was opened."""
    with transaction() as session:
        row = find_page(name, language)
        if row is None:
            row = TextPage(name=name, language=language, text=text)
            session.add(row)
        else:
            check_version(row, version)
            row.text = text
        history.record(actor, "pages.save", row)
    return row
