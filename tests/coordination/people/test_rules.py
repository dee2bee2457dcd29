"""What makes an address usable."""

import pytest

from coordination.people.rules import clean_email
from core.errors import Refused


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""),
        ("   ", ""),
        (" Ada.Beispiel@Example.ORG ", "ada.beispiel@example.org"),
        ("ada@bücher.example", "ada@xn--bcher-kva.example"),
    ],
)
def test_an_address_is_kept_in_lower_case_and_ascii(typed, kept):
    assert clean_email(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "ada",
        "ada@",
        "ada@localhost",
        "a@b>\nRCPT TO:<x@y>",
        "ä@example.org",
        "ıda@example.org",
        "x" * 320 + "@example.org",
    ],
)
def test_an_address_that_takes_no_mail_is_refused_at_its_field(typed):
    with pytest.raises(Refused) as refused:
        clean_email(typed)
    assert refused.value.field == "email"
