"""Who takes part in a cooperation: entering, changing and removing partners."""

from dataclasses import fields

from coordination.cooperation.facts import PartnerTerms
from coordination.cooperation.models import Cooperation, Partner
from coordination.cooperation.rows import check_partners_are_free, check_terms, locked, move_dates, new_partner, review
from core import history
from core.access import Actor
from core.database import check_version, get_row, transaction
from core.errors import Refused
from core.languages import _


def add_partner(actor: Actor, cooperation_id: int, *, terms: PartnerTerms) -> Partner:
    """An organization takes part, and plans along where it is planned here.

    Raises NotFound; refused: twice the same, a committee's (its seats say who).
    """
    with transaction() as current:
        row = locked(cooperation_id)
        check_partners_are_free(row)
        check_terms(terms)
        if any(partner.organization_id == terms.organization_id for partner in row.partners):
            raise Refused(_("This organization takes part already."), "organization_id")
        partner = new_partner(terms)
        row.partners.append(partner)
        current.flush()
        move_dates(row)
        history.record(actor, "cooperation.add_partner", partner)
    return partner


def edit_partner(actor: Actor, partner_id: int, *, version: int | None, terms: PartnerTerms) -> Partner:
    """Save an organization's part. Raises NotFound and Outdated; refused: another organization than before."""
    with transaction():
        partner = get_row(Partner, partner_id)
        check_version(partner, version)
        if partner.organization_id != terms.organization_id:
            raise Refused(_("Remove this partner and add the other one instead."), "organization_id")
        check_terms(terms)
        for field in fields(PartnerTerms):
            setattr(partner, field.name, getattr(terms, field.name))
        history.record(actor, "cooperation.edit_partner", partner)
    return partner


def remove_partner(actor: Actor, partner_id: int) -> Cooperation:
    """The organization did not take part, and plans along no more. Refused for a committee's (its seats say who)."""
    with transaction():
        partner = get_row(Partner, partner_id)
        row = locked(partner.cooperation_id)
        check_partners_are_free(row)
        history.record(actor, "cooperation.remove_partner", row, details={"organization_id": partner.organization_id})
        row.partners.remove(partner)
        move_dates(row)
        review(row)
    return row
