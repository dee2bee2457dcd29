"""What is shown to whom: the rules as a table, and the same in SQL."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordination.organizations.publication import (
    BASICS,
    FIELD_LABELS,
    LEVEL_LABELS,
    Audience,
    Field,
    Level,
    allowed_levels,
    shown_fields,
)
from coordination.organizations.rules import (
    AIM_LABELS,
    AIMS,
    CRITERIA,
    CRITERION_LABELS,
    Aim,
    Criterion,
    Kind,
    MoKind,
    in_order,
)

SHARED = {Field.NAME: Level.PUBLIC, Field.ABOUT: Level.PUBLIC, Field.PHONE: Level.ADMINISTRATION}


@pytest.mark.parametrize(
    ("audience", "kind", "consents", "shown"),
    [
        (Audience.EVERYBODY, Kind.MIGRANT_ORGANISATION, {}, set()),
        (Audience.EVERYBODY, Kind.ASSOCIATION, {Field.ABOUT: Level.PUBLIC}, set()),  # without a name nothing
        (Audience.EVERYBODY, Kind.MIGRANT_ORGANISATION, SHARED, {Field.NAME, Field.ABOUT}),
        (Audience.EVERYBODY, Kind.WELFARE, SHARED | {Field.EMAIL: Level.PUBLIC}, {Field.NAME, Field.ABOUT}),
        (Audience.COLLEAGUES, Kind.MIGRANT_ORGANISATION, {}, {Field.NAME, Field.OWN_LABEL}),
        (Audience.COLLEAGUES, Kind.MIGRANT_ORGANISATION, SHARED, {Field.NAME, Field.OWN_LABEL, Field.ABOUT}),
        (Audience.ADMINISTRATION, Kind.MIGRANT_ORGANISATION, SHARED, {*SHARED, Field.OWN_LABEL}),
        (Audience.OWN, Kind.MIGRANT_ORGANISATION, {}, set(Field)),
        (Audience.EVERYBODY, Kind.DEPARTMENT, {}, set(Field)),
        (Audience.ADMINISTRATION, Kind.DEPARTMENT, {}, set(Field)),
    ],
)
def test_nothing_is_shown_without_consent(audience, kind, consents, shown):
    assert shown_fields(audience, kind, consents) == shown


@given(st.dictionaries(st.sampled_from(Field), st.sampled_from(Level)), st.sampled_from(Kind))
def test_who_is_nearer_sees_no_less(consents, kind):
    seen = [shown_fields(audience, kind, consents) for audience in Audience]
    assert all(wider <= nearer for wider, nearer in itertools.pairwise(seen))


def test_an_address_for_mails_is_never_for_everybody():
    assert allowed_levels(Field.EMAIL) == (Level.ADMINISTRATION,)
    assert allowed_levels(Field.PHONE) == (Level.ADMINISTRATION, Level.PUBLIC)


def test_every_word_has_its_label_and_every_aim_its_field():
    assert set(FIELD_LABELS) == set(Field) > BASICS
    assert set(LEVEL_LABELS) == set(Level)
    assert sorted(aim for aims in AIMS.values() for aim in aims) == sorted(Aim) == sorted(AIM_LABELS)
    assert {word for words in CRITERIA.values() for word in words} == set(Criterion) == set(CRITERION_LABELS)


def test_lists_of_words_are_kept_each_once_and_in_order():
    assert in_order(["umbrella", "culture", "umbrella", "nothing"], MoKind) == ["culture", "umbrella"]
