"""Languages of the pages: which one a person reads, and how dates are said in it."""

from datetime import date, datetime
from functools import lru_cache
from typing import Any

from babel import Locale
from babel.dates import format_date, format_time
from flask import Flask, current_app, g, has_app_context, has_request_context, request, session
from flask_babel import Babel, LazyString, force_locale, gettext, lazy_gettext, ngettext
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from core import pseudo

LANGUAGES = {"de": "Deutsch", "en": "English"}
DEFAULT = "de"

babel = Babel()


def _(message: str, **values: Any) -> str:
    """The message in the reader's language. Outside an application (pure tests) it stays English."""
    if not has_app_context():
        return message % values if values else message
    return str(gettext(message, **values))


def _n(singular: str, plural: str, number: int, **values: Any) -> str:
    """The message in the number's plural form; `%(num)s` stands for the number."""
    if not has_app_context():
        return (singular if number == 1 else plural) % {"num": number, **values}
    return str(ngettext(singular, plural, number, **values))


def _l(message: str, **values: Any) -> LazyString:
    """A message that is translated when it is shown: for forms and tables built at import time."""
    return lazy_gettext(message, **values)


def languages() -> dict[str, str]:
    """Code and own name of each language that pages can be shown in here: LANGUAGES, and where the site is made or
    tested the pseudo language, which nobody can choose elsewhere."""
    if has_app_context() and current_app.config["SETTINGS"].mode in ("development", "test"):
        return {**LANGUAGES, pseudo.CODE: pseudo.mirrored("Spiegelschrift")}
    return LANGUAGES


def chosen_language() -> str:
    """The language of this answer: what the person set, else what the browser asks for, else German."""
    if not has_request_context():
        return str(g.get("language", DEFAULT)) if has_app_context() else DEFAULT
    if "language" in g:
        return str(g.language)
    wished = session.get("language")
    if wished not in languages():
        wished = _browsers_wish(request.headers.get("Accept-Language", ""))
    return str(wished)


@lru_cache(maxsize=256)
def _browsers_wish(header: str) -> str:
    """What a browser asks for. A page asks for each of its dates, and most browsers ask alike: so it is remembered."""
    return parse_accept_header(header, LanguageAccept).best_match(LANGUAGES) or DEFAULT


def locale() -> Locale:
    """The Babel locale of the chosen language."""
    return _locale_of(chosen_language())


@lru_cache(maxsize=8)
def _locale_of(code: str) -> Locale:
    return pseudo.LOCALE if code == pseudo.CODE else Locale.parse(code)


def say_date(day: date, *, weekday: bool = True) -> str:
    """„Do., 14. Januar 2027“ or “Thu, 14 January 2027”."""
    where = locale()
    if where.language == "de":
        return format_date(day, "EEE, d. MMMM y" if weekday else "d. MMMM y", locale=where).replace("..", ".")
    return format_date(day, "EEE, d MMMM y" if weekday else "d MMMM y", locale=where)


def say_time(wall: datetime) -> str:
    """„18:30“: the hour in 24-hour form, in every language of the pages."""
    return format_time(wall, "HH:mm", locale=locale())


def say_moment(wall: datetime) -> str:
    """When something happened: „Do., 14. Januar 2027, 18:30 Uhr“."""
    return _("%(day)s, at %(time)s", day=say_date(wall.date()), time=say_time(wall))


def say_period(start: datetime, end: datetime | None) -> str:
    """A period of wall time as people say it; `end` None means that the end is open."""
    day, begin = say_date(start.date()), say_time(start)
    if end is None:
        return _("%(day)s, from %(begin)s", day=day, begin=begin)
    if end.date() == start.date():
        return _("%(day)s, %(begin)s to %(end)s", day=day, begin=begin, end=say_time(end))
    return _(
        "%(day)s, %(begin)s to %(last_day)s, %(end)s",
        day=day,
        begin=begin,
        last_day=say_date(end.date()),
        end=say_time(end),
    )


def init_app(app: Flask) -> None:
    """Set up translations and the date filters of the templates."""
    app.config["BABEL_DEFAULT_LOCALE"] = DEFAULT
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(app.config["SETTINGS"].root / "translations")
    babel.init_app(app, locale_selector=locale)
    with app.app_context():
        babel.domain_instance.cache[str(pseudo.LOCALE), babel.domain] = pseudo.catalogue(
            app.config["SETTINGS"].root / "translations"
        )
    app.add_template_filter(say_date, "date")
    app.add_template_filter(say_time, "clock")
    app.add_template_filter(say_moment, "moment")
    app.add_template_global(say_period, "period")
    app.context_processor(_language_of_page)


def _language_of_page() -> dict[str, Any]:
    where, chosen = locale(), chosen_language()
    switch = [(code, name, code == chosen) for code, name in languages().items()]
    return {
        "locale_lang": where.language,
        "locale_dir": "rtl" if where.text_direction == "rtl" else "ltr",
        "language_switch": switch,
    }


def in_language(code: str) -> Any:
    """A context in which texts are made in another person's language (mail, feeds): `with in_language("de"):`."""
    return _ForcedLanguage(code if code in languages() else DEFAULT)


class _ForcedLanguage:
    """Sets both our own choice (dates) and Flask-Babel's (texts), and gives both back."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.forced = force_locale(_locale_of(code))

    def __enter__(self) -> None:
        self.before = g.get("language")
        g.language = self.code
        self.forced.__enter__()

    def __exit__(self, *error: object) -> None:
        self.forced.__exit__(*error)
        if self.before is None:
            g.pop("language", None)
        else:
            g.language = self.before
