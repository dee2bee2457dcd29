"""A nervous hand: every button pressed twice, back and sent again, in a real browser with and without script."""

import pytest
from playwright.sync_api import expect

from core.database import session, transaction
from meetings.sittings.models import Sitting

pytestmark = pytest.mark.browser


def fill_in(page, town, weeks):
    page.goto(f"/gremien/{town.slug}/sitzungen/neu")
    page.get_by_label("Tag", exact=True).fill(town.evening(weeks).date().isoformat())
    page.get_by_label("Beginn").fill("18:30")
    page.get_by_label("Ende").fill("20:30")
    page.get_by_label("Titel").fill(f"Doppelt {weeks}")


def how_many(weeks):
    session().rollback()
    return session().query(Sitting).filter_by(title=f"Doppelt {weeks}").count()


@pytest.mark.parametrize(("weeks", "script"), [(71, True), (72, False)])
def test_pressed_again_while_it_is_under_way_schedules_one_sitting(as_role, town, weeks, script):
    """A browser swallows the second of two very fast clicks itself; not one while it waits for an answer."""
    page = as_role("clerk", 1280, java_script_enabled=script)
    fill_in(page, town, weeks)
    save = page.get_by_role("button", name="Speichern", exact=True)
    save.scroll_into_view_if_needed()
    box = save.bounding_box()
    with transaction():  # as long as somebody else writes, the server waits
        for _time in range(2):
            with page.expect_request(lambda request: request.method == "POST"):
                page.mouse.click(box["x"] + 10, box["y"] + 10)
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"Doppelt {weeks}")
    expect(page.get_by_role("status").first).to_contain_text("Die Sitzung wurde angelegt.")
    assert how_many(weeks) == 1


@pytest.mark.parametrize(("weeks", "script"), [(73, True), (74, False)])
def test_a_double_click_schedules_one_sitting(as_role, town, weeks, script):
    page = as_role("clerk", 1280, java_script_enabled=script)
    fill_in(page, town, weeks)
    page.get_by_role("button", name="Speichern", exact=True).dblclick(no_wait_after=True)
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"Doppelt {weeks}")
    assert how_many(weeks) == 1


def test_back_and_sent_again_schedules_one_sitting(as_role, town):
    """The page is never kept, so it is fetched anew, and the browser fills in what was typed."""
    page = as_role("clerk", 1280)
    fill_in(page, town, 75)
    for _time in range(2):
        page.get_by_role("button", name="Speichern", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Doppelt 75")
        expect(page.get_by_role("status").first).to_contain_text("Die Sitzung wurde angelegt.")
        assert how_many(75) == 1
        page.go_back()
        assert page.get_by_label("Titel").input_value() == "Doppelt 75"
