"""What was released stays as it was: one kept copy a version, each with its checksum."""

import hashlib
import io
import json
from datetime import datetime

import pytest
from pypdf import PdfReader
from sqlalchemy import delete, select

from coordination.accounts import erasing
from coordination.people.models import Person
from coordination.places.models import Place
from core.database import session, transaction
from core.errors import Outdated, Refused
from core.history import HistoryLine, check_chain, lines_of
from core.personal import Subject
from meetings.agenda import operations as agenda
from meetings.agenda.operations import Item
from meetings.attendance import operations as attendance
from meetings.attendance.rules import Presence
from meetings.minutes import niederschrift, operations
from meetings.minutes import personal as kept_of
from meetings.minutes.models import Minutes, MinutesRelease
from meetings.minutes.operations import Head
from meetings.sittings.models import Sitting
from participation.committees.models import Committee
from participation.seats.models import Seat


@pytest.fixture
def url(held, actor) -> str:
    """The address of minutes that are written and released."""
    operations.save_text(actor, held.item, 0, "Elif Sezen berichtet.")
    operations.save_text(actor, held.secret, 0, "Vertrauliches")
    head = Head(datetime(2026, 11, 12, 18, 35), None, "Elif Sezen", "Herr Schrift", "Gast Nguyen")
    operations.save_head(actor, held.sitting, version=0, head=head)
    operations.release(actor, held.sitting)
    return f"/sitzungen/{held.sitting}/niederschrift"


def pdf_text(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


def grouped(checksum: str) -> str:
    return " ".join(checksum[start : start + 8] for start in range(0, 64, 8))


def newest(held) -> MinutesRelease:
    session().rollback()
    return niederschrift.newest_release(held.sitting)


def released_anew(actor, held, text="Berichtigt.", reason="Schreibfehler") -> None:
    operations.reopen(actor, held.sitting)
    operations.save_text(actor, held.item, 1, text)
    operations.release(actor, held.sitting, reason=reason)


def member(held, sign_in):
    return sign_in("representative", person_id=held.member)


def test_what_changes_after_the_release_does_not_show(url, held, sign_in, actor):
    """Names, roster, agenda, room and the committee's name go their way; the minutes say what they said."""
    reader = member(held, sign_in)
    before = reader.get(url).text
    with transaction() as current:
        for person in current.scalars(select(Person)):
            person.family_name = f"Anders{person.id}"
        for seat in current.scalars(select(Seat)):
            seat.label, seat.organization = f"Platz {seat.id}", None
        sitting = current.get_one(Sitting, held.sitting)
        sitting.committee.organization.name = "Anderer Beirat"
        sitting.number, sitting.place = "9/2026", Place(name="Anderes Haus", key="anderes-haus")
    agenda.edit(actor, held.sitting, held.item, version=None, item=Item("Ganz anderer Titel"))
    agenda.add(actor, held.sitting, Item("Nachgeschoben"))
    operations.reopen(actor, held.sitting)
    main = [page.split("<h2>Anwesenheit</h2>")[1].split("</main>")[0] for page in (before, reader.get(url).text)]
    assert main[0] == main[1]
    for said in ("Dario", "Kulturverein", "MO 1", "Sprachkurse am Abend"):
        assert said in main[1]
    pdf = pdf_text(reader.get(f"{url}/fassungen/1.pdf").data)
    assert "Sprachkurse am Abend" in pdf
    assert not [word for word in ("Anders", "Anderer", "Nachgeschoben", "Ganz", "9/2026") if word in pdf]


def test_page_and_both_documents_print_the_checksum_of_what_is_kept(url, held, sign_in, client):
    kept = newest(held)
    assert kept.checksum == hashlib.sha256(kept.content.encode()).hexdigest()
    assert grouped(kept.checksum) in client.get(url).text
    assert kept.checksum in pdf_text(client.get(url + "-oeffentlich.pdf").data).replace(" ", "")
    assert kept.checksum in pdf_text(member(held, sign_in).get(url + ".pdf").data).replace(" ", "")
    told = lines_of("minutes", session().scalar(select(Minutes.id)))[0].new
    assert (told["number"], told["checksum"]) == (1, kept.checksum)


def test_nobody_finds_out_by_trying_what_is_not_public(url, held):
    """The checksum stands in public; without the salt, which does not, all the rest could be guessed."""
    salt = json.loads(newest(held).content)["salt"]
    assert len(salt) == 32
    assert salt not in newest(held).checksum


def test_a_new_version_needs_a_reason_and_says_what_is_another(url, held, sign_in, actor):
    clerk = sign_in("clerk", organization_id=held.committee.organization_id)
    clerk.submit(url + "/freigabe", {"reopen": 1})
    operations.save_text(actor, held.item, 1, "Berichtigt.")
    page = clerk.submit(url + "/freigabe")
    assert "Niederschrift erneut freigeben" in page.text
    assert "TOP 1: <bdi>Sprachkurse am Abend</bdi> · Geändert" in page.text.replace("<bdi>1</bdi>", "1")
    version = session().scalar(select(Minutes.version))
    page = clerk.submit(url + "/erneut-freigeben", {"version": version, "reason": ""})
    assert "Bitte füllen Sie dieses Feld aus." in page.text
    page = clerk.submit(url + "/erneut-freigeben", {"version": version, "reason": "Zahl <b>verwechselt</b>"})
    assert "Die Niederschrift ist freigegeben." in page.text
    assert newest(held).number == 2
    page = clerk.get(url + "/fassungen")
    assert "Zahl &lt;b&gt;verwechselt&lt;/b&gt;" in page.text
    assert "Was in Fassung 1 anders war" in page.text


def test_earlier_versions_are_for_the_inner_circle_alone(  # noqa: PLR0917
    url, held, client, sign_in, actor, make_organization
):
    released_anew(actor, held, reason="Geheimer Grund")
    addresses = [url + "/fassungen", url + "/fassungen/1", url + "/fassungen/1.pdf"]
    assert [client.get(address).status_code for address in addresses] == [302, 302, 302]
    page = client.get(url)
    assert "Berichtigt." in page.text
    assert "Was in Fassung 1 anders war" in page.text
    assert "Geheimer Grund" not in page.text
    foreign = sign_in("clerk", organization_id=make_organization("Andere").id)
    assert [foreign.get(address).status_code for address in addresses] == [404, 404, 404]
    reader = member(held, sign_in)
    assert "Elif Sezen berichtet." in reader.get(url + "/fassungen/1").text
    assert "Diese Fassung ist überholt: Fassung 2 ist die neueste." in reader.get(url + "/fassungen/1").text
    pdf = reader.get(url + "/fassungen/1.pdf")
    assert pdf.headers["Cache-Control"] == "private, no-store"
    assert "Überholt: Fassung 2 ist die neueste" in pdf_text(pdf.data)
    assert [reader.get(f"{url}/fassungen/{number}").status_code for number in (0, 3, 2**40)] == [404, 404, 404]


def test_while_minutes_are_corrected_the_circle_reads_what_was_released(url, held, sign_in, client, actor):
    operations.reopen(actor, held.sitting)
    operations.save_text(actor, held.item, 1, "Halb geschrieben")
    assert client.get(url).status_code == 404
    reader = member(held, sign_in)
    page = reader.get(url)
    assert "Elif Sezen berichtet." in page.text
    assert "wird gerade berichtigt" in page.text
    assert "Halb geschrieben" not in page.text
    assert reader.get(url + "-oeffentlich.pdf").status_code == 404
    assert "Vertrauliches" in reader.get(url + "?teil=oeffentlich").text  # there is no public part to show
    clerk = sign_in("clerk", organization_id=held.committee.organization_id)
    assert "Halb geschrieben" in clerk.get(url).text


def test_released_again_without_a_change_the_version_before_holds(url, held, actor):
    first = newest(held)
    operations.reopen(actor, held.sitting)
    row = operations.release(actor, held.sitting)
    assert (newest(held).id, row.released_at) == (first.id, first.released_at)


@pytest.mark.parametrize("reason", ["", "  ", "x" * 401])
def test_without_a_good_reason_nothing_is_released(url, held, actor, reason):
    with pytest.raises(Refused) as refused:
        released_anew(actor, held, reason=reason)
    assert refused.value.field == "reason"
    assert newest(held).number == 1
    assert session().scalar(select(Minutes.released_at)) is None


def test_two_clerks_do_not_release_over_one_another(url, held, actor):
    operations.reopen(actor, held.sitting)
    version = session().scalar(select(Minutes.version))
    operations.save_head(actor, held.sitting, version=None, head=Head(chair_name="Jan"))
    with pytest.raises(Outdated):
        operations.release(actor, held.sitting, reason="Vorsitz", version=version)
    assert newest(held).number == 1


def test_what_was_taken_from_the_public_since_no_version_shows(url, held, client, actor):
    assert "Sprachkurse am Abend" in client.get(url).text
    agenda.edit(actor, held.sitting, held.item, version=None, item=Item("Sprachkurse am Abend", public=False))
    page = client.get(url).text
    assert "Sprachkurse am Abend" not in page
    assert "Elif Sezen berichtet." not in page
    agenda.edit(actor, held.sitting, held.secret, version=None, item=Item("Beschwerde einer Familie", public=True))
    assert "Beschwerde einer Familie" not in client.get(url).text  # it was not public when it was released


def test_names_need_the_committees_leave_of_then_and_of_today(held, actor, client):
    def lets(them: bool) -> None:
        with transaction() as current:
            current.get_one(Committee, held.committee.id).publishes_attendance = them

    url = f"/sitzungen/{held.sitting}/niederschrift"
    lets(False)
    operations.release(actor, held.sitting)
    lets(True)
    assert "Dario" not in client.get(url).text
    operations.reopen(actor, held.sitting)
    operations.release(actor, held.sitting, reason="Der Beirat nennt jetzt Namen.")
    assert "Dario" in client.get(url).text
    lets(False)
    assert "Dario" not in client.get(url).text


def as_before_copies_were_kept() -> None:
    with transaction() as current:
        current.execute(delete(MinutesRelease))


def test_minutes_older_than_the_copies_show_what_stands_there_until_a_copy_is_made(url, held, app, client, actor):
    as_before_copies_were_kept()
    assert "Elif Sezen berichtet." in client.get(url).text
    assert "Prüfsumme" not in client.get(url).text
    run = app.test_cli_runner()
    assert "flask minutes freeze" in run.invoke(args=["minutes", "verify"]).output
    assert "1 " in run.invoke(args=["minutes", "freeze"]).output.splitlines()[-1]
    assert "0 " in run.invoke(args=["minutes", "freeze"]).output.splitlines()[-1]
    kept = newest(held)
    assert (kept.number, kept.afterwards) == (1, True)
    page = client.get(url).text
    assert grouped(kept.checksum) in page
    assert "noch keine Kopie angelegt" in page
    (line,) = lines_of("minutes_release", kept.id)
    assert line.action == "minutes.freeze"


def test_older_minutes_that_are_reopened_are_kept_first(url, held, actor):
    as_before_copies_were_kept()
    operations.reopen(actor, held.sitting)
    assert newest(held).afterwards
    operations.save_text(actor, held.item, 1, "Berichtigt.")
    operations.release(actor, held.sitting, reason="Schreibfehler")
    assert newest(held).number == 2


def test_a_copy_that_was_changed_past_the_program_is_found(url, held, app):
    run = app.test_cli_runner()
    assert run.invoke(args=["minutes", "verify"]).exit_code == 0
    with transaction() as current:
        row = current.scalars(select(MinutesRelease)).one()
        row.content = row.content.replace("berichtet", "schweigt")
    found = run.invoke(args=["minutes", "verify"])
    assert found.exit_code == 1
    assert "2026-11-12" in found.output


def test_who_is_erased_goes_out_of_every_version(held, url, actor, sign_in):
    """In place of the name stands the office; the checksum is made anew, and a line tells the old and the new one."""
    with transaction() as current:
        elif_ = current.scalars(select(Person).where(Person.family_name == "Elif")).one()
        elif_.given_name, elif_.family_name = "Elif", "Sezen"
    released_anew(actor, held, text="Elif Sezen dankt.", reason="Elif Sezen bat darum.")
    before = {row.number: (row.checksum, row.content) for row in niederschrift.releases_of(held.sitting)}
    erasing.erase(actor, erasing.subject_of(person_id=elif_.id))
    session().rollback()
    rows = niederschrift.releases_of(held.sitting)
    assert [row.number for row in rows] == [2, 1]
    for row in rows:
        # version 1 was released while the person was called Elif alone: found in the list by number all the same
        assert "Sezen" not in row.content + row.reason
        assert '"instead_of":"Vertretung Kulturverein"' in row.content
        assert row.checksum == hashlib.sha256(row.content.encode()).hexdigest()
        old, text = before[row.number]
        (line,) = lines_of("minutes_release", row.id)
        assert (line.action, line.old, line.new) == (
            "minutes.rewrite",
            {"checksum": old},
            {"checksum": row.checksum},
        )
        assert json.loads(text)["salt"] != json.loads(row.content)["salt"]
    assert "Vertretung Kulturverein dankt." in rows[0].content
    assert check_chain(session()).holds
    assert niederschrift.changed_since(session().get_one(Sitting, held.sitting), rows[0]) == []


def test_people_learn_in_which_versions_they_are(url, held, actor):
    jan = Subject(person_id=held.member)
    told = kept_of.RELEASE.export(jan)
    assert [(row["number"], row["named"], row["by_you"]) for row in told] == [(1, True, False)]
    by_account = kept_of.RELEASE.export(Subject(account_id=actor.account_id))
    assert [(row["named"], row["by_you"]) for row in by_account] == [(False, True)]
    assert kept_of.RELEASE.export(Subject(person_id=10**6, names=frozenset({"Niemand Hier"}))) == []


def test_the_list_of_versions_asks_as_often_for_many_items(url, held, sign_in, actor, count_queries):
    reader = member(held, sign_in)

    def asked() -> int:
        session().rollback()
        with count_queries() as counted:
            assert reader.get(url).status_code == 200
        return counted.number

    few = asked()
    operations.reopen(actor, held.sitting)
    for number in range(30):
        item = agenda.add(actor, held.sitting, Item(f"Punkt {number}"))
        operations.save_text(actor, item.id, 0, "Text")
    attendance.record(
        actor,
        held.sitting,
        seat_id=session().scalar(select(Seat.id).where(Seat.label == "MO 4")),
        presence=Presence.PRESENT,
    )
    operations.release(actor, held.sitting, reason="Nachtrag")
    assert asked() <= few + 1  # the version before, for what was another
    assert session().query(HistoryLine).filter_by(action="minutes.release").count() == 2
