"""Aims and measures are entered, adopted, reached and given up; what the municipality states of itself is dated."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from coordination.cooperation.facts import Facts
from coordination.cooperation.operations import create_cooperation
from coordination.cooperation.rules import Format, Status
from coordination.organizations.rules import Kind
from coordination.strategy import operations, policies, queries, statements
from coordination.strategy.files import COLUMNS, OPTIONAL, REQUIRED, Taker, strategy_csv
from coordination.strategy.models import Aim, Measure, Statement
from coordination.strategy.operations import Stand, Terms, terms_of
from coordination.strategy.queries import Change
from coordination.strategy.rules import Foundation, State
from core.access import ANONYMOUS, Actor
from core.csv_files import DELIMITER, Line, parse_csv
from core.database import session
from core.errors import NotFound, Outdated, Refused
from core.history import HistoryLine, lines_of
from core.importing import Done, TooFar

TODAY = date(2026, 11, 16)
TOMORROW = TODAY + timedelta(days=1)
COUNCIL = {"adopted_on": date(2026, 3, 5), "adopted_by": "Gemeinderat"}


def test_an_aim_and_its_measures_are_entered_with_a_line_of_history_each(actor, make_organization):
    office = make_organization("Amt für Integration", kind=Kind.DEPARTMENT)
    aim = operations.create_aim(actor, Terms("Räume für alle"))
    terms = Terms("Raumbörse", "Wer hat wann Platz?", office.id, date(2027, 6, 30))
    measure = operations.create_measure(actor, aim.id, terms=terms)
    assert (aim.key, measure.key, aim.measures) == ("raeume-fuer-alle", "raumboerse", [measure])
    assert (measure.state, measure.state_since, terms_of(measure)) == (State.PLANNED, TODAY, terms)
    (line,) = lines_of("measure", measure.id)
    assert (line.action, line.new["owner_id"]) == ("strategy.create_measure", office.id)


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        (Terms(""), "title"),
        (Terms("Ziel", adopted_on=TOMORROW, adopted_by="Gemeinderat"), "adopted_on"),
        (Terms("Ziel", adopted_on=TODAY), "adopted_by"),
        (Terms("Ziel", adopted_by="Gemeinderat"), "adopted_on"),
        (Terms("Ziel", due_on=date(9999, 12, 31)), "due_on"),
        (Terms("Ziel", adopted_on=date(26, 3, 5), adopted_by="Gemeinderat"), "adopted_on"),
    ],
)
def test_what_is_refused_of_an_aim(actor, terms, field):
    with pytest.raises(Refused) as refused:
        operations.create_aim(actor, terms)
    assert refused.value.field == field
    assert session().scalars(select(Aim)).all() == []


def test_a_slip_in_the_year_is_refused(actor, make_aim):
    slip = date(226, 3, 5)
    with pytest.raises(Refused) as refused:
        operations.set_state(actor, Aim, make_aim().id, version=None, stand=Stand(State.REACHED, slip))
    assert refused.value.field == "since"
    with pytest.raises(Refused) as refused:
        statements.state(actor, Foundation.CONCEPT, holds=True, since=slip)
    assert refused.value.field == "since"


def test_a_measure_is_adopted_after_its_aim_and_an_aim_stays_adopted_while_a_measure_is(actor, make_aim, make_measure):
    draft = make_aim("Entwurf", adopted=False)
    with pytest.raises(Refused) as refused:
        make_measure(draft)
    assert refused.value.field == "adopted_on"
    adopted = make_aim()
    measure = make_measure(adopted)
    with pytest.raises(Refused) as refused:
        operations.edit(actor, Aim, adopted.id, version=None, terms=Terms("Vereine stärken"))
    assert refused.value.field == "adopted_on"
    with pytest.raises(Refused):
        operations.move(actor, measure.id, aim_id=draft.id)


def test_a_committee_or_nobody_known_sees_to_nothing(actor, make_organization):
    council = make_organization("Rat", kind=Kind.COMMITTEE)
    with pytest.raises(Refused) as refused:
        operations.create_aim(actor, Terms("Ziel", owner_id=council.id))
    assert refused.value.field == "owner_id"
    with pytest.raises(NotFound):
        operations.create_aim(actor, Terms("Ziel", owner_id=4711))


def test_changes_of_state_are_dated_and_giving_up_says_why(actor, make_aim, make_measure):
    measure = make_measure(make_aim(), stand=Stand(State.PLANNED, date(2026, 3, 5)))

    def say(state, since, reason=""):
        operations.set_state(actor, Measure, measure.id, version=None, stand=Stand(state, since, reason))

    say(State.UNDER_WAY, date(2026, 5, 1))
    for wrong, field in (((State.GIVEN_UP, TODAY), "reason"), ((State.REACHED, TOMORROW), "since")):
        with pytest.raises(Refused) as refused:
            say(*wrong)
        assert refused.value.field == field
    say(State.GIVEN_UP, date(2026, 10, 1), "Das Haus wurde verkauft.")
    assert queries.changes_of(measure, drafts=False) == [
        Change(State.GIVEN_UP, date(2026, 10, 1), "Das Haus wurde verkauft."),
        Change(State.UNDER_WAY, date(2026, 5, 1), ""),
        Change(State.PLANNED, date(2026, 3, 5), ""),
    ]


def test_a_step_is_told_in_its_last_words_and_what_it_corrected_is_not_told(actor, make_aim):
    aim = make_aim()

    def say(state, month, reason=""):
        operations.set_state(actor, Aim, aim.id, version=None, stand=Stand(state, date(2026, month, 1), reason))
        return queries.changes_of(aim, drafts=False)

    say(State.PLANNED, 3, "Frau Beispiel fragt nach.")
    say(State.PLANNED, 3, "Das Amt fragt nach.")
    planned = Change(State.PLANNED, date(2026, 3, 1), "Das Amt fragt nach.")
    under_way = Change(State.UNDER_WAY, date(2026, 5, 1), planned.reason)
    assert say(State.UNDER_WAY, 5, planned.reason) == [under_way, planned], "words that stay are told again"
    say(State.GIVEN_UP, 6, "Ein Versehen.")
    assert say(State.UNDER_WAY, 5, planned.reason) == [under_way, planned]
    reached = replace(under_way, state=State.REACHED, since=date(2026, 7, 1), reason="Fertig.")
    say(State.REACHED, 6, "Fast.")
    assert say(State.REACHED, 7, "Fertig.") == [reached, under_way, planned]


def test_what_was_said_of_a_draft_stays_with_those_who_edit_it(actor, make_aim):
    aim = make_aim(adopted=False)

    def say(state, month, reason):
        operations.set_state(actor, Aim, aim.id, version=None, stand=Stand(state, date(2026, month, 1), reason))

    def adopt(**adoption):
        operations.edit(actor, Aim, aim.id, version=None, terms=replace(terms_of(aim), **adoption))

    say(State.PLANNED, 1, "Der Kämmerer ist dagegen.")
    say(State.UNDER_WAY, 2, "Wir fangen an.")
    assert queries.changes_of(aim, drafts=False) == []
    adopt(**COUNCIL)
    say(State.REACHED, 4, "Geschafft.")
    adopt(adopted_on=None, adopted_by="")
    say(State.PLANNED, 5, "Noch einmal von vorn?")
    say(State.GIVEN_UP, 6, "Nein.")
    adopt(**COUNCIL)
    told = ["Nein.", "Noch einmal von vorn?", "Geschafft.", "Wir fangen an.", "Der Kämmerer ist dagegen."]
    assert [change.reason for change in queries.changes_of(aim, drafts=True)] == told
    assert [change.reason for change in queries.changes_of(aim, drafts=False)] == [told[0], told[2], told[3]]


def test_a_file_that_adopts_what_it_sets_tells_nobody_what_the_draft_was(actor, make_aim):
    aim = make_aim("Räume", adopted=False, key="a1")
    operations.set_state(actor, Aim, aim.id, version=None, stand=Stand(State.PLANNED, date(2026, 1, 1), "Heikel."))
    adopted = {"adopted_on": "2026-03-05", "adopted_by": "Gemeinderat"}
    Taker()(line(kind="aim", key="a1", title="Räume", state="under_way", since="2026-03-05", **adopted))
    assert queries.changes_of(aim, drafts=False) == [Change(State.UNDER_WAY, date(2026, 3, 5), "")]


def test_who_saves_later_is_told(actor, make_aim):
    aim = make_aim()
    opened = aim.version
    operations.edit(actor, Aim, aim.id, version=opened, terms=replace(terms_of(aim), title="Anders"))
    with pytest.raises(Outdated):
        operations.edit(actor, Aim, aim.id, version=opened, terms=Terms("Ganz anders"))
    with pytest.raises(Outdated):
        operations.set_state(actor, Aim, aim.id, version=opened, stand=Stand(State.REACHED))


def test_a_draft_goes_and_what_was_adopted_or_serves_stays(actor, make_aim, make_measure):
    aim = make_aim(adopted=False)
    measure = make_measure(aim, adopted=False)
    with pytest.raises(Refused):
        operations.remove(actor, Aim, aim.id)
    record = create_cooperation(actor, Facts("Fest", Format.SINGLE_EVENT, Status.HELD, measure_id=measure.id))
    with pytest.raises(Refused):
        operations.remove(actor, Measure, measure.id)
    assert record.measure_id == measure.id
    free = make_measure(aim, "Frei", adopted=False)
    operations.remove(actor, Measure, free.id)
    assert queries.find_measure("frei") is None
    adopted = make_aim("Beschlossen")
    with pytest.raises(Refused):
        operations.remove(actor, Aim, adopted.id)


def test_what_is_open_can_be_served_and_what_is_past_its_day_is_counted(make_aim, make_measure):
    aim = make_aim()
    late = make_measure(aim, "Spät", due_on=TODAY - timedelta(days=1))
    make_measure(aim, "Rechtzeitig", due_on=TODAY)
    done = make_measure(aim, "Fertig", due_on=date(2026, 1, 1), stand=Stand(State.REACHED))
    assert [name for _key, name in queries.list_choices()] == ["Spät", "Rechtzeitig"]
    assert queries.list_choices(including=done.id)[-1] == (done.id, "Fertig")
    assert queries.count_overdue() == 1
    assert (late.overdue, done.overdue) == (True, False)


def test_who_may_read_what(make_organization, make_aim):
    adopted, draft = make_aim(), make_aim("Entwurf", adopted=False)
    office, choir = make_organization("Amt", kind=Kind.DEPARTMENT), make_organization("Chor")
    officer = Actor(account_id=1, permissions=frozenset({"strategy.edit", "organizations.read"}))
    member = Actor(account_id=2, permissions=frozenset({"organizations.read"}))
    table = {
        "everybody": (ANONYMOUS, True, False, True, False),
        "a member": (member, True, False, True, True),
        "department staff": (officer, True, True, True, True),
    }
    for who, (actor, *may) in table.items():
        found = [policies.may_read(actor, item) for item in (adopted, draft)]
        found += [policies.may_see_owner(actor, owner) for owner in (office, choir)]
        assert found == may, who


def test_what_the_municipality_states_is_dated_and_a_second_word_replaces_the_first(actor):
    statements.state(actor, Foundation.CONCEPT, holds=True, since=date(2024, 1, 1), note="Leitbild")
    again = statements.state(actor, Foundation.CONCEPT, holds=False, since=date(2024, 1, 1))
    assert (again.holds, again.note, len(queries.list_statements())) == (False, "", 1)
    statements.state(actor, Foundation.CONCEPT, holds=True, since=TODAY)
    assert queries.foundations_on(date(2024, 5, 1)) == {Foundation.CONCEPT: False, Foundation.JOB_DESCRIPTION: None}
    assert queries.foundations_on(TODAY)[Foundation.CONCEPT] is True
    with pytest.raises(Refused) as refused:
        statements.state(actor, Foundation.JOB_DESCRIPTION, holds=True, since=TOMORROW)
    assert refused.value.field == "since"
    statements.take_back(actor, again.id)
    assert queries.foundations_on(date(2024, 5, 1))[Foundation.CONCEPT] is None


def test_lists_take_as_many_queries_for_many_as_for_few(make_aim, make_measure, make_organization, count_queries):
    def read():
        session().expire_all()
        return [(aim.owner, [one.owner.name for one in aim.measures]) for aim in queries.list_aims(drafts=True)]

    numbers = []
    for start, end in ((0, 3), (3, 30)):
        for number in range(start, end):
            office = make_organization(f"Amt {number}", kind=Kind.DEPARTMENT)
            make_measure(make_aim(f"Ziel {number}"), f"Maßnahme {number}", owner_id=office.id)
        with count_queries() as counted:
            assert len(read()) == end
        numbers.append(counted.number)
    assert numbers[0] == numbers[1]


def line(**values):
    return Line(2, {"title": "", **values})


def test_a_file_is_taken_and_taken_again_changes_nothing(make_organization):
    make_organization("Amt", kind=Kind.DEPARTMENT, key="amt")
    take = Taker(timedelta(weeks=1))
    aim = line(kind="aim", key="a1", title="Räume", adopted_on="2026-03-05", adopted_by="Gemeinderat")
    measure = line(
        kind="measure", key="m1", aim="a1", title="Raumbörse", owner="amt", due_on="2027-01-31", state="under_way",
        since="2026-05-01",
    )  # fmt: skip
    concept = line(kind="concept", title="Leitbild", since="2025-01-01")
    lines = (aim, measure, concept)
    assert [take(one) for one in lines] == [Done.ADDED] * 3
    lines_before = session().query(HistoryLine).count()
    assert [take(one) for one in lines] == [Done.UNCHANGED] * 3
    assert session().query(HistoryLine).count() == lines_before
    row = queries.find_measure("m1")
    assert (row.due_on, row.state, row.state_since) == (date(2027, 2, 7), State.UNDER_WAY, date(2026, 5, 8))
    assert (row.owner.key, row.aim.adopted_on) == ("amt", date(2026, 3, 12))
    reached = line(**{**measure.values, "state": "reached", "since": "2026-09-01", "reason": "Sie steht."})
    assert take(reached) is Done.CHANGED
    assert len(queries.changes_of(row, drafts=True)) == 2
    assert take(line(**{**concept.values, "holds": "no"})) is Done.CHANGED


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"kind": "wish", "title": "Ziel"}, "wish"),
        ({"kind": "aim", "title": "Ziel"}, "80 Zeichen"),
        ({"kind": "aim", "key": "a", "title": "Ziel", "owner": "niemand"}, "niemand"),
        ({"kind": "aim", "key": "a", "title": "Ziel", "state": "vielleicht"}, "vielleicht"),
        ({"kind": "aim", "key": "a", "title": "Ziel", "due_on": "bald"}, "due_on"),
        ({"kind": "measure", "key": "m", "title": "Maßnahme", "aim": "fehlt"}, "fehlt"),
        ({"kind": "concept", "title": "Leitbild"}, "since"),
        ({"kind": "concept", "title": "Leitbild", "since": "2026-01-01", "holds": "ja"}, "ja"),
    ],
)
def test_a_line_that_is_not_right_says_what_is_not(app, values, words):
    with app.test_request_context(headers={"Accept-Language": "de"}), pytest.raises(Refused) as refused:
        Taker()(line(**values))
    assert words in refused.value.message
    assert session().scalars(select(Measure)).all() == session().scalars(select(Statement)).all() == []


def test_a_day_that_no_calendar_reaches_is_refused(app):
    take = Taker(timedelta(weeks=1))
    told = {"kind": "aim", "key": "a", "title": "Ziel", "adopted_by": "Rat"}
    for wrong in ({"due_on": "9999-12-31"}, {"since": "9999-12-31"}, {"adopted_on": "9999-12-31"}):
        with pytest.raises(TooFar):
            take(line(**told, **wrong))
    with pytest.raises(TooFar):
        take(line(kind="concept", since="9999-12-31"))


def test_what_was_written_is_read_back_the_same(make_organization, make_aim, make_measure, actor):
    office = make_organization("Amt", kind=Kind.DEPARTMENT, key="amt")
    aim = make_aim("=Räume", text="Für alle.\nAuch abends.")
    make_measure(aim, owner_id=office.id, due_on=date(2027, 1, 31), stand=Stand(State.GIVEN_UP, TODAY, "Kein Geld"))
    statements.state(actor, Foundation.JOB_DESCRIPTION, holds=False, since=date(2025, 1, 1), note="Stelle 12")
    content = strategy_csv()
    assert content.decode("utf-8-sig").splitlines()[0] == DELIMITER.join(COLUMNS)
    take = Taker()
    lines = list(parse_csv(content, required=REQUIRED, optional=OPTIONAL))
    assert [take(one) for one in lines] == [Done.UNCHANGED] * 3
