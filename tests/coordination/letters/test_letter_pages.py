"""The pages /briefe/: from the topic to the mail and the sheet."""

import io
import re

from pypdf import PdfReader
from sqlalchemy import select

from coordination.letters import operations, queries
from coordination.letters.models import Letter
from coordination.letters.operations import Draft
from coordination.letters.queries import Wanted
from coordination.letters.rules import state_of
from coordination.organizations import consents
from coordination.organizations.policies import reader_of
from coordination.organizations.publication import Field, Level
from coordination.organizations.rules import Kind, Topic
from core import reads
from core.access import SYSTEM
from core.database import session
from core.history import lines_of as history_of
from core.outbox import OutboxMail


def the_letter():
    session().expire_all()
    return session().scalars(select(Letter)).one()


def hidden(page, name):
    return page.partition(f'name="{name}" value="')[2].partition('"')[0]


def test_from_the_topic_to_the_mails(sign_in, circle, office):
    browser = sign_in("officer", organization_id=office.id)
    assert "Briefe an alle Organisationen zu einem Thema" in browser.get("/kontakte/").text
    assert "Es ist noch kein Brief geschrieben." in browser.get("/briefe/").text
    page = browser.get("/briefe/neu?thema=culture").text
    for shown in ("3 Mails gehen hinaus.", "1 Brief wird für die Post gedruckt.", "chor@verein.example", "Ada Ahorn"):
        assert shown in page
    assert "Gar nicht: möchte keine Briefe (1)" in page
    assert "Gar nicht: keine Adresse bekannt (1)" in page
    assert "Boxclub" not in page
    form = {"department_id": office.id, "subject": "Interkulturelle Woche", "text": "Guten Tag"}
    page = browser.submit("/briefe/neu?thema=culture", {**form, "text": "\n".join("zu lang" for _ in range(30))})
    assert "Das ist länger als eine Seite" in page.text
    asked = {**form, "topic": "culture", "check": 1}
    page = browser.submit("/briefe/neu", asked).text
    assert "3 Mails gehen hinaus." in page
    assert 'value="Interkulturelle Woche"' in page, "to see whom it reaches takes nothing away"
    assert "Guten Tag</textarea>" in page
    assert session().query(Letter).count() == 0
    page = browser.submit("/briefe/neu", {**form, "topic": "culture"})
    assert "Der Brief ist als Entwurf gespeichert. Es wurde noch nichts verschickt." in page.text
    assert "3 Mails verschicken" in page.text
    assert session().query(OutboxMail).count() == 0
    letter = the_letter()
    sent = {name: hidden(page.text, name) for name in ("version", "recipients")}
    page = browser.submit(f"/briefe/{letter.id}/senden", sent)
    assert "Der Brief wurde verschickt." in page.text
    assert session().query(OutboxMail).count() == 3
    page = browser.submit(f"/briefe/{letter.id}/senden", sent)
    assert session().query(OutboxMail).count() == 3
    assert browser.get(f"/briefe/{letter.id}/post-1.pdf").mimetype == "application/pdf"
    assert browser.get(f"/briefe/{letter.id}/post-2.pdf").status_code == 404
    assert browser.get(f"/briefe/{letter.id}/post-0.pdf").status_code == 404
    assert "3 Mails, 1 per Post" in browser.get("/briefe/").text
    assert "Brief an mehrere Organisationen: Interkulturelle Woche" in browser.get("/kontakte/").text


def test_what_was_not_looked_at_is_not_sent(sign_in, circle, office):
    letter = operations.write_letter(SYSTEM, Wanted(Topic.CULTURE), Draft(office.id, "Betreff", "Text"))
    browser = sign_in("officer", organization_id=office.id)
    for sent in ({}, {"version": "x" * 20, "recipients": "y"}, {"version": letter.version, "recipients": ""}):
        page = browser.submit(f"/briefe/{letter.id}/senden", sent).text
        assert "wurde verschickt" not in page
    assert session().query(OutboxMail).count() == 0


def test_a_conflict_keeps_what_was_typed(sign_in, office):
    letter = operations.write_letter(SYSTEM, Wanted(), Draft(office.id, "Alt", "Text"))
    browser = sign_in("officer", organization_id=office.id)
    operations.edit_letter(SYSTEM, letter.id, version=None, draft=Draft(office.id, "Anders", "Text"))
    form = {"department_id": office.id, "subject": "Meins", "text": "Mein Text", "version": 1}
    page = browser.submit(f"/briefe/{letter.id}/bearbeiten", form).text
    assert 'value="Meins"' in page
    assert "Anders" in page


def test_sent_meanwhile_what_was_typed_is_not_lost(sign_in, circle, office, make_organization):
    letter = operations.write_letter(SYSTEM, Wanted(), Draft(office.id, "Alt", "Text"))
    state = state_of(queries.recipients_of(reader_of(SYSTEM), Wanted()))
    browser = sign_in("officer", organization_id=office.id)
    operations.send_letter(SYSTEM, letter.id, version=letter.version, recipients=state)
    form = {"department_id": office.id, "subject": "Meins", "text": "Mein langer Text", "version": 1}
    page = browser.submit(f"/briefe/{letter.id}/bearbeiten", form)
    assert page.status_code == 200
    for shown in ("Dieser Brief ist schon verschickt und bleibt, wie er ist.", 'value="Meins"', "Mein langer Text"):
        assert shown in page.text
    assert the_letter().subject == "Alt"
    assert browser.get(f"/briefe/{letter.id}/bearbeiten").location == f"/briefe/{letter.id}"
    assert "Dieser Brief ist schon verschickt" in browser.submit(f"/briefe/{letter.id}/verwerfen").text
    assert the_letter().subject == "Alt"
    other = sign_in("officer", organization_id=make_organization("Amt", kind=Kind.DEPARTMENT).id)
    assert other.get(f"/briefe/{letter.id}/bearbeiten").status_code == 404


def test_another_department_finds_no_draft(sign_in, office, make_organization):
    letter = operations.write_letter(SYSTEM, Wanted(), Draft(office.id, "Noch geheim", "Text"))
    assert "Noch geheim" in sign_in("officer", organization_id=office.id).get("/briefe/").text
    browser = sign_in("officer", organization_id=make_organization("Amt", kind=Kind.DEPARTMENT).id)
    assert "Noch geheim" not in browser.get("/briefe/").text
    for address in ("", "/bearbeiten", "/post-1.pdf"):
        assert browser.get(f"/briefe/{letter.id}{address}").status_code == 404
    for address in ("/senden", "/verwerfen", "/bearbeiten"):
        assert browser.submit(f"/briefe/{letter.id}{address}").status_code == 404


def test_an_organization_says_that_it_wants_no_letters(sign_in, circle):
    browser = sign_in("representative", organization_id=circle.choir.id)
    assert "Keine Briefe an alle mehr" in browser.get(f"/organisationen/{circle.choir.id}").text
    assert "Keine Briefe an alle mehr" not in browser.get(f"/organisationen/{circle.club.id}").text
    address = f"/briefe/widerspruch/{circle.choir.id}"
    page = browser.submit(address, {"wants": 0})
    assert "„Chor“ bekommt keine Briefe mehr, die an alle gehen." in page.text
    assert queries.has_objected(circle.choir.id)
    assert "Wieder Briefe bekommen" in page.text
    browser.submit(address, {"wants": 1})
    assert not queries.has_objected(circle.choir.id)
    assert browser.submit(f"/briefe/widerspruch/{circle.club.id}", {"wants": 0}).status_code == 404


def test_what_is_larger_than_four_megabytes_is_refused(sign_in, circle, office):
    browser = sign_in("officer", organization_id=office.id)
    form = {"department_id": office.id, "subject": "Betreff", "text": "x" * 4_100_000}
    assert browser.submit("/briefe/neu", form).status_code == 413
    assert session().query(Letter).count() == 0


def test_an_address_is_shown_to_those_alone_with_whom_it_is_shared(sign_in, circle, office, make_organization, actor):
    """Who keeps the profiles wrote for a department that may not see every address: nor does it in what was sent."""
    make_organization("Stabsstelle", kind=Kind.DEPARTMENT, integration_department=True)
    letter = operations.write_letter(actor, Wanted(Topic.CULTURE), Draft(office.id, "Fest", "Text"))
    state = state_of(queries.recipients_of(reader_of(actor), Wanted(Topic.CULTURE)))
    operations.send_letter(actor, letter.id, version=letter.version, recipients=state)
    page = sign_in("admin").get(f"/briefe/{letter.id}").text
    assert "chor@verein.example" in page
    assert "Weg 2, 99998 Ahornbrück" in page
    officer = sign_in("officer", organization_id=office.id)
    page = officer.get(f"/briefe/{letter.id}").text
    for hidden_address in ("chor@verein.example", "Weg 2", "post-1.pdf"):
        assert hidden_address not in page
    assert page.count("Mit Ihrem Amt nicht geteilt") == 2
    assert "Ada Ahorn" in page, "contacts are known to all staff"
    assert officer.get(f"/briefe/{letter.id}/post-1.pdf").status_code == 404
    wished = {Field.ADDRESS: Level.ADMINISTRATION}
    consents.set_consents(SYSTEM, circle.library.id, wished=wished, state=None, agreed=True)
    assert "Weg 2, 99998 Ahornbrück" in officer.get(f"/briefe/{letter.id}").text
    assert "Weg 2" in PdfReader(io.BytesIO(officer.get(f"/briefe/{letter.id}/post-1.pdf").data)).pages[0].extract_text()


def test_who_takes_the_sheets_with_the_addresses_is_noted(sign_in, circle, office):
    letter = operations.write_letter(SYSTEM, Wanted(Topic.CULTURE), Draft(office.id, "Fest", "Text"))
    browser = sign_in("admin")
    assert browser.get(f"/briefe/{letter.id}/post-2.pdf").status_code == 404
    assert reads.write_down() == 0
    browser.get(f"/briefe/{letter.id}/post-1.pdf")
    assert reads.write_down() == 1
    assert [line.action for line in history_of("letter", letter.id)].count("read.recipients") == 1


def test_long_lists_come_in_pages(sign_in, office, make_organization, count_queries):
    for number in range(60):
        make_organization(f"Verein {number:02}", address="Weg 1", email=f"verein{number}@verein.example" * (number % 2))
    letter = operations.write_letter(SYSTEM, Wanted(), Draft(office.id, "Fest", "Text"))
    browser = sign_in("officer", organization_id=office.id)

    def names(address):
        return re.findall("Verein [0-9]{2}", browser.get(address).text)

    draft = [names(f"/briefe/{letter.id}?seite={number}") for number in (1, 2)]
    assert [len(some) for some in draft] == [50, 10]
    assert len({*draft[0], *draft[1]}) == 60
    assert "Per Post (30)" in browser.get(f"/briefe/{letter.id}").text
    assert "Das ist der erste Teil." in browser.get("/briefe/neu").text
    state = state_of(queries.recipients_of(reader_of(SYSTEM), Wanted()))
    operations.send_letter(SYSTEM, letter.id, version=letter.version, recipients=state)
    assert [len(names(f"/briefe/{letter.id}?seite={number}")) for number in (1, 2)] == [50, 10]
    with count_queries() as counted:
        assert "30 Mails, 30 per Post" in browser.get("/briefe/").text
    assert not any("letter_recipient.address" in statement for statement in counted.statements)
