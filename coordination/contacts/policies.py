"""Who may change what in the contact log."""

from coordination.contacts.models import ContactNote
from core.access import Actor


def may_change(actor: Actor, note: ContactNote) -> bool:
    """Who wrote it down, the staff of its department, and the administration."""
    if not actor.may("contacts.edit"):
        return False
    wrote_it = note.account_id is not None and note.account_id == actor.account_id
    return wrote_it or note.department_id in actor.organizations_as("officer") or actor.is_admin or actor.system
