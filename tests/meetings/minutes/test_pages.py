"""Pages and documents of minutes: written, compared, released, read; and what is never in the public part."""

import io
import re
from datetime import datetime

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from core.csv_files import read_csv
from core.database import session, transaction
from core.importing import Done
from meetings.agenda import operations as agenda
from meetings.agenda.operations import Item
from meetings.attendance import operations as attendance
from meetings.attendance.rules import Presence
from meetings.minutes import operations, queries
from meetings.minutes.commands import release_all, take
from meetings.minutes.niederschrift import newest_release
from meetings.minutes.operations import Head
from meetings.sittings.models import Sitting
from meetings.sittings.rules import DEFAULT_SOURCE
from participation.committees.models import Committee
from participation.seats import operations as seats
from participation.seats.models import Seat
from participation.seats.rules import SeatRole

SECRET = ("Beschwerde einer Familie", "Vertrauliches", "N1")
MARKUP = "</textarea><script>alert(1)</script>"


@pytest.fixture
def clerk(held, sign_in):
    """A browser of the board's clerk."""
    return sign_in("clerk", organization_id=held.committee.organization_id)


@pytest.fixture
def released(held, actor) -> str:
    """The address of minutes that are written and released."""
    operations.save_text(actor, held.item, 0, "Kurse ab 19 Uhr.\n\n- Raum frei\n- **einstimmig**")
    operations.save_text(actor, held.secret, 0, "Vertrauliches")
    head = Head(
        datetime(2026, 11, 12, 18, 35), datetime(2026, 11, 12, 20, 10), "Frau Vorsitz", "Herr Schrift", "Gast Nguyen"
    )
    operations.save_head(actor, held.sitting, version=0, head=head)
    operations.release(actor, held.sitting)
    return f"/sitzungen/{held.sitting}/niederschrift"


def pdf_text(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


def newest(item_id: int) -> str:
    session().rollback()
    return queries.newest_of([item_id])[item_id].text


def test_the_clerk_writes_all_items_on_one_page(held, clerk):
    url = f"/sitzungen/{held.sitting}/niederschrift/bearbeiten"
    assert "Beschwerde einer Familie" in clerk.get(url).text
    page = clerk.submit(
        url,
        {
            f"text-{held.item}": "Text eins",
            f"base-{held.item}": "0",
            f"text-{held.secret}": "Text zwei",
            f"base-{held.secret}": "0",
        },
    )
    assert "2 Texte wurden gespeichert." in page.text
    assert newest(held.secret) == "Text zwei"


def test_an_outdated_save_shows_both_texts_and_the_second_is_meant(held, clerk, actor):
    url = f"/sitzungen/{held.sitting}/niederschrift/bearbeiten"
    operations.save_text(actor, held.item, 0, f"Von A {MARKUP}")
    page = clerk.submit(url, {f"text-{held.item}": f"Von B {MARKUP}", f"base-{held.item}": "0"})
    assert page.status_code == 409
    assert "<script>alert" not in page.text
    areas = re.findall(r"<textarea[^>]*>([^<]*)</textarea>", page.text)
    assert any(area.startswith("Von A &lt;/textarea&gt;") for area in areas)
    assert any(area.startswith("Von B &lt;/textarea&gt;") for area in areas)
    assert newest(held.item) == f"Von A {MARKUP}"
    (base,) = re.findall(rf'name="base-{held.item}" value="(\d+)"', page.text)
    page = clerk.submit(url, {f"text-{held.item}": f"Von B {MARKUP}", f"base-{held.item}": base})
    assert page.status_code == 200
    assert newest(held.item) == f"Von B {MARKUP}"
    versions = clerk.get(f"/sitzungen/{held.sitting}/niederschrift/top/{held.item}").text
    assert "Von A &lt;/textarea&gt;" in versions
    assert "Fassung 2, gespeichert am" in versions


def test_a_text_too_long_is_kept_in_the_form(held, clerk):
    url = f"/sitzungen/{held.sitting}/niederschrift/bearbeiten"
    page = clerk.submit(url, {f"text-{held.item}": "x" * 50_001, f"base-{held.item}": "0"})
    assert page.status_code == 400
    assert "höchstens 50000 Zeichen" in page.text or "höchstens 50.000 Zeichen" in page.text
    assert "x" * 50_001 in page.text


def test_the_page_saves_by_itself_and_says_what_it_may_not_overwrite(held, clerk, actor):
    url = f"/sitzungen/{held.sitting}/niederschrift/bearbeiten"
    sent = {f"text-{held.item}": "Von selbst", f"base-{held.item}": "0"}
    answer = clerk.submit(url, sent, headers={"X-Autosave": "1"})
    assert answer.json["bases"] == {str(held.item): 1}
    assert answer.json["conflicts"] == []
    operations.save_text(actor, held.item, 1, "Von A")
    answer = clerk.submit(url, {f"text-{held.item}": "Von B", f"base-{held.item}": "1"}, headers={"X-Autosave": "1"})
    assert answer.json["conflicts"] == [held.item]
    assert newest(held.item) == "Von A"


@pytest.fixture
def taken_off(held, actor, make_sitting) -> tuple[str, dict[str, str]]:
    """The form of a coming sitting, written beforehand, as it is sent after one of its two items was taken off."""
    sitting = make_sitting(held.committee).id
    stays, goes = (agenda.add(actor, sitting, Item(title)).id for title in ("Bleibt", "Geht"))
    agenda.remove(actor, sitting, goes)
    sent = {
        f"text-{stays}": "Dazu etwas",
        f"base-{stays}": "0",
        f"text-{goes}": f"Getippt {MARKUP}",
        f"base-{goes}": "0",
    }
    return f"/sitzungen/{sitting}/niederschrift/bearbeiten", sent


def test_a_text_for_an_item_that_was_taken_off_is_shown_again_until_its_field_is_emptied(taken_off, clerk):
    url, sent = taken_off
    stays, base, goes, _base = sent
    page = clerk.submit(url, sent)
    assert page.status_code == 409
    assert "von der Tagesordnung genommen" in page.text
    assert page.text.count("Getippt &lt;/textarea&gt;") == 1
    assert "<script>alert" not in page.text
    assert newest(int(stays.removeprefix("text-"))) == "Dazu etwas", "the other texts are saved"
    sent[base] = "1"
    assert clerk.submit(url, sent).status_code == 409
    assert clerk.submit(url, {**sent, goes: " "}).status_code == 200


def test_a_refused_save_shows_a_text_for_an_item_that_was_taken_off_as_well(taken_off, clerk):
    url, sent = taken_off
    page = clerk.submit(url, {name: "x" * 50_001 if text == "Dazu etwas" else text for name, text in sent.items()})
    assert page.status_code == 400
    assert "Getippt &lt;/textarea&gt;" in page.text


def test_the_page_that_saves_by_itself_takes_no_text_for_saved_whose_item_was_taken_off(taken_off, clerk):
    url, sent = taken_off
    answer = clerk.submit(url, sent, headers={"X-Autosave": "1"}).json
    assert [f"text-{item_id}" for item_id in answer["conflicts"]] == [list(sent)[2]]
    assert "Tagesordnung" in answer["message"]


def test_the_head_opens_with_what_is_known_and_loses_nothing(held, clerk, actor):
    url = f"/sitzungen/{held.sitting}/niederschrift/kopf"
    assert 'value="18:30"' in clerk.get(url).text
    page = clerk.submit(url, {"version": 0, "began": "18:35", "ended": "00:10", "chair_name": "Jan"})
    assert "Der Kopf der Niederschrift wurde gespeichert." in page.text
    assert queries.find_minutes(held.sitting).ended_local == datetime(2026, 11, 13, 0, 10)
    page = clerk.submit(url, {"version": 0, "chair_name": "Uta", "guests": "<b>Gast</b>"})
    assert "Inzwischen von jemand anderem gespeichert" in page.text
    assert "&lt;b&gt;Gast&lt;/b&gt;" in page.text
    (version,) = re.findall(r'name="version"[^>]*value="(\d+)"', page.text)
    clerk.submit(url, {"version": version, "chair_name": "Uta"})
    session().rollback()
    assert queries.find_minutes(held.sitting).chair_name == "Uta"


@pytest.mark.parametrize(("began", "ended"), [("18:30", "18:30"), ("18:30", "17:00"), ("25:99", "x")])
def test_times_that_cannot_be_get_a_message(held, clerk, began, ended):
    page = clerk.submit(
        f"/sitzungen/{held.sitting}/niederschrift/kopf",
        {"version": 0, "began": began, "ended": ended, "guests": "Gast Nguyen"},
    )
    assert "error-summary" in page.text
    assert "Gast Nguyen" in page.text
    assert queries.find_minutes(held.sitting) is None


def test_before_the_release_only_the_clerk_reads(held, sign_in, client, actor, make_organization):
    operations.save_text(actor, held.item, 0, "Noch geheim")
    addresses = [f"/sitzungen/{held.sitting}/niederschrift{end}" for end in ("", ".pdf", "-oeffentlich.pdf")]
    assert [client.get(url).status_code for url in addresses] == [404, 302, 404]
    member = sign_in("representative", person_id=held.member)
    assert [member.get(url).status_code for url in addresses] == [404, 404, 404]
    clerk = sign_in("clerk", organization_id=held.committee.organization_id)
    assert [clerk.get(url).status_code for url in addresses] == [200, 200, 200]
    assert clerk.get(addresses[2]).headers["Cache-Control"] == "private, no-store"


def test_released_minutes_are_read_by_everybody_as_far_as_they_are_public(released, client):
    page = client.get(released)
    assert "Kurse ab 19 Uhr." in page.text
    assert "<strong>einstimmig</strong>" in page.text
    assert not [word for word in SECRET if word in page.text]
    assert client.get(released + ".pdf").status_code == 302
    pdf = client.get(released + "-oeffentlich.pdf")
    assert pdf.headers["Cache-Control"] == "public, max-age=300"
    text = pdf_text(pdf.data)
    assert not [word for word in (*SECRET, "Olena", "Tom", "Uta") if word in text]
    for expected in ("Dario für Elif", "TOP 1", "Entschuldigt: 1", "Frau Vorsitz", "20:10"):
        assert expected in text


def test_no_cache_keeps_a_part_of_a_sitting_that_is_not_public(released, held, sign_in):
    with transaction() as current:
        current.get_one(Sitting, held.sitting).public = False
    member = sign_in("representative", person_id=held.member)
    assert member.get(released + "-oeffentlich.pdf").headers["Cache-Control"] == "private, no-store"


def test_the_circle_reads_the_whole(released, held, sign_in):
    member = sign_in("representative", person_id=held.member)
    page = member.get(released)
    assert [word for word in SECRET if word not in page.text] == []
    assert "Vertrauliches" not in member.get(released + "?teil=oeffentlich").text
    pdf = member.get(released + ".pdf")
    assert pdf.headers["Cache-Control"] == "private, no-store"
    text = pdf_text(pdf.data)
    for expected in (*SECRET, "Olena", "Tom", "Nicht öffentlich", "Gast Nguyen", "3/2026"):
        assert expected in text
    assert "Uta" not in text  # not recorded: neither there nor absent


def test_without_leave_to_publish_no_person_is_named(released, held, client):
    with transaction() as current:
        current.get_one(Committee, held.committee.id).publishes_attendance = False
    for text in (client.get(released).text, pdf_text(client.get(released + "-oeffentlich.pdf").data)):
        people = ("Dario", "Elif", "Jan", "Ada", "Olena", "Tom", "Uta", "Frau Vorsitz", "Herr Schrift", "Nguyen")
        main = text.split("<main")[-1]
        assert not [name for name in people if name in main]
        assert "Kulturverein" in text
        assert "vertreten" in text


def test_of_a_closed_sitting_the_public_reads_nothing(released, held, client, sign_in):
    with transaction() as current:
        current.get_one(Sitting, held.sitting).public = False
    assert [client.get(released + end).status_code for end in ("", "-oeffentlich.pdf")] == [404, 404]
    assert sign_in("representative", person_id=held.member).get(released).status_code == 200


def test_reopened_minutes_disappear_until_they_are_released_again(released, held, sign_in, actor, client):
    operations.reopen(actor, held.sitting)
    assert [client.get(released + end).status_code for end in ("", "-oeffentlich.pdf")] == [404, 404]
    clerk = sign_in("clerk", organization_id=held.committee.organization_id)
    page = clerk.submit(released + "/freigabe")
    assert "Die Niederschrift ist freigegeben." in page.text
    page = clerk.submit(released + "/freigabe", {"reopen": 1})
    assert "wieder offen" in page.text


def main_of(page: str) -> str:
    return page.split("<main", maxsplit=1)[1].split("</main>", maxsplit=1)[0]


def test_the_release_is_asked_for_once_more_and_names_what_is_missing(held, clerk, actor):
    url = f"/sitzungen/{held.sitting}/niederschrift"
    operations.save_text(actor, held.item, 0, "Kurse ab 19 Uhr.")
    assert f'href="{url}/freigabe"' in clerk.get(url + "/bearbeiten").text
    asked = main_of(clerk.get(url + "/freigabe").text)
    assert "1 Punkt hat keinen Text." in asked
    assert "1 von 6 Sitzen ohne Anwesenheit." in asked
    assert "Zeiten, Vorsitz und Gäste sind nicht eingetragen." in asked
    assert "Den öffentlichen Teil können dann alle lesen" in asked
    assert not queries.is_released(held.sitting)
    page = clerk.submit(url + "/freigabe")
    assert "Die Niederschrift ist freigegeben." in page.text
    assert clerk.get(url + "/freigabe", follow_redirects=True).request.path == url + "/bearbeiten"


def test_who_has_written_everything_is_asked_only_who_may_read_it(held, clerk, actor):
    url = f"/sitzungen/{held.sitting}/niederschrift"
    operations.save_text(actor, held.item, 0, "Kurse ab 19 Uhr.")
    operations.save_text(actor, held.secret, 0, "Vertrauliches")
    operations.save_head(actor, held.sitting, version=0, head=Head(chair_name="Frau Vorsitz"))
    seat = session().scalar(select(Seat.id).where(Seat.label == "MO 4"))
    attendance.record(actor, held.sitting, seat_id=seat, presence=Presence.PRESENT)
    with transaction() as current:
        current.get_one(Sitting, held.sitting).public = False
    asked = main_of(clerk.get(url + "/freigabe").text)
    assert "Es fehlt noch etwas." not in asked
    assert "lesen, sonst niemand." in asked


def test_minutes_of_a_sitting_to_come_are_refused_on_the_page_itself(held, clerk, make_sitting):
    url = f"/sitzungen/{make_sitting(held.committee, start=datetime(2026, 12, 1, 18)).id}/niederschrift/freigabe"
    assert "Die Tagesordnung hat keine Punkte." in clerk.get(url).text
    assert "wenn die Sitzung stattgefunden hat" in clerk.submit(url).text


@pytest.mark.parametrize("path", ["/bearbeiten", "/kopf", "/top/{item}", "/freigabe"])
def test_others_find_nothing_to_write(released, held, sign_in, make_organization, path):
    url = released + path.format(item=held.item)
    foreign = sign_in("clerk", organization_id=make_organization("Andere").id)
    post = path == "/freigabe"
    assert (foreign.submit(url) if post else foreign.get(url)).status_code == 404
    member = sign_in("representative", person_id=held.member)
    assert (member.submit(url) if post else member.get(url)).status_code == 403


def test_attendance_changed_after_the_release_is_pointed_out_and_not_shown(released, held, clerk, actor):
    note = "Nach der Freigabe wurde etwas geändert."
    assert note not in clerk.get(released + "/bearbeiten").text
    seat = session().scalar(select(Seat.id).where(Seat.label == "MO 2"))
    attendance.record(actor, held.sitting, seat_id=seat, presence=Presence.PRESENT)
    page = clerk.get(released + "/bearbeiten").text
    assert note in page
    assert "Anwesenheit und Beschlussfähigkeit" in page
    assert "Entschuldigt (1)" in clerk.get(released).text


def test_the_head_suggests_who_was_there_as_chair(held, clerk, actor, make_seat, make_person):
    person = make_person("Sezen")
    seat = make_seat(held.committee, label="Vorsitz").id
    seats.appoint(actor, seat, person_id=person.id, role=SeatRole.CHAIR)
    attendance.record(actor, held.sitting, seat_id=seat, presence=Presence.PRESENT)
    operations.release(actor, held.sitting)
    operations.reopen(actor, held.sitting)  # a row without anything in it suggests as well
    assert "Elif Sezen" in clerk.get(f"/sitzungen/{held.sitting}/niederschrift/kopf").text


def test_items_of_another_sitting_do_not_open(held, clerk, make_sitting):
    other = make_sitting(held.committee).id
    assert clerk.get(f"/sitzungen/{other}/niederschrift/top/{held.item}").status_code == 404


def test_files_named_in_a_text_do_not_get_into_the_document(held, actor, clerk):
    text = "<link rel=attachment href=file:///etc/passwd> ![x](file:///etc/passwd) [x](javascript:alert(1))"
    operations.save_text(actor, held.item, 0, text)
    pdf = clerk.get(f"/sitzungen/{held.sitting}/niederschrift.pdf")
    assert pdf.status_code == 200
    assert not PdfReader(io.BytesIO(pdf.data)).attachments
    assert "root:" not in pdf_text(pdf.data)


def test_an_import_run_twice_changes_nothing_and_what_was_written_here_stays(held, actor, tmp_path):
    with transaction() as current:
        row = current.get_one(Sitting, held.sitting)
        row.source, row.source_key = DEFAULT_SOURCE, "2025-01-09T17:00:00Z"
    file = tmp_path / "minutes.csv"
    file.write_text(
        "committee,start,item,text\n"
        f'{held.committee.slug},2025-01-09 18:00,1,"Erste Zeile.\n\n- Punkt"\n'
        f"{held.committee.slug},2025-01-09 18:00,N1,Vertraulich\n",
        encoding="utf-8",
    )

    def run() -> list[Done]:
        return [take(line) for line in read_csv(file, required=["committee", "start", "item", "text"])]

    assert run() == [Done.ADDED, Done.ADDED]
    operations.save_text(actor, held.item, 1, "Hier verbessert")
    assert run() == [Done.UNCHANGED, Done.UNCHANGED]
    assert newest(held.item) == "Hier verbessert"
    release_all(list(read_csv(file, required=["committee", "start", "item", "text"])))
    assert queries.find_minutes(held.sitting).released_at is not None
    assert "Hier verbessert" in newest_release(held.sitting).content
