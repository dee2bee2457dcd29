"""Without a mouse: who uses a keyboard, a switch or a screen reader gets everywhere."""

import re

import pytest
from playwright.sync_api import expect

from calendars.invitations import operations as invitations
from core.access import SYSTEM
from core.clock import today

pytestmark = pytest.mark.browser


def test_the_first_tab_skips_to_the_content(town, page_at):
    page = page_at(1280)
    page.goto("/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Zum Inhalt springen")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()


def test_elif_signs_in_by_a_link_from_her_mail(town, house, page_at, tab_to):
    page = page_at(1280)
    page.goto("/")
    tab_to(page.get_by_role("banner").get_by_role("link", name="Anmelden"))
    page.keyboard.press("Enter")
    by_link = page.get_by_role("region", name="Link per E-Mail")
    tab_to(by_link.get_by_label("E-Mail"))
    page.keyboard.type("elif@verein.example")
    page.keyboard.press("Enter")
    page.wait_for_url("**/anmelden/link")

    (mail,) = house.a_minute_passes()
    text = mail.get_body(("plain",)).get_content()
    page.goto(re.search(r"http://\S+/anmelden/link/\S+", text).group())
    tab_to(page.get_by_role("checkbox"))
    page.keyboard.press("Space")
    tab_to(page.get_by_role("button", name="Jetzt anmelden"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Was als Nächstes ansteht")


def test_a_focus_that_nobody_sees_is_found(town, page_at, tab_to):
    page = page_at(1280)
    page.goto("/anmelden")
    link = page.get_by_role("banner").get_by_role("link", name="Anmelden")
    tab_to(link)
    link.evaluate("each => { each.style.outline = 'none' }")
    with pytest.raises(AssertionError, match="nobody sees"):
        tab_to(link)


@pytest.fixture
def use(tab_to):
    """`use(button)`: go there with Tab and press Enter; `use(box, "Space")`."""

    def reach(target, key="Enter"):
        tab_to(target)
        target.page.keyboard.press(key)

    return reach


@pytest.fixture
def type_into(tab_to):
    """`type_into(field, "Klausur")`: go there with Tab and type; a list of choices takes the one that begins so."""

    def reach(target, text):
        tab_to(target)
        target.page.keyboard.type(text)

    return reach


def test_amina_answers_takes_it_back_and_reads_it_in_english(town, house, page_at, use):
    sitting = town.sitting(5)
    invitations.invite(SYSTEM, sitting.id)
    mail = next(mail for mail in house.a_minute_passes() if "amina@" in mail["To"])
    page = page_at(1280)
    page.goto(re.search(r"http://\S+/antwort/\S+", mail.get_body(("plain",)).get_content()).group())
    use(page.get_by_role("button", name="Ich komme", exact=True))
    expect(page.get_by_role("status")).to_contain_text("Sie kommen")
    expect(page.get_by_role("button", name="Ich komme Ihre bisherige Antwort")).to_be_visible()
    use(page.get_by_role("button", name="Ich komme nicht"), "Space")  # no: she has another date
    expect(page.get_by_role("status")).to_contain_text("Sie können nicht kommen")
    use(page.get_by_role("main").get_by_role("link", name="English"))
    expect(page.get_by_role("button", name="I cannot come")).to_contain_text("Your answer so far")


def test_amina_chooses_her_language_and_subscribes(town, as_role, use, type_into):
    page = as_role("representative", 1280)
    use(page.locator("summary", has_text="Sprache"))
    use(page.get_by_role("button", name="English"))
    expect(page.get_by_role("heading", level=1)).to_have_text("What is next")
    use(page.locator("summary", has_text="Language"))
    use(page.get_by_role("button", name="Deutsch"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Was als Nächstes ansteht")
    page.goto("/konto/abos/")
    use(page.get_by_role("link", name="Neues Abo"))
    type_into(page.get_by_label("Name"), "Kalender zu Hause")
    type_into(page.get_by_label("Erinnerung"), "1 Tag")
    expect(page.get_by_label("Erinnerung").locator("option:checked")).to_have_text("1 Tag vorher")
    use(page.get_by_role("button", name="Abo anlegen"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Kalender zu Hause")


def test_elif_schedules_a_sitting_and_invites(town, house, as_role, use, type_into):
    page = as_role("clerk", 1280)
    page.goto(f"/gremien/{town.slug}/sitzungen")
    use(page.get_by_role("link", name="Sitzung anlegen"))
    # Tenth of October, 10:10: fields of dates want day or month first and twelve hours or not, as the browser is set.
    type_into(page.get_by_label("Tag", exact=True), f"1010{today().year + 1}")
    type_into(page.get_by_label("Beginn"), "1010AM")
    type_into(page.get_by_label("Ende"), "1111AM")
    type_into(page.get_by_label("Titel"), "Klausur mit Tastatur")
    type_into(page.get_by_label("Raum"), "Rathaus")
    type_into(page.get_by_label("Wie fest der Termin ist"), "Best")
    use(page.get_by_role("button", name="Speichern", exact=True))
    expect(page.get_by_role("status").first).to_contain_text("Die Sitzung wurde angelegt.")

    use(page.get_by_role("link", name="Tagesordnung", exact=True))
    type_into(page.get_by_label("Titel"), "Wege zum Sportverein")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("steht jetzt auf der Tagesordnung")
    use(page.get_by_role("link", name="Überblick", exact=True))
    use(page.get_by_role("link", name="Einladen"))
    use(page.get_by_role("button", name="Einladungen verschicken"))
    expect(page.get_by_role("status").first).to_contain_text("Eingeladen: 3 E-Mails gehen jetzt hinaus.")
    assert len(house.a_minute_passes()) == 3


def test_elif_writes_and_releases_the_minutes(town, as_role, use, type_into):
    sitting = town.sitting(-6)
    town.item(sitting, "Bericht aus den Vereinen")
    page = as_role("clerk", 1280)
    page.goto(f"/sitzungen/{sitting.id}")
    use(page.get_by_role("link", name="Niederschrift", exact=True))
    type_into(page.get_by_role("textbox"), "Der Chor sucht einen Raum.")
    use(page.get_by_role("button", name="Alle Texte speichern"))
    expect(page.get_by_role("status").first).to_contain_text("Ein Text wurde gespeichert.")
    use(page.get_by_role("link", name="Freigeben", exact=True))
    use(page.get_by_role("button", name="Trotzdem freigeben"))
    expect(page.get_by_role("status").first).to_contain_text("Die Niederschrift ist freigegeben.")


def test_elif_records_attendance_with_tab_and_arrows(town, as_role, tab_to):
    sitting = town.sitting(-2)
    page = as_role("clerk", 1280)
    page.goto(f"/sitzungen/{sitting.id}/anwesenheit")
    deputy = page.get_by_role("radio", name="Vertreten durch Bela Winter")
    tab_to(page.get_by_role("group", name="MO 1").get_by_text("Mehr"))
    page.keyboard.press("Enter")
    tab_to(deputy)
    page.keyboard.press("Space")
    expect(deputy).to_be_checked()
    for seat, presence in (("MO 2", "Anwesend"), ("MO 3", "Entschuldigt")):
        group = page.get_by_role("group", name=seat)
        tab_to(group.get_by_role("radio", name="Anwesend", exact=True))
        page.keyboard.press("Space")
        wanted = group.get_by_role("radio", name=presence, exact=True)
        tab_to(wanted, "ArrowDown", most=8)
        expect(wanted).to_be_checked()
    expect(page.get_by_role("group", name="MO 3").locator("xpath=following-sibling::p")).to_contain_text(
        "Gespeichert um"
    )
    tab_to(page.get_by_role("button", name="Alle Sitze speichern"))
    page.keyboard.press("Space")
    expect(page.get_by_role("status").first).to_contain_text("Es war nichts zu speichern")
    expect(page.get_by_text("Beschlussfähig", exact=True)).to_be_visible()
