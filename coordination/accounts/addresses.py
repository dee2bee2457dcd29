"""One spelling for one mailbox, so that no second account hides behind a look-alike address."""

import unicodedata

import email_validator

from core.errors import Refused
from core.languages import _


def normal_address(text: str, field: str | None = "email") -> str:
    """The address as it is stored and looked up: compatibility forms folded (NFKC), stripped, lower case, ASCII domain.

    Refused is what is no address, and one with letters outside ASCII before the @: they look like others
    (а for a, ı for i), and mail servers seldom take them. No DNS look-up is made.
    """
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    try:
        found = email_validator.validate_email(plain, check_deliverability=False, allow_smtputf8=False)
    except ValueError as error:
        raise Refused(_("Please enter an address like name@example.org."), field) from error
    return str(found.ascii_email or found.normalized)
