"""What makes an address usable."""

from email_validator import EmailNotValidError, validate_email

from core.addresses import is_plain_mail
from core.errors import Refused
from core.languages import _


def clean_email(text: str) -> str:
    """The address as it is kept: lower case, the domain in ASCII. Empty stays empty.

    Refused at the field `email` where no mail could be sent to it. Letters beyond ASCII before the @ are refused
    as well: few mail servers take them, and two addresses must not merely look alike.
    """
    if not text.strip():
        return ""
    if is_plain_mail(text):
        return text
    try:
        found = validate_email(text.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise Refused(_("Please enter an address like name@example.org."), "email") from error
    return str(found.ascii_email).lower()
