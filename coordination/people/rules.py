"""What makes an address usable, and periods of whole days."""

from datetime import date

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


def check_days(starts_on: date | None, ends_on: date | None) -> None:
    """Refuse, at the field `ends_on`, a last day before the first one. None is open."""
    if starts_on and ends_on and ends_on < starts_on:
        raise Refused(_("The last day must not lie before the first day."), "ends_on")


def days_overlap(first: tuple[date | None, date | None], second: tuple[date | None, date | None]) -> bool:
    """Whether two periods, both ends inclusive and None open, share a day."""
    (a_start, a_end), (b_start, b_end) = ((start or date.min, end or date.max) for start, end in (first, second))
    return a_start <= b_end and b_start <= a_end
