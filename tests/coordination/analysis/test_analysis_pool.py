"""Thirty-two towns repeat the survey: each sends its file of figures, and the tables of 2020 come back."""

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TypeVar

import pytest

from coordination.analysis.indicators import indicators
from coordination.analysis.pooling import Indicators, check_together, pool, read
from coordination.analysis.rules import Asked
from coordination.cooperation import operations as cooperations
from coordination.cooperation.facts import Facts, facts_of
from coordination.cooperation.rules import Format, InitiatorKind, Lead, Status
from coordination.organizations.operations import Profile, create_organization
from coordination.organizations.rules import Kind
from coordination.strategy import statements
from coordination.strategy.rules import Foundation
from core.access import SYSTEM
from core.csv_files import DELIMITER
from core.errors import Refused
from participation.committees.operations import Charter, create_committee
from participation.committees.rules import Kind as CommitteeKind
from participation.seats.operations import SeatTerms, create_seat
from tests.conftest import empty_all_tables

TOWNS = 32
Dealt = TypeVar("Dealt")

EVENTS = [Lead.MUNICIPAL] * 112 + [Lead.MIGRANT_ORGANISATION] * 112 + [Lead.JOINT] * 96
PROJECTS = [Lead.MIGRANT_ORGANISATION] * 78 + [Lead.MUNICIPAL] * 70 + [Lead.JOINT] * 52
IMPULSES = (
    [InitiatorKind.INTEGRATION_DEPARTMENT] * 41
    + [InitiatorKind.MIGRANT_ORGANISATION] * 31
    + [InitiatorKind.OTHER_OFFICE] * 28
)
FURTHER = (CommitteeKind.ADVISORY_BOARD, CommitteeKind.INTEGRATION_COMMITTEE, CommitteeKind.ROUND_TABLE)


def deal(cards: Sequence[Dealt], hands: int, hand: int) -> Sequence[Dealt]:
    """What one of so many hands gets, so that nothing is left and hands differ."""
    return cards[len(cards) * hand // hands : len(cards) * (hand + 1) // hands]


def build_town(number: int) -> None:
    """A town's events, projects and committees. No two towns are alike, and most are unlike the whole."""
    chor = create_organization(SYSTEM, Profile(name="Chor", kind=Kind.MIGRANT_ORGANISATION))
    amt = create_organization(SYSTEM, Profile(name="Amt", kind=Kind.DEPARTMENT, integration_department=True))
    for form, leads in ((Format.SINGLE_EVENT, EVENTS), (Format.PROJECT, PROJECTS)):
        for lead in deal(leads, TOWNS, number):
            facts = Facts(title="Fest", format=form, status=Status.HELD, starts_on=date(2026, 5, 9))
            cooperations.create_cooperation(SYSTEM, facts, lead=lead)
    for foundation, having in ((Foundation.CONCEPT, range(23)), (Foundation.JOB_DESCRIPTION, (*range(20), 23, 24, 25))):
        statements.state(SYSTEM, foundation, holds=number in having, since=date(2026, 1, 1))
    if number < 23:
        for impulse in deal(IMPULSES, 23, number):
            found_committee(CommitteeKind.NETWORK, chor.id, impulse)
    found_committee(CommitteeKind.WORKING_GROUP, chor.id if number >= 4 else amt.id)
    if number % 16 in (0, 3, 5, 7, 9, 11, 14):
        found_committee(FURTHER[number % 3], chor.id)


def found_committee(kind: CommitteeKind, organization_id: int, impulse: InitiatorKind | None = None) -> None:
    committee = create_committee(SYSTEM, Charter(name=f"Kreis {kind}", kind=kind))
    create_seat(SYSTEM, committee.id, terms=SeatTerms(label="1", organization_id=organization_id))
    if impulse:
        row = committee.cooperation
        facts = replace(facts_of(row), initiator_kind=impulse)
        cooperations.edit_cooperation(SYSTEM, row.id, version=row.version, facts=facts)


@pytest.fixture
def files(app, client, tmp_path) -> Iterator[list[Path]]:
    """The files that 32 towns send."""
    settings, made = app.config["SETTINGS"], []
    for number in range(TOWNS):
        empty_all_tables(app)
        build_town(number)
        app.config["SETTINGS"] = replace(settings, body_name=f"Ort {number:02}")
        made.append(tmp_path / f"ort-{number:02}.json")
        made[-1].write_bytes(client.get("/auswertung/indikatoren.json").data)
    yield made
    app.config["SETTINGS"] = settings


@pytest.mark.one_database
def test_thirty_two_towns_give_back_the_survey(app, files, tmp_path):
    told = [json.loads(file.read_text(encoding="utf-8")) for file in files]
    assert len({json.dumps(found["single_events_lead"]) for found in told}) > 1
    out = tmp_path / "pooled.csv"
    done = app.test_cli_runner().invoke(args=["analysis", "pool", *map(str, files), "--csv", str(out)])
    assert done.exit_code == 0, done.output
    with out.open(encoding="utf-8-sig", newline="") as content:
        lines = {(line["group"], line["key"]): line for line in csv.DictReader(content, delimiter=DELIMITER)}

    def shares(group: str) -> dict[str, float]:
        return {key: float(line["share"].replace(",", ".")) for (name, key), line in lines.items() if name == group}

    assert shares("single_events_lead") == {"municipal": 35, "mo": 35, "joint": 30}
    assert shares("projects_lead") == {"mo": 39, "municipal": 35, "joint": 26}
    assert shares("initiative_regular_exchange") == {"integration_department": 41, "mo": 31, "other_office": 28}
    figures = {key: (line["municipalities"], line["of"]) for (name, key), line in lines.items() if "figures" in name}
    assert figures == {
        "regular_exchange": ("23", "32"),
        "municipal_bodies": ("28", "32"),
        "further_levels": ("14", "32"),
    }
    foundations = {key: (line["municipalities"], line["of"]) for (name, key), line in lines.items() if "found" in name}
    assert foundations == {
        "concept": ("23", "32"),
        "job_description": ("23", "32"),
        "both": ("20", "32"),
        "only_concept": ("3", "32"),
        "only_job_description": ("3", "32"),
    }
    assert lines["formats", "single_event"]["count"] == "320"
    assert lines["formats", "project"]["count"] == "200"
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in done.output.splitlines() if "│" in line]
    assert ["regular_exchange", "23", "32", "23 von 32"] in rows
    assert ["only_concept", "3", "32", "3 von 32"] in rows
    assert any(row[0] == "integration_department" and row[2:] == ["41.0", "41"] for row in rows)
    assert all(len(row) == 3 for row in rows if row[0] == "door_opener"), "the survey did not ask it"


def content(app, **changes: object) -> bytes:
    with app.app_context():
        return json.dumps({**indicators(Asked(), "Ort"), **changes}).encode()


@pytest.mark.one_database
@pytest.mark.parametrize(
    "changes",
    [
        {"format": "other"},
        {"version": 2},
        {"version": "1"},
        {"body": ""},
        {"body": 5},
        {"year": "2026"},
        {"year": True},
        {"committee_figures": None},
        {"foundations": None},
        {"foundations": {"yes": {"concept": 1}}},
        {"committee_figures": {"yes": {"regular_exchange": 1}}},
        {"single_events_lead": {"counts": {"municipal": 1, "mo": 1}}},
        {"single_events_lead": {"counts": {"municipal": 1.5, "mo": 1, "joint": 0}}},
        {"single_events_lead": {"counts": {"municipal": -1, "mo": 1, "joint": 0}}},
        {"single_events_lead": {"counts": {"municipal": True, "mo": 1, "joint": 0}}},
        {"single_events_lead": {"counts": {"municipal": 10**400, "mo": 1, "joint": 0}}},
        {"single_events_lead": []},
        {"fairness": None},
    ],
)
def test_a_wrong_file_is_refused(app, changes):
    with pytest.raises(Refused):
        read(content(app, **changes))


@pytest.mark.one_database
@pytest.mark.parametrize("wrong", [b"", b"[]", b"{", b"\xff\xfe", b"[" * 100_000, b" " * 1_000_001, b"null", b"1e999"])
def test_what_is_no_such_file_is_refused(wrong):
    with pytest.raises(Refused):
        read(wrong)


@pytest.mark.one_database
def test_the_command_names_the_wrong_file_and_writes_nothing(app, tmp_path):
    good, bad, out = tmp_path / "gut.json", tmp_path / "falsch.json", tmp_path / "out.csv"
    good.write_bytes(content(app))
    bad.write_text("{}")
    done = app.test_cli_runner().invoke(args=["analysis", "pool", str(good), str(bad), "--csv", str(out)])
    assert done.exit_code == 1
    assert "falsch.json" in done.output
    assert not out.exists()


@pytest.mark.one_database
def test_a_table_that_cannot_be_written_is_said(app, tmp_path):
    file = tmp_path / "ort.json"
    file.write_text(json.dumps(indicators(Asked(), "Ort")), encoding="utf-8")
    told = ["analysis", "pool", str(file), "--csv", str(tmp_path / "nowhere" / "table.csv")]
    result = app.test_cli_runner().invoke(args=told)
    assert (result.exit_code, "table.csv" in result.output) == (1, True)


@pytest.mark.one_database
def test_towns_are_pooled_once_and_for_the_same_year(app):
    first, second = read(content(app)), read(content(app, body="Anderswo", year=2025))
    with pytest.raises(Refused):
        check_together([("a", first), ("b", first)])
    with pytest.raises(Refused):
        check_together([("a", first), ("b", second)])
    check_together([("a", first), ("b", replace(second, year=None))])


@pytest.mark.one_database
def test_who_has_not_stated_what_the_work_rests_on_is_not_counted(app):
    def told(body: str, **changes: object) -> Indicators:
        return read(content(app, body=body, **changes))

    older = json.loads(content(app, body="Alt"))
    del older["foundations"]
    half = told("Halb", foundations={"yes": {"concept": True, "job_description": None}})
    whole = told("Ganz", foundations={"yes": {"concept": False, "job_description": True}})
    pooled = pool([read(json.dumps(older).encode()), half, whole]).foundations
    assert pooled["concept"] == (1, 2)
    assert pooled["job_description"] == (1, 1)
    assert (pooled["both"], pooled["only_job_description"]) == ((0, 1), (1, 1))


def test_an_empty_town_has_no_shares_and_no_town_is_counted_for_it(app):
    found = pool([read(content(app))])
    assert found.groups[0].shares == {"municipal": None, "mo": None, "joint": None}
    assert found.groups[0].municipalities == 0
    assert set(found.figures.values()) == {0}
