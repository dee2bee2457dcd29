"""Reading the pages."""

from sqlalchemy import select

from core.database import session
from core.languages import DEFAULT
from core.pages.models import TextPage
from core.pages.rules import PageName


def find_page(name: PageName, language: str) -> TextPage | None:
    """The page in exactly this language, or None while nobody wrote it."""
    return session().scalar(select(TextPage).where(TextPage.name == name, TextPage.language == language))


def find_readable(name: PageName, language: str) -> TextPage | None:
    """The page in this language, else in German, else None."""
    return find_page(name, language) or find_page(name, DEFAULT)
