"""Forms: complaints that help, and two people on one row."""

import re

import pytest
from flask import render_template_string
from werkzeug.datastructures import MultiDict

from coordination.organizations import operations, queries
from coordination.organizations.operations import Profile
from coordination.organizations.rules import Kind
from core.access import SYSTEM
from core.database import session
from core.forms import (
    BooleanField,
    DateField,
    Email,
    Form,
    IntegerField,
    LineField,
    ManyField,
    NumberRange,
    SelectField,
    TimeField,
    VersionedForm,
    choices,
    chosen,
    needed,
    words_of,
)
from core.languages import in_language

CLUB = Profile(name="Verein", kind=Kind.ASSOCIATION, about="Wir singen.")


class EveningForm(Form):
    day = DateField("Day", validators=[needed()])
    start = TimeField("Start", validators=[needed()])
    seats = IntegerField("Seats", validators=[needed(), NumberRange(1, 9, "From 1 to 9, please.")])
    title = LineField("Title", required=True)


GOOD = {"day": "14.01.2027", "start": "18:30", "seats": "3", "title": "Fest"}


def complaints(app, **typed: str) -> dict[str, list[str]]:
    with app.test_request_context(), in_language("de"):
        form = EveningForm(formdata=MultiDict({**GOOD, **typed}), meta={"csrf": False})
        form.validate()
        return {name: [str(message) for message in messages] for name, messages in form.errors.items()}


def test_days_and_times_are_read_as_browsers_and_as_people_write_them(app):
    assert complaints(app) == {}
    assert complaints(app, day="2027-01-14", start="18:30:00") == {}


@pytest.mark.parametrize(
    ("field", "typed", "complaint"),
    [
        ("day", "2026-02-30", "Bitte geben Sie ein Datum wie 14.01.2027 ein."),
        ("day", "bald", "Bitte geben Sie ein Datum wie 14.01.2027 ein."),
        ("start", "25:00", "Bitte geben Sie eine Uhrzeit wie 18:30 ein."),
        ("seats", "²", "Bitte geben Sie eine ganze Zahl ein."),
        ("seats", "1_0", "Bitte geben Sie eine ganze Zahl ein."),
        ("seats", "--5", "Bitte geben Sie eine ganze Zahl ein."),
        ("seats", "9" * 5000, "Bitte geben Sie eine ganze Zahl ein."),
        ("seats", "0", "From 1 to 9, please."),
        *((name, "", "Bitte füllen Sie dieses Feld aus.") for name in GOOD),
        ("title", " \t ", "Bitte füllen Sie dieses Feld aus."),
    ],
)
def test_a_field_gets_one_complaint_that_says_what_to_do(app, field, typed, complaint):
    assert complaints(app, **{field: typed}) == {field: [complaint]}


class WordsForm(VersionedForm):
    day = DateField("Day")
    start = TimeField("Start")
    public = BooleanField("Public")
    kind = SelectField("Kind", choices=choices([("a", "Verein"), ("b", "Firma")]))
    title = LineField("Title")


def test_a_saved_state_is_told_as_people_read_it(app):
    with app.test_request_context(), in_language("de"):
        typed = MultiDict({"day": "2027-01-14", "start": "00:00", "kind": "b"})
        form = WordsForm(formdata=typed, meta={"csrf": False})
        shown = [field for field in form if field.name != "version"]
        assert [words_of(field) for field in shown] == ["Do., 14. Januar 2027", "00:00", "Nein", "Firma", ""]


@pytest.mark.parametrize("opened", ["", "²", "9" * 5000, "-1", "x"])
def test_a_version_that_is_none_does_no_harm(app, opened):
    with app.test_request_context():
        assert WordsForm(formdata=MultiDict({"version": opened}), meta={"csrf": False}).version.data is None


def test_who_saves_over_somebody_sees_what_differs_and_may_then_save(sign_in):
    client = sign_in("officer")
    row = operations.create_organization(SYSTEM, CLUB)
    address, opened = f"/organisationen/{row.id}/bearbeiten", row.version
    operations.edit_organization(
        SYSTEM, row.id, version=None, profile=Profile(name="<b>Klub", kind=Kind.COMPANY, about="Wir singen.")
    )
    typed = {"name": "Chor", "kind": "association", "about": "Wir singen.", "phone": "030 1"}
    page = client.submit(address, {**typed, "version": opened}).text
    assert "Inzwischen hat eine andere Person gespeichert." in page
    saved = page[page.index("<dl") : page.index("</dl>")]
    assert "&lt;b&gt;Klub" in saved
    assert "Unternehmen" in saved
    assert "Hier ist nichts eingetragen." in saved, "the other person knows no phone"
    assert "Wir singen." not in saved, "both say the same"
    assert 'value="Chor"' in page
    now = queries.get_organization(row.id).version
    assert f'name="version" type="hidden" value="{now}"' in page
    assert "„Chor“ wurde gespeichert." in client.submit(address, {**typed, "version": now}).text


def test_who_typed_the_same_as_somebody_else_is_told_so(sign_in):
    client = sign_in("officer")
    row = operations.create_organization(SYSTEM, CLUB)
    address, opened = f"/organisationen/{row.id}/bearbeiten", row.version
    operations.edit_organization(SYSTEM, row.id, version=None, profile=Profile(name="Chor", kind=Kind.ASSOCIATION))
    page = client.submit(address, {"name": "Chor", "kind": "association", "version": opened}).text
    assert "Gespeichert ist jetzt dasselbe, was Sie eingegeben haben." in page
    assert "<dl" not in page


def test_a_text_page_that_somebody_wrote_meanwhile_is_not_overwritten(sign_in):
    client = sign_in("admin")
    address = "/impressum/bearbeiten/de"
    assert client.get(address).status_code == 200
    client.submit(address, {"text": "Von der anderen"})
    page = client.submit(address, {"text": "Von mir", "version": ""})
    assert "Von der anderen" in page.text
    session().rollback()
    assert "wurde gespeichert" in client.submit(address, {"text": "Von mir", "version": "1"}).text


@pytest.mark.parametrize(
    ("address", "taken"),
    [("gruss@example.org", True), ("gruss@münchen.example", True), ("jürgen@example.org", False), ("gruss", False)],
)
def test_an_address_is_one_to_which_mail_can_be_sent(app, address, taken):
    class Reached(Form):
        email = LineField("E-mail", validators=[Email("No address.")])

    with app.test_request_context():
        assert Reached(formdata=MultiDict({"email": address}), meta={"csrf": False}).validate() is taken


def test_each_entry_of_the_summary_names_its_field_and_leads_there(app):
    class QuestionsForm(EveningForm):
        kinds = ManyField("Which kinds?", choices=choices([("a", "Dance")]), validators=[chosen()])

    with app.test_request_context(), in_language("de"):
        form = QuestionsForm(formdata=MultiDict({**GOOD, "title": " ", "seats": "10"}), meta={"csrf": False})
        form.validate()
        page = render_template_string('{% from "components/form.html" import form %}{{ form(f, "Send") }}', f=form)
    summary = page[page.index("error-summary__list") : page.index("</ul>")]
    assert re.findall(r'href="#(.+?)">(.+?)<', summary) == [
        ("seats", "Seats: From 1 to 9, please."),
        ("title", "Title: Bitte füllen Sie dieses Feld aus."),
        ("kinds-0", "Which kinds: Bitte wählen Sie eine der Möglichkeiten."),
    ]
    assert all(f'id="{target}"' in page for target in ("seats", "title", "kinds-0"))
