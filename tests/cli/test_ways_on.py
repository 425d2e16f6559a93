"""What an import asks on a terminal: the option that answers it stands beside it, once, and a file is read once."""

import io
import json
import sys

import pytest

from cxroi.cli import loading, main
from cxroi.cli.ways_on import ways_on
from cxroi.text import LANGUAGES, Text
from cxroi.view.data.load_report import report_lines
from tests.intake.loading import load
from tests.intake.workbooks import xlsx


def told(report, text):
    """Return the account of a file as the terminal has it."""
    return report_lines(report, text, ways_on(report))


ASKING = {
    "--date-order dmy | --date-order mdy": ("period,amount\n01/02/2025,5\n03/04/2025,6\n", {}),
    "--as initiatives": ("name,zzz,qqq\na,b,c\n", {}),
    "--map period=HEADING | --set period=VALUE": ("account,amount\n6100,5\n", {"table": "costs"}),
    "--on-reject load": ("period,amount\n2025-01,5\n2025-02,x\n", {}),
    "--explain-difference WORDS": ("period,amount\n2025-01,5\n2025-02,7\n", {"control_total": "13"}),
    "--amounts-in thousands | --amounts-in units": ("period,amount (SAR '000)\n2025-01,5\n2025-02,7\n", {}),
    "--metric nps | --metric csat | --metric ces": ("date,score,comment\n2025-01-02,5,a\n2025-01-03,4,b\n", {}),
    "--currency-word '$'=CODE": ("period,amount\n2025-01,$5\n2025-02,$7\n", {}),
}


def test_what_cannot_be_the_same_in_every_row_is_not_offered_to_be_set(tmp_path):
    orders = "zzz,ordered_on,amount\na,2025-01-02,5\n"
    lines = told(load(tmp_path, orders, table="orders").report, Text("en"))
    assert [line.strip() for line in lines if "--map" in line] == ["Say it with: --map customer_id=HEADING"]


@pytest.mark.parametrize("options", ASKING)
def test_what_is_asked_names_its_option_once(tmp_path, options):
    content, request = ASKING[options]
    report = load(tmp_path, content, **request).report
    for language in LANGUAGES:
        lines = told(report, Text(language))
        assert sum(options in line for line in lines) == 1
        assert not any(text in line for line in lines for text in ("below and load", "أدناه ثم"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_of_a_file_without_a_known_column_no_table_is_called_the_nearest(tmp_path, language):
    lines = told(load(tmp_path, "zzz,qqq\na,b\nc,d\n").report, Text(language))
    assert all(table in lines[0] for table in ("contacts", "orders", "costs"))
    assert [line.split(": ", 1)[1] for line in lines if "--as" in line] == ["--as TABLE --map COLUMN=HEADING"]


def test_columns_with_one_question_name_the_option_once(tmp_path):
    customers = "customer_id,joined_on,left_on\na,01/02/2025,03/04/2025\nb,02/03/2025,04/05/2025\n"
    lines = told(load(tmp_path, customers).report, Text("en"))
    assert sum("--date-order" in line for line in lines) == 1


def test_a_hidden_sheet_is_named_as_it_is_typed(tmp_path):
    def hide(book, _):
        book.get_worksheet_by_name("Main Data").hide()

    book = xlsx({"Dashboard": [["CX"]], "Main Data": [["period", "amount"], ["2025-01", 5]]}, hide)
    assert "--sheet 'Main Data'" in "\n".join(told(load(tmp_path, book, "a.xlsx").report, Text("en")))


class Screen(io.StringIO):
    """A terminal, or what stands for it."""

    def isatty(self):
        return True


@pytest.mark.parametrize("yes", [True, False])
def test_on_a_terminal_a_refusal_is_told_once_and_its_file_is_read_once(tmp_path, monkeypatch, yes):
    (tmp_path / "a.csv").write_text("account,amount\n6100,5\n", encoding="utf-8")
    (tmp_path / "b.csv").write_text("period,amount\n2025-01,5\n", encoding="utf-8")
    screen, loaded = Screen(), []
    monkeypatch.setattr(sys, "stdin", Screen("y\nn\n"))
    monkeypatch.setattr(sys, "stdout", screen)
    monkeypatch.setattr(sys, "stderr", screen)
    load_many = loading.load_many
    monkeypatch.setattr(
        loading, "load_many", lambda w, files, *a, **k: loaded.append(files) or load_many(w, files, *a, **k)
    )
    line = [
        "import",
        str(tmp_path / "a.csv"),
        str(tmp_path / "b.csv"),
        "--as",
        "costs",
        "--other-lines",
        "cx",
        *(["--yes"] * yes),
    ]
    assert main([*line, "--workspace", str(tmp_path / "w")]) == 1
    assert screen.getvalue().count("needs period") == 1
    assert [[path.name for path, _, _ in files] for files in loaded] == [["a.csv", "b.csv"] if yes else ["b.csv"]]


def test_piped_output_has_the_reason_on_standard_error(tmp_path, capsys):
    (tmp_path / "a.csv").write_text("account,amount\n6100,5\n", encoding="utf-8")
    assert main(["import", str(tmp_path / "a.csv"), "--as", "costs", "--workspace", str(tmp_path / "w")]) == 1
    assert "needs period" in capsys.readouterr().err


def test_an_encoding_and_an_explanation_can_be_typed(tmp_path, capsys):
    greek = "period,amount,note\n2025-01,5,Εκπαίδευση\n2025-02,6,Έρευνα\n"
    (tmp_path / "a.csv").write_bytes(greek.encode("cp1253"))
    line = [
        "import",
        str(tmp_path / "a.csv"),
        "--encoding",
        "cp1253",
        "--control-total",
        "12",
        "--other-lines",
        "cx",
        "--json",
    ]
    assert main([*line, "--workspace", str(tmp_path / "w")]) == 1
    assert main([*line, "--explain-difference", "rounding", "--workspace", str(tmp_path / "w")]) == 0
    (file,) = json.loads(capsys.readouterr().out.split("\n}\n", 1)[1])["files"]
    assert [f["facts"]["why"] for f in file["findings"] if f["id"] == "finding.difference_explained"] == ["rounding"]
    assert [c["before"][0] for c in file["columns"] if c["heading"] == "note"] == ["Εκπαίδευση"]
