"""What tests of accounts share: fresh limits, organizations of each kind, people, and the links out of mails."""

import re
from collections.abc import Callable, Iterator

import pytest
from flask_security import hash_password
from sqlalchemy import select

from coordination.accounts.models import Account
from coordination.organizations.models import Organization
from coordination.organizations.operations import Profile, create_organization
from coordination.organizations.rules import Kind
from coordination.people.models import Person
from core.access import SYSTEM
from core.database import db, session, transaction
from core.outbox import OutboxMail
from core.web import limiter
from tests.conftest import test_app as make_app

PASSWORD = "vier warme worte hier"


@pytest.fixture(autouse=True)
def fresh_limits(app) -> Iterator[None]:
    """Nobody is limited by what another test tried."""
    limiter.reset()
    yield
    limiter.reset()


@pytest.fixture
def organization() -> Callable[[Kind], Organization]:
    """`organization(Kind.DEPARTMENT)`: a new one of this kind."""

    def make(kind: Kind) -> Organization:
        return create_organization(SYSTEM, Profile(name=f"Ein Name für {kind}", kind=kind))

    return make


@pytest.fixture
def make_person(app) -> Callable[[str], Person]:
    """`make_person("Mira Ahorn")`: somebody of this name."""

    def make(name: str, language: str = "de") -> Person:
        given, _, family = name.partition(" ")
        with transaction() as writing:
            person = Person(key=family.lower(), given_name=given, family_name=family, language=language)
            writing.add(person)
        return person

    return make


@pytest.fixture
def real_hashes(app, tmp_path, monkeypatch) -> None:
    """Passwords are hashed as in production, which takes a quarter of a second each."""
    untouched = make_app(tmp_path).extensions["security"].pwd_context
    monkeypatch.setattr(app.extensions["security"], "pwd_context", untouched)


@pytest.fixture
def with_password(make_account) -> Callable[..., Account]:
    """`with_password("officer")`: an account that signs in with the password below."""

    def make(*args, **kwargs) -> Account:
        account = make_account(*args, **kwargs)
        hashed = hash_password(PASSWORD)
        with transaction():
            session().get_one(Account, account.id).password = hashed
        return account

    make.password = PASSWORD
    return make


@pytest.fixture
def mails(app) -> Callable[[], list[OutboxMail]]:
    """`mails()`: what waits in the outbox, oldest first."""

    def look() -> list[OutboxMail]:
        db.session.rollback()
        return list(session().scalars(select(OutboxMail).order_by(OutboxMail.id)))

    return look


@pytest.fixture
def link_in() -> Callable[[OutboxMail], str]:
    """`link_in(mail)`: the path that the mail's link leads to."""

    def find(mail: OutboxMail) -> str:
        found = re.search(r"^http://localhost(/\S+)$", mail.text, re.MULTILINE)
        assert found, mail.text
        return found.group(1)

    return find
