"""Amounts of money: kept as whole euro cents, typed and said in euros."""

import re

from wtforms import StringField

from core.errors import Refused
from core.languages import _, _l, locale

#: ten million euros: more is a slip of the hand
MOST_CENTS = 1_000_000_000


def check_cents(cents: int | None, field: str) -> None:
    """Refuse at the field an amount below nothing or above `MOST_CENTS`; None (not known) is no amount."""
    if cents is not None and not 0 <= cents <= MOST_CENTS:
        raise Refused(_("Please enter an amount from 0 to %(max)d euros.", max=MOST_CENTS // 100), field)


def plain_euros(cents: int | None) -> str:
    """The amount as files tell it: 1234,50, as spreadsheets in German read it; "" where it is not known."""
    return "" if cents is None else f"{cents // 100},{cents % 100:02d}"


#: whole euros, also with a dot or a blank between thousands (no comma: it might be a decimal sign), and cents
_AMOUNT = re.compile(
    r"(?P<euros>[0-9]{1,8}|[1-9][0-9]{0,2}(?P<between>[. \u00a0\u202f])[0-9]{3}(?:(?P=between)[0-9]{3})?)"
    r"(?:(?!(?P=between))[.,](?P<cents>[0-9]{1,2}))?(?:\s?€)?"
)


class EuroField(StringField):
    """An amount in euros as people write it (150, 150.50, 150,50 or 1.150,50); the data are cents, None where it is
    empty."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the amount."""
        text = valuelist[0].strip() if valuelist else ""
        self.data, self.typed = None, text
        if not text:
            return
        found = _AMOUNT.fullmatch(text)
        cents = _cents(found) if found else MOST_CENTS + 1
        if cents > MOST_CENTS:
            raise ValueError(_l("Please enter an amount in euros, like 150 or 150.50."))
        self.data = cents

    def _value(self) -> str:
        if self.raw_data:
            return str(self.typed)
        if self.data is None:
            return ""
        return f"{self.data // 100}{',' if locale().language == 'de' else '.'}{self.data % 100:02d}"


def _cents(amount: re.Match[str]) -> int:
    """The cents of an amount that was read."""
    euros = re.sub("[^0-9]", "", amount["euros"])
    return int(euros) * 100 + int((amount["cents"] or "0").ljust(2, "0"))
