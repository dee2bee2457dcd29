"""What a document may ask of the machine. Pure; looked at before the layout engine sees anything."""

from html.parser import HTMLParser

from core.documents.failed import DocumentFailed
from core.languages import _

MAX_BYTES = 5_000_000
MAX_DEPTH = 200
MAX_ROWS = 3_000
MAX_SPAN = 100

# HTML lets authors leave these end tags out; a new one then ends the open one.
_ENDED_BY_NEXT = frozenset({"dd", "dt", "li", "option", "p", "tbody", "td", "tfoot", "th", "thead", "tr"})
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)


def check_limits(html: str) -> None:
    """Refuse what would keep the layout engine busy for minutes or make it fall over.

    Allowed are 5 MB of UTF-8, elements nested 200 deep, 3,000 table rows in the whole document, and cells
    that span 100 columns or rows. Beyond that DocumentFailed says which. The time needed grows with the
    length of `html` only, not with its nesting.
    """
    if len(html) > MAX_BYTES or len(html.encode("utf-8", "replace")) > MAX_BYTES:
        raise DocumentFailed(
            _(
                "This document is too long for a PDF: it has more than %(limit)s MB of text.",
                limit=MAX_BYTES // 1_000_000,
            )
        )
    counter = _Counter()
    counter.feed(html)
    counter.close()


class _Counter(HTMLParser):
    """Counts while it reads, and stops at the first limit that is passed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.open: list[str] = []
        self.open_count: dict[str, int] = {}
        self.rows = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._check_spans(attrs)
        if tag == "tr":
            self._count_row()
        if tag in _VOID:
            return
        if self.open and self.open[-1] == tag and tag in _ENDED_BY_NEXT:
            return
        self.open.append(tag)
        self.open_count[tag] = self.open_count.get(tag, 0) + 1
        if len(self.open) > MAX_DEPTH:
            raise DocumentFailed(
                _(
                    "This document cannot become a PDF: parts of it are nested more than %(limit)s deep.",
                    limit=MAX_DEPTH,
                )
            )

    def handle_endtag(self, tag: str) -> None:
        if not self.open_count.get(tag):
            return
        while True:
            closed = self.open.pop()
            self.open_count[closed] -= 1
            if closed == tag:
                return

    def _count_row(self) -> None:
        self.rows += 1
        if self.rows > MAX_ROWS:
            raise DocumentFailed(
                _(
                    "This document is too long for a PDF: its tables have more than %(limit)s rows. "
                    "Please choose a shorter period or fewer entries.",
                    limit=MAX_ROWS,
                )
            )

    @staticmethod
    def _check_spans(attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in {"colspan", "rowspan", "span"} and _number(value or "") > MAX_SPAN:
                raise DocumentFailed(
                    _(
                        "This document cannot become a PDF: a table cell spans more than %(limit)s cells.",
                        limit=MAX_SPAN,
                    )
                )


def _number(text: str) -> int:
    """The number at the start of an attribute, read as leniently as browsers do; 0 when there is none."""
    digits = ""
    for sign in text.strip().removeprefix("+"):
        if not ("0" <= sign <= "9"):
            break
        digits += sign
    return int(digits[:18] or 0)
