"""Elif records who is there during the sitting: each tap saves itself; the buttons do the same without script."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from core.access import SYSTEM
from core.database import session
from meetings.attendance import operations, queries
from meetings.attendance.rules import Presence

pytestmark = pytest.mark.browser
PHONE = 390
weeks_ago = iter(range(60, 90))


@pytest.fixture
def sitting_id(town) -> int:
    """A sitting of the past, of which nothing is recorded yet."""
    return town.sitting(-next(weeks_ago)).id


@pytest.fixture
def recorded(town, sitting_id: int) -> Callable[[], list[str]]:
    """`recorded()`: what is recorded of MO 1, MO 2 and MO 3, "" for nothing."""

    def look() -> list[str]:
        session().rollback()
        rows = queries.attendance_of(sitting_id)
        return [str(rows[seat].presence) if seat in rows else "" for seat in town.seats]

    return look


def seat(page: Page, label: str) -> Locator:
    return page.get_by_role("listitem").filter(has=page.get_by_role("group", name=label))


def choose(page: Page, label: str, presence: str) -> None:
    seat(page, label).get_by_text(presence, exact=True).click()


@pytest.fixture
def page(as_role, sitting_id: int) -> Iterator[Page]:
    page = as_role("clerk", PHONE)
    page.goto(f"/sitzungen/{sitting_id}/anwesenheit")
    return page


def test_each_tap_saves_itself_and_the_last_button_does_the_rest(page, recorded, fits_320):
    choose(page, "MO 2", "Entschuldigt")
    expect(seat(page, "MO 2").get_by_role("status")).to_contain_text("Gespeichert um")
    expect(page.get_by_text("Nicht beschlussfähig", exact=True)).to_be_visible()
    assert recorded() == ["", "excused", ""]
    seat(page, "MO 1").get_by_text("Mehr").click()
    choose(page, "MO 1", "Vertreten durch Bela Winter")
    expect(seat(page, "MO 1").get_by_role("status")).to_contain_text("Gespeichert um")
    fits_320(page)
    page.get_by_role("button", name="Alle anderen als anwesend erfassen").click()
    expect(page.get_by_role("status").first).to_contain_text("Ein Sitz, zu dem noch nichts erfasst war")
    expect(page.get_by_text("Beschlussfähig", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Alle anderen als anwesend erfassen")).to_have_count(0)
    assert recorded() == ["represented", "excused", "present"]


def test_without_a_network_the_choice_stays_and_is_sent_later(page, recorded):
    page.context.set_offline(True)
    choose(page, "MO 1", "Anwesend")
    expect(seat(page, "MO 1").get_by_role("status")).to_contain_text("Noch nicht gespeichert")
    choose(page, "MO 2", "Anwesend")
    expect(seat(page, "MO 2").get_by_role("status")).to_contain_text("Noch nicht gespeichert")
    expect(seat(page, "MO 1").get_by_role("radio", name="Anwesend", exact=True)).to_be_checked()
    assert recorded() == ["", "", ""]
    page.context.set_offline(False)  # the browser says so, and the script sends
    expect(seat(page, "MO 1").get_by_role("status")).to_contain_text("Gespeichert um")
    expect(seat(page, "MO 2").get_by_role("status")).to_contain_text("Gespeichert um")
    assert recorded() == ["present", "present", ""]


def test_what_others_recorded_is_replaced_only_when_it_is_chosen_again(page, town, sitting_id, recorded):
    operations.record(SYSTEM, sitting_id, seat_id=town.seats[0], presence=Presence.EXCUSED)
    choose(page, "MO 1", "Anwesend")
    note = seat(page, "MO 1").get_by_role("status")
    expect(note).to_contain_text("Inzwischen hat jemand anderes erfasst: Entschuldigt.")
    choose(page, "MO 2", "Anwesend")
    expect(seat(page, "MO 2").get_by_role("status")).to_contain_text("Gespeichert um")
    assert recorded() == ["excused", "present", ""]
    choose(page, "MO 1", "Anwesend")
    expect(note).to_contain_text("Gespeichert um")
    assert recorded() == ["present", "present", ""]


def test_saving_right_after_a_tap_finds_nothing_in_its_way(page, recorded):
    for presence in ("Anwesend", "Entschuldigt", "Anwesend"):
        choose(page, "MO 3", presence)
    page.get_by_role("button", name="Alle Sitze speichern").click()
    expect(page.get_by_role("status").first).to_contain_text("Ein Sitz wurde erfasst.")
    choose(page, "MO 3", "Entschuldigt")
    with page.expect_request(lambda request: "x-autosave" in request.headers):
        pass  # under way; now another choice and the button, before the answer is there
    choose(page, "MO 3", "Anwesend")
    page.get_by_role("button", name="Alle Sitze speichern").click()
    expect(page.get_by_role("status").first).not_to_contain_text("jemand anderes")
    expect(page.get_by_role("button", name="Alle Sitze speichern")).to_be_visible()
    assert recorded() == ["", "", "present"]


def test_without_script_the_buttons_do_everything(as_role, sitting_id, recorded):
    page = as_role("clerk", PHONE, java_script_enabled=False)
    page.goto(f"/sitzungen/{sitting_id}/anwesenheit")
    seat(page, "MO 1").get_by_text("Mehr").click()
    choose(page, "MO 1", "Unentschuldigt abwesend")
    choose(page, "MO 2", "Entschuldigt")
    page.get_by_role("button", name="Alle Sitze speichern").click()
    expect(page.get_by_role("status").first).to_contain_text("2 Sitze wurden erfasst.")
    page.get_by_role("button", name="Alle anderen als anwesend erfassen").click()
    expect(page.get_by_role("status").first).to_contain_text("Ein Sitz, zu dem noch nichts erfasst war")
    assert recorded() == ["absent", "excused", "present"]
    choose(page, "MO 2", "Anwesend")
    page.get_by_role("button", name="Alle Sitze speichern").click()
    expect(page.get_by_role("status").first).to_contain_text("Ein Sitz wurde erfasst.")
    assert recorded() == ["absent", "present", "present"]


def test_without_script_arrows_reach_what_is_folded(as_role, sitting_id, tab_to):
    page = as_role("clerk", PHONE, java_script_enabled=False)
    page.goto(f"/sitzungen/{sitting_id}/anwesenheit")
    group = page.get_by_role("group", name="MO 1")
    tab_to(group.get_by_text("Mehr"))
    page.keyboard.press("Enter")
    tab_to(group.get_by_role("radio", name="Anwesend", exact=True), "Shift+Tab", most=3)
    deputy = group.get_by_role("radio", name="Vertreten durch Bela Winter")
    tab_to(deputy, "ArrowDown", most=3)
    expect(deputy).to_be_checked()


@pytest.mark.parametrize("width", [320, PHONE, 1280])
def test_every_choice_is_large_enough_for_a_thumb(as_role, sitting_id, width):
    page = as_role("clerk", width)
    page.goto(f"/sitzungen/{sitting_id}/anwesenheit")
    for each in page.locator(".roll__choice:visible, .roll__open").all():
        box = each.bounding_box()
        assert min(box["width"], box["height"]) >= 44, each.inner_text()
