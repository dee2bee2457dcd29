"""Which pages there are, and how their text becomes HTML."""

from enum import StrEnum

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

from core.languages import _l

_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
_TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "h2", "h3", "a", "blockquote", "code", "table", "thead", "tbody"}
_CELLS = {"tr", "th", "td", "hr"}


class PageName(StrEnum):
    """The pages every public body must have; the value is the address."""

    IMPRINT = "impressum"
    PRIVACY = "datenschutz"
    ACCESSIBILITY = "barrierefreiheit"


TITLES = {
    PageName.IMPRINT: _l("Imprint"),
    PageName.PRIVACY: _l("Privacy"),
    PageName.ACCESSIBILITY: _l("Accessibility"),
}


def to_html(text: str) -> Markup:
    """Markdown as safe HTML: no raw HTML, no pictures, links by https, http and mailto alone; headings from h2 down."""
    html = _markdown.render(text).replace("<h1>", "<h2>").replace("</h1>", "</h2>")
    return Markup(  # noqa: S704 - cleaned by nh3 on this line
        nh3.clean(html, tags=_TAGS | _CELLS, attributes={"a": {"href"}}, url_schemes={"https", "http", "mailto"})
    )
