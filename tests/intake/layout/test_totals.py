"""Totals are kept out of the data, counted, and held against the rows they add up."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxroi.intake.layout.grid import Stored
from cxroi.intake.layout.totals import find_totals
from tests.intake.reading import Reading
from tests.intake.workbooks import xlsx

HEAD = ["period", "category", "amount"]
ROWS = [["2025-01", "people", 10.1], ["2025-01", "training", 20.2], ["2025-02", "people", 30.3]]


@pytest.mark.parametrize(
    "label",
    [
        "Total",
        "TOTAL:",
        "Grand total",
        "Sum",
        "الإجمالي",
        "الاجمالي",
        "المجموع",
        "الإجمالي الكلي",
        "إجمالي التكاليف",
        "Summe",
        "Total costs 2025",
        "Cost total",
        "Razem",
    ],
)
@pytest.mark.parametrize("place", [0, 1])
def test_a_closing_total_is_skipped_and_becomes_the_control_total(label: str, place: int, read: Reading) -> None:
    closing = [None, None, 60.6]
    closing[place] = label  # type: ignore[call-overload]
    table = read(xlsx([HEAD, *ROWS, closing]), "a.xlsx")
    assert table.why("total") == [5] and table.sum("amount") == Decimal("60.6")
    assert table.source.control_totals == {"amount": "60.6"}
    assert "finding.total.disagrees" not in table.finding_ids()


def test_a_total_that_is_a_cent_off_is_said_with_the_difference(read: Reading) -> None:
    table = read(xlsx([HEAD, *ROWS, ["Total", None, 60.61]]), "a.xlsx")
    assert table.finding("finding.total.disagrees") == {
        "row": "5",
        "column": "amount",
        "said": "60.61",
        "parts": "60.6",
        "difference": "0.01",
    }
    assert table.source.control_totals == {"amount": "60.61"}


def test_subtotals_are_checked_against_their_own_block(read: Reading) -> None:
    rows = [
        HEAD,
        *ROWS[:2],
        ["Subtotal", None, 30.3],
        ROWS[2],
        ["2025-02", "agency", 9.7],
        ["Subtotal", None, 40],
        ["Grand total", None, 70.3],
    ]
    table = read(xlsx(rows), "a.xlsx")
    assert table.why("total") == [4, 7, 8] and table.sum("amount") == Decimal("70.3")
    assert table.source.control_totals == {"amount": "70.3"}
    assert table.finding_ids() == {"finding.total.skipped"}


def test_arabic_subtotals_and_digits(read: Reading) -> None:
    table = read(
        'الشهر,الفئة,المبلغ\n2025-01,رواتب,"١٬٢٣٤٫٥"\n2025-01,تدريب,١٠٠\nالمجموع الفرعي,,"١٬٣٣٤٫٥"\n2025-02,رواتب,٥٠\nالإجمالي,,"١٬٣٨٤٫٥"\n'
    )
    assert table.why("total") == [4, 6]
    assert table.source.control_totals == {"المبلغ": "1384.5"}
    assert table.finding_ids() == {"finding.total.skipped"}


def test_a_row_without_words_that_equals_the_sum_is_a_total_and_another_is_not(read: Reading) -> None:
    table = read(xlsx([HEAD, *ROWS, [None, None, 60.6]]), "a.xlsx")
    assert table.why("total") == [5]
    kept = read(xlsx([HEAD, *ROWS, [None, None, 61]]), "a.xlsx")
    assert kept.why("total") == [] and kept.column("amount")[-1] == "61"  # it will be rejected for its missing month


def test_a_row_without_words_that_is_no_total_counts_as_a_part(read: Reading) -> None:
    table = read(xlsx([HEAD, *ROWS[:2], [None, None, 9.7], ROWS[2], ["Total", None, 70.3]]), "a.xlsx")
    assert table.why("total") == [6] and table.finding_ids() == {"finding.total.skipped"}


def test_a_last_row_that_happens_to_be_the_sum_stays(read: Reading) -> None:
    table = read(
        xlsx(
            [
                HEAD,
                ["2025-01", "people", 10],
                ["2025-02", "people", 20],
                ["2025-03", "people", 30],
                ["2025-04", "people", 60],
            ]
        ),
        "a.xlsx",
    )
    assert len(table.rows) == 4


@pytest.mark.parametrize("name", ["TotalEnergies", "Total Wine & More", "Summer campaign", "Subtotaled Ltd"])
def test_a_name_with_the_word_in_it_is_no_total(name: str, read: Reading) -> None:
    rows = [["period", "note", "amount"], ["2025-01", "rent", 10], ["2025-02", name, 20], ["2025-03", "rent", 5]]
    assert len(read(xlsx(rows), "a.xlsx").rows) == 3


def test_totals_of_a_group_are_checked_against_their_group(read: Reading) -> None:
    lines = [["sector", "month", "amount"]]
    for month, (a, b) in {"2025-01": (1, 2), "2025-02": (3, 4)}.items():
        lines += [["food", month, a], ["fuel", month, b]]
    lines += [["Total", "2025-01", 3], ["Total", "2025-02", 8]]
    table = read(xlsx(lines), "a.xlsx")
    assert table.why("total") == [6, 7]
    assert table.finding("finding.total.disagrees")["difference"] == "1"
    assert table.source.control_totals == {}


def test_averages_and_rates_in_a_total_row_are_not_added_up(read: Reading) -> None:
    rows = [
        ["period", "amount", "budget used %", "average price"],
        ["2025-01", 10, 50, 2],
        ["2025-02", 30, 150, 4],
        ["Total", 40, 100, 3],
    ]
    table = read(xlsx(rows), "a.xlsx")
    assert table.finding_ids() == {"finding.total.skipped"} and table.source.control_totals == {"amount": "40"}


@pytest.mark.parametrize("label", ["Total", "الإجمالي", "Total 6410-6420"])
@pytest.mark.parametrize("codes", [["6410", "6420"], [6410, 6420]])
def test_a_total_among_codes_is_no_data_though_its_period_is_repeated(
    label: str, codes: list[str] | list[int], read: Reading
) -> None:
    rows: list[list[object]] = [["period", "account", "amount"]]
    for month in ("2025-01", "2025-02", "2025-03"):
        rows += [[month, codes[0], 10.1], [month, codes[1], 20.2], [month, label, 30.3]]
    table = read(xlsx(rows), "a.xlsx")
    assert table.sum("amount") == Decimal("90.9") and table.why("total") == [4, 7, 10]
    assert "finding.total.disagrees" not in table.finding_ids()


def test_a_closing_total_among_codes_is_the_control_total(read: Reading) -> None:
    rows = [["period", "account", "amount"], ["2025-01", 6410, 10.1], ["2025-02", 6420, 20.2], [None, "Total", 30.31]]
    table = read(xlsx(rows), "a.xlsx")
    assert table.source.control_totals == {"amount": "30.31"} and table.sum("amount") == Decimal("30.3")


amounts = st.decimals(-(10**6), 10**6, places=2).filter(bool).map(lambda d: Stored(str(d)))


@settings(deadline=None, max_examples=100)
@given(st.lists(st.lists(amounts, min_size=1, max_size=6), min_size=1, max_size=5), st.sampled_from([0, 1, -1]))
def test_blocks_with_subtotals_give_back_exactly_their_details(blocks: list[list[Stored]], cents_off: int) -> None:
    rows: list[list[str]] = []
    details: list[int] = []
    for block in blocks:
        for amount in block:
            details.append(len(rows))
            rows.append(["2025-01", "people", amount])
        rows.append(["Subtotal", "", Stored(str(sum(map(Decimal, block))))])
    whole = sum(Decimal(rows[i][2]) for i in details) + Decimal(cents_off) / 100
    rows.append(["Grand total", "", Stored(str(whole))])
    found = find_totals(rows, list(range(2, len(rows) + 2)), HEAD)
    assert found.rows == set(range(len(rows))) - set(details)
    assert found.control == {2: str(whole)}
    if not cents_off:
        assert not [f for f in found.findings if f.id == "finding.total.disagrees"]
