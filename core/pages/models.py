"""Tables of this room."""

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Model, Versioned
from core.pages.rules import PageName


class TextPage(Versioned, Model):
    """The text of one page in one language, as the municipality wrote it (Markdown)."""

    __tablename__ = "text_page"
    __table_args__ = (UniqueConstraint("name", "language"),)
    name: Mapped[PageName] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(8))
    text: Mapped[str] = mapped_column(Text)
