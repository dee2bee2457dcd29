"""What organizations ask the municipality for, and its answers. What it grants becomes its contribution."""

from coordination.cooperation import contributions
from coordination.cooperation.facts import Given
from coordination.cooperation.rules import ContributionKind
from coordination.organizations.models import Organization
from coordination.planning import mails, queries
from coordination.planning.models import Request
from coordination.planning.rules import RequestState
from coordination.planning.workspaces import held, keep_posted, others, refuse_empty, refuse_long
from core import history
from core.access import Actor
from core.clock import now
from core.database import check_version, get_row, transaction
from core.errors import Refused
from core.languages import _


def ask(actor: Actor, cooperation_id: int, *, organization_id: int, kind: ContributionKind, wish: str = "") -> Request:
    """An organization that takes part asks the municipality for something; who is responsible gets a mail."""
    refuse_long(wish, "wish")
    with transaction() as current:
        row = held(cooperation_id)
        organization = get_row(Organization, organization_id)
        request = Request(cooperation_id=row.id, organization=organization, kind=kind, wish=wish)
        current.add(request)
        keep_posted(actor, row.id)
        mails.tell_requested(others(actor, row.id, partners=False), row, request)
        history.record(actor, "planning.ask", request)
    return request


def answer_request(
    actor: Actor,
    request_id: int,
    *,
    version: int | None,
    state: RequestState,
    reason: str = "",
    department_id: int | None = None,
    amount: int | None = None,
) -> Request:
    """The municipality answers; what it grants becomes its contribution in the record, given by this department.

    `amount` is in cents. Refused: a refusal or half an answer without its reason ("reason"), a second answer.
    """
    refuse_long(reason, "reason")
    with transaction():
        request = get_row(Request, request_id)
        row = held(request.cooperation_id)
        check_version(request, version)
        if request.state != RequestState.OPEN:
            raise Refused(_("This was answered already."))
        if state in (RequestState.REFUSED, RequestState.PARTLY):
            refuse_empty(reason, "reason")
        request.state, request.reason, request.answered_at = state, reason, now()
        if state in (RequestState.GRANTED, RequestState.PARTLY):
            given = Given(ContributionKind(request.kind), department_id, amount, request.wish[:200])
            contributions.add_contribution(actor, row.id, given=given)
        keep_posted(actor, row.id)
        mails.tell_request_answered(queries.speaks_for([request.organization_id]), row, request)
        history.record(actor, "planning.answer_request", request)
    return request
