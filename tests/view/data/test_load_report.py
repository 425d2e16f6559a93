"""The account of a file in the terminal: nothing is said to be loaded before it is, and what was left out is named."""

from cxroi.text import LANGUAGES, Text
from cxroi.view.data.load_report import report_lines
from tests.intake.loading import load


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
