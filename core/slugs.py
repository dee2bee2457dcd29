"""Short names for addresses and files, from a name in any script."""

import re
import secrets
import unicodedata

GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ı": "i"})


def slugify(name: str, longest: int = 60) -> str:
    """Lower-case ASCII letters, digits and hyphens; a random short name where the script has no such letters."""
    plain = unicodedata.normalize("NFKD", name.lower().translate(GERMAN)).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:longest].strip("-")
    return slug or secrets.token_hex(4)


def free_slug(name: str, taken: set[str]) -> str:
    """A short name that is not taken yet: with -2, -3 … behind it where needed."""
    slug, number = slugify(name), 1
    candidate = slug
    while candidate in taken:
        number += 1
        candidate = f"{slug}-{number}"
    return candidate
