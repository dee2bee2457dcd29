"""Texts that are plainly an address, so that the long rules need not be asked: an import reads thousands of them.

Neither of these ever says no: what is not plain may still be right, and is judged by the rules of email-validator and
WTForms.
"""

import re

#: as long as no rule on lengths can be broken
_LONGEST = 60
_HOST = r"(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+"
_MAIL = re.compile(rf"[a-z0-9]+(?:[._-][a-z0-9]+)*@{_HOST}(?:com|de|eu|info|net|org)")
_WEB = re.compile(rf"https?://{_HOST}[a-z]{{2,20}}(?:/[A-Za-z0-9._~-]+)*/?")


def is_plain_mail(text: str) -> bool:
    """Whether this is plainly a mail address: small letters and digits, in one of the ends that most have."""
    return len(text) <= _LONGEST and _MAIL.fullmatch(text) is not None


def is_plain_web(text: str) -> bool:
    """Whether this is plainly the address of a page."""
    return len(text) <= _LONGEST and _WEB.fullmatch(text) is not None


def in_ascii(mail: str) -> str:
    """The mail address with its domain as mail servers know it: gruss@münchen.example is gruss@xn--mnchen-3ya.example.

    ValueError for a domain that cannot be written so.
    """
    name, at, domain = mail.rpartition("@")
    return mail if domain.isascii() else f"{name}{at}{domain.encode('idna').decode()}"
