"""Workbooks as people and hostile programs make them: every cell is its value, an error, or a reason to refuse."""

from __future__ import annotations

import datetime as dt
import random
import re
from pathlib import Path
from typing import Any

import pytest

from cxroi.errors import UploadError
from cxroi.intake.readers.source import read_source
from cxroi.intake.report import IntakeRequest
from tests.intake.reading import Reading
from tests.intake.workbooks import edited, ods, xls, xlsb, xlsx

COSTS = [["period", "category", "amount"], ["2025-01", "people", 10], ["2025-02", "people", 20]]


def refused(content: bytes, name: str, tmp_path: Path) -> str:
    (tmp_path / "upload").write_bytes(content)
    with pytest.raises(UploadError) as error:
        read_source(tmp_path / "upload", name, IntakeRequest(), tmp_path)
    return error.value.id


def test_cents_add_up_and_ids_keep_every_digit(read: Reading) -> None:
    cents = [["customer_id", "amount"], *([f"{i:06d}", 0.1] for i in range(30_000))]
    table = read(xlsx(cents), "a.xlsx")
    assert table.sum("amount") == 3000
    assert table.column("customer_id")[123] == "000123"
    long = edited(
        xlsx([["customer_id", "amount"], [777, 2]]),
        lambda part: part.replace(b"<v>777</v>", b"<v>90071992547409931</v>"),
    )
    assert read(long, "a.xlsx").column("customer_id") == ["90071992547409931"]


def test_values_come_as_iso_dates_plain_numbers_and_words(read: Reading) -> None:
    def more(book: Any, page: Any) -> None:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        page.write_datetime(1, 0, dt.datetime(2025, 12, 31), day)
        page.write_datetime(2, 0, dt.datetime(2025, 12, 31, 14, 5), day)
        page.write_number(1, 1, 1e15)
        page.write_number(2, 1, 1234.5600000000001)
        page.write_boolean(1, 2, True)
        page.write_string(2, 2, "=1+1")

    table = read(xlsx([["ordered_on", "amount", "note"], ["x", 1, "y"], ["x", 1, "y"]], more), "a.xlsx")
    assert table.rows == [["2025-12-31", "1000000000000000", "TRUE"], ["2025-12-31 14:05:00", "1234.56", "=1+1"]]


def test_error_cells_and_formulas_never_computed_are_faults_not_blanks(read: Reading) -> None:
    def more(book: Any, page: Any) -> None:
        page.write_formula(1, 2, "=1/0", None, "#DIV/0!")
        page.write_formula(2, 2, "=SUM(A1:A9)", None, "")

    table = read(xlsx([*COSTS, ["2025-03", "people", 30]], more), "a.xlsx")
    assert [(f.row, f.column, f.value, f.reason) for f in table.source.faults] == [
        (2, "amount", "#DIV/0!", "reject.cell.error"),
        (3, "amount", "=SUM(A1:A9)", "reject.cell.uncached"),
    ]
    assert table.column("amount") == ["#DIV/0!", "=SUM(A1:A9)", "30"]


def test_errors_are_found_in_the_older_and_the_open_formats_too(read: Reading) -> None:
    for content, name in (
        (xls(COSTS, errors={(1, 2): 23}), "a.xls"),
        (
            xlsb(
                COSTS,
                extra=b"\x00\x19"
                + (3).to_bytes(4, "little")
                + bytes(21)
                + b"\x03\x09"
                + (2).to_bytes(4, "little")
                + bytes(4)
                + b"\x17",
            ),
            "a.xlsb",
        ),
    ):
        fault = read(content, name).source.faults[0]
        assert (fault.column, fault.value, fault.reason) == ("amount", "#REF!", "reject.cell.error")
    error = (
        '<table:table-row><table:table-cell office:value-type="string"><text:p>2025-03</text:p></table:table-cell>'
        '<table:table-cell office:value-type="string"><text:p>people</text:p></table:table-cell><table:table-cell '
        'table:formula="of:=1/0" xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0" '
        'office:value-type="string" office:string-value="" calcext:value-type="error"><text:p>#DIV/0!</text:p>'
        "</table:table-cell></table:table-row>"
    )
    assert read(ods(COSTS, cells=error), "a.ods").source.faults[0].value == "#DIV/0!"


def test_a_far_cell_is_refused_before_a_reader_reserves_its_rectangle(tmp_path: Path) -> None:
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    assert (
        refused(edited(xlsx(COSTS), lambda part: part.replace(b"</sheetData>", far)), "a.xlsx", tmp_path)
        == "reader.far_cell"
    )
    wide = b'<row r="9"><c r="ALM9"><v>1</v></c></row></sheetData>'
    assert (
        refused(edited(xlsx(COSTS), lambda part: part.replace(b"</sheetData>", wide)), "a.xlsx", tmp_path)
        == "reader.far_cell"
    )
    prefixed = edited(
        xlsx(COSTS),
        lambda _: (
            b'<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData><x:row r="1048576"><x:c r=\'XFD1048576\'><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>'
        ),
    )
    assert refused(prefixed, "a.xlsx", tmp_path) == "reader.far_cell"
    repeated = '<table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="16384" office:value-type="float" office:value="1"><text:p>1</text:p></table:table-cell></table:table-row>'
    assert refused(ods(COSTS, cells=repeated), "a.ods", tmp_path) == "reader.far_cell"
    binary = (
        b"\x00\x19"
        + (1_048_575).to_bytes(4, "little")
        + bytes(21)
        + b"\x05\x10"
        + (16_383).to_bytes(4, "little")
        + bytes(12)
    )
    assert refused(xlsb(COSTS, extra=binary), "a.xlsb", tmp_path) == "reader.far_cell"


def test_far_cells_that_are_only_formatted_do_no_harm(read: Reading) -> None:
    far = b'<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>'
    content = edited(
        xlsx(COSTS),
        lambda part: part.replace(
            b"</sheetData>", far + b'<mergeCells count="1"><mergeCell ref="A5:XFD1048576"/></mergeCells>'
        ),
    )
    assert len(read(content, "a.xlsx").rows) == 2


def test_ranges_merged_over_and_over_are_refused(tmp_path: Path) -> None:
    ranges = b"</sheetData><mergeCells>" + b'<mergeCell ref="A1:C3"/>' * 500 + b"</mergeCells>"
    again = edited(xlsx(COSTS), lambda part: part.replace(b"</sheetData>", ranges))
    assert refused(again, "a.xlsx", tmp_path) == "reader.unsafe"


def test_a_cell_there_twice_or_pointing_outside_the_strings_is_damage(tmp_path: Path) -> None:
    twice = edited(
        xlsx(COSTS),
        lambda part: part.replace(b'<c r="C2"><v>10</v></c>', b'<c r="C2"><v>10</v></c><c r="C2"><v>99</v></c>'),
    )
    assert refused(twice, "a.xlsx", tmp_path) == "reader.damaged"
    for index in (b"-1", b"99"):
        outside = edited(
            xlsx(COSTS), lambda part, index=index: re.sub(rb't="s"><v>0<', b't="s"><v>' + index + b"<", part)
        )
        assert refused(outside, "a.xlsx", tmp_path) == "reader.damaged"


def test_hidden_sheets_are_named_and_read_only_by_name(read: Reading) -> None:
    def hide(book: Any, page: Any) -> None:
        book.get_worksheet_by_name("Costs").activate()
        page.very_hidden()

    table = read(xlsx({"Old": [["period", "amount"], ["2020-01", 1]], "Costs": COSTS}, hide), "a.xlsx")
    assert table.source.sheet == "Costs" and table.source.sheets == ("Costs",)
    assert table.finding("finding.sheet.hidden")["sheets"] == "Old"
    table = read(xlsx({"Old": [["period", "amount"], ["2020-01", 1]], "Costs": COSTS}, hide), "a.xlsx", sheet="Old")
    assert table.source.sheet == "Old" and table.finding("finding.sheet.hidden_read")["sheets"] == "Old"


def test_the_sheet_that_looks_like_a_table_comes_first_and_any_can_be_chosen(read: Reading) -> None:
    book = xlsx({"Cover": [["Cost report"], ["of our company"]], "Costs": COSTS, "Lists": [["people"], ["training"]]})
    table = read(book, "a.xlsx")
    assert table.source.sheet == "Costs" and table.source.sheets == ("Cover", "Costs", "Lists")
    assert read(book, "a.xlsx", sheet="Lists").source.sheet == "Lists"


def test_strict_open_xml_is_read_or_refused_but_never_empty(read: Reading) -> None:
    def strict(part: bytes) -> bytes:
        return part.replace(
            b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
            b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        ).replace(
            b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        )

    content = xlsx(COSTS)
    for part in (
        "xl/workbook.xml",
        "xl/worksheets/sheet1.xml",
        "xl/sharedStrings.xml",
        "xl/styles.xml",
        "xl/_rels/workbook.xml.rels",
    ):
        content = edited(content, strict, part)
    assert len(read(content, "a.xlsx").rows) == 2


def test_currency_in_a_number_format_is_a_hint(read: Reading) -> None:
    def format_as(code: str) -> Any:
        def touch(book: Any, page: Any) -> None:
            page.set_column(2, 2, 12, book.add_format({"num_format": code}))
            for row, value in ((1, 10), (2, 20)):
                page.write_number(row, 2, value, book.add_format({"num_format": code}))

        return touch

    for code, currency in (
        ("[$SAR] #,##0.00", "SAR"),
        ("#,##0.00 [$€-407]", "EUR"),
        ("[$-409]#,##0", None),
        ('#,##0 "AED"', "AED"),
    ):
        assert read(xlsx(COSTS, format_as(code)), "a.xlsx").source.currency_hint == currency


def test_a_share_shown_as_percent_is_read_as_it_is_shown(read: Reading) -> None:
    def touch(book: Any, page: Any) -> None:
        for row, value in ((1, 0.07), (2, 0.125)):
            page.write_number(row, 1, value, book.add_format({"num_format": "0.0%"}))

    table = read(xlsx([["answered_on", "score"], ["2025-01-01", 1], ["2025-01-02", 1]], touch), "a.xlsx")
    assert table.column("score") == ["7%", "12.5%"]


def test_a_table_may_begin_anywhere(read: Reading) -> None:
    rows = [[None] * 4, [None, "Costs 2025"], [None] * 4, *([None, None, *row] for row in COSTS)]
    table = read(xlsx(rows), "a.xlsx")
    assert table.source.headings == ("period", "category", "amount")
    assert table.numbers == [5, 6] and table.rows[0] == ["2025-01", "people", "10"]


def test_merged_words_are_filled_down_and_merged_amounts_are_not(read: Reading) -> None:
    def merge(book: Any, page: Any) -> None:
        page.merge_range(1, 0, 2, 0, "2025-01")
        page.merge_range(1, 2, 2, 2, 30)

    table = read(
        xlsx(
            [
                ["period", "category", "amount"],
                [None, "people", None],
                [None, "training", None],
                ["2025-02", "people", 5],
            ],
            merge,
        ),
        "a.xlsx",
    )
    assert table.column("period") == ["2025-01", "2025-01", "2025-02"]
    assert table.column("amount") == ["30", "", "5"]


def test_a_panic_in_the_reader_is_a_damaged_file(tmp_path: Path) -> None:
    """A code page record without its number: calamine panics, with an error that is no `Exception`."""
    broken = xls(COSTS).replace(b"\x42\x00\x02\x00\xb0\x04", b"\x42\x00\x00\x00\xff\xff", 1)
    assert refused(broken, "a.xls", tmp_path) == "reader.damaged"


@pytest.mark.parametrize("seed", range(40))
def test_a_workbook_with_bytes_changed_is_read_or_refused_in_our_words(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    content = bytearray(chance.choice([xlsx, ods, xlsb, xls])(COSTS))
    for _ in range(chance.randint(1, 6)):
        content[chance.randrange(8, len(content))] = chance.randrange(256)
    (tmp_path / "upload").write_bytes(content)
    for ending in ("xlsx", "ods", "xlsb", "xls"):
        try:
            read_source(tmp_path / "upload", f"a.{ending}", IntakeRequest(), tmp_path)
        except UploadError as error:
            assert error.id.startswith(("reader.", "upload."))
