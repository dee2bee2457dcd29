"""A pseudo language that is written from right to left: German in Arabic letters, for tests and development.

Nobody reads it. It shows whether a page is laid out by the direction of its text, whether a text escaped the
catalogue (it stays in Latin letters), and whether placeholders survive a translation. The code `ar-XB` is CLDR's for
this purpose (Unicode Technical Standard 35, "Pseudo-Locales").
"""

import re
from functools import cache
from pathlib import Path

from babel import Locale
from babel.support import Translations

CODE = "ar-XB"
#: dates, numbers and direction as in Arabic; kept apart from the real Arabic by the modifier
LOCALE = Locale("ar", modifier="pseudo")
#: what must come out as it went in: placeholders, tags, entities, addresses
_KEPT = re.compile(r"(%\(\w+\)[-#0-9.]*[a-z]|%.|</?\w[^>]*>|&#?\w+;|\{[^}]*\}|\w+://\S+|\S+@\S+)")
_LATIN = "abcdefghijklmnopqrstuvwxyzäöüß"
_ARABIC = "ابثدهفجحيژكلمنوپقرستعڤشخىزأؤئص"
_LETTERS = str.maketrans(_LATIN + _LATIN[:-1].upper(), _ARABIC + _ARABIC[:-1])


def mirrored(text: str) -> str:
    """The text in Arabic letters, one for each letter; placeholders, tags and addresses stay as they are."""
    parts = _KEPT.split(text)
    parts[::2] = [part.translate(_LETTERS) for part in parts[::2]]
    return "".join(parts)


#: the language's own name
NAME = mirrored("Spiegelschrift")


class _MirroredTexts(Translations):
    """The texts of another catalogue, mirrored; what it does not have is mirrored as well."""

    def gettext(self, message: str) -> str:
        return mirrored(super().gettext(message))

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return mirrored(super().ngettext(msgid1, msgid2, n))

    ugettext = gettext
    ungettext = ngettext


@cache
def catalogue(folder: Path) -> Translations:
    """The pseudo language's texts and plural forms, made from the German of this folder of catalogues."""
    compiled = folder / "de/LC_MESSAGES/messages.mo"
    if not compiled.exists():
        return _MirroredTexts()
    with compiled.open("rb") as file:
        return _MirroredTexts(file)
