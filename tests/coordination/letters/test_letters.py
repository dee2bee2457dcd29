"""Letters to all on a topic: whom they reach, that each goes out once, and what is kept of it."""

import io
from datetime import date, timedelta

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from coordination.contacts.models import ContactNote
from coordination.letters import operations, policies, queries
from coordination.letters.models import Letter, LetterRecipient
from coordination.letters.operations import Draft
from coordination.letters.queries import Wanted
from coordination.letters.rules import LINE_LENGTH, MOST_LINES, Way, lines_of, state_of
from coordination.organizations import consents
from coordination.organizations import operations as organizations
from coordination.organizations.policies import reader_of
from coordination.organizations.publication import Audience, Field, Level, Reader
from coordination.organizations.rules import Kind, Topic
from coordination.people import operations as people
from coordination.people.queries import members_of
from core import personal
from core.access import ANONYMOUS, SYSTEM, Actor, Grant
from core.database import session, transaction
from core.errors import NotFound, Outdated, Refused
from core.history import lines_of as history_of
from core.outbox import OutboxMail, send_due

#: who keeps the profiles reads every address
ALL = Reader(Audience.OWN)
CULTURE = Wanted(Topic.CULTURE)
TODAY = date(2026, 11, 16)


@pytest.fixture
def draft(office):
    return Draft(office.id, "Interkulturelle Woche", "Guten Tag,\n\nmachen Sie mit?")


def queued():
    return list(session().scalars(select(OutboxMail).order_by(OutboxMail.to_address)))


def send(letter, actor=SYSTEM, wanted=CULTURE):
    state = state_of(queries.recipients_of(ALL, wanted))
    return operations.send_letter(actor, letter.id, version=letter.version, recipients=state)


@pytest.mark.parametrize(
    ("text", "lines"),
    [("", 1), ("eine", 1), ("zwei\nZeilen", 2), ("a\n\nb", 3), ("x" * LINE_LENGTH, 1), ("x" * (LINE_LENGTH + 1), 2)],
)
def test_lines_on_the_page(text, lines):
    assert lines_of(text) == lines


def test_whom_a_letter_on_a_topic_reaches_and_how(circle):
    found = queries.recipients_of(ALL, CULTURE)
    assert [(one.name, one.way) for one in found] == [
        ("Bücherei", Way.POST),
        ("Chor", Way.MAIL),
        ("Tanz", Way.MAIL),
        ("Theater", Way.UNKNOWN),
        ("Trommel", Way.OBJECTED),
    ]
    assert [to.email for one in found for to in one.mails] == [
        "chor@verein.example",
        "ada@person.example",
        "ben@person.example",
    ]
    assert found[0].post == ("Weg 2", "99998 Ahornbrück")


def test_without_a_topic_it_reaches_all_and_archived_ones_never(circle, office):
    organizations.archive_organization(SYSTEM, circle.choir.id)
    names = [one.name for one in queries.recipients_of(ALL, Wanted())]
    assert names == ["Boxclub", "Bücherei", "Tanz", "Theater", "Trommel"]


def test_a_contact_who_left_is_not_written_to(circle):
    for membership in members_of(circle.dance.id, TODAY):
        people.end_membership(SYSTEM, membership.id, ends_on=TODAY - timedelta(days=1))
    assert "Tanz" not in [one.name for one in queries.recipients_of(ALL, CULTURE)]
    (dance,) = [one for one in queries.recipients_of(ALL, Wanted()) if one.name == "Tanz"]
    assert (dance.way, dance.mails) == (Way.POST, ())


def test_another_department_reaches_those_alone_who_share_with_the_administration(circle, office, make_organization):
    make_organization("Stabsstelle", kind=Kind.DEPARTMENT, integration_department=True)
    clerk = Actor(
        account_id=7, permissions=frozenset({"organizations.edit"}), grants=frozenset({Grant("officer", office.id)})
    )

    def found():
        return {one.name: one.way for one in queries.recipients_of(reader_of(clerk), CULTURE)}

    assert found() == {"Tanz": Way.MAIL}, "nobody else says what it works on; contacts are known to all staff"
    for organization in (circle.choir, circle.library):
        wished = dict.fromkeys([Field.TOPICS], Level.ADMINISTRATION)
        consents.set_consents(SYSTEM, organization.id, wished=wished, state=None, agreed=True)
    assert found() == {"Tanz": Way.MAIL, "Chor": Way.HIDDEN, "Bücherei": Way.HIDDEN}
    wished = dict.fromkeys([Field.EMAIL, Field.ADDRESS], Level.ADMINISTRATION)
    for organization in (circle.choir, circle.library):
        consents.set_consents(SYSTEM, organization.id, wished=wished, state=None, agreed=True)
    assert found() == {"Tanz": Way.MAIL, "Chor": Way.MAIL, "Bücherei": Way.POST}
    consents.withdraw(SYSTEM, circle.choir.id)
    assert "Chor" not in found()


def test_sent_each_gets_a_mail_of_its_own_and_answers_go_to_the_department(circle, draft, mailbox, actor):
    letter = send(operations.write_letter(actor, CULTURE, draft), actor)
    assert send_due() == 3
    assert sorted(mail["To"].addresses[0].addr_spec for mail in mailbox.mails) == [
        "ada@person.example",
        "ben@person.example",
        "chor@verein.example",
    ]
    for mail in mailbox.mails:
        assert len(mail["To"].addresses) == 1
        assert (mail["Cc"], mail["Bcc"]) == (None, None)
        assert str(mail["Reply-To"]) == "kultur@stadt.example"
        assert "machen Sie mit?" in mail.get_content()
        others = {"ada@", "ben@", "chor@"} - {str(mail["To"].addresses[0].addr_spec).partition("@")[0] + "@"}
        assert not any(other in mail.as_string() for other in others)
    (line, _written) = history_of("letter", letter.id)
    assert (line.action, line.new["mails"], line.new["sheets"]) == ("letters.send", 3, 1)


def test_what_was_sent_to_whom_is_kept_and_stands_in_the_contact_log(circle, draft, actor, office):
    letter = send(operations.write_letter(actor, CULTURE, draft), actor)
    kept = [
        (row.organization.name, row.way, row.address, row.person and row.person.name)
        for row in session().scalars(queries.sent_to(letter.id))
    ]
    assert kept == [
        ("Bücherei", Way.POST, "Weg 2\n99998 Ahornbrück", None),
        ("Chor", Way.MAIL, "chor@verein.example", None),
        ("Tanz", Way.MAIL, "", "Ada Ahorn"),
        ("Tanz", Way.MAIL, "", "Ben Birke"),
        ("Theater", Way.UNKNOWN, "", None),
        ("Trommel", Way.OBJECTED, "", None),
    ]
    notes = session().scalars(select(ContactNote).order_by(ContactNote.id)).all()
    assert [(note.organization.name, note.channel) for note in notes] == [
        ("Bücherei", "letter"),
        ("Chor", "mail"),
        ("Tanz", "mail"),
    ]
    for note in notes:
        assert note.about == "Brief an mehrere Organisationen: Interkulturelle Woche"
        assert (note.topics, note.department_id, note.happened_on) == (["culture"], office.id, TODAY)


def test_sent_twice_is_sent_once(circle, draft, actor):
    letter = operations.write_letter(actor, CULTURE, draft)
    state = state_of(queries.recipients_of(ALL, CULTURE))
    for _time in range(2):
        operations.send_letter(actor, letter.id, version=1, recipients=state)
    assert len(queued()) == 3
    assert session().query(LetterRecipient).count() == 6
    assert session().query(ContactNote).count() == 3


def test_nothing_goes_out_when_the_recipients_have_changed_since_somebody_looked(circle, draft, make_organization):
    letter = operations.write_letter(SYSTEM, CULTURE, draft)
    state = state_of(queries.recipients_of(ALL, CULTURE))
    operations.object_to_letters(SYSTEM, circle.choir.id, objects=True)
    with pytest.raises(Refused):
        operations.send_letter(SYSTEM, letter.id, version=1, recipients=state)
    assert (queued(), letter.sent_at) == ([], None)


def test_nothing_goes_out_when_the_text_was_changed_since_somebody_looked(circle, draft):
    letter = operations.write_letter(SYSTEM, CULTURE, draft)
    state = state_of(queries.recipients_of(ALL, CULTURE))
    changed = Draft(draft.department_id, "Anders", "Guten Tag")
    operations.edit_letter(SYSTEM, letter.id, version=1, draft=changed)
    with pytest.raises(Outdated):
        operations.send_letter(SYSTEM, letter.id, version=1, recipients=state)
    assert queued() == []


def test_a_letter_that_reaches_nobody_is_not_sent(draft):
    letter = operations.write_letter(SYSTEM, CULTURE, draft)
    with pytest.raises(Refused):
        send(letter)
    assert letter.sent_at is None


def test_what_was_sent_stays_as_it_is(circle, draft):
    letter = send(operations.write_letter(SYSTEM, CULTURE, draft))
    for change in (
        lambda: operations.edit_letter(SYSTEM, letter.id, version=None, draft=draft),
        lambda: operations.discard_letter(SYSTEM, letter.id),
    ):
        with pytest.raises(Refused):
            change()


def test_a_draft_is_thrown_away(draft):
    letter = operations.write_letter(SYSTEM, CULTURE, draft)
    operations.discard_letter(SYSTEM, letter.id)
    with pytest.raises(NotFound):
        queries.get_letter(letter.id)


def test_what_is_refused(office, make_organization):
    for draft, field in (
        (Draft(make_organization("Chor").id, "Betreff", "Text"), "department_id"),
        (Draft(office.id, "Betreff", "\n".join(["Zeile"] * (MOST_LINES + 1))), "text"),
    ):
        with pytest.raises(Refused) as refused:
            operations.write_letter(SYSTEM, Wanted(), draft)
        assert refused.value.field == field


def test_objecting_twice_is_as_once_and_is_taken_back(actor, make_organization):
    choir = make_organization("Chor", email="chor@verein.example")
    for objects in (True, True, False, False):
        operations.object_to_letters(actor, choir.id, objects=objects)
        assert queries.has_objected(choir.id) is objects
    assert [line.action for line in history_of("organization", choir.id)].count("letters.object") == 2


def test_who_may_do_what(draft, office, circle):
    writes = frozenset({"letters.write"})
    letter = operations.write_letter(Actor(account_id=None, permissions=writes), CULTURE, draft)

    def officer(department, number=7):
        return Actor(account_id=number, permissions=writes, grants=frozenset({Grant("officer", department)}))

    speaker = Actor(account_id=8, grants=frozenset({Grant("representative", circle.choir.id)}))
    may = (policies.may_change, policies.may_read)
    people_of = {
        "nobody": (ANONYMOUS, (False, False), (False, False)),
        "its department": (officer(office.id), (True, True), (True, True)),
        "another department": (officer(4711), (False, False), (False, True)),
        "the administration": (Actor(account_id=1, permissions=writes, is_admin=True), (True, True), (True, True)),
        "who speaks for an organization": (speaker, (False, False), (False, False)),
    }
    assert {who: tuple(one(actor, letter) for one in may) for who, (actor, _, _) in people_of.items()} == {
        who: while_draft for who, (_, while_draft, _) in people_of.items()
    }
    send(letter)
    assert {who: tuple(one(actor, letter) for one in may) for who, (actor, _, _) in people_of.items()} == {
        who: once_sent for who, (_, _, once_sent) in people_of.items()
    }
    assert policies.may_object(speaker, circle.choir.id)
    assert not policies.may_object(speaker, circle.club.id)


def test_a_list_holds_own_drafts_and_all_that_was_sent(draft, circle, office):
    ours = Actor(
        account_id=None, permissions=frozenset({"letters.write"}), grants=frozenset({Grant("officer", office.id)})
    )
    others = Actor(account_id=4711, permissions=frozenset({"letters.write"}))
    sent = send(operations.write_letter(SYSTEM, CULTURE, draft))
    kept = operations.write_letter(SYSTEM, CULTURE, draft)
    assert list(session().scalars(queries.search(ours))) == [kept, sent]
    assert list(session().scalars(queries.search(others))) == [sent]


@pytest.mark.parametrize("nasty", ["Fest\r\nBcc: alle@example.org", "Fest\u2028Bcc: x", "Fest\x85Bcc: x"])
def test_no_subject_adds_a_header(circle, office, mailbox, nasty):
    send(operations.write_letter(SYSTEM, CULTURE, Draft(office.id, nasty, "Bcc: y@example.org\r\n\r\nText")))
    assert send_due() == 3
    for mail in mailbox.mails:
        assert mail["Bcc"] is None
        assert mail["Subject"].startswith("Fest Bcc:")


def pages_of(pdf):
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


@pytest.mark.parametrize(
    "paragraph",
    [
        "Wir laden Sie herzlich ein und freuen uns auf viele Gespräche mit Ihnen und Ihren Mitgliedern. ",
        "نرحب بكم ونتطلع إلى العديد من المحادثات معكم ومع أعضائكم في مدينتنا الجميلة. ",
        "Ми щиро запрошуємо вас і з нетерпінням чекаємо на розмови з вами та вашими членами. ",
    ],
)
@pytest.mark.one_database
def test_the_longest_letter_has_one_page_each(sign_in, make_organization, office, paragraph):
    for number in range(3):
        make_organization(f"Verein {number}", address=f"Weg {number}\n99998 Ahornbrück")
    text = "\n".join([(paragraph * 3)[:LINE_LENGTH]] * MOST_LINES)
    letter = operations.write_letter(SYSTEM, Wanted(), Draft(office.id, "Betreff " * 14, text))
    answer = sign_in("admin").get(f"/briefe/{letter.id}/post-1.pdf")
    assert answer.mimetype == "application/pdf"
    pages = pages_of(answer.data)
    assert len(pages) == 3
    assert [f"Weg {number}" in page for number, page in enumerate(pages)] == [True] * 3
    assert all(page.count("Kulturamt") >= 2 for page in pages)


@pytest.mark.one_database
def test_the_address_stands_in_the_window(sign_in, make_organization, office):
    """DIN 5008, form B: the address begins 62.7 mm below the top and 25 mm from the left, whatever the language."""
    make_organization("Verein للثقافة", address="Weg 7\n99998 Ahornbrück")
    letter = operations.write_letter(SYSTEM, Wanted(), Draft(office.id, "Betreff", "مرحبا"))
    pdf = sign_in("admin").get(f"/briefe/{letter.id}/post-1.pdf").data
    found = {}

    def note(text, page_matrix, text_matrix, _font, _size):
        if text.strip():
            x, y = text_matrix[4:]
            a, b, c, d, e, f = page_matrix
            found[text.strip()] = ((a * x + c * y + e) * MM, HEIGHT - (b * x + d * y + f) * MM)

    PdfReader(io.BytesIO(pdf)).pages[0].extract_text(visitor_text=note)
    x, y = next(place for text, place in found.items() if "Weg 7" in text)
    assert x == pytest.approx(25, abs=1)
    assert 62.7 + 4 < y < 62.7 + 11, "its second line"


#: of a point, and of the page
MM, HEIGHT = 25.4 / 72, 297


def test_erased_the_person_is_in_no_letter(circle, office, make_account):
    writer = make_account("officer", organization_id=office.id)
    ada = next(one for one in queries.recipients_of(ALL, CULTURE) if one.name == "Tanz").mails[0]
    letter = send(
        operations.write_letter(
            Actor(account_id=writer.id), CULTURE, Draft(office.id, "Gruß an Ada Ahorn", "Ada Ahorn lädt ein.")
        )
    )
    with transaction():
        personal.erase(
            personal.Subject(
                person_id=ada.person_id, account_id=writer.id, addresses=frozenset(), names=frozenset({"Ada Ahorn"})
            )
        )
    session().expire_all()
    row = session().get_one(Letter, letter.id)
    assert row.account_id is None
    assert "Ahorn" not in row.subject + row.text
    assert [one.person_id for one in row.recipients if one.person_id == ada.person_id] == []


def test_pages_ask_as_often_for_many_as_for_few(sign_in, make_organization, office, count_queries, make_person):
    def fill(number):
        for one in range(number):
            by_post = make_organization(address=f"Weg {one}", topics=[Topic.CULTURE.value])
            make_organization(email="a@verein.example", topics=[Topic.CULTURE.value])
            person = make_person()
            people.add_membership(SYSTEM, person.id, organization_id=by_post.id, topics=[Topic.CULTURE])

    def queries_of(address):
        with count_queries() as counted:
            assert browser.get(address).status_code == 200
        return counted.number

    fill(1)
    draft = Draft(office.id, "Betreff", "Text")
    letters = [operations.write_letter(SYSTEM, CULTURE, draft) for _ in range(2)]
    send(letters[0])
    addresses = ["/briefe/", "/briefe/neu?thema=culture", *(f"/briefe/{row.id}" for row in letters)]
    browser = sign_in("admin")
    few = [queries_of(address) for address in addresses for _ in range(2)][1::2]
    fill(10)
    letters += [operations.write_letter(SYSTEM, CULTURE, draft) for _ in range(9)]
    for row in letters[2:]:
        send(row)
    assert [queries_of(address) for address in addresses] == few
