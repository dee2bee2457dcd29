"""Who led on a day, what makes a record complete, from whom the impulse came."""

from datetime import date
from types import SimpleNamespace

import pytest

from coordination.cooperation.rules import (
    BEGINNING,
    CONTRIBUTION_LABELS,
    FIGURE_LABELS,
    FORMAT_LABELS,
    GAP_LABELS,
    INITIATOR_LABELS,
    LEAD_LABELS,
    SOURCE_LABELS,
    STATUS_LABELS,
    ContributionKind,
    Figure,
    Format,
    Gap,
    InitiatorKind,
    Lead,
    Source,
    Status,
    initiator_kind_of,
    lead_on,
    missing,
    tidy_leads,
    years_of,
)
from coordination.organizations.rules import PARTNER_ROLE_LABELS, TOPIC_LABELS, Kind, PartnerRole, Topic

MOVED = [
    SimpleNamespace(since=BEGINNING, lead="municipal"),
    SimpleNamespace(since=date(2026, 1, 1), lead="joint"),
]


@pytest.mark.parametrize(
    ("day", "lead"),
    [
        (date(2020, 5, 1), Lead.MUNICIPAL),
        (date(2025, 12, 31), Lead.MUNICIPAL),
        (date(2026, 1, 1), Lead.JOINT),
        (date(2030, 1, 1), Lead.JOINT),
    ],
)
def test_the_lead_on_a_day_is_the_newest_before_it(day, lead):
    assert lead_on(MOVED, day) is lead
    assert lead_on(reversed(MOVED), day) is lead


def test_nobody_led_before_the_first_lead_was_recorded():
    assert lead_on([], date(2026, 1, 1)) is None
    assert lead_on(MOVED[1:], date(2025, 12, 31)) is None


def test_a_lead_that_repeats_the_one_before_is_not_kept():
    told = [(date(2026, 1, 1), Lead.JOINT), (BEGINNING, Lead.MUNICIPAL), (date(2025, 1, 1), Lead.MUNICIPAL)]
    assert tidy_leads(told) == ((BEGINNING, Lead.MUNICIPAL), (date(2026, 1, 1), Lead.JOINT))


COMPLETE = {
    "format": "single_event",
    "topics": ["culture"],
    "starts_on": date(2026, 5, 9),
    "leads": ["joint"],
    "initiator_kind": "other",
    "partners": ["chor"],
    "participants": 0,
    "what_worked": "",
    "do_differently": "Früher einladen.",
}


@pytest.mark.parametrize(
    ("change", "gaps"),
    [
        ({}, []),
        ({"topics": []}, [Gap.TOPIC]),
        ({"starts_on": None}, [Gap.PERIOD]),
        ({"leads": []}, [Gap.LEAD]),
        ({"initiator_kind": None}, [Gap.INITIATOR]),
        ({"partners": []}, [Gap.PARTNER]),
        ({"participants": None}, [Gap.PARTICIPANTS]),
        ({"participants": None, "format": "project"}, []),
        ({"do_differently": ""}, [Gap.OUTCOME]),
        ({"do_differently": "", "participants": None, "format": "committee"}, []),
    ],
)
def test_what_a_record_lacks(change, gaps):
    assert missing(SimpleNamespace(**{**COMPLETE, **change})) == gaps


@pytest.mark.parametrize(
    ("kind", "integration", "expected"),
    [
        (Kind.DEPARTMENT, True, InitiatorKind.INTEGRATION_DEPARTMENT),
        (Kind.DEPARTMENT, False, InitiatorKind.OTHER_OFFICE),
        (Kind.MIGRANT_ORGANISATION, False, InitiatorKind.MIGRANT_ORGANISATION),
        (Kind.WELFARE, False, InitiatorKind.OTHER),
        (Kind.COMMITTEE, False, InitiatorKind.OTHER),
    ],
)
def test_an_initiator_s_kind_follows_from_the_organization(kind, integration, expected):
    assert initiator_kind_of(kind, integration_department=integration) is expected


def test_years_run_from_the_newest_to_the_first():
    assert list(years_of(date(2024, 12, 31), date(2026, 1, 1))) == [2026, 2025, 2024]
    assert list(years_of(None, None)) == []


def test_every_word_has_a_label():
    words = {
        Format: FORMAT_LABELS,
        Lead: LEAD_LABELS,
        InitiatorKind: INITIATOR_LABELS,
        Status: STATUS_LABELS,
        Topic: TOPIC_LABELS,
        PartnerRole: PARTNER_ROLE_LABELS,
        ContributionKind: CONTRIBUTION_LABELS,
        Figure: FIGURE_LABELS,
        Source: SOURCE_LABELS,
        Gap: GAP_LABELS,
    }
    assert {enum.__name__: set(labels) for enum, labels in words.items()} == {
        enum.__name__: set(enum) for enum in words
    }
    assert len(Topic) == 12
