"""The key in a mail: numbers of invitation, person and sitting, signed. It opens the page of this person alone."""

import hashlib

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer

from calendars.invitations.models import Invitation


def key_of(row: Invitation) -> str:
    """The key of this invitation: the same in every mail about it, as long as the installation's secret stays."""
    return str(_signer().dumps([row.id, row.person_id, row.sitting_id]))


def read_key(key: str) -> tuple[int, int, int | None] | None:
    """Numbers of the invitation, its person and its sitting, or None for a key that was not made here.

    Keys of older mails do not tell the sitting.

    Signatures are compared in constant time, before anything is read from the database.
    """
    try:
        invitation_id, person_id, *sitting = _signer().loads(key[:200])
    except (BadData, ValueError, TypeError):
        return None
    return invitation_id, person_id, next(iter(sitting), None)


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(
        current_app.config["SECRET_KEY"], salt="invitations.answer", signer_kwargs={"digest_method": hashlib.sha256}
    )
