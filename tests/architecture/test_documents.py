"""Every kind of document is accessible (PDF/UA-1) and archivable (PDF/A-3a) in one file, in German and from right to
left, its text comes out in the order of reading, and names of every script are drawn and copied right.

A new template in templates/documents needs its line in KINDS: what makes it, and some of its texts in the order in
which a person reads them.
"""

import io
import zipfile
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace

import page
import pytest
from flask import template_rendered
from pypdf import PdfReader, PdfWriter

from coordination.cooperation import operations as cooperations
from coordination.cooperation.facts import Facts
from coordination.cooperation.rules import Format, Lead
from coordination.cooperation.rules import Status as CooperationStatus
from coordination.events import operations as events
from coordination.letters import operations as letters
from coordination.letters.queries import Wanted as MeantFor
from coordination.organizations import operations as organizations
from coordination.organizations.rules import Kind as OrganizationKind
from coordination.people import operations as people
from coordination.planning import agreements
from core import pseudo
from core.access import SYSTEM
from core.dated import Status
from core.languages import _, in_language
from meetings.agenda import operations as agenda
from meetings.attendance import operations as attendance
from meetings.attendance.operations import Mark
from meetings.attendance.rules import Presence
from meetings.minutes import operations as minutes
from meetings.sittings import operations as sittings
from participation.committees import operations as committees
from participation.committees.rules import Kind
from participation.seats import operations as seats

pytestmark = pytest.mark.one_database
TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
#: Turkish, Ukrainian, Tigrinya, Polish, and Arabic last: extractors differ in the order of its letters
NAMES = ["Şükrü Çağlıoğlu", "Оксана Шевченко", "ሰላም ተስፋይ", "Łucja Żółć", "ليلى الخطيب"]


def fetched(*addresses):
    """The PDFs at these addresses, as the committee's clerk gets them."""

    def make(sign_in, values):
        client = sign_in("clerk", organization_id=values.clerk_of)
        answers = [client.get(address.format(**vars(values))) for address in addresses]
        assert {answer.mimetype for answer in answers} == {"application/pdf"}
        return [answer.data for answer in answers]

    return make


def given_out(sign_in, values):
    """What is kept of each of the people, as the administration gives it to them: a PDF in an archive."""
    client = sign_in("admin")
    answers = [client.submit(f"/personen/{person}/daten") for person in values.people]
    files = [zipfile.ZipFile(io.BytesIO(answer.data)) for answer in answers]
    return [file.read(name) for file in files for name in file.namelist() if name != "data.json"]


def agreed(sign_in, values):
    """The agreement on an event, as the administration saves it."""
    event = events.create(SYSTEM, events.Plan("Fest", datetime(2026, 12, 12, 18)))
    promise = agreements.Promise("\n".join(NAMES[:4]), f"{NAMES[4]}: singt")
    agreements.write_agreement(SYSTEM, event.cooperation_id, version=None, promise=promise)
    answer = sign_in("admin").get(f"/planung/{event.cooperation_id}/vereinbarung.pdf")
    assert answer.mimetype == "application/pdf"
    return [answer.data]


def reported(sign_in, values):
    """The report on cooperation, with one event that was held together."""
    facts = Facts(title="Fest", format=Format.SINGLE_EVENT, status=CooperationStatus.HELD, starts_on=date(2026, 7, 4))
    record = cooperations.create_cooperation(SYSTEM, facts)
    cooperations.move_lead(SYSTEM, record.id, lead=Lead.JOINT)
    answer = sign_in("admin").get("/auswertung/bericht.pdf")
    assert answer.mimetype == "application/pdf"
    return [answer.data]


def written(sign_in, values):
    """A letter for post to associations of all these names, as the administration prints it."""
    office = organizations.create_organization(
        SYSTEM, organizations.Profile("Kulturamt", OrganizationKind.DEPARTMENT, phone="030 23125 142")
    )
    for name in NAMES:
        address = f"bei {name}\nWeg 7\n99998 Ahornbrück"
        profile = organizations.Profile(f"Verein {name}", OrganizationKind.MIGRANT_ORGANISATION, address=address)
        organizations.create_organization(SYSTEM, profile)
    draft = letters.Draft(office.id, "Interkulturelle Woche", "\n".join(NAMES))
    letter = letters.write_letter(SYSTEM, MeantFor(), draft)
    answer = sign_in("admin").get(f"/briefe/{letter.id}/post-1.pdf")
    assert answer.mimetype == "application/pdf"
    return [answer.data]


MINUTES = "/sitzungen/{sitting}/niederschrift"
#: template: what makes such documents, and in the order of reading some of its texts (msgids, or names as they are)
KINDS = {
    "documents/meetings/minutes.html": (
        fetched(f"{MINUTES}.pdf", f"{MINUTES}-oeffentlich.pdf"),
        ["Attendance", *NAMES[:4], "Agenda", "Kulturverein Zufall", "Signatures"],
    ),
    "documents/meetings/sign-in-sheet.html": (
        fetched("/sitzungen/{sitting}/anwesenheitsliste.pdf"),
        ["Sign-in sheet", "Who is there", "MO 1", NAMES[0], "MO 2", NAMES[1], "MO 3", NAMES[2], NAMES[3], "Guests"],
    ),
    "documents/meetings/attendance-overview.html": (
        fetched("/gremien/{slug}/anwesenheit.pdf"),
        ["Period", "Attendance by seat", "MO 1", NAMES[0], "MO 2", NAMES[1], NAMES[2], NAMES[3], "All seats together"],
    ),
    "documents/coordination/analysis.html": (
        reported,
        ["Report on cooperation", "Lasting forms of cooperation", "Planned and carried out together"],
    ),
    "documents/coordination/agreement.html": (
        agreed,
        ["What is agreed on", NAMES[0], "Who does what until when", NAMES[4], "Who has confirmed it"],
    ),
    "documents/coordination/letter.html": (
        written,
        ["Phone", "Date", NAMES[0], NAMES[1], "If you want no such letters, please tell us."],
    ),
    "documents/coordination/personal-data.html": (
        given_out,
        ["Name, and ways to be reached", "Family name", "Seats in committees, as member or deputy"],
    ),
}

#: figures alone: no person is named
OF_NOBODY = {"documents/coordination/analysis.html"}


@pytest.fixture
def values(app, actor):
    """A held sitting of a board on which people of all these names sit, with released minutes."""
    charter = committees.Charter(name="Beirat", kind=Kind.ADVISORY_BOARD, publishes_attendance=True)
    board = committees.create_committee(actor, charter)
    profile = organizations.Profile(name="Verein للثقافة", kind=OrganizationKind.MIGRANT_ORGANISATION)
    association = organizations.create_organization(actor, profile)
    found = [person_of(name) for name in NAMES]
    taken = [seat_of(board, number, person, association) for number, person in enumerate(found, 1)]
    plan = sittings.Plan(start=datetime(2026, 11, 12, 18, 30), status=Status.CONFIRMED)
    sitting = sittings.schedule(actor, board.id, plan)
    attendance.record_all(actor, sitting.id, marks=[Mark(seat, Presence.PRESENT) for seat in taken])
    item = agenda.add(actor, sitting.id, agenda.Item("Kulturverein Zufall"))
    minutes.save_text(actor, item.id, 0, f"Es sprachen:\n\n- {NAMES[1]}\n- {NAMES[4]}")
    minutes.save_head(actor, sitting.id, version=None, head=minutes.Head(chair_name=NAMES[4], guests=NAMES[2]))
    minutes.release(actor, sitting.id)
    return SimpleNamespace(slug=board.slug, sitting=sitting.id, clerk_of=board.organization_id, people=found)


def person_of(name):
    """A person of this name."""
    given, family = name.split()
    return people.create_person(SYSTEM, people.Profile(family_name=family, given_name=given)).id


def seat_of(board, number, person_id, association):
    """A seat with a vote, on which this person sits."""
    terms = seats.SeatTerms(label=f"MO {number}", organization_id=association.id, voting_right=True)
    seat = seats.create_seat(SYSTEM, board.id, terms=terms)
    seats.appoint(SYSTEM, seat.id, person_id=person_id)
    return seat.id


def test_every_kind_of_document_has_its_proof():
    folder = TEMPLATES / "documents"
    frame = {"documents/base.html", "documents/parts.html"}
    assert {str(file.relative_to(TEMPLATES)) for file in folder.rglob("*.html")} - frame == KINDS.keys()


@pytest.mark.parametrize("language", ["de", pseudo.CODE])
@pytest.mark.parametrize("template", KINDS)
def test_a_document_is_accessible_archivable_and_can_be_copied(  # noqa: PLR0917
    app, client, sign_in, values, template, language
):
    make, order = KINDS[template]
    with client.session_transaction() as session:
        session["language"] = language
    with in_language(language):
        words = [text if text in NAMES else _(text) for text in order]
    with recorded(app) as used:
        files = make(sign_in, values)
    assert template in used
    assert files
    text = ""
    for file in files:
        assert broken_rules(file) == []
        pdf = PdfReader(io.BytesIO(file))
        assert fonts_of(pdf)
        assert all("Noto" in font for font in fonts_of(pdf))
        if language == "de":  # programs that copy do not agree on the order of lines from right to left
            assert_in_order(text_of(pdf), words)
        text += text_of(pdf)
    if template in OF_NOBODY:
        return
    assert [part for name in NAMES for part in name.split() if not is_copied(part, text)] == []


@contextmanager
def recorded(app):
    """The names of the templates that were rendered within."""
    used = []

    def note(_app, *, template, **_context):
        used.append(template.name)

    with template_rendered.connected_to(note, app):
        yield used


def broken_rules(pdf):
    """What the file breaks of PDF/UA-1 and PDF/A-3a."""
    reports = [page.validate_pdf_bytes(pdf, profile=profile) for profile in ("ua1", "3a")]
    assert len(reports) == 2
    return [(failure.rule_id, failure.message) for report in reports for failure in report.failures]


def fonts_of(pdf):
    """The names of all faces in the file."""
    return {str(font["/BaseFont"]) for one in pdf.pages for font in one["/Resources"].get("/Font", {}).values()}


def text_of(pdf):
    """What a person gets who copies the whole file."""
    return " ".join(" ".join(one.extract_text() for one in pdf.pages).split())


def assert_in_order(text, words):
    """Each of the words stands in the text behind the one before it."""
    at = 0
    for word in words:
        found = text.find(word, at)
        assert found >= 0, f"{word!r} is not behind the words before it: {text[at : at + 300]!r}"
        at = found + len(word)


def is_copied(word, text):
    """Whether the word comes out whole: programs that copy give Arabic letters in the one order or the other."""
    return word in text or ("\u0600" <= word < "\u0780" and word[::-1] in text)


def test_the_proof_sees_what_is_wrong():
    empty = io.BytesIO()
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.write(empty)
    assert broken_rules(empty.getvalue()) != []
    with pytest.raises(AssertionError):
        assert_in_order("zwei eins", ["eins", "zwei"])
    assert is_copied("ليلى", "ىليل")
    assert not is_copied("ሰላም", "\ufffd\ufffd\ufffd")
    assert not is_copied("Шевченко", "океншевЧ")
