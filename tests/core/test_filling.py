"""What is plainly right is taken as the form takes it; of all else the quick way says nothing."""

import re

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from wtforms import validators

from coordination.organizations.lines import OrganizationLine
from coordination.people.forms import PersonLine
from coordination.people.rules import clean_email
from core.addresses import is_plain_mail, is_plain_web
from core.filling import Filler
from core.forms import DIRECTION_CONTROLS, DateField, Form, all_clean, clean_line, clean_text

ORGANIZATION = {
    "key": "chor",
    "name": "Chor der Brücken",
    "kind": "migrant_organisation",
    "email": "chor@example.org",
    "website": "https://chor.example.org/singen",
    "about": "Wir singen.\nAuch draußen.",
    "integration_department": "",
}
PERSON = {
    "key": "ada",
    "given_name": "Ada",
    "family_name": "Öz",
    "email": "ada.oez@example.org",
    "phone": "+49 761 1",
    "language": "de",
    "function": "",
}
WORDS = st.one_of(
    st.text(max_size=12),
    st.text("ab@.-_/:~ \t\nÄ\u0301\u202e\u200b\x07'", max_size=12),
    st.sampled_from(["", " ", "yes", "no", "de", "xx", "association", "a" * 61, "a" * 201, "Ａ＠ｂ.ｄｅ"]),
    st.from_regex(re.compile(r"[a-z0-9._-]{1,20}@[a-z0-9.-]{1,20}\.(?:de|org|test|com)"), fullmatch=True),
    st.from_regex(re.compile(r"https?://[a-z0-9.-]{1,20}(?:/[a-z.~-]{0,9})?"), fullmatch=True),
)


def judged(form: type[Form], values: dict[str, str]) -> dict | None:
    """What the form itself makes of the values; None where it refuses them."""
    filled = form(formdata=MultiDict(values), meta={"csrf": False})
    return filled.data if filled.validate() else None


@pytest.mark.parametrize(("form", "values"), [(OrganizationLine, ORGANIZATION), (PersonLine, PERSON)])
def test_an_ordinary_line_is_plain_and_the_next_one_does_not_hold_what_was_before(app, form, values):
    filler = Filler(form)
    assert filler.plain(values).data == judged(form, values)
    bare = {
        name: text if name in ("key", "name", "kind", "family_name", "language") else ""
        for name, text in values.items()
    }
    assert filler.plain(bare).data == judged(form, bare)
    left_out = {name: text for name, text in values.items() if name != "email"}
    assert filler.plain(left_out).data == judged(form, left_out)


@pytest.mark.parametrize("form", [OrganizationLine, PersonLine])
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.lists(WORDS, min_size=12, max_size=12), good=st.lists(st.booleans(), min_size=12, max_size=12))
def test_nothing_is_judged_otherwise_than_on_the_page(app, form, words, good):
    base = ORGANIZATION if form is OrganizationLine else PERSON
    values = {name: text if fine else word for (name, text), word, fine in zip(base.items(), words, good, strict=False)}
    filled = Filler(form).plain(values)
    if filled is not None:
        assert filled.data == judged(form, values)


@pytest.mark.parametrize(("form", "base"), [(OrganizationLine, ORGANIZATION), (PersonLine, PERSON)])
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.lists(WORDS, min_size=2, max_size=12), columns=st.lists(st.integers(0, 6), min_size=12, max_size=12))
@example(words=["a" * 201, ""], columns=[0] * 12)
@example(words=["Wir\u202esingen", "Wir\nsingen"], columns=[5] * 12)
def test_columns_hold_what_the_form_makes_of_each_line(app, form, base, words, columns):
    """Of lines that differ from an ordinary one in one text each; ordinary ones among them are plain."""
    names = list(base)
    lines = [base, *({**base, names[at]: word} for at, word in zip(columns, words, strict=False)), base]
    places, held = Filler(form).columns(lines)
    assert {0, len(lines) - 1} <= set(places)
    assert held.keys() == base.keys()
    for place, row in zip(places, zip(*held.values(), strict=True), strict=True):
        data = judged(form, lines[place])
        assert dict(zip(held, row, strict=True)) == {name: data[name] for name in base}


def test_columns_of_no_lines_and_of_lines_without_what_is_needed(app):
    assert Filler(OrganizationLine).columns([]) == ([], {})
    assert Filler(OrganizationLine).columns([{"name": "Chor"}]) == ([], {})


@given(texts=st.lists(WORDS, max_size=4))
@example(texts=["a", "", "Ä\u00a0"])
@example(texts=["a\u0301"])
@example(texts=["\u0301"])
def test_clean_texts_are_left_as_they_are(texts):
    if all_clean(texts):
        for text in texts:
            assert text == clean_line(text) == clean_text(text)
            assert DIRECTION_CONTROLS.isdisjoint(text)


class Holds:
    """As much of a field as a validator looks at."""

    def __init__(self, data: str) -> None:
        self.data = data

    def gettext(self, words: str) -> str:
        return words


@settings(max_examples=200)
@given(text=WORDS)
@example(text="a@b.de")
@example(text="https://a.de")
def test_a_plain_address_is_one(text):
    if is_plain_mail(text):
        validators.Email()(None, Holds(text))
        assert clean_email(text.upper()) == text
    if is_plain_web(text):
        validators.URL()(None, Holds(text))


def test_a_form_that_judges_fields_together_is_not_filled_so():
    class Together(Form):
        first, last = DateField(), DateField()

        def validate(self, extra_validators=None):
            return super().validate(extra_validators) and self.first.data <= self.last.data

    with pytest.raises(ValueError, match="together"):
        Filler(Together)


def test_a_choice_that_only_the_form_judges_is_refused(app):
    class Inline(Form):
        day = DateField()

        def validate_day(self, field):
            """Looks at more than its own text, perhaps."""

    with pytest.raises(ValueError, match="day"):
        Filler(Inline)
