"""Every route demands a permission or is on the short list of public ones; addresses are typed and kebab-case."""

import re

import pytest
from flask import Flask
from werkzeug.routing import Rule

#: Open to everybody. A new public route is a decision: it is added here by hand.
PUBLIC = {
    "account.language",
    "calendar.index",
    "calendar.subscribe",
    "committees.index",
    "committees.show",
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
    "overview.start",
    "pages.show",
    "seats.index",
    "sign_in.enter",
    "sign_in.open_link",
    "sign_in.request_link",
    "sign_in.sent",
    "sittings.hours",
    "sittings.index",
    "sittings.show",
}
#: Flask's own and Flask-Security's, which guards its pages itself.
OTHERS = re.compile(r"^(static|security\..+)$")


def rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if not OTHERS.match(rule.endpoint)]


def test_every_route_demands_something_or_is_public(app: Flask) -> None:
    marked_public = set()
    for rule in rules(app):
        view = app.view_functions[rule.endpoint]
        assert hasattr(view, "__demands__"), f"{rule.endpoint} ({rule.rule}) demands nothing and is not marked public"
        if view.__demands__ is None:
            marked_public.add(rule.endpoint)
    assert marked_public == PUBLIC


def test_addresses_are_typed_and_kebab_case(app: Flask) -> None:
    for rule in rules(app):
        for converter in re.findall(r"<([^>]+)>", rule.rule):
            assert ":" in converter, f"{rule.rule}: <{converter}> has no type"
        plain = re.sub(r"<[^>]+>", "", rule.rule)
        assert re.fullmatch(r"[a-z0-9/.-]*", plain), f"{rule.rule} is not kebab-case"


def test_a_view_without_a_mark_would_be_found(app: Flask) -> None:
    def forgotten() -> str:
        return ""

    with pytest.raises(AssertionError):
        assert hasattr(forgotten, "__demands__")
