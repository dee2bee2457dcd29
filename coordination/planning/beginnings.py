"""How an event or a project begins: with its record, whose idea it was, and its workspace."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from coordination.cooperation import operations as cooperation
from coordination.cooperation import partners
from coordination.cooperation.facts import Kept, PartnerTerms, facts_of, terms_of
from coordination.cooperation.models import Cooperation
from coordination.cooperation.rules import InitiatorKind, Lead, Source, initiator_kind_of
from coordination.organizations.rules import Kind, Topic
from coordination.planning import operations as planning
from coordination.planning import queries
from coordination.planning.workspaces import held
from core.access import Actor
from core.database import transaction


@dataclass(frozen=True)
class Origin:
    """Whose idea it was, and who leads."""

    initiator_kind: InitiatorKind | None = None
    initiator_id: int | None = None
    lead: Lead | None = None


#: nobody has said
UNKNOWN = Origin()


@dataclass(frozen=True)
class About:
    """What it is about: topics of the survey, and ids of the municipality's own."""

    topics: frozenset[Topic] = frozenset()
    own_topics: frozenset[int] = frozenset()


def origin_of(actor: Actor, lead: Lead) -> Origin:
    """The impulse came from the actor's department; the administration's own is told in the record later."""
    own = next(iter(queries.departments_of(actor)), None)
    if own is None:
        return Origin(lead=lead)
    return Origin(initiator_kind_of(Kind.DEPARTMENT, integration_department=own.integration_department), own.id, lead)


def begin(actor: Actor, kept: Kept, *, source: Source, origin: Origin, about: About, key: str = "") -> Cooperation:
    """For events and projects, within the transaction that makes one: its record, without a workspace yet."""
    with transaction():
        record = cooperation.keep_in_step(actor, None, source=source, kept=kept, key=key)
        whose = {"initiator_kind": origin.initiator_kind, "initiator_id": origin.initiator_id}
        told = {"topics": about.topics, "own_topics": about.own_topics}
        facts = replace(facts_of(record), **whose, **told)  # type: ignore[arg-type]
        cooperation.edit_cooperation(actor, record.id, version=None, facts=facts)
        if origin.lead is not None:
            cooperation.move_lead(actor, record.id, lead=origin.lead)
    return record


def take_over(actor: Actor, cooperation_id: int, *, source: Source) -> Cooperation:
    """A record that was entered or imported is planned here from now on: who takes part in it plans along.

    Refused as `cooperation.adopt` does. Nobody gets a mail: nothing is new to them.
    """
    with transaction():
        record = cooperation.adopt(actor, cooperation_id, source=source)
        planning.open_workspace(actor, record.id)
    return record


def take_part(actor: Actor, cooperation_id: int, *, parts: Collection[PartnerTerms]) -> None:
    """For imports: these organizations take part, as told, without being asked. The others stay as they are."""
    with transaction():
        row = held(cooperation_id)
        before = {partner.organization_id: partner for partner in row.partners}
        for terms in parts:
            partner = before.get(terms.organization_id)
            if partner is None:
                partners.add_partner(actor, row.id, terms=terms)
            elif partner.role != terms.role:
                told = replace(terms_of(partner), role=terms.role)
                partners.edit_partner(actor, partner.id, version=None, terms=told)
