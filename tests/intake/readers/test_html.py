"""A web page under the name of a workbook gives its tables; nothing in it runs or is fetched."""

from __future__ import annotations

import pytest

from cxroi.errors import UploadError
from tests.intake.reading import Reading


def page(body: str, head: str = "") -> str:
    return f"<html><head>{head}</head><body>{body}</body></html>"


TABLE = "<table><tr><th>period</th><th>amount</th></tr><tr><td>2025-01</td><td>1,5</td></tr><tr><td>2025-02</td><td>2,5</td></tr></table>"


def test_a_table_is_read_and_scripts_are_not(read: Reading) -> None:
    table = read(page(f"<script>alert(1)</script><img src='http://example.invalid/x'>{TABLE}"), "a.xls")
    assert table.rows == [["2025-01", "1,5"], ["2025-02", "2,5"]] and table.numbers == [2, 3]


def test_spans_keep_cells_in_their_columns(read: Reading) -> None:
    rows = (
        "<tr><th rowspan=2>category</th><th colspan=2>cost</th></tr><tr><th>2024</th><th>2025</th></tr>"
        "<tr><td rowspan=2>people</td><td>1</td><td>2</td></tr><tr><td>3</td><td>4</td></tr>"
    )
    table = read(page(f"<table>{rows}</table>"), "a.html")
    assert table.source.headings == ("category", "cost 2024", "cost 2025")
    assert table.rows == [["people", "1", "2"], ["people", "3", "4"]]


def test_letters_of_other_encodings_come_back(read: Reading) -> None:
    arabic = page("<table><tr><td>الفئة</td><td>المبلغ</td></tr><tr><td>رواتب الموظفين</td><td>5</td></tr></table>")
    assert read(arabic.encode("cp1256"), "a.xls").source.headings == ("الفئة", "المبلغ")


def test_a_span_of_thousands_is_refused_and_a_page_without_tables_is_told_as_that(read: Reading) -> None:
    with pytest.raises(UploadError, match=r"reader\.too_many_columns"):
        read(page("<table><tr><td colspan=99999>a</td></tr><tr><td>1</td></tr></table>"), "a.xls")
    with pytest.raises(UploadError, match=r"reader\.no_table"):
        read(page("<p>nothing</p>"), "a.html")


def test_a_page_nested_too_deeply_is_not_called_empty(read: Reading) -> None:
    with pytest.raises(UploadError, match=r"reader\.no_table"):
        read(page("<div>" * 50_000 + TABLE), "deep.html")


def test_entities_of_a_document_type_do_not_expand(read: Reading) -> None:
    bomb = '<!DOCTYPE html [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>' + page(TABLE.replace("2025-02", "&b;"))
    assert "haha" not in read(bomb, "a.xls").column("period")[1]


def test_of_several_tables_the_one_that_is_known_comes_first(read: Reading) -> None:
    menu = "<table><tr><td>Home</td><td>Help</td></tr><tr><td>x</td><td>y</td></tr></table>"
    table = read(page(menu + TABLE), "a.html")
    assert table.source.sheet == "2" and table.source.sheets == ("1", "2")
