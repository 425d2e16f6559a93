"""Each preset on 500 rows in English and Arabic headings: recognised without a flag, rows and totals to the cent; and no other file is taken for one."""

import csv
import gzip
import io
import json
from decimal import Decimal
from pathlib import Path

import pytest

from cxroi.cli import main
from cxroi.intake.presets.known import preset_for
from cxroi.intake.presets.preset import shipped_presets
from cxroi.intake.report import IntakeRequest, LoadOutcome, Severity
from cxroi.shipped import shipped
from cxroi.store.versions.workspace import Workspace
from cxroi.text import Text
from cxroi.view.data.load_report import why_left_out
from tests.acting import load_file
from tests.intake.loading import load, load_path
from tests.intake.presets.exports import EXPORTS

SHARED = Path(__file__).parents[4] / "shared" / "data"
KINDS = [(id, language) for id in EXPORTS for language in ("en", "ar")]


def test_every_shipped_preset_has_a_made_export():
    assert {preset.id for preset in shipped_presets() if preset.table != "costs"} == set(EXPORTS)


@pytest.mark.parametrize(("id", "language"), KINDS)
def test_an_export_of_500_rows_is_recognised_without_a_flag_and_to_the_cent(id, language, tmp_path, files_read_here):
    export = EXPORTS[id]
    path = tmp_path / "export.csv"
    path.write_text(export.text(language), encoding="utf-8-sig")
    (report,), version = load_file(
        Workspace.open(tmp_path / "workspace"), path, path.name, IntakeRequest(table=export.asked)
    )
    assert (report.preset.get("id"), report.table, report.message) == (id, export.table, "upload.loaded")
    assert tuple(f.id for f in report.findings if f.severity is not Severity.NOTE) == export.flags
    assert report.rows_loaded == export.loaded
    assert report.rows_skipped - _footer(export) == export.skipped
    for column, said in export.totals.items():
        assert Decimal(report.totals[column]) == said
    assert report.currency == export.currency
    assert version is not None


@pytest.mark.parametrize("id", EXPORTS)
def test_the_command_line_reads_it_alike_and_says_which_preset_it_followed(id, tmp_path, capsys, files_read_here):
    export = EXPORTS[id]
    path = tmp_path / "export.csv"
    path.write_text(export.text("en"), encoding="utf-8-sig")
    said = ["--as", export.asked] if export.asked else []
    assert main(["import", str(path), *said, "--json", "--yes", "--workspace", str(tmp_path / "workspace")]) == 0
    (told,) = json.loads(capsys.readouterr().out)["files"]
    assert (told["preset"], told["rows_loaded"], told["rows_rejected"]) == (id, export.loaded, 0)
    for column, said in export.totals.items():
        assert Decimal(told["totals"][column]) == said


def test_one_export_fills_two_tables_and_tells_of_the_second(tmp_path, files_read_here):
    """Tickets, unless a person says that they mean the ratings in them; each says nothing against the other."""
    path, workspace = tmp_path / "tickets.csv", Workspace.open(tmp_path / "workspace")
    path.write_text(EXPORTS["zendesk_ratings"].text("en"))
    (tickets,), _ = load_file(workspace, path, path.name, IntakeRequest())
    (ratings,), version = load_file(workspace, path, path.name, IntakeRequest(preset="zendesk_ratings"))
    assert (tickets.preset["id"], ratings.preset["id"]) == ("zendesk_tickets", "zendesk_ratings")
    assert version is not None and {name: one.rows for name, one in version.tables.items()} == {
        "contacts": 500,
        "surveys": 200,
    }
    for language, words in (("en", "load this file once more as survey answers"), ("ar", "إجابات استبيان")):
        why = why_left_out(tickets, Text(language))
        assert why.startswith("Ticket satisfaction rating: ") and words in why and " · " not in why


@pytest.mark.parametrize("id", EXPORTS)
def test_columns_in_another_order_and_more_of_them_change_nothing(id, tmp_path):
    export = EXPORTS[id]
    rows = list(csv.reader(io.StringIO(export.text("en").removesuffix(export.footer))))
    turned = [[f"x{k % 3}", *row[::-1]] for k, row in enumerate(rows[:40])]
    turned[0][0] = "Own field"
    if export.more_headings:
        turned[1][0] = ""
    if id == "surveymonkey_responses":  # the aspects of a question stand behind it
        turned = [[*row, f"x{k % 3}"] for k, row in enumerate(rows[:40])]
        turned[0][-1], turned[1][-1] = "Own field", ""
    out = io.StringIO()
    csv.writer(out).writerows(turned)
    told = load(tmp_path, out.getvalue(), table=export.asked).report
    assert told.preset.get("id") == id
    assert told.outcome is LoadOutcome.LOADED


def test_two_subscriptions_of_one_customer_are_one_who_left_when_the_last_ended(tmp_path):
    head = (
        "id,Customer ID,Plan,Quantity,Currency,Interval,Amount,Status,Created (UTC),Canceled At (UTC),Ended At (UTC)\n"
    )
    lines = (
        "s1,A,old,1,sar,month,50.00,canceled,2023-01-05 10:00,2023-06-01 10:00,2023-06-05 10:00\n"
        "s2,A,new,2,sar,month,40.00,active,2023-06-05 10:00,,\n"
        "s3,B,old,1,sar,year,120.00,canceled,2023-02-05 10:00,2023-03-01 10:00,2024-02-05 10:00\n"
        "s4,B,old,1,sar,month,30.00,canceled,2023-01-05 10:00,2023-03-01 10:00,2023-03-05 10:00\n"
        "s5,C,new,1,sar,month,99.00,active,2024-01-05 10:00,2024-08-01 10:00,\n"
    )
    told = load(tmp_path, head + lines)
    got = told.rows("customer_id, joined_on::VARCHAR, left_on::VARCHAR, monthly_revenue::VARCHAR, segment")
    assert got == [
        ("A", "2023-01-05", None, "80.000", "new"),
        ("B", "2023-01-05", "2024-02-05", "10.000", "old"),
        ("C", "2024-01-05", None, "99.000", "new"),
    ]
    assert (told.report.rows_read, told.report.rows_loaded, told.report.rows_skipped) == (5, 3, 2)


def test_a_column_for_each_choice_of_one_question_is_one_answer(tmp_path):
    choices = ["Not at all likely - 0", *map(str, range(1, 10)), "Extremely likely - 10"]
    head = ["Respondent ID", "Collector ID", "Start Date", "End Date", "Custom Data 1", "How likely to recommend us?"]
    rows = [[*head, *[""] * 10], [*[""] * 5, *choices]]
    for i, at in enumerate((0, 10, 9, 7)):
        day = f"2024-03-{i + 13}"
        rows.append([str(i), "1", day, day, f"C{i}", *(choice if k == at else "" for k, choice in enumerate(choices))])
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    told = load(tmp_path, out.getvalue())
    assert told.rows("customer_id, metric, score") == [
        ("C0", "nps", 0.0),
        ("C1", "nps", 10.0),
        ("C2", "nps", 9.0),
        ("C3", "nps", 7.0),
    ]


@pytest.mark.parametrize("rows", [1, 2])
def test_qualtrics_with_fewer_rows_of_headings_loses_no_answer(tmp_path, rows):
    lines = EXPORTS["qualtrics_responses"].text("en").splitlines()
    lines[1:2] = lines[1:2] * (rows - 1)
    if rows == 1:
        lines[0] = lines[0].replace("Q1,", "NPS,")
    told = load(tmp_path, "\n".join(lines)).report
    assert told.preset["id"] == "qualtrics_responses"
    assert told.rows_loaded == (475 if rows == 1 else EXPORTS["qualtrics_responses"].loaded)


def test_no_file_of_another_kind_is_taken_for_an_export():
    texts = [
        path
        for path in [*shipped("data").rglob("*.csv"), *SHARED.rglob("*.csv"), *SHARED.rglob("*.csv.gz")]
        if "vendor" not in path.parts
    ]
    taken = {}
    for path in texts:
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
            head = file.read(20_000).decode("utf-8", "replace").splitlines()[:40]
        for delimiter in ",;\t":
            for row in csv.reader([line.replace("\0", "") for line in head], delimiter=delimiter):
                if found := preset_for(row, IntakeRequest()):
                    taken[path.name] = found.id
    assert taken == {}


def test_tickets_as_the_programming_interface_of_zendesk_names_them_are_recognised(tmp_path):
    head = "id,url,subject,requester_id,submitter_id,assignee_id,group_id,status,channel,satisfaction_rating,created_at"
    words = ("open", "solved", "closed", "deleted")
    lines = "".join(
        f"{i},u,Help,{900 + i},5,6,8,{words[i % 4]},web,good,2025-01-{i + 1:02d}T10:00:00Z\n" for i in range(20)
    )
    path = tmp_path / "dump.csv"
    path.write_text(f"{head}\n{lines}")
    told = load_path(path, tmp_path / "staging").report
    assert (told.preset["id"], told.rows_loaded, told.rows_skipped) == ("zendesk_tickets", 15, 5)
    assert told.mapping["customer_id"] == "requester_id" and told.mapping["channel"] == "channel"


@pytest.mark.skipif(not SHARED.exists(), reason="the shared data are not here")
@pytest.mark.parametrize(
    ("name", "id", "rows", "totals"),
    [
        ("hubspot_companies", "hubspot_customers", 600, {}),
        ("qualtrics", "qualtrics_responses", 600, {}),
        ("stripe_subscriptions", "stripe_subscriptions", 600, {"monthly_revenue": "59400.000"}),
        ("zendesk_tickets", "zendesk_tickets", 600, {}),
    ],
)
def test_the_layouts_rebuilt_by_hand_are_recognised(name, id, rows, totals, tmp_path):
    told = load_path(SHARED / "vendor" / f"{name}.csv", tmp_path / "staging").report
    assert (told.preset["id"], told.rows_loaded, told.rows_rejected, told.totals) == (id, rows, 0, totals)


def _footer(export) -> int:
    return sum(bool(line.strip()) for line in export.footer.splitlines()) + export.footer.startswith("\n")
