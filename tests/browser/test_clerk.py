"""Elif runs the sittings of the Integrationsrat from her desk (1280 px), and in the sitting itself."""

import re
from datetime import date, timedelta
from io import BytesIO

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from core.clock import today

pytestmark = pytest.mark.browser
DESK = 1280


@pytest.fixture
def elif_(as_role):
    """Her browser, signed in."""
    return as_role("clerk", DESK)


def enter_sitting(page, town, day, *, start="18:30", end="20:30", **texts):
    """Fill the form in as far as told; the select boxes by what they show."""
    page.goto(f"/gremien/{town.slug}/sitzungen/neu")
    page.get_by_label("Tag", exact=True).fill(day.isoformat())
    page.get_by_label("Beginn").fill(start)
    page.get_by_label("Ende").fill(end)
    page.get_by_label("Titel").fill(texts.get("title", ""))
    page.get_by_label("Raum").select_option(texts.get("room", "Kein Raum"))
    page.get_by_label("Wie fest der Termin ist").select_option(texts.get("status", "Bestätigt"))


def save(page):
    page.get_by_role("button", name="Speichern", exact=True).click()


def told(page):
    """What the page says was done."""
    return page.get_by_role("status").first


def spring_forward():
    """The coming last Sunday of March: between 2 and 3 o'clock the clocks are put forward."""
    year = today().year + (today() >= date(today().year, 3, 24))
    return next(day for n in range(31, 24, -1) if (day := date(year, 3, n)).weekday() == 6)


def test_scheduling_says_at_once_what_kind_of_time_it_is(town, elif_):
    page, evening = elif_, town.evening(40).date()
    enter_sitting(page, town, evening, start="14:00", end="16:00", title="Klausur")
    hint = page.locator("#hour-hint")
    expect(hint).to_have_text("Das ist Bürozeit: Viele Ehrenamtliche sind dann bei der Arbeit.")
    page.get_by_label("Beginn").fill("18:30")
    page.get_by_label("Ende").fill("20:30")
    page.get_by_label("Titel").focus()
    expect(hint).to_have_text("Das ist außerhalb der Bürozeit: Auch Berufstätige können kommen.")
    save(page)
    expect(told(page)).to_contain_text("Die Sitzung wurde angelegt.")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Klausur")


def test_a_time_that_does_not_exist_is_explained_and_nothing_typed_is_lost(town, elif_):
    page, night = elif_, spring_forward()
    enter_sitting(page, town, night, start="02:30", end="04:00", title="Nachtsitzung", room="Rathaus, Saal")
    save(page)
    expect(page.get_by_role("alert")).to_contain_text("Diese Uhrzeit gibt es nicht")
    start = page.get_by_label("Beginn")
    expect(start).to_have_attribute("aria-invalid", "true")
    expect(page.locator(f"#{start.get_attribute('id')}-error")).to_contain_text("Uhren vorgestellt")
    expect(start).to_have_value("02:30")
    expect(page.get_by_label("Tag", exact=True)).to_have_value(night.isoformat())
    expect(page.get_by_label("Titel")).to_have_value("Nachtsitzung")
    expect(page.get_by_label("Raum").locator("option:checked")).to_have_text("Rathaus, Saal")


def test_a_room_cannot_be_taken_twice(town, elif_):
    page, taken = elif_, town.sitting(42)
    enter_sitting(page, town, taken.starts_local.date(), start="19:30", end="21:00", room="Rathaus, Saal")
    page.get_by_label("Titel").fill("Zur gleichen Zeit")
    save(page)
    room = page.get_by_label("Raum")
    expect(room).to_have_attribute("aria-invalid", "true")
    page.get_by_role("alert").get_by_role("link").click()  # the list at the top leads to the field
    expect(room).to_be_focused()
    expect(page.get_by_label("Titel")).to_have_value("Zur gleichen Zeit")
    page.get_by_label("Beginn").fill("20:30")  # when the others are gone
    page.get_by_label("Ende").fill("22:00")
    save(page)
    expect(told(page)).to_contain_text("Die Sitzung wurde angelegt.")


def test_an_agenda_is_typed_without_the_mouse(town, elif_, tab_to):
    page, sitting = elif_, town.sitting(44)
    page.goto(f"/sitzungen/{sitting.id}/tagesordnung")
    for title in ("Begrüßung", "Bericht aus den Vereinen", "<b>Fest</b> & Musik"):
        expect(page.get_by_label("Titel")).to_be_focused()  # ready to type, each time
        page.keyboard.type(title)
        page.keyboard.press("Enter")
        expect(told(page)).to_contain_text(f"„{title}“ steht jetzt auf der Tagesordnung.")
    expect(page.get_by_label("Titel")).to_be_focused()
    page.keyboard.type("Personalsache")
    tab_to(page.get_by_label("Wird öffentlich behandelt"))
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    tab_to(page.get_by_role("button", name="Nach oben: Bericht aus den Vereinen"), "Shift+Tab")
    page.keyboard.press("Enter")
    expect(told(page)).to_contain_text("ist jetzt TOP 1")
    rows = page.get_by_role("row").filter(has=page.get_by_role("rowheader"))
    expect(rows.get_by_role("rowheader")).to_contain_text(
        ["Bericht aus den Vereinen", "Begrüßung", "<b>Fest</b> & Musik", "Personalsache Nicht öffentlich"]
    )


def test_inviting_moving_and_who_is_told(town, house, elif_):
    page, sitting = elif_, town.sitting(46)
    town.item(sitting, "Wege zum Sportverein")
    page.goto(f"/sitzungen/{sitting.id}")
    page.get_by_role("link", name="Einladen").click()
    names = page.get_by_role("main").get_by_role("list").last
    expect(names).to_contain_text("Amina Sommer")  # before it happens: to whom mail goes
    expect(names).not_to_contain_text("Bela Winter")
    page.get_by_role("button", name="Einladungen verschicken").click()
    expect(told(page)).to_contain_text("Eingeladen: 3 E-Mails gehen jetzt hinaus.")
    mails = house.a_minute_passes()
    assert sorted(mail["To"].addresses[0].display_name for mail in mails) == ["Amina Sommer", "Cem Herbst", "Dana Lenz"]
    assert all("Wege zum Sportverein" in mail.get_body(("plain",)).get_content() for mail in mails)

    page.get_by_role("link", name="Bearbeiten oder verschieben").click()
    expect(page.get_by_role("main")).to_contain_text("3 Personen wurden eingeladen und bekommen je eine E-Mail.")
    later = sitting.starts_local.date() + timedelta(days=1)
    page.get_by_label("Tag", exact=True).fill(later.isoformat())
    page.get_by_label("Grund für die Änderung").fill("Elternabend am selben Tag")
    save(page)
    expect(told(page)).to_contain_text("Die Sitzung wurde gespeichert.")
    mails = house.a_minute_passes()
    assert len(mails) == 3
    assert all("Elternabend am selben Tag" in mail.get_body(("plain",)).get_content() for mail in mails)
    assert all("METHOD:REQUEST" in part.get_content() for mail in mails for part in calendars_of(mail))


def calendars_of(mail):
    """The date as mail programs read it."""
    return [part for part in mail.walk() if part.get_content_type() == "text/calendar" and not part.get_filename()]


def test_two_tabs_write_the_same_text_and_both_are_kept(town, elif_):
    sitting = town.sitting(-4)
    item = town.item(sitting, "Bericht aus den Vereinen")
    address, text = f"/sitzungen/{sitting.id}/niederschrift/bearbeiten", f"textarea[name=text-{item.id}]"
    first, second = elif_, elif_.context.new_page()
    first.goto(address)
    second.goto(address)
    first.locator(text).fill("Der Chor sucht einen Raum.")
    first.get_by_role("button", name="Alle Texte speichern").click()
    expect(told(first)).to_contain_text("Ein Text wurde gespeichert.")

    second.locator(text).fill("Der Chor <b>hat</b> einen Raum.")
    second.get_by_role("button", name="Alle Texte speichern").click()
    expect(second.get_by_role("alert")).to_contain_text("Jemand anderes hat 1 Text ebenfalls geändert.")
    expect(second.get_by_label("Inzwischen von jemand anderem gespeichert")).to_have_value("Der Chor sucht einen Raum.")
    mine = second.get_by_label("Ihr Text, noch nicht gespeichert")
    expect(mine).to_have_value("Der Chor <b>hat</b> einen Raum.")
    mine.fill("Der Chor sucht einen Raum und hat ihn gefunden.")
    second.get_by_role("button", name="Alle Texte speichern").click()
    expect(told(second)).to_contain_text("Ein Text wurde gespeichert.")
    second.get_by_role("link", name="2 Fassungen").click()
    expect(second.get_by_role("main")).to_contain_text("Der Chor sucht einen Raum.")
    expect(second.get_by_role("main")).to_contain_text("Der Chor sucht einen Raum und hat ihn gefunden.")


def test_released_minutes_come_as_pdf_and_the_public_part_leaves_out_what_is_not_public(town, elif_, page_at):
    sitting = town.sitting(-5)
    town.item(sitting, "Bericht aus den Vereinen")
    town.item(sitting, "Personalsache Ahornweg", public=False)
    page = elif_
    page.goto(f"/sitzungen/{sitting.id}/niederschrift/bearbeiten")
    boxes = page.get_by_role("textbox")
    boxes.nth(0).fill("Der Chor sucht einen Raum.")
    boxes.nth(1).fill("Die Stelle wird neu besetzt.")
    page.get_by_role("button", name="Alle Texte speichern").click()
    expect(told(page)).to_contain_text("2 Texte wurden gespeichert.")
    page.get_by_role("link", name="Freigeben", exact=True).click()
    page.get_by_role("button", name="Trotzdem freigeben").click()
    expect(told(page)).to_contain_text("Die Niederschrift ist freigegeben.")
    expect(boxes.nth(0)).not_to_be_editable()

    whole = words_of(page, page.get_by_role("link", name="Niederschrift als PDF"))
    assert "Der Chor sucht einen Raum." in whole
    assert "Personalsache Ahornweg" in whole
    assert "Die Stelle wird neu besetzt." in whole

    somebody = page_at(DESK)  # not signed in
    somebody.goto(f"/sitzungen/{sitting.id}/niederschrift")
    expect(somebody.get_by_role("main")).to_contain_text("Der Chor sucht einen Raum.")
    expect(somebody.get_by_role("main")).not_to_contain_text("Ahornweg")
    public = words_of(somebody, somebody.get_by_role("link", name="Öffentlicher Teil als PDF"))
    assert "Der Chor sucht einen Raum." in public
    assert "Ahornweg" not in public
    assert "neu besetzt" not in public
    assert somebody.context.request.get(f"/sitzungen/{sitting.id}/niederschrift.pdf").headers["content-type"] != (
        "application/pdf"
    )


def words_of(page, link):
    """The text of the PDF that the link leads to."""
    answer = page.context.request.get(link.get_attribute("href"))
    assert answer.body().startswith(b"%PDF")
    return re.sub(r"\s+", " ", "".join(sheet.extract_text() for sheet in PdfReader(BytesIO(answer.body())).pages))
