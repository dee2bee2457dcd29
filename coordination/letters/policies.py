"""Who may read and change letters, and say that an organization wants none."""

from coordination.letters.models import Letter
from core.access import Actor


def may_change(actor: Actor, letter: Letter) -> bool:
    """A draft: who wrote it, the staff of its department, and the administration."""
    if not actor.may("letters.write"):
        return False
    wrote_it = letter.account_id is not None and letter.account_id == actor.account_id
    return wrote_it or letter.department_id in actor.organizations_as("officer") or actor.is_admin or actor.system


def may_read(actor: Actor, letter: Letter) -> bool:
    """A draft as above; what was sent is read by all who write letters, so that nobody writes the same again."""
    return may_change(actor, letter) or (letter.sent_at is not None and actor.may("letters.write"))


def may_object(actor: Actor, organization_id: int) -> bool:
    """Who speaks for the organization, and staff whom it tells so."""
    return actor.may("letters.write") or organization_id in actor.organizations_as("representative")
