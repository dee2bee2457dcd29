"""The demonstration's sign-in, and the commands."""

from pathlib import Path

import pytest
from flask import Flask

from coordination.accounts import operations, queries
from coordination.accounts.commands import group, take
from coordination.accounts.demo import register_demo
from coordination.accounts.operations import Duty
from coordination.accounts.queries import actor_of
from coordination.accounts.rules import Role
from coordination.organizations.operations import Profile, create_organization
from coordination.organizations.rules import Kind
from core.access import SYSTEM, Grant
from core.csv_files import read_csv
from core.database import db
from core.importing import Done
from core.settings import BadSettings, Settings, checked
from wsgi import create_app


@pytest.fixture(scope="module")
def demo_app(tmp_path_factory) -> Flask:
    """An application of the demonstration, with one account for administration and two clerks."""
    settings = Settings(
        mode="demo",
        secret_key="for tests only, for tests only, for tests only",
        data=tmp_path_factory.mktemp("demo"),
        demo_sign_in=True,
    )
    app = create_app(settings, testing=True)
    with app.app_context():
        db.create_all()
        committee = create_organization(SYSTEM, Profile(name="Rat", kind=Kind.COMMITTEE), key="rat")
        operations.create_account(SYSTEM, "admin@example.org", duty=Duty(Role.ADMIN))
        for name in ("first", "second"):
            operations.create_account(SYSTEM, f"{name}@example.org", duty=Duty(Role.CLERK, committee.id))
        db.session.remove()
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_each_role_signs_in_as_its_first_account_without_writing(demo_app):
    client = demo_app.test_client()
    file = Path(demo_app.config["SETTINGS"].data / "augenhoehe.db")
    with demo_app.app_context():
        with db.engine.connect() as connection:
            before = connection.exec_driver_sql("PRAGMA data_version").scalar(), file.read_bytes()
            answer = client.get("/demo/anmelden/clerk")
            after = connection.exec_driver_sql("PRAGMA data_version").scalar(), file.read_bytes()
        db.session.remove()
    assert answer.location == "/"
    assert before == after
    assert "first@example.org" in client.get("/konto/").text
    client.get("/demo/anmelden/admin")
    assert "admin@example.org" in client.get("/konto/").text


@pytest.mark.parametrize(
    ("url", "changes"),
    [
        ("/demo/anmelden/officer", {}),
        ("/demo/anmelden/king", {}),
        ("/demo/anmelden/admin", {"environ_overrides": {"REMOTE_ADDR": "192.0.2.1"}}),
        ("/demo/anmelden/admin", {"environ_overrides": {"REMOTE_ADDR": ""}}),
        ("/demo/anmelden/admin", {"headers": {"X-Forwarded-For": "192.0.2.1"}}),
    ],
)
def test_nobody_else_comes_in(demo_app, url, changes):
    client = demo_app.test_client()
    assert client.get(url, **changes).status_code == 404
    assert client.get("/konto/").status_code == 302


def test_a_foreign_name_for_this_machine_does_not_open_it(demo_app):
    client = demo_app.test_client()
    assert client.get("/demo/anmelden/admin", base_url="http://evil.example").status_code in (400, 404)
    assert client.get("/demo/anmelden/admin", base_url="http://[::1]:8000").status_code in (302, 400)


def test_without_the_setting_the_addresses_do_not_exist(app, client):
    assert not [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/demo")]
    assert client.get("/demo/anmelden/admin").status_code == 404
    with pytest.raises(ValueError, match="setting"):
        register_demo(app)


def test_production_refuses_to_start_with_the_setting():
    settings = Settings(
        mode="production",
        secret_key="x" * 40,
        public_url="https://town.example",
        smtp_host="mail.town.example",
        demo_sign_in=True,
    )
    with pytest.raises(BadSettings, match="DEMO_SIGN_IN"):
        checked(settings)


def run(app: Flask, *words: str, typed: str = ""):
    """What the command says."""
    return app.test_cli_runner().invoke(group, words, input=typed)


def test_an_account_is_created_with_a_password_or_by_a_link(app, client, mails):
    create_organization(SYSTEM, Profile(name="Rat", kind=Kind.COMMITTEE), key="rat")
    word = "vier warme worte hier\n"
    assert run(app, "create", "Boss@example.org", "--role", "admin", typed=word * 2).exit_code == 0
    client.submit("/anmelden", {"email": "boss@example.org", "password": word.strip()})
    assert client.get("/verwaltung/").status_code == 200
    result = run(app, "create", "mira@example.org", "--role", "clerk", "--organization", "committee:rat", "--link")
    assert "outbox" in result.output
    assert [mail.to_address for mail in mails()] == ["mira@example.org"]


@pytest.mark.parametrize(
    "words",
    [
        ("mira", "--role", "admin", "--link"),
        ("mira@example.org", "--role", "clerk", "--link"),
        ("mira@example.org", "--role", "clerk", "--organization", "nowhere", "--link"),
        ("mira@example.org", "--role", "admin", "--person", "nobody", "--link"),
    ],
)
def test_a_bad_command_says_why_and_creates_nothing(app, words):
    result = run(app, "create", *words)
    assert result.exit_code == 1
    assert "Error: " in result.output
    assert queries.find_account("mira@example.org") is None


def test_a_short_password_is_refused(app):
    result = run(app, "create", "mira@example.org", "--role", "admin", typed="kurz\nkurz\n")
    assert "12" in result.output
    assert queries.find_account("mira@example.org") is None


def test_an_import_run_twice_changes_nothing(app, make_person, tmp_path):
    make_person("Mira Ahorn")
    rat = create_organization(SYSTEM, Profile(name="Rat", kind=Kind.COMMITTEE), key="rat").id
    amt = create_organization(SYSTEM, Profile(name="Amt", kind=Kind.DEPARTMENT), key="amt").id
    file = tmp_path / "accounts.csv"
    file.write_text(
        "email,role,organization,person\n"
        "boss@example.org,admin,,\n"
        "mira@example.org,clerk,committee:rat,ahorn\n"
        "Mira@example.org,officer,amt,ahorn\n",
        encoding="utf-8",
    )

    def take_all() -> list[Done]:
        return [take(line) for line in read_csv(file, required=["email", "role"], optional=["organization", "person"])]

    assert take_all() == [Done.ADDED, Done.ADDED, Done.CHANGED]
    assert take_all() == [Done.UNCHANGED] * 3
    actor = actor_of(queries.find_account("mira@example.org"))
    assert actor.grants == {Grant("clerk", rat), Grant("officer", amt)}


def test_a_bad_line_is_reported_and_stops_nothing(app, tmp_path):
    file = tmp_path / "accounts.csv"
    file.write_text("email,role\nmira,admin\nboss@example.org,king\nboss@example.org,admin\n", encoding="utf-8")
    result = run(app, "import", str(file))
    assert result.exit_code == 1
    assert queries.find_account("boss@example.org") is not None
