"""The agreement: what both sides promise each other, and their words for it."""

from dataclasses import dataclass

from coordination.planning import mails, queries
from coordination.planning.models import Agreement, Confirmation
from coordination.planning.workspaces import held, keep_posted, others, refuse_empty
from core import history
from core.access import Actor
from core.clock import now
from core.database import check_version, transaction
from core.errors import NotFound, Outdated
from core.languages import _


@dataclass(frozen=True)
class Promise:
    """The four texts of an agreement; see the model."""

    subject: str = ""
    duties: str = ""
    money: str = ""
    gains: str = ""


def write_agreement(actor: Actor, cooperation_id: int, *, version: int | None, promise: Promise) -> Agreement:
    """Save what is agreed. A change makes every word given before void, and all who plan are asked again.

    Raises Outdated; `version` None writes the first one, and somebody else's first one is Outdated too.
    """
    refuse_empty(promise.subject, "subject")
    with transaction() as current:
        row = held(cooperation_id)
        agreement = queries.find_agreement(row.id)
        if agreement is None:
            agreement = Agreement(cooperation_id=row.id, revision=0)
        elif version is None:
            raise Outdated(_("Somebody else has saved this in the meantime. Please compare and save again."))
        check_version(agreement, version)
        told = {name: getattr(promise, name) for name in Promise.__dataclass_fields__}
        if agreement.revision and all(getattr(agreement, name) == text for name, text in told.items()):
            return agreement
        for name, text in told.items():
            setattr(agreement, name, text)
        agreement.revision += 1
        agreement.written_at = now()
        current.add(agreement)
        keep_posted(actor, row.id)
        mails.tell_agreement(others(actor, row.id), row)
        history.record(actor, "planning.write_agreement", agreement)
    return agreement


def confirm_agreement(
    actor: Actor, cooperation_id: int, *, revision: int, organization_id: int | None = None
) -> Confirmation:
    """Give the word of an organization (None: the administration) for this revision. Twice is as once.

    Raises NotFound without an agreement, and Outdated where it was changed since it was read.
    """
    with transaction() as current:
        row = held(cooperation_id)
        agreement = queries.find_agreement(row.id)
        if agreement is None:
            raise NotFound
        if agreement.revision != revision:
            raise Outdated(_("The agreement was changed in the meantime. Please read it again before you confirm it."))
        for given in agreement.confirmations:
            if (given.revision, given.organization_id) == (revision, organization_id):
                return given
        given = Confirmation(organization_id=organization_id, person_id=actor.person_id, revision=revision)
        agreement.confirmations.append(given)
        current.flush()
        details = {"organization_id": organization_id, "revision": revision}
        history.record(actor, "planning.confirm_agreement", agreement, details=details)
    return given
