"""The administration: invite, give and end roles, deactivate, set the person; and the own account."""

from datetime import timedelta

import pytest

from coordination.accounts import operations, queries
from coordination.accounts.models import Account
from coordination.accounts.operations import Duty
from coordination.accounts.queries import actor_of
from coordination.accounts.rules import Role
from coordination.organizations.rules import Kind
from core.access import SYSTEM, Grant
from core.clock import today
from core.database import db, session
from core.errors import NotFound, Refused
from core.history import lines_of


def actor_now(account_id: int):
    """The actor that the account is now."""
    db.session.rollback()
    return actor_of(queries.get_account(account_id))


def test_somebody_is_invited_with_a_role(sign_in, organization, make_person, mails):
    department = organization(Kind.DEPARTMENT)
    person = make_person("Mira Ahorn")
    client = sign_in("admin")
    page = client.submit(
        "/verwaltung/einladen",
        {"email": "Mira@Example.org", "person": person.id, "role": "officer", "organization": department.id},
    )
    assert "Mira@Example.org ist eingeladen." in page.text
    (mail,) = mails()
    assert mail.to_address == "mira@example.org"
    assert mail.to_name == "Mira Ahorn"
    assert "http://localhost/anmelden" in mail.text
    account = queries.find_account("mira@example.org")
    assert account.person.name == "Mira Ahorn"
    assert actor_now(account.id).grants == {Grant("officer", department.id)}
    assert lines_of("account", account.id)[-1].action == "accounts.invite"
    assert "eingeladen" in client.get(f"/verwaltung/konten/{account.id}").text


def test_an_invitation_speaks_the_persons_language(actor, make_person, mails):
    person = make_person("Mary Maple", language="en")
    operations.create_account(actor, "mary@example.org", person_id=person.id, invite=True)
    assert mails()[0].subject.startswith("Your account")


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"email": "MIRA@example.org"}, "gibt es schon ein Konto"),
        ({"email": "mira"}, "Adresse wie name@example.org"),
        ({"role": "clerk"}, "Bitte wählen Sie ein Gremium."),
        ({"organization": ""}, "Bitte wählen Sie die Organisation"),
        ({"role": "admin"}, "Bitte wählen Sie keine."),
        ({"role": "king"}, "Ungültige Auswahl"),
        ({"organization": "99999"}, "Keine gültige Auswahl"),
        ({"starts_on": "2026-12-02", "ends_on": "2026-12-01"}, "nicht vor dem ersten"),
    ],
)
def test_bad_invitations_get_a_message_and_nothing_typed_is_lost(  # noqa: PLR0917
    sign_in, organization, make_account, mails, changes, complaint
):
    make_account("officer", email="mira@example.org")
    department = organization(Kind.DEPARTMENT)
    client = sign_in("admin")
    data = {"email": "new@example.org", "role": "officer", "organization": department.id, **changes}
    page = client.submit("/verwaltung/einladen", data)
    assert page.status_code == 200
    assert 'class="kern-error"' in page.text
    assert complaint in page.text, page.text[page.text.index("error-summary__list") :][:300]
    assert data["email"] in page.text
    assert mails() == []
    assert queries.find_account("new@example.org") is None


def test_fields_that_the_form_does_not_have_change_nothing(sign_in, organization):
    client = sign_in("admin")
    data = {"email": "new@example.org", "role": "officer", "organization": organization(Kind.DEPARTMENT).id}
    client.submit("/verwaltung/einladen", {**data, "password": "x", "active": "", "is_admin": "1", "id": "1"})
    account = queries.find_account("new@example.org")
    assert account.password is None
    assert account.active
    assert not actor_now(account.id).is_admin


def test_roles_hold_from_their_first_to_their_last_day(actor, make_account, organization):
    account = make_account(None)
    choir = organization(Kind.MIGRANT_ORGANISATION)
    day = timedelta(days=1)
    cases = [
        (today(), today(), True),
        (None, today() - day, False),
        (today() + day, None, False),
        (today() - day, today() + day, True),
    ]
    for starts_on, ends_on, held in cases:
        operations.assign(actor, account.id, Duty(Role.REPRESENTATIVE, choir.id, starts_on, ends_on))
        now = actor_now(account.id)
        assert now.holds("representative", choir.id) is held
        assert now.may("organizations.read") is held
    assert len(queries.get_account(account.id).assignments) == 1, "one row a role and organization"


def test_a_role_is_given_and_ended_on_its_pages(sign_in, make_account, organization):
    account = make_account(None, email="mira@example.org")
    account_id, committee_id = account.id, organization(Kind.COMMITTEE).id
    client = sign_in("admin")
    page = client.submit(f"/verwaltung/konten/{account_id}/rolle", {"role": "clerk", "organization": committee_id})
    assert "Die Rolle ist eingetragen." in page.text
    assert actor_now(account_id).holds("clerk", committee_id)
    (assignment,) = queries.get_account(account_id).assignments
    page = client.submit(f"/verwaltung/konten/{account_id}/rolle/{assignment.id}/beenden", {"ends_on": ""})
    assert "Die Rolle ist beendet." in page.text
    assert "gilt heute nicht" in page.text
    assert not actor_now(account_id).holds("clerk", committee_id)
    assert [line.action for line in lines_of("assignment", assignment.id)] == [
        "accounts.end_assignment",
        "accounts.assign",
    ]


def test_a_role_of_today_that_ends_at_once_leaves_the_list_but_not_the_history(actor, make_account, organization):
    account = make_account(None)
    row = operations.assign(actor, account.id, Duty(Role.OFFICER, organization(Kind.DEPARTMENT).id, starts_on=today()))
    number = row.id
    operations.end_assignment(actor, account.id, number)
    assert queries.get_account(account.id).assignments == []
    assert lines_of("assignment", number)[0].new["role"] == "officer"


def test_an_assignment_is_reached_through_its_own_account_only(sign_in, make_account, organization):
    department = organization(Kind.DEPARTMENT)
    mine, other = make_account("officer", organization_id=department.id), make_account("admin")
    other_id, assignment_id = other.id, queries.get_account(mine.id).assignments[0].id
    client = sign_in("admin")
    assert client.get(f"/verwaltung/konten/{other_id}/rolle/{assignment_id}/beenden").status_code == 404
    with pytest.raises(NotFound):
        operations.end_assignment(SYSTEM, other_id, assignment_id)


def test_the_last_administration_cannot_be_lost(sign_in, make_account):
    first = make_account("admin", email="first@example.org")
    first_id, assignment_id = first.id, queries.get_account(first.id).assignments[0].id
    client = sign_in(account=first)
    for url, data in (
        (f"/verwaltung/konten/{first_id}/aktiv", {}),
        (f"/verwaltung/konten/{first_id}/rolle/{assignment_id}/beenden", {}),
        (f"/verwaltung/konten/{first_id}/rolle/{assignment_id}/beenden", {"ends_on": "2027-12-31"}),
        (f"/verwaltung/konten/{first_id}/rolle", {"role": "admin", "ends_on": "2026-12-31"}),
    ):
        page = client.submit(url, data)
        assert "Bitte geben Sie die Rolle zuerst einer anderen Person." in page.text
    assert actor_now(first_id).is_admin
    second_id = make_account("admin").id
    operations.deactivate_account(SYSTEM, second_id)
    with pytest.raises(Refused):
        operations.deactivate_account(SYSTEM, first_id)
    operations.activate_account(SYSTEM, second_id)
    operations.deactivate_account(SYSTEM, first_id)
    assert not queries.get_account(first_id).active


def test_whoever_is_deactivated_has_no_rights_at_once_on_any_device(app, sign_in, make_account):
    officer = make_account("officer", email="mira@example.org")
    officer_id = officer.id
    client = sign_in(account=officer)
    assert client.get("/orte/").status_code == 200
    desk = app.test_client()
    admin = make_account("admin")
    with desk.session_transaction() as cookie:
        cookie["_user_id"] = admin.fs_uniquifier
    page = desk.submit(f"/verwaltung/konten/{officer_id}/aktiv")
    assert "ist jetzt deaktiviert" in page.text
    assert client.get("/orte/").status_code == 302
    page = desk.submit(f"/verwaltung/konten/{officer_id}/aktiv", {"active": "1"})
    assert "darf sich wieder anmelden" in page.text
    assert client.get("/orte/").status_code == 302, "the old session stays ended"


def test_a_person_has_one_account(sign_in, make_account, make_person):
    person_id = make_person("Mira Ahorn").id
    taken, free = make_account("officer", person_id=person_id), make_account("officer")
    taken_id, free_id = taken.id, free.id
    with pytest.raises(Refused):
        operations.link_person(SYSTEM, free_id, person_id)
    client = sign_in("admin")
    assert "Mira Ahorn" not in client.get(f"/verwaltung/konten/{free_id}/person").text
    assert "Die Person ist gespeichert." in client.submit(f"/verwaltung/konten/{taken_id}/person", {"person": ""}).text
    client.submit(f"/verwaltung/konten/{free_id}/person", {"person": person_id})
    db.session.rollback()
    assert queries.get_account(free_id).person_id == person_id


@pytest.mark.parametrize("role", ["officer", "clerk", "representative", None])
def test_the_administration_is_for_administrators(sign_in, client, role):
    for signed_in, code in ((False, 302), (True, 403)):
        if signed_in:
            sign_in(role)
        for url in ("/verwaltung/", "/verwaltung/einladen", "/verwaltung/verlauf", "/verwaltung/konten/1"):
            assert client.get(url).status_code == code
        assert client.submit("/verwaltung/konten/1/aktiv", follow_redirects=False).status_code == code


def test_accounts_are_found_by_address_and_by_name(sign_in, make_account, make_person):
    person = make_person("Mira Ahorn")
    make_account("officer", email="first@example.org", person_id=person.id)
    make_account("officer", email="second@example.org")
    client = sign_in("admin")
    assert "second@example.org" not in client.get("/verwaltung/?q=ira+Aho").text
    assert "first@example.org" not in client.get("/verwaltung/?q=second").text
    assert "Es wurde kein Konto gefunden." in client.get("/verwaltung/?q=%25").text


def test_the_list_asks_the_same_number_of_queries_for_ten_times_the_rows(
    sign_in, make_account, organization, count_queries
):
    department_id = organization(Kind.DEPARTMENT).id
    client = sign_in("admin")

    def ask(url: str) -> int:
        with count_queries() as counted:
            assert client.get(url).status_code == 200
        return counted.number

    make_account("officer", organization_id=department_id)
    few = [ask(url) for url in ("/verwaltung/", "/verwaltung/verlauf")]
    for _ in range(20):
        operations.deactivate_account(SYSTEM, make_account("officer", organization_id=department_id).id)
    assert [ask(url) for url in ("/verwaltung/", "/verwaltung/verlauf")] == few


def test_the_history_says_who_did_what_in_words(sign_in, make_account):
    boss = make_account("admin", email="boss@example.org")
    officer_id = make_account("officer").id
    client = sign_in(account=boss)
    client.submit(f"/verwaltung/konten/{officer_id}/aktiv")
    operations.activate_account(SYSTEM, officer_id)
    page = client.get("/verwaltung/verlauf").text
    for words in ("boss@example.org", "deaktiviert", "der Server", f"Konto Nr. {officer_id}", "16. November 2026, 10:"):
        assert words in page


def test_my_account_says_my_roles_in_words(sign_in, organization, make_person):
    person = make_person("Mira <b>Ahorn")
    committee = organization(Kind.COMMITTEE)
    page = sign_in("clerk", organization_id=committee.id, person_id=person.id).get("/konto/").text
    assert "Mira &lt;b&gt;Ahorn" in page
    assert "Geschäftsstelle eines Gremiums: <bdi>Ein Name für committee</bdi>" in page
    assert "Passwort wählen" in page


def test_signing_out_everywhere_leaves_this_device_alone(app, sign_in, make_account):
    account = make_account("officer")
    client = sign_in(account=account)
    phone = app.test_client()
    with phone.session_transaction() as cookie:
        cookie["_user_id"] = account.fs_uniquifier
    assert phone.get("/konto/").status_code == 200
    with client.session_transaction() as cookie:
        cookie["fs_paa"] = 5.0
    page = client.submit("/konto/ueberall-abmelden")
    assert "auf allen anderen Geräten abgemeldet" in page.text
    assert phone.get("/konto/").status_code == 302
    assert client.get("/konto/").status_code == 200
    with client.session_transaction() as cookie:
        assert cookie["fs_paa"] == 5.0, "no fresher than before"


def test_the_language_is_chosen_by_anybody_and_kept_with_the_account(client, sign_in, make_account):
    page = client.submit("/sprache", {"language": "en", "next": "/anmelden"})
    assert "Link by e-mail" in page.text
    assert client.submit("/sprache", {"language": "xx"}).status_code == 400
    account = make_account("officer")
    account_id = account.id
    sign_in(account=account)
    client.submit("/sprache", {"language": "de", "next": "/konto/"})
    db.session.rollback()
    assert queries.get_account(account_id).language == "de"
    client.submit("/sprache", {"language": "", "next": "/konto/"})
    db.session.rollback()
    assert session().get_one(Account, account_id).language is None


def test_the_accounts_language_wins_over_the_browsers(client, with_password):
    account = with_password("officer", email="mary@example.org")
    operations.set_language(actor_of(account), "en")
    client.submit("/anmelden", {"email": "mary@example.org", "password": with_password.password, "next": "/konto/"})
    assert "My roles" in client.get("/konto/").text
