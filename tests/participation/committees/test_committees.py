"""Committees: founded with an organization of their own, edited, archived, imported, and seen by whom."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from coordination.organizations import queries as organizations
from coordination.organizations.rules import Kind as OrganizationKind
from core.access import ANONYMOUS, SYSTEM, Actor, Grant
from core.errors import NotFound, Outdated, Refused
from core.history import lines_of
from core.instance import calendar_counter
from participation.committees import operations, policies, queries
from participation.committees.operations import Charter, charter_of
from participation.committees.rules import Kind, QuorumRule

BOARD = Charter(name="Beirat für Zusammenleben", kind=Kind.ADVISORY_BOARD, short_name="Beirat", notice_days=10)


def names(committees):
    return [committee.name for committee in committees]


def test_a_committee_is_founded_with_an_organization_of_its_own(actor):
    committee = operations.create_committee(actor, BOARD)
    organization = organizations.known_by_key("beirat-fuer-zusammenleben")
    assert committee.organization is organization
    assert (organization.name, organization.kind) == ("Beirat für Zusammenleben", OrganizationKind.COMMITTEE)
    assert queries.get_by_slug("beirat-fuer-zusammenleben") is committee
    (line,) = lines_of("committee", committee.id)
    assert (line.action, line.new["notice_days"]) == ("committees.create", 10)
    assert line.new["organization_id"] == organization.id


def test_a_slug_never_collides_with_an_organization_of_the_same_name(actor, make_organization):
    make_organization("Beirat für Zusammenleben")
    assert operations.create_committee(actor, BOARD).slug == "beirat-fuer-zusammenleben-2"


def test_of_two_who_found_a_committee_of_one_name_at_once_nobody_sees_an_error(app):
    """PostgreSQL lets both look for a free slug at once: then the second is told. SQLite lets one wait: it gets -2."""
    said: list[str | None] = []
    together = threading.Barrier(2)

    def found(charter: Charter) -> None:
        with app.app_context():
            together.wait(timeout=60)
            try:
                said.append(operations.create_committee(SYSTEM, charter).slug)
            except Refused as refused:
                said.append(refused.field)

    for number in range(6):
        threads = [threading.Thread(target=found, args=(replace(BOARD, name=f"Rat {number}"),)) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert f"rat-{number}" in said
    assert len(said) == 12
    assert len(queries.list_visible(frozenset())) == 12 - said.count("name")


@pytest.mark.parametrize("slug", ["beirat", "Beirat Zwei", "../beirat", "x" * 81])
def test_a_slug_that_is_taken_or_no_short_name_is_refused_and_nothing_stays(actor, slug):
    operations.create_committee(actor, BOARD, slug="beirat")
    with pytest.raises(Refused) as refused:
        operations.create_committee(actor, BOARD, slug=slug)
    assert refused.value.field == "slug"
    assert len(queries.list_visible(frozenset())) == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"notice_days": -1}, "notice_days"),
        ({"notice_days": 91}, "notice_days"),
        ({"statutory_seats": 1000}, "statutory_seats"),
        ({"statutory_voting_seats": -1}, "statutory_voting_seats"),
        ({"statutory_seats": 10, "statutory_voting_seats": 11}, "statutory_voting_seats"),
        ({"statutory_seats": 0, "statutory_voting_seats": 1}, "statutory_voting_seats"),
    ],
)
def test_numbers_beyond_reason_are_refused_at_their_field(actor, change, field):
    with pytest.raises(Refused) as refused:
        operations.create_committee(actor, replace(BOARD, **change))
    assert refused.value.field == field


def test_an_edit_changes_name_and_rules_at_once_and_the_slug_stays(actor):
    committee = operations.create_committee(actor, BOARD)
    changed = replace(
        BOARD, name="Rat für Zusammenleben", quorum_rule=QuorumRule.PRESENCE, statutory_seats=14, public=False
    )
    operations.edit_committee(actor, committee.id, version=committee.version, charter=changed)
    committee = queries.get_by_slug("beirat-fuer-zusammenleben")
    assert charter_of(committee) == changed


def test_a_renaming_alone_makes_older_forms_outdated_and_moves_calendars(actor):
    committee = operations.create_committee(actor, BOARD)
    opened, counter = committee.version, calendar_counter()
    operations.edit_committee(actor, committee.id, version=opened, charter=replace(BOARD, name="Rat"))
    assert calendar_counter() > counter
    with pytest.raises(Outdated):
        operations.edit_committee(actor, committee.id, version=opened, charter=replace(BOARD, notice_days=3))
    assert charter_of(queries.get_by_slug(committee.slug)) == replace(BOARD, name="Rat")


def test_saving_without_a_change_leaves_no_line(actor):
    committee = operations.create_committee(actor, BOARD)
    operations.edit_committee(actor, committee.id, version=committee.version, charter=BOARD)
    assert len(lines_of("committee", committee.id)) == 1


def test_an_archived_committee_leaves_the_lists_with_its_organization(actor):
    committee = operations.create_committee(actor, BOARD)
    for _twice in range(2):
        operations.archive_committee(actor, committee.id)
    assert queries.list_visible(frozenset()) == []
    assert names(queries.list_visible(frozenset(), archived=True)) == [BOARD.name]
    assert committee.organization.archived_at is not None
    operations.restore_committee(actor, committee.id)
    assert names(queries.list_visible(frozenset())) == [BOARD.name]
    assert [line.action for line in lines_of("committee", committee.id)] == [
        "committees.restore",
        "committees.archive",
        "committees.create",
    ]


def test_non_public_committees_are_listed_for_their_inner_circle_only(make_committee):
    make_committee("Arbeitskreis")
    secret = make_committee("Schutzgruppe", public=False)
    assert names(queries.list_visible(frozenset())) == ["Arbeitskreis"]
    assert names(queries.list_visible(frozenset({secret.id}))) == ["Arbeitskreis", "Schutzgruppe"]
    with pytest.raises(NotFound):
        queries.get_by_slug("unbekannt")


CLERK = frozenset({"committees.edit"})


@pytest.mark.parametrize(
    ("who", "sees", "edits"),
    [
        (lambda c: ANONYMOUS, False, False),
        (lambda c: Actor(account_id=1, person_id=1), False, False),
        (lambda c: Actor(account_id=1, permissions=CLERK), False, False),
        (
            lambda c: Actor(account_id=1, permissions=CLERK, grants=frozenset({Grant("clerk", c.organization_id + 1)})),
            False,
            False,
        ),
        (
            lambda c: Actor(
                account_id=1, permissions=CLERK, grants=frozenset({Grant("representative", c.organization_id)})
            ),
            False,
            False,
        ),
        (
            lambda c: Actor(account_id=1, permissions=CLERK, grants=frozenset({Grant("clerk", c.organization_id)})),
            True,
            True,
        ),
        (lambda c: Actor(account_id=1, permissions=CLERK, is_admin=True), True, True),
        (lambda c: SYSTEM, True, True),
    ],
    ids=["nobody", "account", "clerk of none", "clerk of another", "representative", "clerk", "admin", "command"],
)
def test_who_may_see_and_edit_a_committee_that_is_not_public(make_committee, who, sees, edits):
    committee = make_committee(public=False)
    actor = who(committee)
    assert policies.may_see(actor, committee, frozenset()) is sees
    assert policies.may_see(actor, committee, frozenset({committee.id}))
    assert policies.may_edit(actor, committee) is edits


HEADER = (
    "slug,name,short_name,kind,about,notice_days,quorum_rule,"
    "statutory_seats,statutory_voting_seats,public,publishes_attendance\n"
)
GOOD = "beirat,Beirat,B,advisory_board,Berät.,10,presence,19,14,yes,no\n"


def test_an_import_run_twice_changes_nothing_and_a_bad_line_stops_nothing(app, tmp_path: Path):
    file = tmp_path / "committees.csv"
    bad = [
        "x y,Ein Name,,advisory_board,,10,presence,,,yes,no\n",
        f"lang,{'x' * 201},,advisory_board,,10,presence,,,yes,no\n",
        "art,Ein Name,,stammtisch,,10,presence,,,yes,no\n",
        "frist,Ein Name,,advisory_board,,bald,presence,,,yes,no\n",
        "oeffentlich,Ein Name,,advisory_board,,7,presence,,,vielleicht,no\n",
        "sitze,Ein Name,,advisory_board,,7,presence,3,4,yes,no\n",
    ]
    file.write_text(HEADER + "".join(bad) + GOOD + "leise,Leise,,working_group,,7,presence,,,no,\n", encoding="utf-8")
    run = app.test_cli_runner().invoke
    first = run(args=["committees", "import", str(file)])
    assert first.exit_code == 1
    assert "2 neu, 0 geändert, 0 unverändert, 6 fehlerhaft" in first.output
    second = run(args=["committees", "import", str(file), "--quiet"])
    assert "0 neu, 0 geändert, 2 unverändert, 6 fehlerhaft" in second.output
    assert charter_of(queries.get_by_slug("beirat")) == Charter(
        name="Beirat",
        short_name="B",
        kind=Kind.ADVISORY_BOARD,
        about="Berät.",
        notice_days=10,
        quorum_rule=QuorumRule.PRESENCE,
        statutory_seats=19,
        statutory_voting_seats=14,
    )
    assert not queries.get_by_slug("leise").public
    file.write_text(HEADER + GOOD.replace(",10,", ",14,"), encoding="utf-8")
    assert "1 geändert" in run(args=["committees", "import", str(file)]).output
    assert queries.get_by_slug("beirat").notice_days == 14
