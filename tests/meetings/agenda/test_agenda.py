"""Agendas: entered, numbered, ordered, imported; and what the public does not see of them."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime

import pytest

from coordination.accounts.queries import actor_of
from core.access import ANONYMOUS
from core.csv_files import Line
from core.database import session
from core.dated import Status
from core.errors import NotFound, Outdated, Refused
from core.history import lines_of
from core.importing import Done
from core.instance import calendar_counter
from meetings.agenda import operations, policies, queries
from meetings.agenda.commands import take
from meetings.agenda.operations import Item
from meetings.agenda.rules import Place, looks_automatic, numbers
from meetings.sittings import operations as sittings
from meetings.sittings.queries import get_sitting

LINE = {
    "committee": "integrationsrat",
    "start": "2026-11-26 18:30",
    "number": "1",
    "title": "Eröffnung",
    "public": "yes",
}


def agenda(sitting_id) -> list[tuple[str, str]]:
    return [(row.number, row.title) for row in queries.items_of(sitting_id)]


@pytest.fixture
def filled(actor, make_sitting):
    """A confirmed sitting with two public items and one between them that is not."""
    sitting = make_sitting()
    operations.add(actor, sitting.id, Item("Eröffnung"))
    operations.add(actor, sitting.id, Item("Mietvertrag", public=False, description="Herr Vermieter"))
    operations.add(actor, sitting.id, Item("Verschiedenes"))
    return sitting


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ([], []),
        ([Place(True), Place(True)], ["1", "2"]),
        ([Place(True), Place(False), Place(True), Place(False)], ["1", "N1", "2", "N2"]),
        ([Place(True), Place(True, "1.1"), Place(True)], ["1", "1.1", "2"]),
        ([Place(True), Place(True, "2"), Place(True)], ["1", "2", "3"]),
        ([Place(False, "N1"), Place(False)], ["N1", "N2"]),
    ],
)
def test_public_and_other_items_are_counted_apart_and_typed_numbers_stay(items, expected):
    assert numbers(items) == expected


@pytest.mark.parametrize(
    ("number", "counted"), [("", True), ("4", True), ("N1", True), ("N 2", True), ("4.1", False), ("Ö 3", False)]
)
def test_which_numbers_of_a_file_are_counted(number, counted):
    assert looks_automatic(number) == counted


def test_items_keep_their_numbers_in_step_with_the_order(actor, filled):
    assert agenda(filled.id) == [("1", "Eröffnung"), ("N1", "Mietvertrag"), ("2", "Verschiedenes")]
    first, rent, last = queries.items_of(filled.id)
    operations.shift(actor, filled.id, last.id, steps=-1)
    operations.shift(actor, filled.id, last.id, steps=-1)
    assert agenda(filled.id) == [("1", "Verschiedenes"), ("2", "Eröffnung"), ("N1", "Mietvertrag")]
    operations.shift(actor, filled.id, last.id, steps=-1)  # it is the first already
    operations.set_order(actor, filled.id, [first.id, rent.id, last.id])
    assert [title for _number, title in agenda(filled.id)] == ["Eröffnung", "Mietvertrag", "Verschiedenes"]
    operations.edit(actor, filled.id, rent.id, version=None, item=replace(operations.item_of(rent), public=True))
    assert agenda(filled.id) == [("1", "Eröffnung"), ("2", "Mietvertrag"), ("3", "Verschiedenes")]
    operations.remove(actor, filled.id, first.id)
    assert agenda(filled.id) == [("1", "Mietvertrag"), ("2", "Verschiedenes")]


def test_a_typed_number_stays_where_items_move(actor, filled):
    row = operations.add(actor, filled.id, Item("Zusatz", number="2a"))
    operations.shift(actor, filled.id, row.id, steps=-3)
    assert agenda(filled.id)[0] == ("2a", "Zusatz")
    with pytest.raises(Refused) as refused:
        operations.add(actor, filled.id, Item("Noch einer", number="2a"))
    assert refused.value.field == "number"


def test_an_order_that_misses_an_item_is_refused(actor, filled):
    first, *_others = queries.items_of(filled.id)
    with pytest.raises(Refused):
        operations.set_order(actor, filled.id, [first.id])
    with pytest.raises(Refused):
        operations.set_order(actor, filled.id, [first.id] * 3)


def test_items_entered_at_once_get_a_number_each(app, actor, make_sitting):
    number = make_sitting().id

    def enter(count: int) -> None:
        with app.app_context():
            operations.add(actor, number, Item(f"Punkt {count}"))

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(enter, range(12)))
    session().rollback()
    assert [row.number for row in queries.items_of(number)] == [str(count) for count in range(1, 13)]


def test_saves_are_checked_for_version_and_kept_in_history(actor, filled):
    row = queries.items_of(filled.id)[0]
    opened = row.version
    operations.edit(actor, filled.id, row.id, version=opened, item=Item("Begrüßung"))
    with pytest.raises(Outdated):
        operations.edit(actor, filled.id, row.id, version=opened, item=Item("Anfang"))
    assert queries.get_item(filled.id, row.id).title == "Begrüßung"
    assert [line.action for line in lines_of("agenda_item", row.id)] == ["agenda.edit", "agenda.add"]


def test_an_item_belongs_to_its_sitting_alone(actor, filled, make_sitting, make_committee):
    other = make_sitting(make_committee("Beirat"))
    row = queries.items_of(filled.id)[0]
    for attempt in (
        lambda: queries.get_item(other.id, row.id),
        lambda: operations.edit(actor, other.id, row.id, version=None, item=Item("Fremd")),
        lambda: operations.remove(actor, other.id, row.id),
        lambda: operations.shift(actor, other.id, row.id, steps=1),
        lambda: operations.add(actor, 999_999, Item("Nirgends")),
    ):
        with pytest.raises(NotFound):
            attempt()


def test_what_stood_on_the_agenda_of_a_past_sitting_is_kept(actor, make_sitting):
    sitting = make_sitting(start=datetime(2026, 11, 16, 9, 0))
    row = operations.add(actor, sitting.id, Item("Eröffnung"))
    with pytest.raises(Refused):
        operations.remove(actor, sitting.id, row.id)
    assert len(queries.items_of(sitting.id)) == 1


def test_a_deleted_draft_takes_its_agenda_with_it(actor, make_sitting):
    sitting = make_sitting(status=Status.DRAFT)
    operations.add(actor, sitting.id, Item("Eröffnung"))
    sittings.delete_draft(actor, sitting.id)
    assert queries.items_of(sitting.id) == []


@pytest.mark.parametrize(
    ("item", "field"), [(Item(""), "title"), (Item("x" * 301), "title"), (Item("x", number="y" * 21), "number")]
)
def test_impossible_items_are_refused_at_their_field(actor, make_sitting, item, field):
    sitting = make_sitting()
    with pytest.raises(Refused) as refused:
        operations.add(actor, sitting.id, item)
    assert refused.value.field == field


def test_a_public_item_moves_the_calendars_a_draft_does_not(actor, make_sitting, make_committee):
    published, draft = make_sitting(), make_sitting(make_committee("Beirat"), status=Status.DRAFT)
    before, told = calendar_counter(), get_sitting(published.id).changed_at
    operations.add(actor, draft.id, Item("Eröffnung"))
    assert calendar_counter() == before
    operations.add(actor, published.id, Item("Eröffnung"))
    assert calendar_counter() == before + 1
    assert get_sitting(published.id).changed_at > told


def test_an_item_that_is_not_public_leaves_no_time_for_the_public(actor, filled):
    """The inner circle's calendars are told; what the public sees of the sitting stays the same to the second."""
    before, told, version = calendar_counter(), get_sitting(filled.id).changed_at, get_sitting(filled.id).version
    row = operations.add(actor, filled.id, Item("Personalsache", public=False))
    assert calendar_counter() == before + 1
    operations.remove(actor, filled.id, row.id)
    assert calendar_counter() == before + 2
    assert (get_sitting(filled.id).changed_at, get_sitting(filled.id).version) == (told, version)


class TestNonPublicItems:
    SECRET = ("Mietvertrag", "Vermieter", "<bdi>N1</bdi>")  # a token of a form may hold a bare "N1"

    @pytest.fixture
    def make_other_seat(self, make_seat, make_committee):
        return make_seat, make_committee("Ausschuss")

    @pytest.fixture
    def outsiders(self, filled, make_account, make_person, make_organization, make_other_seat):
        """Everybody who must not know: signed out, staff, another committee's clerk, representatives."""
        verein, elsewhere, gone = make_organization(), make_person("Fern"), make_person("Alt")
        make_seat, other = make_other_seat
        make_seat(other, elsewhere)
        make_seat(filled.committee, gone, label="9", ends_on=datetime(2026, 11, 15).date())
        return [
            None,
            make_account("officer", organization_id=verein.id),
            make_account("clerk", organization_id=other.organization_id),
            make_account("representative", organization_id=verein.id, person_id=elsewhere.id),
            make_account("representative", organization_id=verein.id, person_id=gone.id, email="gone@example.org"),
        ]

    def test_outsiders_see_neither_title_nor_number_nor_count(self, filled, outsiders, client, sign_in):
        number = filled.id
        for account in outsiders:
            browser = client if account is None else sign_in(account=account)
            page = browser.get(f"/sitzungen/{number}")
            assert page.status_code == 200
            assert "Verschiedenes" in page.text
            for word in self.SECRET:
                assert word not in page.text
            assert browser.get(f"/sitzungen/{number}/tagesordnung").status_code in (302, 403, 404)

    def test_the_query_gives_them_public_items_alone(self, filled, outsiders):
        for account in outsiders:
            who = ANONYMOUS if account is None else actor_of(account)
            sitting = get_sitting(filled.id)
            assert [(row.number, row.title) for row in policies.visible_items(who, sitting)] == [
                ("1", "Eröffnung"),
                ("2", "Verschiedenes"),
            ]

    def test_a_hidden_item_makes_no_difference_to_the_page(self, actor, filled, client):
        """With and without the item, the public page is the same byte for byte (but for its CSRF token)."""
        number, hidden = filled.id, queries.items_of(filled.id)[1].id

        def page() -> str:
            text = client.get(f"/sitzungen/{number}").text
            return "\n".join(line for line in text.splitlines() if "csrf" not in line)

        before = page()
        operations.remove(actor, number, hidden)
        assert page() == before

    def test_members_and_clerk_see_them(self, filled, sign_in, make_person, make_seat):
        number, organization_id = filled.id, filled.committee.organization_id
        member = make_person()
        make_seat(filled.committee, member)
        member_id = member.id
        for browser in (
            lambda: sign_in("representative", person_id=member_id),
            lambda: sign_in("clerk", organization_id=organization_id),
        ):
            page = browser().get(f"/sitzungen/{number}").text
            for word in self.SECRET:
                assert word in page

    def test_of_a_sitting_that_one_may_not_see_there_is_nothing(self, actor, filled):
        plan = sittings.plan_of(filled)
        sittings.edit(actor, filled.id, version=None, plan=replace(plan, public=False))
        assert policies.visible_items(ANONYMOUS, get_sitting(filled.id)) == []


class TestPages:
    @pytest.fixture
    def clerk(self, sign_in, make_committee, make_sitting):
        committee = make_committee()
        sitting = make_sitting(committee)
        return sign_in("clerk", organization_id=committee.organization_id), sitting.id

    def test_a_clerk_enters_orders_edits_and_removes(self, clerk):
        client, number = clerk
        url = f"/sitzungen/{number}/tagesordnung"
        assert "steht noch nichts" in client.get(url).text
        for title in ("Eröffnung", "Haushalt"):
            page = client.submit(url, {"title": title, "public": "y"})
            assert f"„{title}“ steht jetzt auf der Tagesordnung." in page.text
        assert "autofocus" in page.text
        first, second = (row.id for row in queries.items_of(number))
        page = client.submit(f"{url}/{second}/verschieben", {"direction": "up"})
        assert "„Haushalt“ ist jetzt TOP 1." in page.text
        page = client.submit(f"{url}/{first}", {"title": "Begrüßung", "public": "y", "version": "2"})
        assert agenda(number) == [("1", "Haushalt"), ("2", "Begrüßung")]
        page = client.submit(f"{url}/{first}/entfernen")
        assert "von der Tagesordnung genommen" in page.text
        assert agenda(number) == [("1", "Haushalt")]

    @pytest.mark.parametrize(
        ("typed", "complaint"),
        [
            ({"title": ""}, "Bitte füllen Sie dieses Feld aus."),
            ({"title": "x" * 10_000}, "höchstens 300 Zeichen"),
            ({"title": "Rat \u202etar"}, "Schreibrichtung"),
            ({"number": "1" * 21}, "höchstens 20 Zeichen"),
            ({"description": "x" * 20_001}, "höchstens 20000 Zeichen"),
        ],
    )
    def test_bad_input_gets_a_german_message_and_loses_nothing(self, clerk, typed, complaint):
        client, number = clerk
        page = client.submit(
            f"/sitzungen/{number}/tagesordnung", {"title": "Haushalt", "description": "Bleibt.", **typed}
        )
        assert complaint in page.text
        assert typed.get("description", "Bleibt.") in page.text
        assert queries.items_of(number) == []

    def test_an_outdated_save_shows_both_states(self, clerk, actor):
        client, number = clerk
        row = operations.add(actor, number, Item("Haushalt"))
        url, opened = f"/sitzungen/{number}/tagesordnung/{row.id}", row.version
        operations.edit(actor, number, row.id, version=None, item=Item("Haushalt 2027"))
        page = client.submit(url, {"title": "Etat", "version": opened})
        assert "<bdi>Haushalt 2027</bdi></dd>" in page.text
        assert 'value="Etat"' in page.text
        assert agenda(number) == [("1", "Haushalt 2027")]

    def test_markup_is_shown_as_text(self, clerk):
        client, number = clerk
        evil = "<img src=x onerror=alert(1)>"
        client.submit(f"/sitzungen/{number}/tagesordnung", {"title": evil, "description": evil, "number": "<b>1</b>"})
        (row,) = queries.items_of(number)
        for url in (
            f"/sitzungen/{number}",
            f"/sitzungen/{number}/tagesordnung",
            f"/sitzungen/{number}/tagesordnung/{row.id}",
        ):
            page = client.get(url).text
            assert "<img src=x" not in page
            assert "<b>1</b>" not in page
        assert "&lt;img src=x" in page

    def test_other_peoples_agendas_are_not_found(self, clerk, actor, make_committee, make_sitting):
        client, number = clerk
        foreign = make_sitting(make_committee("Fremd"))
        row = operations.add(actor, foreign.id, Item("Fremd"))
        foreign_id, item_id = foreign.id, row.id
        for sitting_id in (foreign_id, number):  # the foreign sitting, and the foreign item under one's own
            url = f"/sitzungen/{sitting_id}/tagesordnung/{item_id}"
            assert client.get(url).status_code == 404
            for page in (url, f"{url}/verschieben", f"{url}/entfernen"):
                assert client.submit(page, {"title": "Mein", "direction": "up"}).status_code == 404
        assert client.submit(f"/sitzungen/{foreign_id}/tagesordnung", {"title": "Mein"}).status_code == 404
        assert agenda(foreign_id) == [("1", "Fremd")]

    def test_ten_times_the_items_take_the_same_queries(self, clerk, actor, count_queries):
        client, number = clerk

        def ask() -> list[int]:
            asked = []
            for url in (f"/sitzungen/{number}", f"/sitzungen/{number}/tagesordnung"):
                with count_queries() as counted:
                    assert client.get(url).status_code == 200
                asked.append(counted.number)
            return asked

        operations.add(actor, number, Item("Eins"))
        few = ask()
        for count in range(12):
            operations.add(actor, number, Item(f"Punkt {count}", public=count % 3 > 0))
        assert ask() == few


class TestImport:
    @pytest.fixture
    def sitting(self, make_committee, actor):
        from meetings.sittings.commands import take as take_sitting

        make_committee()
        take_sitting(Line(2, {"committee": "integrationsrat", "start": "2026-11-26 18:30"}))
        from meetings.sittings.queries import get_imported

        return get_imported("integrationsrat", "2026-11-26 18:30")

    def test_run_twice_and_after_changes_it_doubles_nothing(self, actor, sitting):
        lines = [
            Line(2, LINE),
            Line(3, {**LINE, "number": "N1", "title": "Vergabe", "public": "no"}),
            Line(4, {**LINE, "number": "1.1", "title": "Nachtrag"}),
        ]
        assert [take(line) for line in lines] == [Done.ADDED] * 3
        assert agenda(sitting.id) == [("1", "Eröffnung"), ("N1", "Vergabe"), ("1.1", "Nachtrag")]
        row = queries.items_of(sitting.id)[0]
        operations.edit(actor, sitting.id, row.id, version=None, item=Item("Begrüßung", number="1a"))
        sittings.move(actor, sitting.id, version=None, start=datetime(2026, 12, 3, 18), end=None, place_id=None)
        assert [take(line) for line in lines] == [Done.UNCHANGED] * 3
        assert queries.find_by_number(sitting.id, "1").title == "Begrüßung"
        assert queries.find_by_number(sitting.id, "9") is None

    @pytest.mark.parametrize(
        "change",
        [
            {"start": "2026-11-27 18:30"},
            {"committee": "nirgends"},
            {"number": ""},
            {"number": "9" * 21},
            {"title": ""},
            {"public": "ja"},
            {"start": "bald"},
        ],
    )
    def test_bad_lines_are_refused(self, sitting, change):
        with pytest.raises((Refused, NotFound)):
            take(Line(2, {**LINE, **change}))
        assert queries.items_of(sitting.id) == []

    def test_the_command_reads_a_file(self, app, sitting, tmp_path):
        file = tmp_path / "agenda.csv"
        file.write_text(
            "committee,start,number,title,public\nintegrationsrat,2026-11-26 18:30,1,Eröffnung,yes\n", encoding="utf-8"
        )
        result = app.test_cli_runner().invoke(args=["agenda", "import", "--as-of", "2026-11-16", str(file)])
        assert result.exit_code == 0, result.output
        assert "1 neu" in result.output
        file.write_text("start\n", encoding="utf-8")
        result = app.test_cli_runner().invoke(args=["agenda", "import", str(file)])
        assert result.exit_code == 1
        assert "committee, number, title" in result.output
