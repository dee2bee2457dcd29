"""Every route demands a permission or is on the short list of public ones; addresses are typed and kebab-case."""

import re

import pytest
from flask import Flask
from werkzeug.routing import Rule

from core.access import public

#: Open to everybody. A new public route is a decision: it is added here by hand.
PUBLIC = {
    "account.language",
    "analysis.dates",
    "analysis.development",
    "analysis.index",
    "analysis.indicator_file",
    "analysis.lead",
    "analysis.table",
    "analysis.topics",
    "analysis.yearly_report",
    "attendance.fairness_table",
    "calendar.index",
    "calendar.subscribe",
    "committees.index",
    "committees.show",
    "saved_dates.event",
    "saved_dates.project",
    "events.index",
    "events.show",
    "projects.index",
    "projects.show",
    "feeds.committee",
    "feeds.everything",
    "feeds.personal",
    "health.healthz",
    "health.readyz",
    "health.robots",
    "invitations.answer",
    "invitations.download",
    "minutes.public_document",
    "minutes.show",
    "organizations.index",
    "organizations.show",
    "overview.start",
    "pages.show",
    "responsible.index",
    "seats.index",
    "sign_in.enter",
    "sign_in.open_link",
    "sign_in.request_link",
    "sign_in.sent",
    "sittings.hours",
    "sittings.index",
    "sittings.show",
    "strategy.aim",
    "strategy.index",
    "strategy.measure",
}
#: pages of the library that are not used, and answer 404 (tests/coordination/accounts/test_second_factor.py)
NOT_USED = (
    "security.mf_recovery_codes",
    "security.tf_select",
    "security.two_factor_rescue",
    "security.two_factor_setup",
    "security.two_factor_setup_validate",
)
#: Flask's own and Flask-Security's, which guards its pages itself.
OTHERS = re.compile(r"^(static|security\..+)$")


def rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if not OTHERS.match(rule.endpoint)]


def unmarked(app: Flask) -> list[str]:
    """Routes whose view demands nothing and does not say that it is public."""
    return [rule.rule for rule in rules(app) if not hasattr(app.view_functions[rule.endpoint], "__demands__")]


def marked_public(app: Flask) -> set[str]:
    """Endpoints whose view says that it is public."""
    views = {rule.endpoint: app.view_functions[rule.endpoint] for rule in rules(app)}
    return {endpoint for endpoint, view in views.items() if getattr(view, "__demands__", "") is None}


def untidy(address: str) -> list[str]:
    """What is wrong with an address: arguments without a type, words that are not kebab-case."""
    wrong = [f"<{found}> has no type" for found in re.findall(r"<([^>]+)>", address) if ":" not in found]
    plain = re.sub(r"<[^>]+>", "", address)
    return wrong + ([] if re.fullmatch(r"[a-z0-9/.-]*", plain) else [f"{plain} is not kebab-case"])


@pytest.mark.one_database
def test_every_route_demands_something_or_is_on_the_short_list(app: Flask) -> None:
    assert unmarked(app) == []
    assert marked_public(app) == PUBLIC


@pytest.mark.one_database
def test_addresses_are_typed_and_kebab_case(app: Flask) -> None:
    assert {rule.rule: untidy(rule.rule) for rule in rules(app) if untidy(rule.rule)} == {}


def test_planted_breaches_are_found() -> None:
    planted = Flask("planted")
    planted.add_url_rule("/vergessen", "room.forgotten", lambda: "")
    planted.add_url_rule("/offen", "room.open", public(lambda: ""))
    assert unmarked(planted) == ["/vergessen"]
    assert marked_public(planted) == {"room.open"}
    assert untidy("/gremien/<slug>/") == ["<slug> has no type"]
    assert untidy("/meine_Gremien/<string:slug>") == ["/meine_Gremien/ is not kebab-case"]
    assert untidy("/sitzungen/<int:sitting_id>/niederschrift.pdf") == []
