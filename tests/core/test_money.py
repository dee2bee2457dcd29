"""Amounts as people write them."""

import pytest

from core.forms import Form
from core.importing import fill
from core.money import EuroField


class Bill(Form):
    """A form with an amount."""

    amount = EuroField()


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("", None),
        ("0", 0),
        ("150", 15_000),
        ("150.5", 15_050),
        ("150,50", 15_050),
        ("1.250", 125_000),
        ("1.250,50 €", 125_050),
        ("1\u202f250 €", 125_000),
        ("10 000 000", 1_000_000_000),
    ],
)
def test_an_amount_is_read_as_it_is_written_in_german(app, typed, cents):
    with app.test_request_context():
        assert fill(Bill, {"amount": typed}).amount.data == cents


@pytest.mark.parametrize(
    "typed", ["-1", "1E5", "1,250", "0.125", "1.25.0", "1.2500", "1.250.50", "10.000.001", "€", "٣"]
)
def test_what_may_mean_another_amount_is_refused(app, typed):
    form = None
    with app.test_request_context(method="POST", data={"amount": typed}):
        form = Bill(meta={"csrf": False})
        assert not form.validate()
        assert form.amount.errors
