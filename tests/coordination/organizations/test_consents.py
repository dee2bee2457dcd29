"""Consents: given by the organization's own people, withdrawn in one click, and gone everywhere at once."""

from datetime import date, timedelta

import pytest

from coordination.accounts.queries import actor_of
from coordination.organizations import consents, policies, queries
from coordination.organizations.models import PublicationConsent
from coordination.organizations.publication import CONSENT_VERSION, PUBLIC, Field, Level
from coordination.organizations.rules import Kind
from core.access import SYSTEM
from core.clock import today
from core.database import session
from core.errors import NotFound, Outdated, Refused
from core.history import lines_of

NAME_PUBLIC = {Field.NAME: Level.PUBLIC}


def test_a_consent_keeps_its_day_its_text_and_who_gave_it(house):
    voice = house.actor(house.voice)
    consents.set_consents(voice, house.choir.id, wished=NAME_PUBLIC, state=0, agreed=True)
    (row,) = queries.consents_of(house.choir.id)
    assert (row.field, row.level, row.given_on, row.on_paper) == (Field.NAME, Level.PUBLIC, today(), False)
    assert (row.text_version, row.account_id, row.withdrawn_at) == (CONSENT_VERSION, house.voice.id, None)
    consents.withdraw(voice, house.choir.id)
    (row,) = queries.consents_of(house.choir.id)
    assert row.withdrawn_at is not None
    assert row.withdrawn_by == house.voice.id
    said = [line.new for line in lines_of("organization", house.choir.id) if line.action == "organizations.consent"]
    assert said == [{"consents": {"name": ""}}, {"consents": {"name": "public"}}]


def test_nothing_new_is_agreed_to_without_saying_so(house):
    with pytest.raises(Refused):
        consents.set_consents(SYSTEM, house.choir.id, wished=NAME_PUBLIC, state=None, agreed=False)
    assert queries.consents_of(house.choir.id) == []


def test_taking_back_needs_no_agreement(house, publish):
    publish(house.choir, Field.NAME, Field.ABOUT)
    consents.set_consents(SYSTEM, house.choir.id, wished={Field.ABOUT: None}, state=None, agreed=False)
    assert queries.consents_in_force([house.choir.id])[house.choir.id] == NAME_PUBLIC


def test_another_level_is_a_new_consent(house, publish):
    publish(house.choir, Field.PHONE)
    publish(house.choir, Field.PHONE, level=Level.ADMINISTRATION)
    newest, before = queries.consents_of(house.choir.id)
    assert (newest.level, newest.withdrawn_at) == (Level.ADMINISTRATION, None)
    assert (before.level, before.withdrawn_at is None) == (Level.PUBLIC, False)


def test_who_opened_the_form_before_a_withdrawal_revives_nothing(house, publish):
    publish(house.choir, Field.NAME, Field.ABOUT)
    opened = consents.state_of(house.choir.id)
    consents.withdraw(SYSTEM, house.choir.id, fields=[Field.ABOUT])
    wished = {Field.NAME: Level.PUBLIC, Field.ABOUT: Level.PUBLIC}
    with pytest.raises(Outdated):
        consents.set_consents(SYSTEM, house.choir.id, wished=wished, state=opened, agreed=True)
    assert queries.consents_in_force([house.choir.id])[house.choir.id] == NAME_PUBLIC


def test_an_old_paper_never_revives_what_was_taken_back(house):
    signed = today() - timedelta(days=30)
    assert consents.note_paper(SYSTEM, house.choir.id, wished=NAME_PUBLIC, given_on=signed)
    consents.withdraw(SYSTEM, house.choir.id)
    for day in (signed, today()):
        assert consents.note_paper(SYSTEM, house.choir.id, wished=NAME_PUBLIC, given_on=day) == []
    assert queries.consents_in_force([house.choir.id])[house.choir.id] == {}


def test_a_paper_widens_nothing_that_was_narrowed_since(house, publish):
    publish(house.choir, Field.PHONE, level=Level.ADMINISTRATION)
    consents.note_paper(SYSTEM, house.choir.id, wished={Field.PHONE: Level.PUBLIC}, given_on=date(2020, 1, 1))
    assert queries.consents_in_force([house.choir.id])[house.choir.id] == {Field.PHONE: Level.ADMINISTRATION}


@pytest.mark.parametrize("given_on", [date(9999, 1, 1)])
def test_a_signature_of_tomorrow_is_refused(house, given_on):
    with pytest.raises(Refused) as refused:
        consents.note_paper(SYSTEM, house.choir.id, wished=NAME_PUBLIC, given_on=given_on)
    assert refused.value.field == "given_on"


def test_a_mail_address_cannot_be_made_public(house):
    with pytest.raises(Refused):
        consents.set_consents(SYSTEM, house.choir.id, wished={Field.EMAIL: Level.PUBLIC}, state=None, agreed=True)
    assert session().query(PublicationConsent).count() == 0


def test_departments_need_no_consent(make_organization):
    department = make_organization("Sportamt", kind=Kind.DEPARTMENT, email="sport@example.org", phone="030 2")
    with pytest.raises(Refused):
        consents.set_consents(SYSTEM, department.id, wished=NAME_PUBLIC, state=None, agreed=True)
    shown = queries.get_shown(PUBLIC, department.id)
    assert (shown.name, shown["phone"], shown["email"]) == ("Sportamt", "030 2", "sport@example.org")


def test_only_its_own_people_consent_and_paper_counts_only_where_there_are_none(house, make_organization):
    quiet = make_organization("Stiller Kreis")
    able = {
        name: (
            policies.may_consent(actor, house.choir),
            policies.may_note_paper(actor, house.choir),
            policies.may_note_paper(actor, quiet),
            policies.may_withdraw(actor, house.choir),
        )
        for name in ("voice", "keeper", "officer", "clerk", "admin")
        for actor in [house.actor(getattr(house, name))]
    }
    assert able == {
        "voice": (True, False, False, True),
        "keeper": (False, False, True, True),
        "officer": (False, False, False, False),
        "clerk": (False, False, False, False),
        "admin": (False, False, True, True),
    }


def test_a_representative_whose_membership_ended_speaks_for_nobody(house, make_account, make_person):
    gone = make_person("Elif Fort", organization=house.choir, ends_on=today() - timedelta(days=1))
    account = make_account("representative", organization_id=house.choir.id, person_id=gone.id, email="e@example.org")
    assert not policies.may_keep(house.actor(account), house.choir.id)
    assert not policies.may_consent(house.actor(account), house.choir)


def test_without_an_integration_department_all_department_staff_keep_profiles(make_account, make_organization):
    culture = make_organization("Kulturamt", kind=Kind.DEPARTMENT)
    officer = make_account("officer", organization_id=culture.id)
    assert policies.keeps_profiles(actor_of(officer))


def test_the_public_sees_nothing_of_an_organization_that_agreed_to_nothing(house, describe):
    describe(house.choir, about="Wir singen.")
    with pytest.raises(NotFound):
        queries.get_shown(PUBLIC, house.choir.id)
