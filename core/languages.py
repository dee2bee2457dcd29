"""Languages of the pages: which one a person reads, and how dates are said in it."""

from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.support import NullTranslations, Translations
from flask import Flask, current_app, g, has_app_context, has_request_context, request, session
from flask_babel import Babel, LazyString, force_locale
from markupsafe import Markup
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from core import pseudo
from core.settings import ROOT

LANGUAGES = {"de": "Deutsch", "en": "English"}
DEFAULT = "de"
CATALOGUES = ROOT / "translations"

babel = Babel()


def _(message: str, /, **values: Any) -> str:
    """The message in the reader's language. Outside an application (pure tests) it stays English."""
    text = str(_texts().gettext(message))
    return text % values if values else text


def _n(singular: str, plural: str, number: int, /, **values: Any) -> str:
    """The message in the number's plural form; `%(num)s` stands for the number."""
    return str(_texts().ngettext(singular, plural, number)) % {"num": number, **values}


def _l(message: str, /, **values: Any) -> LazyString:
    """A message that is translated when it is shown: for forms and tables built at import time."""
    return LazyString(_, message, **values)


def _on_page(message: str, /, **values: Any) -> Markup:
    """`_` of the templates, all of which are HTML: what is put in is escaped."""
    text = Markup(_texts().gettext(message))  # noqa: S704 - our own text
    return text % values if "%" in text else text


def _on_page_n(singular: str, plural: str, number: int, /, **values: Any) -> Markup:
    """`ngettext` of the templates; `%(num)s` stands for the number."""
    text = Markup(_texts().ngettext(singular, plural, number))  # noqa: S704 - our own text
    return text % {"num": number, **values}


def _texts() -> NullTranslations:
    return _catalogue(chosen_language()) if has_app_context() else NullTranslations()


@cache
def _catalogue(code: str) -> NullTranslations:
    """All texts of a language. Not by Flask-Babel, which looks five times at the context for each text of a page."""
    return pseudo.catalogue(CATALOGUES) if code == pseudo.CODE else Translations.load(CATALOGUES, [code])


def languages() -> dict[str, str]:
    """Code and own name of each language that pages can be shown in here: LANGUAGES, and where the site is made or
    tested the pseudo language, which nobody can choose elsewhere."""
    if has_app_context() and current_app.config["SETTINGS"].mode in ("development", "test"):
        return {**LANGUAGES, pseudo.CODE: pseudo.NAME}
    return LANGUAGES


def chosen_language() -> str:
    """The language of this answer: what the person set, else what the browser asks for, else German.

    Found out once an answer, since a page has hundreds of texts.
    """
    if not has_app_context():
        return DEFAULT
    chosen: str | None = g.get("language")
    if chosen is None:
        if not has_request_context():
            return DEFAULT
        wished = session.get("language")
        chosen = g.language = wished if wished in languages() else _browsers_wish()
    return chosen


def _browsers_wish() -> str:
    header = request.headers.get("Accept-Language", "")
    return parse_accept_header(header, LanguageAccept).best_match(LANGUAGES) or DEFAULT


def locale() -> Locale:
    """The Babel locale of the chosen language."""
    return _locale_of(chosen_language())


@cache
def _locale_of(code: str) -> Locale:
    return pseudo.LOCALE if code == pseudo.CODE else Locale.parse(code)


def say_date(day: date, *, weekday: bool = True) -> str:
    """„Do., 14. Januar 2027“ or “Thu, 14 January 2027”."""
    language = chosen_language()
    pattern = "d. MMMM y" if language == "de" else "d MMMM y"
    return _said(day, f"EEE, {pattern}" if weekday else pattern, language).replace("..", ".")


def say_month(day: date) -> str:
    """The month of a day: „Januar 2027“."""
    return _said(day.replace(day=1), "LLLL y", chosen_language())


@lru_cache(maxsize=4096)
def _said(day: date, pattern: str, language: str) -> str:
    """Remembered: the days of a page are few, and most of them stand on the next page, too."""
    return format_date(day, pattern, locale=_locale_of(language))


def say_time(wall: datetime) -> str:
    """„18:30“: the hour in 24-hour form, in every language of the pages."""
    return f"{wall:%H:%M}"


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
    babel.init_app(app, locale_selector=locale)
    app.jinja_env.globals.update(_=_on_page, ngettext=_on_page_n)
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
