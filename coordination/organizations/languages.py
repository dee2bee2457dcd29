"""The languages in which organizations work. No list of nations: a language is spoken by whoever speaks it."""

from collections.abc import Iterable

from core.languages import _l

#: ISO 639 code → name
LANGUAGE_LABELS = {
    "ar": _l("Arabic"),
    "am": _l("Amharic"),
    "az": _l("Azerbaijani"),
    "bn": _l("Bengali"),
    "bs": _l("Bosnian"),
    "bg": _l("Bulgarian"),
    "zh": _l("Chinese"),
    "prs": _l("Dari"),
    "de": _l("German"),
    "gsg": _l("German Sign Language"),
    "en": _l("English"),
    "ee": _l("Ewe"),
    "fa": _l("Persian"),
    "fr": _l("French"),
    "ka": _l("Georgian"),
    "el": _l("Greek"),
    "he": _l("Hebrew"),
    "hi": _l("Hindi"),
    "id": _l("Indonesian"),
    "it": _l("Italian"),
    "hr": _l("Croatian"),
    "kmr": _l("Kurdish (Kurmanji)"),
    "ckb": _l("Kurdish (Sorani)"),
    "mk": _l("Macedonian"),
    "ne": _l("Nepali"),
    "ps": _l("Pashto"),
    "pl": _l("Polish"),
    "pt": _l("Portuguese"),
    "pa": _l("Punjabi"),
    "rom": _l("Romani"),
    "ro": _l("Romanian"),
    "ru": _l("Russian"),
    "sr": _l("Serbian"),
    "si": _l("Sinhala"),
    "so": _l("Somali"),
    "es": _l("Spanish"),
    "sw": _l("Swahili"),
    "sq": _l("Albanian"),
    "ta": _l("Tamil"),
    "th": _l("Thai"),
    "ti": _l("Tigrinya"),
    "tr": _l("Turkish"),
    "uk": _l("Ukrainian"),
    "hu": _l("Hungarian"),
    "ur": _l("Urdu"),
    "vi": _l("Vietnamese"),
    "wo": _l("Wolof"),
    "zza": _l("Zazaki"),
}


def in_order(codes: Iterable[str]) -> list[str]:
    """The codes of a list as they are kept: each once, in the order of the table."""
    wanted = set(codes)
    return [code for code in LANGUAGE_LABELS if code in wanted] if wanted else []


def by_name() -> list[tuple[str, str]]:
    """Code and name of each language, by name in the reader's language."""
    return sorted(((code, str(label)) for code, label in LANGUAGE_LABELS.items()), key=lambda pair: pair[1].casefold())
