"""Names of files that people download. Pure."""

import re
import unicodedata
from urllib.parse import quote

MAX_CHARACTERS = 100

_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"})
_FORBIDDEN = re.compile(r'[/\\:*?"<>|%;]+')


def safe_filename(name: str, *, fallback: str = "dokument") -> str:
    """`name` without what could harm or mislead as a file name; without ending, at most 100 characters.

    Taken out are control and format characters (line ends, right-to-left overrides, zero-width signs), signs
    that a file system or a header treats specially, and dots and blanks at the ends. Letters of every script
    stay.
    """
    normal = unicodedata.normalize("NFC", name)
    spaced = "".join(" " if unicodedata.category(sign) in {"Cc", "Zl", "Zp"} else sign for sign in normal)
    visible = "".join(sign for sign in spaced if not unicodedata.category(sign).startswith("C"))
    words = " ".join(_FORBIDDEN.sub("-", visible).split())
    return words.strip(" .-")[:MAX_CHARACTERS].strip(" .-") or fallback


def content_disposition(filename: str, *, inline: bool = False) -> str:
    """The header's value for a file of this name, which is cleaned again but for its ending.

    Old programs get ASCII (`ü` as `ue`), all others the true name (RFC 6266 with RFC 8187 encoding).
    """
    stem, dot, ending = filename.rpartition(".")
    if not dot or not ending.isascii() or not ending.isalnum():
        stem, ending = filename, ""
    tail = f".{ending}" if ending else ""
    name = safe_filename(stem)
    plain = _ascii(name) + tail
    kind = "inline" if inline else "attachment"
    if plain == name + tail:
        return f'{kind}; filename="{plain}"'
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name + tail, safe='')}"


def _ascii(name: str) -> str:
    apart = unicodedata.normalize("NFKD", name.translate(_GERMAN))
    plain = apart.encode("ascii", "ignore").decode("ascii")
    return safe_filename(plain)
