"""Rates typed or pasted into the table are read as people write them, and a wrong row is named."""

from decimal import Decimal

import pytest

from cxroi.actions.rates import read_rates, replace_rates
from cxroi.errors import StoreError
from cxroi.store.state.state import State
from cxroi.store.versions.workspace import Workspace
from cxroi.text import LANGUAGES, Text
from tests.acting import TESTER

EURO = {"currency": "eur", "reporting": "sar", "worth": "4.05", "from_month": "", "kind": "", "source": "bank"}


def row(**changes):
    return {**EURO, **changes}


@pytest.mark.parametrize("written", ["4.05", "4,05", " 4.05 ", "٤٫٠٥"])
def test_a_rate_is_read_as_it_is_written(written):
    (rate,) = read_rates([row(worth=written)], "typed in")
    assert (rate.currency, rate.reporting, rate.worth) == ("EUR", "SAR", Decimal("4.05"))


def test_empty_rows_are_passed_over_and_an_unsaid_source_is_said():
    (rate,) = read_rates([{}, row(source=None), {"currency": ""}], "typed in")
    assert rate.source == "typed in"


@pytest.mark.parametrize(
    "wrong, id",
    [
        ({"currency": "EURO"}, "wrong_code"),
        ({"reporting": "EUR"}, "wrong_code"),
        ({"worth": "0"}, "wrong_worth"),
        ({"worth": "x"}, "no_number"),
        ({"worth": "nan"}, "wrong_worth"),
        ({"worth": "1,234,5"}, "no_number"),
        ({"worth": "89,500"}, "unclear"),
        ({"kind": "guess"}, "wrong_kind"),
        ({"from_month": "March"}, "wrong_month"),
        ({"from_month": "2025-13"}, "wrong_month"),
    ],
)
def test_a_wrong_row_is_named_with_what_is_wrong(wrong, id):
    with pytest.raises(StoreError) as refused:
        read_rates([row(from_month="2020-01"), row(**wrong)], "typed in")
    assert (refused.value.id, refused.value.facts["row"]) == (f"rates.{id}", 2)
    assert all("2" in Text(language).error(refused.value) for language in LANGUAGES)


def test_two_rows_of_the_same_currencies_and_month_are_refused():
    with pytest.raises(StoreError) as refused:
        read_rates([EURO, EURO], "typed in")
    assert refused.value.id == "rates.twice"


def test_what_is_kept_is_what_the_table_shows(tmp_path):
    workspace, state = Workspace.open(tmp_path), State.open(tmp_path)
    for rows in (
        [EURO, row(from_month="2025-03", worth="4.1")],
        [row(from_month="2025-03", worth="4.2", kind="closing")],
    ):
        replace_rates(workspace, state.known_rates(), read_rates(rows, ""), who=TESTER)
    (rate,) = state.known_rates()
    assert (rate.from_month, rate.worth, rate.kind) == ("2025-03", Decimal("4.2"), "closing")
    assert [line.what for line in state.audit()] == ["rate", "rate", "rate dropped", "rate"]
