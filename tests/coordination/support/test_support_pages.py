"""Pages and files of support: entered, listed, told by year, shown to who may read it, written and read back."""

from pathlib import Path

import pytest

from coordination.organizations import operations as organizations
from coordination.organizations.rules import Kind
from coordination.places import operations as places
from coordination.support import files, operations, queries
from coordination.support.commands import group
from coordination.support.operations import AdviceTerms, RoomTerms, terms_of
from coordination.support.queries import Wanted
from coordination.support.rules import AdviceForm, Area, RoomForm
from core.access import SYSTEM
from core.csv_files import parse_csv
from core.database import session
from core.history import HistoryLine


def test_money_is_entered_changed_and_removed(sign_in, make_organization):
    choir, office = make_organization("Chor"), make_organization("Kulturamt", kind=Kind.DEPARTMENT)
    client = sign_in("officer")
    sent = {"organization_id": choir.id, "year": 2026, "form": "project", "title": "Fest", "asked": "1,000"}
    assert "Bitte geben Sie einen Betrag" in client.submit("/foerderung/mittel/neu", sent).text
    sent |= {"asked": "1.000,50", "office_ids": [office.id]}
    assert "1.000,50" in client.submit("/foerderung/mittel/neu", sent).text
    row = session().scalars(queries.search(Area.FUNDING, Wanted())).one()
    assert (row.asked, row.granted, row.office_ids) == (100_050, None, frozenset({office.id}))
    refused = client.submit(f"/foerderung/mittel/{row.id}", sent | {"granted": "0", "version": row.version})
    assert "Bitte sagen Sie, warum nichts bewilligt wurde" in refused.text
    sent |= {"granted": "0", "reason": "Der Antrag kam nach der Frist.", "version": row.version}
    assert "abgelehnt" in client.submit(f"/foerderung/mittel/{row.id}", sent).text
    assert "Der Antrag kam nach der Frist." in client.get("/foerderung/?jahr=2026").text
    client.submit(f"/foerderung/mittel/{row.id}/entfernen")
    assert session().scalars(queries.search(Area.FUNDING, Wanted())).all() == []


def test_what_was_not_offered_is_refused_in_the_reader_s_language(sign_in, make_organization):
    choir = make_organization("Chor")
    sent = {"organization_id": choir.id, "year": 2026, "form": "project", "title": "Fest", "office_ids": ["99"]}
    page = sign_in("officer").submit("/foerderung/mittel/neu", sent).text
    assert "Bitte wählen Sie unter den Möglichkeiten." in page
    assert "99" not in page.partition("<main")[2]


def test_who_saves_later_sees_what_was_saved_meanwhile(sign_in, make_organization, make_funding):
    row = make_funding(make_organization())
    client, opened = sign_in("officer"), row.version
    sent = {"organization_id": row.organization_id, "year": 2026, "form": "project", "title": "Meins"}
    client.submit(f"/foerderung/mittel/{row.id}", sent | {"version": opened})
    page = client.submit(f"/foerderung/mittel/{row.id}", sent | {"title": "Deins", "version": opened}).text
    assert "Meins" in page
    assert "Deins" in page
    assert queries.get_entry(Area.FUNDING, row.id).title == "Meins"


@pytest.mark.parametrize("area", Area)
def test_an_empty_list_says_what_belongs_there(sign_in, area):
    page = sign_in("officer").get(f"/foerderung/{area}/?jahr=rubbish&amt=999999999&form=%00").text
    assert "Hier steht" in page


def test_an_organization_that_was_archived_since_stays_named(sign_in, make_organization, make_funding):
    choir = make_organization("Chor der Brücken")
    row = make_funding(choir)
    organizations.archive_organization(SYSTEM, choir.id)
    assert "Chor der Brücken" in sign_in("officer").get(f"/foerderung/mittel/{row.id}").text


def test_who_speaks_for_an_organization_reads_what_it_got_and_why_not(
    sign_in, client, make_account, make_organization, make_funding
):
    choir, dance = make_organization("Chor"), make_organization("Tanz")
    make_funding(choir, title="Probenraum", granted=0, reason="Kein Geld mehr im Topf.")
    address = f"/organisationen/{choir.id}"
    for role, whose, sees in (
        ("representative", choir, True),
        ("representative", dance, False),
        ("officer", make_organization(kind=Kind.DEPARTMENT), True),
    ):
        account = make_account(role, organization_id=whose.id, email=f"{role}{whose.id}@example.org")
        page = sign_in(account=account).get(address).text
        assert ("Kein Geld mehr im Topf." in page) == sees, (role, whose.name)
        assert (f"/foerderung/mittel/{queries.find_by_key(Area.FUNDING, '2026-chor').id}" in page) == (
            role == "officer"
        )


def test_lists_and_pages_ask_as_much_for_many_entries_as_for_one(
    sign_in, count_queries, make_organization, make_funding, make_budget
):
    client = sign_in("officer")
    offices = [make_organization(kind=Kind.DEPARTMENT) for _ in range(4)]
    addresses = ["/foerderung/", *(f"/foerderung/{area}{end}" for area in Area for end in ("/", ".csv"))]

    place = places.create_place(SYSTEM, places.Profile(name="Schule"))

    def grow(year: int) -> None:
        for office in offices:
            choir = make_organization()
            make_funding(choir, year=year, granted=5, used=1, office_ids=frozenset(one.id for one in offices))
            make_budget(office, year=year, used=1)
            operations.enter(SYSTEM, Area.ROOM, RoomTerms(choir.id, year, RoomForm.SCHOOL, place_id=place.id))
            operations.enter(SYSTEM, Area.ADVICE, AdviceTerms(choir.id, year, AdviceForm.UMBRELLA, "Anträge"))

    def asked() -> list[int]:
        found = []
        for address in addresses:
            with count_queries() as counted:
                assert client.get(address).status_code == 200
            found.append(counted.number)
        return found

    grow(2025)
    client.get("/foerderung/")
    few = asked()
    grow(2026)
    grow(2024)
    assert asked() == few


def test_files_defuse_formulas_and_do_not_tell_small_groups(sign_in, make_organization):
    choir = make_organization("Chor", key="chor")
    terms = AdviceTerms(choir.id, 2026, AdviceForm.UMBRELLA, "=SUM(A1)", participants=3)
    operations.enter(SYSTEM, Area.ADVICE, terms)
    answer = sign_in("officer").get("/foerderung/beratung.csv")
    line = next(iter(parse_csv(answer.data, required=files.COLUMNS)))
    assert "'=SUM(A1)" in answer.text
    assert (line["organization"], line["participants"]) == ("chor", "")
    assert "weniger als 5" in sign_in("officer").get("/foerderung/beratung/").text


def test_the_years_come_as_a_file(sign_in, make_organization, make_funding):
    make_funding(make_organization(), granted=80_000)
    assert "2026;1000,00;800,00;0,00;0,00;1" in sign_in("officer").get("/foerderung/jahre.csv").text


HEADER = "key,area,year,form,organization,offices,asked,granted,set_aside,used,place,hours,participants,title,reason\n"
LINES = (
    "fest,funding,2026,project,chor,amt jugend,1000,0,,,,,,Fest,Nach der Frist\n"
    "topf,budget,2026,flexible,,amt,,,5000,0,,,,,Niemand hörte davon\n"
    "schule,room,2026,school,chor,,,,,,saal,40,,,\n"
    "kurs,advice,2026,umbrella,chor,,,,,,,6,12,Anträge stellen,\n"
)


@pytest.fixture
def run(app, tmp_path: Path, make_organization, make_place):
    """`run(lines)`: the result of the import, among a choir, two departments and a room."""
    make_organization("Chor", key="chor")
    for key in ("amt", "jugend"):
        make_organization(key, kind=Kind.DEPARTMENT, key=key)
    make_place("Schule", key="saal")

    def invoke(lines: str):
        file = tmp_path / "funding.csv"
        file.write_text(HEADER + lines, encoding="utf-8")
        return app.test_cli_runner().invoke(group, ["import", str(file)])

    return invoke


def everything() -> list[object]:
    return [terms_of(area, row) for area in Area for row in queries.each(area, Wanted())]


def test_a_file_tells_all_areas_and_twice_is_as_once(run):
    assert run(LINES).exit_code == 0
    fest = queries.find_by_key(Area.FUNDING, "fest")
    assert (fest.asked, fest.granted, len(fest.offices)) == (100_000, 0, 2)
    assert queries.find_by_key(Area.ROOM, "schule").place.key == "saal"
    before, lines = everything(), session().query(HistoryLine).count()
    assert "4 unverändert" in run(LINES).output or "4 unchanged" in run(LINES).output
    assert (everything(), session().query(HistoryLine).count()) == (before, lines)


def test_what_was_written_is_read_back_the_same(run, app, tmp_path):
    run(LINES)
    before, file = everything(), tmp_path / "out.csv"
    assert app.test_cli_runner().invoke(group, ["export", str(file)]).exit_code == 0
    for area in Area:
        for row in list(queries.each(area, Wanted())):
            operations.remove(SYSTEM, area, row.id)
    assert everything() == []
    assert app.test_cli_runner().invoke(group, ["import", str(file)]).exit_code == 0
    assert everything() == before


@pytest.mark.parametrize(
    "line",
    [
        "a,wealth,2026,project,chor,,1,,,,,,,T,\n",
        "a,funding,2026,project,nobody,,1,,,,,,,T,\n",
        "a,funding,2026,project,chor,nobody,1,,,,,,,T,\n",
        "a,funding,2026,school,chor,,1,,,,,,,T,\n",
        "a,funding,x,project,chor,,1,,,,,,,T,\n",
        "a,funding,2026,project,chor,chor,1,,,,,,,T,\n",
        "a,room,2026,school,chor,,,,,,nowhere,1,,,\n",
        ",funding,2026,project,chor,,1,,,,,,,T,\n",
        "a,budget,2026,flexible,,,,,5000,,,,,,\n",
    ],
)
def test_a_bad_line_is_refused_and_stops_nothing(run, line):
    result = run(line + LINES)
    assert result.exit_code == 1
    assert len(everything()) == 4
