"""Planning together: what both sides do ends in the record, and nobody's word is lost."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from coordination.cooperation.facts import PartnerTerms
from coordination.cooperation.partners import add_partner, remove_partner
from coordination.cooperation.rules import ContributionKind, Status
from coordination.events import operations as events
from coordination.events.models import Event
from coordination.people.operations import add_membership, end_membership
from coordination.planning import (
    agreements,
    needs,
    operations,
    policies,
    queries,
    requests,
    reviews,
    sections,
    tasks,
    words,
)
from coordination.planning.agreements import Promise
from coordination.planning.reviews import Opinion
from coordination.planning.rules import Agreed, Answer, NeedKind, RequestState, agreed, joined
from core.access import SYSTEM
from core.clock import today
from core.database import session, transaction
from core.errors import NotFound, Outdated, Refused
from core.outbox import OutboxMail


def mails():
    return [(mail.to_address, mail.subject) for mail in session().scalars(select(OutboxMail).order_by(OutboxMail.id))]


@pytest.mark.parametrize(
    ("confirmed", "partners", "departments", "expected"),
    [
        ([], [7], [], Agreed(municipality=False, waiting=frozenset({7}))),
        ([None], [7], [], Agreed(municipality=True, waiting=frozenset({7}))),
        ([7], [7], [], Agreed(municipality=False, waiting=frozenset())),
        ([3, 7], [7], [3], Agreed(municipality=True, waiting=frozenset())),
        ([3, 7], [7, 8], [3], Agreed(municipality=True, waiting=frozenset({8}))),
        ([3], [], [3], Agreed(municipality=True, waiting=frozenset({0}))),
    ],
)
def test_both_sides_have_agreed_when_each_has_said_so(confirmed, partners, departments, expected):
    assert agreed(confirmed, partners=partners, departments=departments) == expected
    assert expected.by_all == (expected.municipality and not expected.waiting)


def test_what_several_say_carries_their_names():
    assert joined([("Chor", "Gut."), ("Amt", " ")]) == "Gut."
    assert joined([("Chor", "Gut."), ("Amt", "Voll.")]) == "Chor: Gut.\nAmt: Voll."


def test_who_accepts_becomes_a_partner_and_who_declines_after_all_does_not(circle, workspace):
    invited = operations.invite(circle.act(circle.officer), workspace.id, organization_id=circle.verein.id)
    assert (circle.of_verein.email, "Machen Sie mit? Fest der Stimmen") in mails()
    assert [p.organization_id for p in workspace.partners] == [circle.chor.id]
    verein = {"organization_id": circle.verein.id}
    operations.answer(circle.act(circle.of_verein), workspace.id, answer=Answer.ACCEPTED, **verein)
    assert [p.organization_id for p in workspace.partners] == [circle.chor.id, circle.verein.id]
    operations.answer(circle.act(circle.of_verein), workspace.id, answer=Answer.DECLINED, reason="Ramadan", **verein)
    assert [p.organization_id for p in workspace.partners] == [circle.chor.id]
    assert queries.find_invitation(workspace.id, circle.verein.id).reason == "Ramadan"
    again = operations.invite(circle.act(circle.officer), workspace.id, organization_id=circle.verein.id)
    assert (again.id, again.answer) == (invited.id, Answer.OPEN)
    with pytest.raises(Refused):
        operations.invite(circle.act(circle.officer), workspace.id, organization_id=circle.verein.id)
    with pytest.raises(Refused):
        operations.invite(circle.act(circle.officer), workspace.id, organization_id=circle.department.id)


def test_who_took_part_in_what_is_over_stays_as_it_was(circle, workspace, sign_in):
    officer, chor, verein = (circle.act(who) for who in (circle.officer, circle.of_chor, circle.of_verein))
    event = session().scalars(select(Event)).one()
    operations.invite(officer, workspace.id, organization_id=circle.verein.id)
    page = sign_in(account=circle.of_chor).get(f"/planung/{workspace.id}").text
    assert page.index("Nicht mehr mitmachen") < page.index("Alle, die mitplanen, bekommen") < page.index("Nein, wir")
    events.cancel(officer, event.id, reason="Der Saal ist gesperrt.")
    for actor, asked, said in (
        (chor, circle.chor, Answer.DECLINED),
        (verein, circle.verein, Answer.ACCEPTED),
    ):
        with pytest.raises(Refused, match="vorbei"):
            operations.answer(actor, workspace.id, organization_id=asked.id, answer=said)
    with pytest.raises(Refused, match="vorbei"):
        operations.invite(officer, workspace.id, organization_id=circle.verein.id)
    assert [partner.organization for partner in workspace.partners] == [circle.chor]
    for account in (circle.of_chor, circle.of_verein):
        page = sign_in(account=account).get(f"/planung/{workspace.id}").text
        assert "wir können nicht" not in page
        assert "wir machen mit" not in page
    assert "Organisation fragen" not in sign_in(account=circle.officer).get(f"/planung/{workspace.id}").text


def test_who_is_taken_out_of_the_record_has_no_right_left_and_is_in_no_list(circle, workspace, make_person):
    officer, chor = circle.act(circle.officer), circle.act(circle.of_chor)
    with transaction():
        circle.of_chor.person_id = make_person("Samir Haddad").id
    assert [name for _id, name in queries.list_people(workspace.id)] == ["Samir Haddad"]
    operations.post(chor, workspace.id, text="Wir proben montags.")
    assert policies.may_work(chor, workspace)
    remove_partner(officer, workspace.partners[0].id)
    assert not policies.may_open(chor, workspace)
    assert not policies.may_read(chor, workspace)
    assert not policies.may_work(chor, workspace)
    assert policies.voices_of(chor, workspace) == []
    assert [account.id for account in queries.listeners(workspace.id)] == [circle.officer.id]
    assert queries.list_people(workspace.id) == []
    assert queries.standings(workspace) == []
    for said in (Answer.DECLINED, Answer.ACCEPTED):
        with pytest.raises(NotFound):
            operations.answer(chor, workspace.id, organization_id=circle.chor.id, answer=said)
    operations.invite(officer, workspace.id, organization_id=circle.chor.id)
    operations.answer(chor, workspace.id, organization_id=circle.chor.id, answer=Answer.ACCEPTED)
    remove_partner(officer, workspace.partners[0].id)
    with pytest.raises(NotFound):
        operations.answer(chor, workspace.id, organization_id=circle.chor.id, answer=Answer.DECLINED)
    assert operations.invite(officer, workspace.id, organization_id=circle.chor.id).answer == Answer.OPEN


def test_who_is_entered_in_the_record_plans_along_and_may_leave(circle, workspace):
    officer, verein = circle.act(circle.officer), circle.act(circle.of_verein)
    whose = {"organization_id": circle.verein.id}
    operations.invite(officer, workspace.id, **whose)
    assert not policies.may_work(verein, workspace)
    add_partner(officer, workspace.id, terms=PartnerTerms(circle.verein.id))
    assert policies.may_work(verein, workspace)
    assert queries.open_invitations([circle.verein.id]) == []
    with pytest.raises(Refused):
        operations.invite(officer, workspace.id, **whose)
    operations.answer(verein, workspace.id, answer=Answer.DECLINED, reason="Keine Zeit", **whose)
    assert not policies.may_read(verein, workspace)
    assert [(one.organization, one.answer, one.reason) for one in queries.standings(workspace)] == [
        (circle.chor, Answer.ACCEPTED, ""),
        (circle.verein, Answer.DECLINED, "Keine Zeit"),
    ]


def test_an_organization_that_was_entered_and_never_asked_says_itself_that_it_cannot(circle, workspace, sign_in):
    add_partner(circle.act(circle.officer), workspace.id, terms=PartnerTerms(circle.verein.id))
    verein, here = sign_in(account=circle.of_verein), f"/planung/{workspace.id}"
    assert "Ihre Antwort für <bdi>Verein Nord</bdi>" in verein.get(here).text
    said = {"organization": circle.verein.id, "answer": "declined"}
    assert "Sie können nicht mitmachen" in verein.submit(f"{here}/antwort", said).text
    assert [partner.organization for partner in workspace.partners] == [circle.chor]


def test_what_is_granted_becomes_a_contribution_and_what_is_refused_has_its_reason(circle, workspace):
    officer, chor = circle.act(circle.officer), circle.act(circle.of_chor)
    wanted = {"organization_id": circle.chor.id}
    greeting = requests.ask(chor, workspace.id, kind=ContributionKind.GREETING, wish="Fünf Minuten", **wanted)
    money = requests.ask(chor, workspace.id, kind=ContributionKind.CO_FUNDING, wish="500 Euro", **wanted)
    assert (circle.officer.email, "Bitte antworten: Fest der Stimmen") in mails()
    requests.answer_request(
        officer, greeting.id, version=1, state=RequestState.GRANTED, department_id=circle.department.id
    )
    with pytest.raises(Refused) as refused:
        requests.answer_request(officer, money.id, version=1, state=RequestState.REFUSED)
    assert refused.value.field == "reason"
    requests.answer_request(officer, money.id, version=1, state=RequestState.REFUSED, reason="Haushaltssperre")
    assert [(given.kind, given.note) for given in workspace.contributions] == [("greeting", "Fünf Minuten")]
    assert mails()[-1] == (circle.of_chor.email, "Antwort auf Ihre Bitte: Fest der Stimmen")


def test_an_agreement_that_is_changed_after_it_was_confirmed_counts_no_more(circle, workspace):
    officer, chor = circle.act(circle.officer), circle.act(circle.of_chor)
    tasks.add_task(officer, workspace.id, title="Saal schmücken", organization_id=circle.chor.id)
    draft = words.drafted(workspace)
    assert "Chor der Brücken: Saal schmücken" in draft.duties
    written = agreements.write_agreement(officer, workspace.id, version=None, promise=draft)
    for who, organization in ((officer, circle.department), (chor, circle.chor)):
        agreements.confirm_agreement(who, workspace.id, revision=1, organization_id=organization.id)
        agreements.confirm_agreement(who, workspace.id, revision=1, organization_id=organization.id)
    assert [one.revision for one in queries.find_agreement(workspace.id).confirmations] == [1, 1]
    same = agreements.write_agreement(chor, workspace.id, version=written.version, promise=draft)
    assert same.revision == 1
    other = Promise(draft.subject, draft.duties, "Die Stadt zahlt den Saal.", "")
    assert agreements.write_agreement(chor, workspace.id, version=written.version, promise=other).revision == 2
    with pytest.raises(Outdated):
        agreements.confirm_agreement(officer, workspace.id, revision=1, organization_id=circle.department.id)
    with pytest.raises(Outdated):
        agreements.write_agreement(officer, workspace.id, version=None, promise=draft)


def test_two_who_write_the_same_text_do_not_overwrite_each_other(circle, workspace):
    (programme,) = queries.sections(workspace.id)
    seen = programme.version
    sections.edit_section(circle.act(circle.officer), programme.id, version=seen, title="Programm", text="18 Uhr: Chor")
    with pytest.raises(Outdated):
        sections.edit_section(
            circle.act(circle.of_chor), programme.id, version=seen, title="Programm", text="19 Uhr: Band"
        )
    assert queries.sections(workspace.id)[0].text == "18 Uhr: Chor"


def test_a_message_reaches_the_others_unless_they_want_none(circle, workspace):
    chor, officer = circle.act(circle.of_chor), circle.act(circle.officer)
    before = len(mails())
    operations.post(chor, workspace.id, text="Wer bringt Stühle?")
    assert mails()[before:] == [(circle.officer.email, "Neue Nachricht: Fest der Stimmen")]
    operations.follow(chor, workspace.id, wants_mail=False)
    before = len(mails())
    operations.post(officer, workspace.id, text="Wir.")
    assert mails()[before:] == []


def test_both_sides_judge_and_the_record_holds_both(circle, held):
    opinion = Opinion(80, "Viele kamen.", "Früher werben.")
    reviews.review(circle.act(circle.of_chor), held.id, version=None, opinion=opinion, organization_id=circle.chor.id)
    assert (held.participants, held.what_worked) == (80, "Viele kamen.")
    own = Opinion(75, "Gute Stimmung.")
    reviews.review(circle.act(circle.officer), held.id, version=None, opinion=own, organization_id=circle.department.id)
    assert held.participants == 75
    assert held.what_worked == "Chor der Brücken: Viele kamen.\nAmt für Integration: Gute Stimmung."


def test_nobody_judges_what_was_not_held_and_nobody_says_nothing(circle, workspace, request):
    chor = {"version": None, "organization_id": circle.chor.id}
    with pytest.raises(Refused, match="sobald es stattgefunden hat"):
        reviews.review(circle.act(circle.of_chor), workspace.id, opinion=Opinion(80), **chor)
    held = request.getfixturevalue("held")
    with pytest.raises(Refused, match="mindestens eines"):
        reviews.review(circle.act(circle.of_chor), held.id, opinion=Opinion(), **chor)
    said = reviews.review(circle.act(circle.of_chor), held.id, opinion=Opinion(80), **chor)
    assert queries.reviews(held.id) == [said]


def test_needs_and_tasks_are_ticked_off_and_both_sides_see_the_history(circle, workspace):
    officer = circle.act(circle.officer)
    need = needs.add_need(officer, workspace.id, kind=NeedKind.INTERPRETATION, note="Arabisch")
    needs.tick_need(officer, need.id, done=True)
    needs.tick_need(officer, need.id, done=True)
    task = tasks.add_task(officer, workspace.id, title="Plakat")
    tasks.tick_task(officer, task.id, done=True)
    lines = [(line.what, line.about) for line in words.told(workspace.id)]
    assert lines[:4] == [
        ("Eine Aufgabe ist erledigt", "Plakat"),
        ("Eine neue Aufgabe", "Plakat"),
        ("Für einen Bedarf ist gesorgt", "Arabisch"),
        ("Ein neuer Bedarf", "Arabisch"),
    ]
    assert ("Titel, Termin, Themen oder Stand wurden geändert", "In Planung") in lines


def test_a_task_is_of_a_person_of_the_organization_that_is_to_do_it(circle, workspace, make_person, make_account):
    officer = circle.act(circle.officer)

    def add(organization, person):
        told = {"organization_id": organization.id, "person_id": person.id}
        return tasks.add_task(officer, workspace.id, title="Plakat", **told)

    singer, speaker, colleague, head = [make_person() for _n in range(4)]
    membership = add_membership(SYSTEM, singer.id, organization_id=circle.chor.id)
    make_account("representative", organization_id=circle.chor.id, person_id=speaker.id)
    make_account("officer", organization_id=circle.department.id, person_id=colleague.id)
    make_account("admin", person_id=head.id)
    task = add(circle.chor, singer)
    add(circle.chor, speaker)
    add(circle.department, colleague)
    add(circle.department, head)
    for organization, person in (
        (circle.department, speaker),
        (circle.verein, singer),
        (circle.chor, colleague),
        (circle.chor, head),
    ):
        with pytest.raises(Refused) as refused:
            add(organization, person)
        assert refused.value.field == "person_id"
    told = {"organization_id": circle.chor.id, "due_on": None, "version": task.version}
    with pytest.raises(Refused):
        tasks.edit_task(officer, task.id, title="Plakate", person_id=head.id, **told)
    end_membership(SYSTEM, membership.id, ends_on=today() - timedelta(days=1))
    tasks.edit_task(officer, task.id, title="Plakate", person_id=singer.id, **told)
    assert task.title == "Plakate", "who left meanwhile has it until somebody else takes it"


def test_who_turns_an_idea_down_says_why(circle, idea):
    officer = circle.act(circle.officer)
    assert mails()[0] == (circle.officer.email, "Neue Idee: Fest der Stimmen")
    with pytest.raises(Refused) as refused:
        events.cancel(officer, idea.id)
    assert refused.value.field == "reason"
    events.cancel(officer, idea.id, reason="Der Saal ist zu klein.")
    assert idea.cooperation.status == Status.TURNED_DOWN
    assert mails()[-1] == (circle.of_chor.email, "Antwort auf Ihre Idee: Fest der Stimmen")
