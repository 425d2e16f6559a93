"""The account of a file in the terminal: nothing is said to be loaded before it is, and what was left out is named."""

from cxroi.text import LANGUAGES, Text
from cxroi.view.data.load_report import report_lines
from tests.intake.loading import load


def _new(folder):
    folder.mkdir()
    return folder


def test_before_the_question_rows_are_ready_and_not_loaded(tmp_path):
    report = load(tmp_path, "period,amount\n2025-01,5\n2025-02,6\n").report
    assert "2 rows ready to load." in report_lines(report, Text("en"), before=True)[0]
    assert "2 rows loaded." in report_lines(report, Text("en"))[0]


def test_columns_that_were_left_out_are_named(tmp_path):
    report = load(tmp_path, "period,amount,zzz,qqq\n2025-01,5,x,y\n2025-02,6,x,y\n").report
    for language, comma in zip(LANGUAGES, (", ", "، "), strict=True):
        lines = report_lines(report, Text(language))
        assert [line for line in lines if f"zzz{comma}qqq" in line]
        assert not [line for line in lines if f"amount{comma}" in line]


def test_nothing_is_called_loaded_of_a_file_that_is_refused(tmp_path):
    report = load(tmp_path, "period,amount\n2025-01,5\n2025-02,7\n", control_total="13").report
    for language in LANGUAGES:
        text = Text(language)
        (counted,) = [line for line in report_lines(report, text) if "=" in line]
        assert counted.strip() == text("page.upload.counts", read=2, loaded=2, rejected=0, skipped=0)


def test_figures_are_grouped_and_our_columns_have_names_in_one_report(tmp_path):
    ledger = "period,amount\n2025-01,1234567.5\n2025-02,-2000.25\n"
    for language, named in zip(LANGUAGES, ("Amount", "المبلغ"), strict=True):
        said = "\n".join(report_lines(load(_new(tmp_path / language), ledger).report, Text(language)))
        assert "1,232,567.25" in said and "2,000.25" in said and "2000.25" not in said
        assert f"“{named}”" in said or f"«{named}»" in said
