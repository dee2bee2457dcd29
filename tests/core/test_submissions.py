"""A form sent twice does its thing once: pressed twice, sent again, at the same moment; and what is no second time."""

import contextvars
import re
import threading
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError

from calendars.feeds.models import FeedToken
from coordination.organizations import operations as organizations
from coordination.organizations.models import Organization
from coordination.organizations.operations import Profile
from coordination.organizations.rules import Kind
from coordination.people import operations as people
from core import submissions, traces
from core.access import SYSTEM
from core.database import db, session, transaction
from core.personal import Subject
from core.submissions import Submission
from tests.conftest import TEST_NOW, PageClient

NEW = "/organisationen/neu"
ENTERED = "„Verein Aurora“ wurde eingetragen."


def opened(client: PageClient, url: str = NEW, **typed: str) -> dict[str, str]:
    """What a browser sends of the form on this page, with these fields filled in."""
    page = client.get(url).text
    hidden = dict(re.findall(r'name="(csrf_token|submission|version)"[^>]*value="([^"]*)"', page))
    assert hidden["submission"]
    return {**hidden, **typed}


def club(client: PageClient, name: str = "Verein Aurora") -> dict[str, str]:
    return opened(client, name=name, kind="migrant_organisation")


def names() -> list[str]:
    session().rollback()
    return sorted(row.name for row in session().query(Organization))


def test_pressed_twice_it_is_done_once_and_says_the_same(client, sign_in):
    sign_in("officer")
    form = club(client)
    first, second = client.post(NEW, data=form), client.post(NEW, data=form)
    assert first.location == second.location
    assert first.status_code == second.status_code == 302
    assert names() == ["Verein Aurora"]
    assert client.get(second.location).text.count(ENTERED) == 2, "once for each answer"
    late = client.post(NEW, data=form, follow_redirects=True)
    assert ENTERED in late.text
    assert names() == ["Verein Aurora"]


def test_a_form_that_was_refused_has_used_nothing_up(client, sign_in):
    sign_in("officer")
    form = club(client, name="")
    assert client.post(NEW, data=form).status_code == 200
    assert session().query(Submission).count() == 0
    client.post(NEW, data={**form, "name": "Verein Aurora"})
    assert names() == ["Verein Aurora"]


def test_the_same_form_with_other_content_is_another_wish(client, sign_in):
    """Back, another name, sent again: nothing typed is thrown away; and what was said before is not said of this."""
    sign_in("officer")
    form = club(client)
    for name in ("Verein Aurora", "Verein Borea", "Verein Borea", "Verein Aurora"):
        page = client.post(NEW, data={**form, "name": name}, follow_redirects=True)
        assert f"„{name}“ wurde eingetragen." in page.text
    assert names() == ["Verein Aurora", "Verein Aurora", "Verein Borea"]


def test_the_page_opened_anew_is_another_form(client, sign_in):
    sign_in("officer")
    for _time in range(2):
        client.post(NEW, data=club(client))
    assert names() == ["Verein Aurora", "Verein Aurora"]


def test_a_key_means_nothing_to_another_account_nor_elsewhere(client, sign_in, make_account):
    sign_in("officer")
    form = club(client)
    client.post(NEW, data=form)
    sign_in("officer", account=make_account("officer", email="andere@example.org"))
    client.post(NEW, data={**form, "csrf_token": client.csrf_token()})
    assert names() == ["Verein Aurora", "Verein Aurora"]
    elsewhere = client.post(NEW + "?von=anderswo", data={**form, "csrf_token": client.csrf_token()})
    assert elsewhere.status_code == 302
    assert len(names()) == 3


@pytest.mark.parametrize("key", ["", "kurz", "x" * 61, "<b>" * 10, "\ud800" * 30, "ä" * 30])
def test_without_a_proper_key_forms_work_as_ever(client, sign_in, key):
    sign_in("officer")
    form = {**club(client), "submission": key.encode("utf-8", "surrogatepass")}
    assert client.post(NEW, data=form).status_code == 302
    assert session().query(Submission).count() == 0


def test_a_stale_version_does_not_hide_that_it_was_saved(client, sign_in):
    """An edit pressed twice is no conflict with oneself."""
    row = organizations.create_organization(SYSTEM, Profile(name="Alt", kind=Kind.ASSOCIATION))
    sign_in("officer")
    url = f"/organisationen/{row.id}/bearbeiten"
    form = opened(client, url, name="Neu", kind="association")
    answers = [client.post(url, data=form) for _time in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0].location == answers[1].location


def at_once(app: Any, client: PageClient, url: str, forms: list[dict[str, str]]) -> list[Any]:
    """The answers to these forms, sent at the same moment by browsers that carry the same cookies."""
    cookie = client.get_cookie("session")
    assert cookie is not None
    answers: list[Any] = [None] * len(forms)
    start = threading.Barrier(len(forms))

    def send(number: int) -> None:
        browser = app.test_client()
        browser.set_cookie("session", cookie.value)
        start.wait()
        answers[number] = contextvars.Context().run(browser.post, url, data=forms[number])

    threads = [threading.Thread(target=send, args=(number,)) for number in range(len(forms))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_of_many_at_the_same_moment_one_is_carried_out_and_all_are_told_so(app, client, sign_in):
    """Two fingers, a nervous browser: the table's key decides, and the others wait for what the first was answered."""
    sign_in("officer")
    for number in range(3):
        answers = at_once(app, client, NEW, [club(client, name=f"Verein {number}")] * 8)
        assert {answer.status_code for answer in answers} == {302}
        assert len({answer.location for answer in answers}) == 1
        assert answers[0].location == "/organisationen/"
    assert names() == ["Verein 0", "Verein 1", "Verein 2"]


def test_at_the_same_moment_with_other_content_both_are_carried_out(app, client, sign_in):
    sign_in("officer")
    form = club(client)
    at_once(app, client, NEW, [{**form, "name": name} for name in ("Verein Aurora", "Verein Borea")])
    assert names() == ["Verein Aurora", "Verein Borea"]


def test_a_feed_pressed_twice_shows_its_address_both_times(app, client, sign_in):
    """It is shown once and kept nowhere; so whichever answer the browser takes must show it."""
    person = people.create_person(SYSTEM, people.Profile(family_name="Ay"))
    sign_in("representative", person_id=person.id)
    form = opened(client, "/konto/abos/neu", name="Handy", language="de")
    pages = [client.post("/konto/abos/neu", data=form).text for _time in range(2)]
    addresses = [set(re.findall(r"/abo/([\w-]{43})/", page)) for page in pages]
    assert len(addresses[0]) == 1
    assert addresses[0] == addresses[1]
    assert session().query(FeedToken).count() == 1
    assert client.get(f"/abo/{addresses[0].pop()}/Handy.ics").status_code == 200
    renewed = opened(client, f"/konto/abos/{session().query(FeedToken).one().id}")
    url = f"/konto/abos/{session().query(FeedToken).one().id}/erneuern"
    pages = [client.post(url, data=renewed).text for _time in range(2)]
    addresses = [set(re.findall(r"/abo/([\w-]{43})/", page)) for page in pages]
    assert len(addresses[0]) == 1
    assert addresses[0] == addresses[1]
    assert client.get(f"/abo/{addresses[0].pop()}/Handy.ics").status_code == 200
    answers = at_once(
        app, client, "/konto/abos/neu", [opened(client, "/konto/abos/neu", name="Uhr", language="de")] * 4
    )
    shown = {found for answer in answers for found in re.findall(r"/abo/([\w-]{43})/", answer.text)}
    assert len(shown) == 1


def test_where_the_answer_was_lost_it_is_still_told_that_it_was_done(app, client, sign_in, monkeypatch):
    """The server died between the commit and its answer, or could not note it."""
    monkeypatch.setattr(submissions, "LOOKS", 2)
    sign_in("officer")
    form = club(client)

    def fail(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("UPDATE submission"):
            raise OperationalError(statement, {}, Exception("disk full"))

    event.listen(db.engine, "before_cursor_execute", fail)
    assert client.post(NEW, data=form).status_code == 302, "the deed is done, and so it is said"
    event.remove(db.engine, "before_cursor_execute", fail)
    page = client.post(NEW, data=form, follow_redirects=True)
    assert "Dieses Formular kam zweimal an. Es wurde einmal ausgeführt." in page.text
    assert names() == ["Verein Aurora"]


def test_the_table_holds_no_key_and_forgets_after_two_days(app, client, sign_in):
    sign_in("officer")
    form = club(client)
    client.post(NEW, data=form)
    with db.engine.connect() as connection:
        kept = str(connection.execute(text("SELECT * FROM submission")).all())
    assert form["submission"] not in kept
    assert form["csrf_token"] not in kept
    with time_machine.travel(TEST_NOW + timedelta(days=1)):
        assert submissions.forget_old() == 0
    with time_machine.travel(TEST_NOW + timedelta(days=2, minutes=1)):
        assert submissions.forget_old() == 1
    assert "forget-submissions" in app.extensions["jobs"]


def test_a_page_asks_no_more_queries_and_a_form_three_statements_more(client, sign_in, count_queries):
    """Look, claim, note: whatever the form does."""
    sign_in("officer")
    form = club(client)
    plain = {name: value for name, value in form.items() if name != "submission"}
    with count_queries() as without:
        client.post(NEW, data=plain)
    with count_queries() as counted:
        client.post(NEW, data=form)
    assert counted.number <= without.number + 3


def test_what_was_said_of_a_person_is_given_out_and_erased(client, sign_in):
    """A message may name somebody: it is theirs for the two days."""
    sign_in("officer")
    client.post(NEW, data=club(client))
    named = Subject(names=frozenset({"Aurora"}))
    assert ENTERED in str(traces.SUBMISSION.export(named))
    assert traces.SUBMISSION.export(Subject(names=frozenset({"Borea"}))) == []
    with transaction():
        traces.SUBMISSION.erase(named)
    assert traces.SUBMISSION.export(named) == []
    assert session().query(Submission).count() == 1
