import csv
import io

from cxroi.actions.load import inspect_file
from cxroi.export.rejects import rejects_as_csv, rejects_file
from cxroi.intake.report import (
    Finding,
    IntakeReport,
    IntakeRequest,
    LoadOutcome,
    Reject,
    Severity,
)
from cxroi.text import LANGUAGES, Text
from cxroi.view.data import upload as account

EN = Text("en")


def report(**changes):
    facts = {
        "file": "costs.csv",
        "sheet": None,
        "table": "costs",
        "outcome": LoadOutcome.LOADED,
        "message": "upload.loaded",
    }
    counts = {"rows_read": 12, "rows_loaded": 9, "rows_rejected": 2, "rows_skipped": 1}
    return IntakeReport(**{**facts, **counts, "facts": {"loaded": "9", "read": "12", "rejected": "2"}, **changes})


def test_the_counts_are_shown_as_the_sum_they_are():
    assert account.counts(report(), EN) == (
        "12 rows read = 9 good + 2 set aside + 1 skipped (totals, blanks, no answer, what does not count)"
    )


def test_before_loading_nothing_is_called_loaded():
    assert "ready" in account.preview(report(), EN) and "loaded" not in account.preview(report(), EN)


def test_an_open_question_and_too_many_rejects_ask_where_other_refusals_refuse():
    asked = Finding(id="finding.as_of_unclear", severity=Severity.QUESTION)
    refused = {"outcome": LoadOutcome.REFUSED, "message": "upload.empty", "facts": {}}
    assert account.status(report(**refused)) == "refused"
    assert account.status(report(**refused, findings=(asked,))) == "asks"
    assert account.status(report(**{**refused, "message": "upload.too_many_rejects"})) == "asks"
    assert account.status(report()) == "partly" and account.status(report(rows_rejected=0)) == "good"


def test_a_sentence_names_tables_and_columns_as_people_do():
    facts = {"found": "a, b", "nearest": "contacts", "missing": "opened_on"}
    said = account.sentence("upload.not_recognised", facts, EN)
    assert "Support contacts" in said and "Opened on" in said


def test_names_and_months_are_parted_as_readers_of_the_language_part_them():
    missing = {"found": "a", "nearest": "contacts", "missing": "opened_on, closed_on"}
    hole = Finding(
        id="finding.months_missing", severity=Severity.FLAG, facts={"count": "2", "months": "2024-05, 2024-07"}
    )
    for language, comma, other in (("en", ", ", "، "), ("ar", "، ", ", ")):
        text = Text(language)
        for said in (
            account.sentence("upload.not_recognised", missing, text),
            account.sentence(hole.id, hole.facts, text),
        ):
            assert comma in said and other not in said


def test_markup_in_a_fact_does_nothing():
    said = account.sentence("upload.no_such_heading", {"heading": "![x](http://a)", "found": "<b>"}, EN)
    assert "![x](" not in said and "<b>" not in said


def test_what_is_needed_comes_first_and_every_column_has_a_name_in_both_languages():
    for language in LANGUAGES:
        for table in account.TABLES:
            columns = account.columns_in_order(table)
            needed = [account.is_needed(table, column) for column in columns]
            assert needed == sorted(needed, reverse=True)
            assert all(account.target_name(column.name, Text(language)) for column in columns)


def test_a_refused_file_still_offers_its_headings():
    refused = report(outcome=LoadOutcome.REFUSED, table=None, message="upload.not_recognised", facts={"found": "a, b"})
    assert account.source_headings(refused) == ("a", "b")


def test_rejects_go_into_a_file_that_runs_nothing():
    rejects = [Reject(row=7, column="Amount", value="=1+1", reason="reject.unreadable_number")]
    rows = list(csv.reader(io.StringIO(rejects_as_csv(rejects, EN).decode("utf-8-sig"))))
    assert rows[1][:3] == ["7", "Amount", "'=1+1"] and "number" in rows[1][3]


def test_rows_put_aside_are_taken_away_as_they_came_and_load_when_mended(tmp_path):
    file = tmp_path / "costs.csv"
    file.write_text("period,amount,note\n2025-01,10.00,a\n2025-02,ten,b\n2025-03,12.00,c\n", encoding="utf-8")
    request = IntakeRequest(table="costs", rejects_allowed_rate=1.0)
    (read,) = inspect_file(file, "costs.csv", request, rejects_to=tmp_path / "aside")
    for language in LANGUAGES:
        taken = rejects_file(tmp_path / "aside-0", read.rejects, Text(language))
        mended = tmp_path / f"mended-{language}.csv"
        mended.write_bytes(taken.replace(b"ten", b"11.00"))
        (again,) = inspect_file(mended, "mended.csv", request)
        assert (read.rows_rejected, again.rows_loaded, again.totals["amount"]) == (1, 1, "11.000")
    assert b"ten" in rejects_file(tmp_path / "gone", read.rejects, EN)
