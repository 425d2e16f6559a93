"""Real files that public bodies published, read to the figures of data/messy/expected.json."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import openpyxl
import pytest

from tests.intake.reading import Finding, Reading


def test_bremen_numbers_keep_their_points_and_commas(read: Reading, messy: Finding) -> None:
    table = read(messy("de_bremen_erdf_2007_2013.csv"))
    assert table.source.header_row == 1 and len(table.rows) == 809
    each = [sum(bool(cell) for cell in table.column(heading)) for heading in table.source.headings[-2:]]
    assert each == [270, 539]  # a project has the one amount or the other
    assert table.sum("VORGESEHENE ÖFFENTLICHE BETEILIGUNG") == Decimal("181006439.43")
    assert table.sum("ENDGÜLTIGE BETEILIGUNG NACH ABSCHLUSS DES PROJEKTS") == Decimal("48792878.24")


def test_austrian_headings_lose_their_line_breaks_only(read: Reading, messy: Finding) -> None:
    table = read(messy("at_esf_2014_2020.xlsx"), "at.xlsx")
    assert table.source.header_row == 1 and len(table.rows) == 245
    assert table.sum(table.source.headings[6]) == Decimal("145943595.73")
    assert table.source.currency_hint is None  # [$-10409] in a number format is a language, not a dollar


def test_cyprus_headings_stand_in_two_merged_rows_and_sections_are_no_rows(read: Reading, messy: Finding) -> None:
    table = read(messy("cy_erdf_cohesion_2007_2013_greek.xlsx"), "cy.xlsx")
    assert table.finding("finding.header.found") == {"first": "9", "last": "10"}
    eligible, final = table.source.headings[3:5]
    stored = [Decimal(cell) for cell in table.column(eligible) if cell.replace(".", "", 1).isdigit()]
    assert sum(stored) == Decimal("715751296.392") and len(stored) == 1462
    assert sum(bool(cell.strip()) for cell in table.column(eligible)) == 1462 + 4  # four amounts are text
    stored = [Decimal(cell) for cell in table.column(final) if cell.replace(".", "", 1).isdigit()]
    assert sum(stored) == Decimal("38269694.858")
    assert {"2.645.000***", "7.891.250", "8.078.515", "1.983.413"} <= set(table.column(eligible))
    assert len(table.why("section")) == 38 and len(set(table.column("Section"))) > 20


def test_polish_letters_come_from_windows_1250(read: Reading, messy: Finding) -> None:
    table = read(messy("pl_erdf_2014_2020_cp1250.csv"))
    assert table.finding("finding.encoding.chosen")["encoding"] == "windows-1250"
    assert table.source.header_row == 1 and len(table.rows) == 749
    assert table.sum("Wartość projektu") == Decimal("13144764900.82")
    assert table.sum("Dofinansowanie z EU") == Decimal("9185610460.92")


def test_a_web_page_under_the_name_of_a_workbook_keeps_its_decimal_commas(read: Reading, messy: Finding) -> None:
    table = read(messy("lv_all_funds_2014_2020_html.xls"), "lv.xls")
    assert table.source.header_row == 1 and len(table.rows) == 134
    assert table.sum("Kopējais finansējums") == Decimal("1357261225.98")
    assert table.sum("ES finansējums") == Decimal("1137691776.00")


def test_the_total_sector_of_every_month_is_kept_out_and_checked(read: Reading, messy: Finding) -> None:
    table = read(messy("sa_sama_pos_by_sector_monthly.csv"))
    assert len(table.rows) == 976 and len(table.why("total")) == 61 and 976 + 61 == 1037
    assert table.sum("Value of Transactions") == Decimal("1297888957.5")
    assert table.sum("Number of Transactions") == Decimal("7096030.4")
    assert table.finding("finding.total.disagrees")["difference"] == "-0.2"  # published roundings
    every = read(
        messy("sa_sama_pos_by_sector_monthly.csv").read_text("utf-8-sig").replace("Total,الإجمالي,", "All,الكل,")
    )
    assert every.sum("Value of Transactions") == Decimal("2595777915.8")  # with the totals taken for sectors
    assert table.source.control_totals == {}  # the last one is of its month only


def test_arabic_in_windows_1256_with_semicolons(read: Reading, messy: Finding) -> None:
    table = read(messy("sa_sama_pos_cp1256_semicolon_RELAID.csv"))
    assert table.finding("finding.encoding.chosen")["encoding"] == "windows-1256"
    assert len(table.rows) == 576
    assert table.sum("عدد العمليات") == Decimal("2264207.109")
    assert table.sum("قيمة العمليات") == Decimal("615522330.612")


def test_years_across_the_columns_become_rows_and_system_totals_stay_out(read: Reading, messy: Finding) -> None:
    table = read(messy("ca_ttc_ridership_1985_2017.xlsx"), "ttc.xlsx")
    # expected.json says 7, but B6 is "FARE MEDIA" and C6 the year 2017; row 7 is the group "WHO", "ADULT" of the data
    sheet = openpyxl.load_workbook(messy("ca_ttc_ridership_1985_2017.xlsx")).worksheets[0]
    assert [str(sheet.cell(row, 3).value) for row in (6, 7)] == ["2017", "None"]
    assert table.source.header_row == 6
    periods = table.column("period")
    assert (min(periods), max(periods), periods[0]) == ("1985", "2017", "2017") and "2015" in periods
    for year, total in (("2017", 533216), ("2016", 538079), ("2014", 534815)):
        amounts = [a for p, a in zip(periods, table.column("amount"), strict=True) if p == year and a[0].isdigit()]
        assert sum(map(Decimal, amounts)) == 3 * total  # three blocks break the same total down
    assert table.finding("finding.total.repeated")["count"] == "3"


def test_months_in_every_second_column_become_rows(read: Reading, messy: Finding) -> None:
    table = read(messy("cash_flow_statement_12_months.xlsx"), "cash.xlsx", as_of="2020-03-31")
    assert table.source.header_row == 4
    periods = table.column("period")
    assert (min(periods), max(periods)) == ("2019-04", "2020-03")
    ending = {
        period: int(amount)
        for name, period, amount in zip(table.column("A"), periods, table.column("amount"), strict=True)
        if name == "Ending Cash Balance"
    }
    published = [-39895, -43080, -39830, -14108, -25194, -42963, -39635, -29761, -49453, -30359, -33747, -27016]
    assert list(ending.values()) == published
    assert "TOTALS" not in table.source.headings
    flows = Counter[str]()
    for balance, name, section, _, amount in table.rows:
        flows["draw" if "Draw" in name else section] += int(amount) if not balance else 0
    assert flows["Cash Inflows (Income):"] == 6127
    # the sheet's own year of outflows, 36410, leaves out the months of the owner's draw, whose total cell is empty
    assert flows["Cash Outflows (Expenses):"] + flows["Other Cash Out Flows:"] == 36410 and flows["draw"] == -3267
    missed = [f.facts for f in table.source.findings if f.id == "finding.header.row_total_disagrees"]
    assert [(fact["said"], fact["difference"]) for fact in missed] == [("-12721", "3267"), ("36410", "3267")]


@pytest.mark.parametrize("sheet", ["Table 1", "Table 2"])
def test_a_heading_of_three_merged_rows_names_every_column_once(read: Reading, messy: Finding, sheet: str) -> None:
    table = read(messy("au_abs_marriage_survey.xlsx"), "abs.xlsx", sheet=sheet)
    assert table.finding("finding.header.found") == {"first": "5", "last": "7"}
    assert table.source.headings[1] == "Response clear Yes no."
    australia = [7817247, 4873987, 12691234, 12691234, 36686, 3278260, 16006180]
    assert list(map(int, table.source.control_totals.values())) == australia
    if sheet == "Table 1":
        book = openpyxl.load_workbook(messy("au_abs_marriage_survey.xlsx"), data_only=True)[sheet]
        (total,) = table.why("total")
        row = [book.cell(total, column).value for column in range(2, 16)]
        shares = [61.6, 38.4, 100, None, 79.3, 0.2, 20.5, 100]
        assert [row[j] for j in (1, 3, 5, 6, 8, 10, 12)] == [*shares[:4], *shares[4:7]]
        assert table.column("Response clear Yes %")[0] == "57.8" and table.rows[0][0] == "New South Wales"
