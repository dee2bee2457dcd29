"""QR codes on pages."""

import segno
from markupsafe import Markup

from core.languages import _


def qr_code(text: str, title: str) -> Markup:
    """The text as a QR code, black on white in every theme: inline SVG without style or script.

    `title` says in words what it leads to, for those who do not see it.
    """
    code = segno.make(text, micro=False)
    svg = code.svg_inline(scale=6, border=4, dark="#000", light="#fff", title=title)
    return Markup(svg.replace("<svg ", '<svg role="img" ', 1))  # noqa: S704 (segno escapes the title)


def shared(address: str) -> dict[str, str]:
    """What a page hands to `components/share.html`: its address, in letters and as a code for paper."""
    return {"address": address, "code": qr_code(address, _("Address of this page as a QR code"))}
