"""Every committee has its record of cooperation, and the two never disagree."""

from dataclasses import replace
from datetime import date

import pytest

from coordination.cooperation import partners
from coordination.cooperation.facts import PartnerTerms
from coordination.cooperation.rules import Figure, Format, Source, Status
from core.database import session
from core.errors import Refused
from participation.committees import operations
from participation.committees.models import Committee
from participation.committees.rules import FIGURE_OF_KIND, Kind
from participation.seats.models import Seat
from participation.seats.operations import edit_seat, end_seat, terms_of


def agree(committee: Committee) -> None:
    """What the record says of the committee is what the committee says."""
    session().expire_all()
    record = committee.cooperation
    seats = session().query(Seat).filter_by(committee_id=committee.id).all()
    assert (record.title, record.format, record.source) == (committee.name, Format.COMMITTEE, Source.COMMITTEE)
    assert (record.figure, record.restricted) == (committee.counts_for, not committee.public)
    assert record.status == (Status.HELD if committee.organization.archived_at else Status.RUNNING)
    assert record.starts_on == min((seat.starts_on for seat in seats if seat.starts_on), default=None)
    assert {partner.organization_id for partner in record.partners} == {
        seat.organization_id for seat in seats if seat.organization_id
    }


def test_a_committee_and_its_record_never_disagree(actor, make_committee, make_organization, make_seat):
    choir, parents = make_organization("Chor"), make_organization("Elternverein")
    committee = make_committee("Forum", kind=Kind.NETWORK)
    agree(committee)
    seat = make_seat(committee, "MO 1", choir, starts_on=date(2024, 3, 1))
    agree(committee)
    make_seat(committee, "MO 2", parents, starts_on=date(2023, 3, 1))
    make_seat(committee, "Vorsitz")
    agree(committee)
    charter = replace(operations.charter_of(committee), name="Forum der Vereine", public=False)
    operations.edit_committee(actor, committee.id, version=None, charter=charter)
    agree(committee)
    edit_seat(actor, seat.id, version=None, terms=replace(terms_of(seat), organization_id=parents.id))
    agree(committee)
    end_seat(actor, seat.id, last_day=date(2025, 1, 1))
    agree(committee)
    operations.archive_committee(actor, committee.id)
    agree(committee)
    operations.restore_committee(actor, committee.id)
    agree(committee)


@pytest.mark.parametrize("kind", Kind)
def test_each_kind_counts_for_a_figure_and_each_committee_may_count_for_another(actor, make_committee, kind):
    committee = make_committee(kind=kind)
    assert committee.cooperation.figure == FIGURE_OF_KIND[kind]
    charter = replace(operations.charter_of(committee), figure=Figure.MUNICIPAL_BODY)
    operations.edit_committee(actor, committee.id, version=None, charter=charter)
    assert committee.cooperation.figure == Figure.MUNICIPAL_BODY
    agree(committee)


def test_a_committee_s_partners_are_changed_by_its_seats_alone(actor, make_committee, make_organization, make_seat):
    committee, choir = make_committee(), make_organization("Chor")
    make_seat(committee, "MO 1", choir)
    (partner,) = committee.cooperation.partners
    with pytest.raises(Refused):
        partners.remove_partner(actor, partner.id)
    with pytest.raises(Refused):
        partners.add_partner(actor, committee.cooperation.id, terms=PartnerTerms(make_organization("Tanz").id))
    partners.edit_partner(actor, partner.id, version=None, terms=PartnerTerms(choir.id, benefit="Wird gehört"))
    make_seat(committee, "MO 2", choir)
    agree(committee)
    assert committee.cooperation.partners[0].benefit == "Wird gehört"
