"""Text files are read by one settled dialect, and the whole file is held to it."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cxroi.errors import UploadError
from cxroi.intake.readers import source as source_module
from cxroi.intake.readers.source import read_source
from cxroi.intake.report import IntakeRequest
from tests.intake.loading import load
from tests.intake.reading import Reading, cells_of


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "^", "~", "\x1f"])
def test_the_delimiter_is_found(delimiter: str, read: Reading) -> None:
    lines = [["period", "category", "amount"], ["2025-01", "people", "10"], ["2025-02", "training", "7.5"]]
    table = read("\n".join(delimiter.join(line) for line in lines))
    assert [list(table.source.headings), *table.rows] == lines


def test_decimal_commas_do_not_pass_for_delimiters(read: Reading) -> None:
    table = read("period;amount;budget_amount\n2025-01;1,5;2,5\n2025-02;3,5;4,5\n")
    assert table.rows == [["2025-01", "1,5", "2,5"], ["2025-02", "3,5", "4,5"]]


def test_a_first_line_that_names_the_delimiter_is_taken_at_its_word(read: Reading) -> None:
    table = read("sep=;\r\nperiod;amount\r\n2025-01;1,5\r\n")
    assert table.source.headings == ("period", "amount") and table.numbers == [3]


def test_a_person_can_name_the_delimiter(read: Reading) -> None:
    assert read("a:b\nx,1:2\n", delimiter=":").rows == [["x,1", "2"]]


def test_lines_may_end_in_carriage_returns_alone(read: Reading) -> None:
    assert read("period,amount\r2025-01,1\r2025-02,2\r").rows == [["2025-01", "1"], ["2025-02", "2"]]


def test_quotes_keep_delimiters_line_ends_and_quotes(read: Reading) -> None:
    table = read('name,amount\n"a, b",1\n"two\nlines",2\n"say ""hi""",3\n')
    assert table.column("name") == ["a, b", "two\nlines", 'say "hi"']
    assert table.numbers == [2, 3, 4]  # as a spreadsheet numbers them


def test_ids_and_nulls_stay_what_they_are(read: Reading) -> None:
    table = read("customer_id,amount\n000123,1\nNA,2\nNULL,3\n90071992547409931,4\n")
    assert table.column("customer_id") == ["000123", "NA", "NULL", "90071992547409931"]


def test_ragged_rows_are_put_aside_with_their_number_and_field_count(read: Reading) -> None:
    table = read("a,b,amount\nx,y,1\nx,2\nx,y,3,4\nx,y,5\nx,y,6,\n")
    assert [(r.row, r.reason, r.facts) for r in table.source.rejected] == [
        (3, "reject.ragged", {"found": "2", "expected": "3"}),
        (4, "reject.ragged", {"found": "4", "expected": "3"}),
    ]
    assert table.column("amount") == ["1", "5", "6"]  # an empty field too many loses nothing


@pytest.mark.parametrize("text", ['a,amount\nx,1\n"y,2\nz,3\n', 'a,amount\nx,1\n"y"z,2\nw,3\n'])
def test_a_quote_that_does_not_close_is_refused_with_its_row(text: str, read: Reading) -> None:
    with pytest.raises(UploadError) as refused:
        read(text)
    assert refused.value.id == "reader.open_quote" and refused.value.facts == {"row": 3}


def test_a_heading_there_twice_is_refused_by_name(read: Reading) -> None:
    with pytest.raises(UploadError) as refused:
        read("period,amount,Amount\n2025-01,1,2\n")
    assert refused.value.id == "reader.duplicate_heading" and refused.value.facts["heading"] == "Amount"


def test_headings_without_rows_are_refused(read: Reading) -> None:
    for text in ("period,amount\n", "period,amount", "period,amount\n\n\n"):
        with pytest.raises(UploadError, match=r"upload\.header_only"):
            read(text)


def test_too_many_columns_and_too_long_a_line_are_refused(read: Reading) -> None:
    with pytest.raises(UploadError, match=r"reader\.too_many_columns"):
        read(",".join(f"c{i}" for i in range(501)) + "\n" + ",".join("1" * 501) + "\n")
    with pytest.raises(UploadError, match=r"reader\.line_too_long"):
        read("a,b\n1," + "x" * (1 << 21) + "\n")


def test_titles_above_and_notes_below_are_no_rows(read: Reading) -> None:
    table = read(
        "Cost report\nCompany: Ours\n\nperiod,category,amount\n2025-01,people,1\n2025-02,people,2\n\n"
        "Source: ERP export\nprepared by finance\n"
    )
    assert table.source.header_row == 4 and table.numbers == [5, 6]
    assert table.why("note") == [8, 9] and table.why("blank") == [7]


def test_an_id_alone_in_its_row_is_a_row(read: Reading) -> None:
    """It lacks what is required and will be rejected with a reason; passing over it as a section would hide it."""
    table = read("customer_id,joined_on,segment\nC1,2025-01-01,a\nC2,,\nC3,2025-01-02,b\n")
    assert table.column("customer_id") == ["C1", "C2", "C3"]


def test_headings_that_come_again_are_skipped(read: Reading) -> None:
    table = read("period,amount\n2025-01,1\nperiod,amount\n2025-02,2\n")
    assert table.why("repeated_heading") == [3] and len(table.rows) == 2
    pages = read("period,amount\n2025-01,1\n2025-02\n" * 60)
    assert pages.source.header_row == 1 and len(pages.rows) == 60 and len(pages.why("repeated_heading")) == 59


fields = st.text(
    st.characters(codec="utf-8", exclude_characters="\r\0\ufffd\ufeff", exclude_categories=["Cc", "Cs", "Zl", "Zp"]),
    max_size=12,
)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.tuples(st.integers(1, 10**6).map(str), fields, st.decimals(-(10**6), 10**6, places=2).map(str)),
        min_size=2,
        max_size=20,
    ),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    end=st.sampled_from(["\n", "\r\n"]),
    codec=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_any_table_in_any_dialect_reads_back_the_same(
    rows: list[tuple[str, str, str]], delimiter: str, end: str, codec: str, tmp_path: Path
) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end)
    writer.writerow(["customer_id", "comment", "amount"])
    for number, (_, text, amount) in enumerate(rows):
        writer.writerow([f"C{number}", f"x{text}", amount])
    path = tmp_path / "upload"
    path.write_bytes(out.getvalue().encode(codec))
    table = cells_of(read_source(path, "t.csv", IntakeRequest(), tmp_path)[0])
    assert table.source.skipped == table.source.rejected == ()
    assert table.rows == [[f"C{number}", f"x{text}", amount] for number, (_, text, amount) in enumerate(rows)]


@pytest.fixture
def nothing_is_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_module, "LARGE_BYTES", 0)


@pytest.mark.usefixtures("nothing_is_small")
class TestLargeFiles:
    """What is too large for a grid is handed on untouched when it is regular, and read slowly when it is not."""

    def of(self, text: str, tmp_path: Path, *, careful: bool = False) -> source_module.SourceTable:
        path = tmp_path / "upload"
        path.write_text(text, encoding="utf-8", newline="")
        return read_source(path, "t.csv", IntakeRequest(), tmp_path, careful=careful)[0]

    def test_a_regular_file_is_handed_on_where_it_lies(self, tmp_path: Path) -> None:
        table = self.of("customer_id;amount\n" + "C1;2\n" * 1000, tmp_path)
        assert table.csv is not None and table.csv.path == tmp_path / "upload"
        assert (table.csv.delimiter, table.csv.columns, table.csv.header_row, table.csv.lines) == (";", 2, 1, 1000)

    @pytest.mark.parametrize(
        ("odd", "why"),
        [
            ("C9;3;4\n", "reject.ragged"),
            ("C9\n", "reject.ragged"),
            ("C\0;3\n", "reject.cell.nul"),
            ("\n", "blank"),
            ("Total;2000\n", "total"),
        ],
    )
    def test_an_odd_record_is_named_and_the_rest_is_read(self, odd: str, why: str, tmp_path: Path) -> None:
        table = self.of("customer_id;amount\n" + "C1;2\n" * 700 + odd + "C1;2\n" * 300, tmp_path)
        assert table.csv is None
        out = [(row, reason) for row, reason in table.skipped] + [(r.row, r.reason) for r in table.rejected]
        assert out == [(702, why)]
        assert len(cells_of(table).rows) == 1000

    def test_a_closing_total_is_checked_and_notes_below_are_notes(self, tmp_path: Path) -> None:
        text = "period;category;amount\n" + "2025-01;people;1.000,50\n" * 400 + "Total;;400.200,01\nSource: ERP\n"
        table = self.of(text, tmp_path)
        assert table.skipped == ((402, "total"), (403, "note")) and table.rejected == ()
        assert table.control_totals == {"amount": "400200.01"}
        assert [f.facts.get("difference") for f in table.findings if f.id == "finding.total.disagrees"] == ["0.01"]

    def test_months_across_the_columns_are_still_unpivoted(self, tmp_path: Path) -> None:
        text = "category;Jan-25;Feb-25;Mar-25\n" + "people;1;2;3\n" * 50
        assert self.of(text, tmp_path).headings == ("category", "period", "amount")

    def test_records_that_make_up_for_each_other_are_found_when_asked_to_be_careful(self, tmp_path: Path) -> None:
        text = "customer_id;amount\n" + "C1;2\n" * 500 + "C1\nC1;2;3\n" + "C1;2\n" * 500
        assert self.of(text, tmp_path).csv is not None
        assert [reject.row for reject in self.of(text, tmp_path, careful=True).rejected] == [502, 503]


@pytest.mark.parametrize("rows", [40, 60_000])
def test_ids_that_an_export_guards_against_a_spreadsheet_are_the_ids(tmp_path, rows):
    """`="000123"` and `'000123` are 000123, in a small file and in one that is large enough to be read as it is."""
    lines = "".join(
        f'="{i:06d}",2025-01-{i % 28 + 1:02d},1\n' if i % 2 else f"'{i:06d},2025-01-02,1\n" for i in range(rows)
    )
    loaded = load(tmp_path, "customer_id,ordered_on,amount\n" + lines)
    assert loaded.report.rows_loaded == rows
    assert loaded.rows("min(customer_id), max(customer_id), max(length(customer_id))") == [
        ("000000", f"{rows - 1:06d}", 6)
    ]
