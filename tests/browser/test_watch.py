"""The watch over every page of these tests is itself shown to see what it must not let pass."""

import pytest

pytestmark = pytest.mark.browser
PLANT = "(main, html) => main.insertAdjacentHTML('beforeend', html)"


@pytest.fixture
def page(page_at):
    """An ordinary page, for planting something."""
    page = page_at(1280)
    page.goto("/impressum")
    return page


@pytest.fixture
def complaints(watch):
    """`complaints()`: what was complained of, and then forgiven."""

    def take():
        found, watch.problems[:] = watch.problems[:], []
        return found

    return take


def test_an_inline_style_breaks_the_policy(page, complaints):
    with page.expect_console_message():
        page.locator("main").evaluate(PLANT, "<p style='color: red'>rot</p>")
    (found,) = complaints()
    assert "Content Security Policy" in found


def test_a_missing_part_of_the_page_is_seen(house, page, complaints):
    with page.expect_response("**/gibt-es-nicht.svg"):
        page.locator("main").evaluate(PLANT, "<img src='/static/gibt-es-nicht.svg' alt=''>")
    assert complaints() == [f"404 {house.url}/static/gibt-es-nicht.svg"]


def test_a_call_to_another_host_is_refused_by_the_policy(page, complaints):
    with page.expect_console_message():
        page.locator("main").evaluate(PLANT, "<img src='https://elsewhere.example/pixel.gif' alt=''>")
    assert any("Content Security Policy" in problem for problem in complaints())


def test_a_call_to_another_host_is_seen_where_no_policy_refuses_it(page_at, complaints):
    page = page_at(1280, bypass_csp=True)
    page.goto("/impressum")
    with page.expect_event("requestfailed"):  # no other host has a name here
        page.evaluate("fetch('http://elsewhere.example/').catch(() => 0)")
    assert "asked another host: http://elsewhere.example/" in complaints()
