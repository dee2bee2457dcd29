"""Which passwords are too easy to guess: those that many people use, and those put together from so little.

There is no rule about kinds of signs. `common_passwords.txt` holds, of two lists of 50,000 passwords from leaks (those
of zxcvbn and Django), all of twelve signs or more, and of the first 5,000 of zxcvbn's those of four or more: as the
first 8 hexadecimal digits of their SHA-256, since many are no words for a file of a municipality. Nothing is asked
elsewhere.
"""

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterable
from functools import cache
from pathlib import Path

#: words of this program and its trade that are tried first here (besides names of the municipality and the person)
CONTEXT: list[str] = re.findall(
    r"\w+",
    "augenhöhe augenhoehe passwort kennwort geheim anmelden willkommen verein vereine integration "
    "integrationsrat migration migrationsrat beirat ausländerbeirat rathaus stadt gemeinde kommune "
    "landkreis verwaltung amt sitzung gremium niederschrift tagesordnung protokoll geschäftsstelle "
    "vorstand vorsitz ehrenamt sommer winter herbst frühling montag dienstag mittwoch donnerstag freitag "
    "samstag sonntag januar februar märz april mai juni juli august september oktober november dezember "
    "hallo schatz fussball fußball deutschland berlin hamburg münchen köln ",
)
#: what a password is made of costs so much: a common word, a run along the keyboard; dates and other signs nothing
WORD, RUN = 100, 1
#: what costs no more is still guessed: two words in a row, with whatever else between them
FEW = 2 * WORD + 50
COMMON = Path(__file__).with_name("common_passwords.txt")
#: shortest word that counts, and longest that is looked up
SHORTEST, LONGEST = 4, 24
#: a number of so many digits is a date, a year or a code
DATE = 8
_ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "012345678901234567890123456789",
    *("qwertzuiopü", "qwertyuiop", "asdfghjklöä", "yxcvbnm", "zxcvbnm"),
    *("1qay2wsx3edc4rfv5tgb6zhn7ujm", "1qaz2wsx3edc4rfv5tgb6yhn7ujm"),
    *("1q2w3e4r5t6z7u8i9o0p", "1q2w3e4r5t6y7u8i9o0p", "q1w2e3r4t5z6u7i8o9p0", "q1w2e3r4t5y6u7i8o9p0"),
)
_LOOK_ALIKE = str.maketrans("013457@$!€", "oieastasie")
_TOO_MUCH = 10**6


def is_guessable(password: str, context: Iterable[str] = ()) -> bool:
    """Whether the password is one that is tried early: a common one, or nothing but a few common words, names in
    `context` (of the person, the municipality), dates and runs along the keyboard, whatever signs stand for letters."""
    text = unicodedata.normalize("NFC", password).casefold()
    words = frozenset(part for name in (*CONTEXT, *context) for part in _parts(name))
    forms = {text, text.translate(_LOOK_ALIKE)}
    return any(_is_common(form) or _is_poor(_unit(form), words) for form in forms)


def _parts(name: str) -> list[str]:
    """The words of a name, as they are typed, with and without umlauts."""
    text = name.casefold()
    plain = text
    for umlaut, letters in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        plain = plain.replace(umlaut, letters)
    parts = [part for form in (text, plain) for part in (form, *re.split(r"[\W_]+", form))]
    return [part for part in parts if len(part) >= SHORTEST]


def _unit(text: str) -> str:
    """What is repeated, where the text is nothing but that: „abcabcabc“ is „abc“."""
    again = (text + text).find(text, 1)
    return text[:again]


def _is_poor(text: str, words: Collection[str]) -> bool:
    return len(text) < DATE or len(set(text)) < 5 or text in words or 0 < _cost(text, words) <= FEW


def _cost(text: str, words: Collection[str]) -> int:
    """What it costs at least to put the text together; nothing, where it is dates and signs alone."""
    best = [0] + [_TOO_MUCH] * len(text)
    for start in range(len(text)):
        if best[start] == _TOO_MUCH:
            continue
        for end in range(start + 1, min(len(text), start + LONGEST) + 1):
            price = _price(text, start, end, words)
            best[end] = min(best[end], best[start] + price)
    return best[-1]


def _price(text: str, start: int, end: int, words: Collection[str]) -> int:
    piece = text[start:end]
    if _is_run(piece):
        return RUN
    if (len(piece) == 1 and not piece.isalnum()) or _is_date(text, start, end):
        return 0
    return WORD if piece in words or (len(piece) >= SHORTEST and _is_common(piece)) else _TOO_MUCH


def _is_date(text: str, start: int, end: int) -> bool:
    """Whether this is a whole number, with no digit before or after it, and short enough for a date."""
    around = text[max(start - 1, 0) : start] + text[end : end + 1]
    return end - start <= DATE and text[start:end].isdigit() and not any(sign.isdigit() for sign in around)


def _is_run(piece: str) -> bool:
    """Whether it runs along a row of the keyboard, the alphabet or the numbers, or is one sign again and again."""
    if len(piece) >= 3 and len(set(piece)) == 1:
        return True
    return len(piece) >= SHORTEST and any(piece in row or piece[::-1] in row for row in _ROWS)


def _is_common(text: str) -> bool:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8] in _common()


@cache
def _common() -> frozenset[str]:
    return frozenset(COMMON.read_text(encoding="ascii").split())
