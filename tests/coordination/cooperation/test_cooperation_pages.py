"""Pages: who may read what, the three steps, lists at constant queries, files looked at before they are read."""

import re
from datetime import date, datetime
from io import BytesIO

import pytest

from coordination.cooperation import codebook, contributions, operations, policies, queries
from coordination.cooperation.facts import Given, Kept, PartnerTerms
from coordination.cooperation.own_topics import create_own_topic
from coordination.cooperation.partners import add_partner
from coordination.cooperation.queries import Wanted
from coordination.cooperation.rules import ContributionKind, Format, Lead, Reach, Source, Status
from coordination.events import operations as events
from coordination.events.operations import Plan
from coordination.events.rules import State
from coordination.organizations.rules import Kind, PartnerRole, Topic
from core.access import ANONYMOUS, SYSTEM, Actor, Grant
from core.database import session
from core.spreadsheets import parse_table
from participation.committees.operations import Charter, create_committee
from participation.committees.rules import Kind as CommitteeKind

OFFICER = Actor(account_id=1, permissions=frozenset({"cooperation.read", "cooperation.edit"}))
ADMIN = Actor(account_id=2, permissions=OFFICER.permissions, is_admin=True)


def speaker(organization) -> Actor:
    """Who speaks for the organization."""
    grants = frozenset({Grant("representative", organization.id)})
    return Actor(account_id=3, permissions=frozenset({"cooperation.read"}), grants=grants)


def test_who_may_read_and_change_a_record(make_organization, make_cooperation):
    choir, dance = make_organization("Chor"), make_organization("Tanz")
    open_one = make_cooperation("Fest", choir)
    kept = Kept(title="Schutzkreis", format=Format.COMMITTEE, restricted=True)
    secret = operations.keep_in_step(SYSTEM, None, source=Source.COMMITTEE, kept=kept, partner_ids=[choir.id])
    table = {
        "nobody": (ANONYMOUS, False, False, False),
        "another organization": (speaker(dance), False, False, False),
        "a partner": (speaker(choir), True, False, False),
        "staff": (OFFICER, True, False, True),
        "the administration": (ADMIN, True, True, True),
    }
    for who, (actor, reads, reads_secret, edits) in table.items():
        assert policies.may_read(actor, open_one) == reads, who
        assert policies.may_read(actor, secret) == reads_secret, who
        assert policies.may_edit(actor, open_one) == edits, who
        seen = set(session().scalars(queries.search(policies.reach_of(actor), Wanted())))
        assert seen == {row for row, sees in ((open_one, reads), (secret, reads_secret)) if sees}, who
        assert queries.newest(policies.reach_of(actor), Wanted(), 1)[1] == len(seen), who


def test_three_steps_lead_to_a_closed_record(sign_in, make_organization):
    choir = make_organization("Chor der Brücken")
    client = sign_in("officer")
    page = client.submit(
        "/kooperationen/neu",
        {
            "title": "Fest der Nachbarn",
            "format": "single_event",
            "status": "held",
            "starts_on": "09.05.2026",
            "starts_at": "18:30",
            "topics": ["culture", "sport"],
            "lead": "joint",
            "initiator_named": "chor der brücken",
        },
    )
    assert "Wer ist beteiligt?" in page.text
    (row,) = session().scalars(queries.search(Reach(everything=True), Wanted()))
    assert (row.lead, row.initiator_kind, row.ends_on) == (Lead.JOINT, "migrant_organisation", date(2026, 5, 9))
    partner = {"organization_id": choir.id, "role": "partner", "contribution": "Konzert", "honorarium": "150,50"}
    client.submit(f"/kooperationen/{row.id}/beteiligte/neu", partner)
    page = client.get(f"/kooperationen/{row.id}").text
    assert "150,50" in page
    assert "Wie viele Menschen kamen?" in page
    page = client.submit(f"/kooperationen/{row.id}/abschluss")
    assert page.status_code == 400
    assert "noch nicht vollständig" in page.text
    session().expire_all()
    assert f"/kooperationen/{row.id}/ergebnis" in client.get(f"/kooperationen/{row.id}/beteiligte/neu").text
    result = {"participants": "80", "what_worked": "Alle kamen.", "version": row.version}
    assert "abgeschlossen am" in client.submit(f"/kooperationen/{row.id}/ergebnis", result).text
    session().expire_all()
    assert row.closed_at is not None


def test_what_was_called_off_says_so_on_the_page_of_who_takes_part(sign_in, make_cooperation, make_organization):
    choir = make_organization("Chor")
    make_cooperation("Fest", choir)
    page = sign_in("officer").get(f"/organisationen/{choir.id}").text
    assert "Abgesagt" not in page
    make_cooperation("Ball", choir, status=Status.CANCELLED)
    page = sign_in("officer").get(f"/organisationen/{choir.id}").text
    assert page.index("Ball") < page.index("Abgesagt") < page.index("Fest")


def test_nobody_s_role_is_chosen_beforehand(sign_in, make_cooperation, make_organization):
    row, choir = make_cooperation("Fest"), make_organization("Chor")
    address = f"/kooperationen/{row.id}/beteiligte/neu"
    page = sign_in("officer").submit(address, {"organization_id": choir.id, "role": "", "contribution": "Konzert"}).text
    assert ("Bitte wählen Sie" in page, "Konzert" in page, row.partners) == (True, True, [])


def test_from_the_record_leads_a_way_to_what_keeps_it(sign_in, make_cooperation):
    committee = create_committee(SYSTEM, Charter(name="Forum", kind=CommitteeKind.NETWORK))
    event = events.create(SYSTEM, Plan("Fest", datetime(2026, 12, 4, 18)), state=State.PLANNED)
    client = sign_in("officer")
    assert f'href="/gremien/{committee.slug}/"' in client.get(f"/kooperationen/{committee.cooperation_id}").text
    workspace = f"/planung/{event.cooperation_id}"
    assert f'href="{workspace}"' in client.get(f"/kooperationen/{event.cooperation_id}").text
    assert f'href="/kooperationen/{event.cooperation_id}"' in client.get(workspace).text
    assert "/planung/" not in client.get(f"/kooperationen/{make_cooperation('Ball').id}").text


def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(sign_in):
    client = sign_in("officer")
    told = {"title": "Fest", "format": "single_event", "status": "held", "starts_on": "2026-05-09"}
    page = client.submit("/kooperationen/neu", {**told, "ends_on": "2026-05-08", "topics": ["culture"]}).text
    assert "Der letzte Tag darf nicht vor dem ersten Tag liegen." in page
    assert 'value="Fest"' in page
    page = client.submit("/kooperationen/neu", {**told, "starts_on": "", "starts_at": "18:30"}).text
    assert "Zu einer Uhrzeit gehört ein Tag." in page
    assert client.submit("/kooperationen/neu", {**told, "topics": ["own:99", "witchcraft"]}).status_code == 200


def test_the_lead_moves_partners_and_contributions_come_and_go(sign_in, make_cooperation, make_organization):
    choir, office = make_organization("Chor"), make_organization("Kulturamt", kind=Kind.DEPARTMENT)
    row = make_cooperation("Fest", choir, lead=Lead.MUNICIPAL, role=PartnerRole.DOOR_OPENER)
    client, base = sign_in("officer"), f"/kooperationen/{row.id}"
    client.submit(f"{base}/leitung", {"lead": "joint", "since": "2026-01-01"})
    partner = row.partners[0]
    told = {"organization_id": choir.id, "role": "partner", "version": partner.version}
    client.submit(f"{base}/beteiligte/{partner.id}", told)
    client.submit(f"{base}/beitraege/neu", {"kind": "co_funding", "department_id": office.id, "amount": "1000"})
    page = client.get(base).text
    assert "1.000,00" in page
    session().expire_all()
    assert (row.lead, row.partners[0].role) == (Lead.JOINT, PartnerRole.PARTNER)
    client.submit(f"{base}/beitraege/{row.contributions[0].id}/entfernen")
    client.submit(f"{base}/beteiligte/{partner.id}/entfernen")
    session().expire_all()
    assert (row.contributions, row.partners) == ([], [])


def test_foreign_records_and_parts_do_not_exist(sign_in, make_cooperation, make_organization):
    choir, dance = make_organization("Chor"), make_organization("Tanz")
    mine, other = make_cooperation("Fest", choir), make_cooperation("Ball", dance)
    client = sign_in("representative", organization_id=choir.id)
    assert "Fest" in client.get("/kooperationen/").text
    assert "Ball" not in client.get("/kooperationen/").text
    assert client.get(f"/kooperationen/{mine.id}").status_code == 200
    assert client.get(f"/kooperationen/{other.id}").status_code == 404
    assert client.get(f"/kooperationen/{mine.id}/bearbeiten").status_code == 403
    client = sign_in("officer")
    foreign = f"/kooperationen/{mine.id}/beteiligte/{other.partners[0].id}"
    assert client.get(foreign).status_code == 404
    assert client.submit(f"{foreign}/entfernen").status_code == 404


def test_a_committee_s_record_is_edited_where_the_committee_does_not_tell(sign_in):
    kept = Kept(title="Forum", format=Format.COMMITTEE, status=Status.RUNNING)
    row = operations.keep_in_step(SYSTEM, None, source=Source.COMMITTEE, kept=kept)
    client = sign_in("officer")
    page = client.get(f"/kooperationen/{row.id}/bearbeiten").text
    assert 'name="title"' not in page
    client.submit(f"/kooperationen/{row.id}/bearbeiten", {"topics": ["religion"], "version": row.version})
    session().expire_all()
    assert ([topic.topic for topic in row.topics], row.title) == ([Topic.RELIGION], "Forum")
    assert client.get(f"/kooperationen/{row.id}/beteiligte/neu").status_code == 404


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("", {"Fest", "Projekt"}),
        ("?q=fes", {"Fest"}),
        ("?jahr=2024", {"Projekt"}),
        ("?jahr=2026", {"Fest", "Projekt"}),
        ("?form=project", {"Projekt"}),
        ("?thema=sport", {"Fest"}),
        ("?organisation={choir}", {"Fest"}),
        ("?offen=1", {"Fest"}),
        ("?jahr=99999999999&form=x&thema=%00&organisation=abc&seite=-1", {"Fest", "Projekt"}),
    ],
)
def test_the_list_is_narrowed(sign_in, make_cooperation, make_organization, address, found):
    choir = make_organization("Chor")
    make_cooperation("Fest", choir, topics=frozenset({Topic.SPORT}))
    make_cooperation("Projekt", format=Format.PROJECT, status=Status.RUNNING, starts_on=date(2024, 2, 1))
    page = sign_in("officer").get("/kooperationen/" + address.format(choir=choir.id)).text
    assert {title for title in ("Fest", "Projekt") if f"<bdi>{title}</bdi>" in page} == found


def test_lists_ask_the_same_number_of_queries_for_ten_times_the_rows(
    sign_in, make_cooperation, make_organization, count_queries
):
    choir = make_organization("Chor")
    client = sign_in("officer")

    def grow(number: int) -> None:
        for _ in range(number):
            organization = make_organization()
            make_cooperation("Noch ein Fest", choir, organization, complete=True)
            add_partner(SYSTEM, fest.id, terms=PartnerTerms(organization.id))
            given = Given(ContributionKind.ROOM, make_organization(kind=Kind.DEPARTMENT).id)
            contributions.add_contribution(SYSTEM, fest.id, given=given)

    def ask(address: str) -> int:
        with count_queries() as counted:
            assert client.get(address).status_code == 200
        return counted.number

    fest = make_cooperation("Fest", choir)
    here = f"/kooperationen/{fest.id}"
    addresses = ["/kooperationen/", f"/organisationen/{choir.id}", "/kooperationen/kooperationen.csv"]
    addresses += [here, f"{here}/bearbeiten", f"{here}/beteiligte/neu"]
    grow(2)
    few = [ask(address) for address in addresses]
    grow(9)
    assert [ask(address) for address in addresses] == few


def test_an_own_topic_stays_when_a_record_is_edited(sign_in, make_cooperation):
    own = create_own_topic(SYSTEM, name="Schach", topic=Topic.SPORT)
    row = make_cooperation("Turnier", topics=frozenset({Topic.CULTURE}), own_topics=frozenset({own.id}))
    page = sign_in("officer").get(f"/kooperationen/{row.id}/bearbeiten").text
    ticked = {
        value for value in ("culture", f"own:{own.id}", "sport") if re.search(f'checked[^>]*value="{value}"', page)
    }
    assert ticked == {"culture", f"own:{own.id}"}


def test_own_topics_are_added_and_offered(sign_in):
    client = sign_in("officer")
    client.submit("/kooperationen/themen", {"name": "Schach", "topic": "sport"})
    assert "Schach" in client.get("/kooperationen/neu").text
    (own,) = queries.list_own_topics()
    told = {"name": "Schach und Dame", "topic": "other", "version": own.version}
    client.submit(f"/kooperationen/themen?aendern={own.id}", told)
    session().expire_all()
    assert (own.name, own.topic) == ("Schach und Dame", Topic.OTHER)


def test_a_file_is_looked_at_before_it_is_read(sign_in, make_organization):
    make_organization("Chor", key="chor")
    client = sign_in("officer")
    content = "key;title;format;partner\nfest;Fest;single_event;chor\nball;Ball;tanz;\nlauf;Lauf;project;nie\n"
    page = client.submit("/kooperationen/import", {"file": (BytesIO(content.encode()), "alt.csv")}).text
    assert "Einträge: 1 lesbar, 2 nicht lesbar." in page
    assert "Es gibt keine Organisation" in page
    assert queries.find_by_key("fest") is None
    hidden = page.partition('name="content" value="')[2].partition('"')[0]
    page = client.submit("/kooperationen/import", {"content": hidden}).text
    assert "1 Eintrag wurde gespeichert." in page
    assert queries.find_by_key("fest").partners[0].organization.key == "chor"
    assert "0 Einträge wurden gespeichert." in client.submit("/kooperationen/import", {"content": hidden}).text


def test_what_cannot_be_read_stands_first_and_a_line_is_known_again_though_anything_stands_there(sign_in):
    content = f"key;title;format\nfest;Fest;project\nlang;{'x' * 4000};project\n;Ball;project\n;Lauf;project\n"
    page = sign_in("officer").submit("/kooperationen/import", {"file": (BytesIO(content.encode()), "alt.csv")}).text
    assert page.index("Ball") < page.index("Fest")
    assert ("x" * 200 in page, "x" * 201 in page) == (True, False)
    assert page.count("key: ") == 2


def test_of_a_file_that_is_known_already_nothing_is_to_be_saved(sign_in, make_cooperation):
    make_cooperation("Fest")
    client = sign_in("officer")
    file = client.get("/kooperationen/kooperationen.csv").data
    page = client.submit("/kooperationen/import", {"file": (BytesIO(file), "alt.csv")}).text
    assert ("Was schon bekannt ist" in page, "nichts zu speichern" in page) == (True, True)
    assert 'name="content"' not in page
    longer = file + b"ball;Ball;project" + b";" * 27 + b"\r\n" + b";" * 29 + b"\r\n"
    page = client.submit("/kooperationen/import", {"file": (BytesIO(longer), "alt.csv")}).text
    assert "Einträge: 2 lesbar, 0 nicht lesbar." in page
    assert page.index("Ball") < page.index("Was schon bekannt ist") < page.index("Fest")


def test_an_empty_file_with_all_columns_is_filled_in(sign_in, make_cooperation):
    make_cooperation("Fest")
    client = sign_in("officer")
    content = client.get("/kooperationen/vorlage.xlsx").data
    assert list(parse_table(content, required=codebook.EXPORTED)) == []
    page = client.submit("/kooperationen/import", {"file": (BytesIO(content), "vorlage.xlsx")}).text
    assert "kein Eintrag" in page


def test_a_file_of_many_records_waits_for_the_command_line_and_keeps_nobody_waiting(sign_in, count_queries):
    client = sign_in("officer")

    def look_at(number: int) -> str:
        lines = "".join(f"f{n};Fest;project\n" for n in range(number))
        file = (BytesIO(f"key;title;format\n{lines}".encode()), "alt.csv")
        return client.submit("/kooperationen/import", {"file": file}).text

    with count_queries() as few:
        assert "20 lesbar" in look_at(20)
    with count_queries() as many:
        assert "200 lesbar" in look_at(200)
    asked = [sum(one.startswith("SELECT") for one in counted.statements) for counted in (few, many)]
    assert asked[0] == asked[1]
    assert "mehr als 2000 Einträge" in look_at(2001)


def test_what_is_not_public_is_not_read_by_the_department(sign_in, make_cooperation):
    make_cooperation("Kreis", key="kreis", restricted=True)
    client, header = sign_in("officer"), "key;title;format;restricted\n"
    content = f"{header}kreis;Anders;project;no\nneu;Neu;project;yes\n"
    page = client.submit("/kooperationen/import", {"file": (BytesIO(content.encode()), "alt.csv")}).text
    assert "Einträge: 0 lesbar, 2 nicht lesbar." in page
    assert "Kreis" not in page
    page = sign_in("admin").submit("/kooperationen/import", {"file": (BytesIO(content.encode()), "alt.csv")}).text
    assert "Einträge: 2 lesbar, 0 nicht lesbar." in page


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "fehlen"),
        (b"key;title;format", "kein Eintrag"),
        (b"PK\x03\x04 no zip", "keine lesbare Excel-Datei"),
        ("key;title;format\nfest;Tür;project".encode("latin-1"), "UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_at_its_field(sign_in, content, complaint):
    page = sign_in("officer").submit("/kooperationen/import", {"file": (BytesIO(content), "datei.xlsx")})
    assert page.status_code == 200
    assert complaint in page.text


def test_a_file_that_is_too_large_is_refused_at_its_field(sign_in):
    """The body is written out: the test client would leave a temporary file of its own behind."""
    client = sign_in("officer")
    part = '--grenze\r\nContent-Disposition: form-data; name="{}"{}\r\n\r\n{}\r\n'
    body = part.format("csrf_token", "", client.csrf_token())
    body += part.format("file", '; filename="gross.csv"', "x" * 1_000_001) + "--grenze--"
    page = client.post("/kooperationen/import", data=body, content_type="multipart/form-data; boundary=grenze")
    assert (page.status_code, "1 MB" in page.text) == (200, True)


def test_a_request_made_by_hand_is_no_error(sign_in):
    client = sign_in("officer")
    assert client.submit("/kooperationen/import", {"content": "kein base64!"}).status_code == 400
    assert client.get("/kooperationen/irgendwas.exe").status_code == 404


def test_what_is_missing_is_answered_on_the_start_page(sign_in, make_cooperation, make_organization):
    row = make_cooperation("Fest", make_organization("Chor"), lead=None)
    client, there = sign_in("officer"), f"/kooperationen/{row.id}/ergaenzen"

    def answer(gap, said):
        page = client.get("/").text
        assert f'name="eintrag-{row.id}-gap" type="hidden" value="{gap}"' in page
        return client.submit(there, {f"eintrag-{row.id}-gap": gap, f"eintrag-{row.id}-answer": said}).text

    assert "Das steht jetzt im Eintrag" in answer("topic", "culture")
    answer("lead", "joint")
    answer("initiator", "migrant_organisation")
    page = answer("participants", "viele")
    assert "Bitte geben Sie eine ganze Zahl ein." in page
    assert 'value="viele"' in page, "what was typed stays"
    assert "Bitte geben Sie eine Zahl von 0 bis" in answer("participants", "-3")
    answer("participants", "120")
    assert "vollständig und abgeschlossen" in answer("outcome", "Viele kamen.")
    assert (row.participants, row.what_worked, row.closed_at is None) == (120, "Viele kamen.", False)
    assert "ein paar Angaben" not in client.get("/").text


def test_two_who_answer_the_same_question_do_not_overwrite_each_other(sign_in, make_cooperation):
    row = make_cooperation("Fest", lead=None, topics=frozenset({Topic.CULTURE}))
    client, there = sign_in("officer"), f"/kooperationen/{row.id}/ergaenzen"
    first, second = (
        {f"eintrag-{row.id}-gap": "lead", f"eintrag-{row.id}-answer": lead} for lead in ("joint", "municipal")
    )
    client.submit(there, first)
    page = client.submit(there, second).text
    assert "Jemand anders hat das inzwischen beantwortet." in page
    assert '<option selected value="municipal">' in page
    assert row.lead == "joint"


def test_who_took_part_is_answered_there_by_a_part_of_the_name(sign_in, make_cooperation, make_organization):
    make_organization("Chor der Brücken")
    second, first = make_organization("Chor am Fluss"), make_organization("Tanzhaus")
    row, other = make_cooperation("Fest", complete=True), make_cooperation("Ball", complete=True)
    client = sign_in("officer")

    def answer(row, **said):
        told = {"gap": "partner", **said}
        sent = {f"eintrag-{row.id}-{name}": value for name, value in told.items()}
        return client.submit(f"/kooperationen/{row.id}/ergaenzen", sent).text

    page = client.get("/").text
    assert f'name="eintrag-{row.id}-answer"' in page
    assert "Tanzhaus" not in page, "no list of all organizations"
    assert "Bitte füllen Sie dieses Feld aus." in answer(row, answer="")
    page = answer(row, answer="Nirgends")
    assert "Es wurde keine Organisation mit diesem Namen gefunden." in page
    assert 'value="Nirgends"' in page
    assert "vollständig und abgeschlossen" in answer(row, answer="tanz")
    assert [partner.organization_id for partner in row.partners] == [first.id]
    page = answer(other, answer="chor")
    assert "Der Name passt auf mehrere Organisationen." in page
    assert f'<option value="{second.id}">Chor am Fluss' in page
    answer(other, answer="chor", organization_id=second.id)
    assert [partner.organization_id for partner in other.partners] == [second.id]
    assert other.closed_at is not None


@pytest.mark.parametrize("form", [{}, {"gap": "closed"}, {"gap": "restricted", "answer": "1"}])
def test_only_what_is_asked_can_be_answered(sign_in, make_cooperation, form):
    row = make_cooperation("Fest")
    sent = {f"eintrag-{row.id}-{name}": value for name, value in form.items()}
    assert sign_in("officer").submit(f"/kooperationen/{row.id}/ergaenzen", sent).status_code == 404
    assert sign_in("representative").submit(f"/kooperationen/{row.id}/ergaenzen", sent).status_code == 403


@pytest.mark.parametrize("number", [1, 12])
def test_the_start_page_asks_as_often_for_many_records(sign_in, make_cooperation, count_queries, number):
    client = sign_in("officer")
    for n in range(number):
        make_cooperation(f"Fest {n}")
    page = client.get("/").text
    assert ("12 Einträge zu etwas" in page) == (number == 12)
    with count_queries() as counted:
        client.get("/")
    assert counted.number <= 20, counted.statements
