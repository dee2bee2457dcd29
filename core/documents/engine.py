"""HTML to PDF with WeasyPrint. Imported by the worker alone, since it loads Pango into the process."""

from functools import partial
from typing import Any

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from core.documents.fetcher import PackagedFetcher
from core.documents.finish import finish, written_clearly
from core.documents.links import drop_unsafe_links

VARIANT: dict[str, Any] = {"pdf_variant": "pdf/a-3a", "pdf_tags": True}


def make_pdf(html: str, *, language: str, title: str, author: str, made_at: str | None) -> bytes:
    """A tagged PDF, PDF/A-3a and PDF/UA-1 in one, with packaged fonts and no attachments.

    Title, author and language of the file are those given here, whatever the HTML says. `made_at` is W3C
    date and time or None for none. The same input gives the same bytes.
    """
    fetcher = PackagedFetcher()
    fonts = FontConfiguration()
    page = HTML(string=html, url_fetcher=fetcher)
    drop_unsafe_links(page.etree_element)
    styles = CSS(url="house:fonts/fonts.css", url_fetcher=fetcher, font_config=fonts)
    document = page.render(font_config=fonts, stylesheets=[styles], **VARIANT)
    _set_metadata(document.metadata, language=language, title=title, author=author, made_at=made_at)
    return written_clearly(lambda spare: document.write_pdf(finisher=partial(finish, spare=spare), **VARIANT))


def _set_metadata(metadata: Any, *, language: str, title: str, author: str, made_at: str | None) -> None:
    metadata.lang = language
    metadata.title = title
    metadata.authors = [author] if author else []
    metadata.created = metadata.modified = made_at
    metadata.generator = metadata.description = None
    metadata.keywords, metadata.attachments, metadata.custom = [], [], {}
