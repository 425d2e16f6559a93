"""The load shell: what is published, what is not, and what a hostile file can do."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from cxroi.actions import load
from cxroi.actions.load import inspect_file
from cxroi.errors import StoreError
from cxroi.export.rejects import rejects_csv
from cxroi.intake.child import ChildLimits
from cxroi.intake.report import IntakeReport, IntakeRequest
from cxroi.store.versions.workspace import Workspace
from cxroi.text import Text
from tests.acting import load_file, load_many

ORDERS = "customer_id,ordered_on,amount\n"
PLAIN = IntakeRequest()
pytestmark = pytest.mark.usefixtures("files_read_here")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.open(tmp_path / "workspace")


def write(folder: Path, rows: str, name: str = "orders.csv") -> Path:
    path = folder / name
    path.write_text(ORDERS + rows, encoding="utf-8")
    return path


def test_a_loaded_file_is_the_current_version_with_its_sums_and_source(workspace: Workspace, tmp_path: Path) -> None:
    path = write(tmp_path, "A,2025-01-02,10.50\nB,2025-01-03,20\n")
    (report,), version = load_file(workspace, path, "my orders.csv", PLAIN)
    assert version is not None and workspace.current() == version
    table = version.tables["orders"]
    assert (table.rows, table.sums["amount"]) == (2, "30.500")
    assert table.sources[0]["file"] == "my orders.csv"
    assert table.sources[0]["sha256"] == report.source_sha256
    assert list((workspace.folder / "quarantine").iterdir()) == []


def test_inspecting_changes_nothing(workspace: Workspace, tmp_path: Path) -> None:
    (report,) = inspect_file(write(tmp_path, "A,2025-01-02,10.50\n"), "orders.csv", PLAIN)
    assert (report.table, report.rows_loaded) == ("orders", 1)
    assert workspace.current() is None


def test_the_same_file_is_not_loaded_twice(workspace: Workspace, tmp_path: Path) -> None:
    path = write(tmp_path, "A,2025-01-02,10.50\n")
    _, first = load_file(workspace, path, "a.csv", PLAIN)
    (report,), second = load_file(workspace, path, "b.csv", PLAIN, mode="append")
    assert (report.message, second, workspace.current()) == ("upload.same_file", None, first)


def test_a_month_is_appended_and_a_table_is_replaced(workspace: Workspace, tmp_path: Path) -> None:
    load_file(workspace, write(tmp_path, "A,2025-01-02,1\n"), "a.csv", PLAIN)
    _, both = load_file(workspace, write(tmp_path, "B,2025-02-02,2\n"), "b.csv", PLAIN, mode="append")
    assert both is not None and both.tables["orders"].rows == 2
    _, last = load_file(workspace, write(tmp_path, "C,2025-03-02,3\n"), "c.csv", PLAIN)
    assert last is not None and last.tables["orders"].rows == 1


def test_a_refused_file_leaves_the_version_that_was_there(workspace: Workspace, tmp_path: Path) -> None:
    _, first = load_file(workspace, write(tmp_path, "A,2025-01-02,1\n"), "a.csv", PLAIN)
    (report,), nothing = load_file(workspace, write(tmp_path, "A,01/02/2025,1.234\n"), "b.csv", PLAIN)
    assert (report.message, nothing, workspace.current()) == ("upload.question", None, first)


def test_several_files_become_one_data_set(workspace: Workspace, tmp_path: Path) -> None:
    orders = write(tmp_path, "A,2025-01-02,1\n")
    costs = tmp_path / "costs.csv"
    costs.write_text("period,amount,category\n2025-01,100,people\n", encoding="utf-8")
    reports, version = load_many(workspace, [(orders, "o.csv", PLAIN), (costs, "c.csv", PLAIN)])
    assert [report.table for (report,) in reports] == ["orders", "costs"]
    assert version is not None and set(version.tables) == {"orders", "costs"}
    assert workspace.versions() == (version,)


def test_files_of_one_table_follow_each_other_in_one_version_whatever_the_mode(
    workspace: Workspace, tmp_path: Path
) -> None:
    load_file(workspace, write(tmp_path, "Z,2024-12-02,9\n"), "old.csv", PLAIN)
    months = [
        (write(tmp_path, f"A,2025-0{month}-02,{month}\n", f"{month}.csv"), f"{month}.csv", PLAIN) for month in (1, 2)
    ]
    _, replaced = load_many(workspace, months)
    assert replaced is not None and (replaced.number, replaced.tables["orders"].rows) == (2, 2)
    more = [(write(tmp_path, "B,2025-03-02,5\n", "3.csv"), "3.csv", PLAIN)]
    _, added = load_many(workspace, more, mode="append")
    assert added is not None and (added.number, added.tables["orders"].sums["amount"]) == (3, "8.000")


def test_a_refused_file_keeps_none_of_the_others_out(workspace: Workspace, tmp_path: Path) -> None:
    good, bad = write(tmp_path, "A,2025-01-02,1\n", "a.csv"), write(tmp_path, "A,01/02/2025,1.234\n", "b.csv")
    files = [(good, "a.csv", PLAIN), (bad, "b.csv", PLAIN), (good, "again.csv", PLAIN)]
    reports, version = load_many(workspace, files)
    assert [report.message for (report,) in reports] == ["upload.loaded", "upload.question", "upload.same_file"]
    assert version is not None and version.tables["orders"].rows == 1
    nothing, none = load_many(workspace, [(bad, "b.csv", PLAIN)])
    assert none is None and len(nothing) == 1 and workspace.current() == version


def test_an_act_that_is_cancelled_in_the_middle_changes_nothing(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [(write(tmp_path, f"A{n},2025-01-02,1\n", f"{n}.csv"), f"{n}.csv", PLAIN) for n in (1, 2)]
    one_file = load._parse

    def parse(reading: load._Reading) -> tuple[IntakeReport, ...]:
        return one_file(replace(reading, cancelled=lambda: reading.name == "2.csv"))

    monkeypatch.setattr(load, "_parse", parse)
    reports, version = load_many(workspace, files)
    assert {report.message for (report,) in reports} == {"upload.child_cancelled"}
    assert (len(reports), version, workspace.current()) == (2, None, None)


def test_what_the_store_refuses_stops_the_whole_act(workspace: Workspace, tmp_path: Path) -> None:
    def customers(name: str, *ids: str) -> tuple[Path, str, IntakeRequest]:
        rows = [f"{id},2025-01-02," for id in ids]
        return table_of(tmp_path / name, "customer_id,joined_on,left_on", *rows), name, PLAIN

    with pytest.raises(StoreError) as told:
        load_many(workspace, [customers("a.csv", "A", "B"), customers("b.csv", "B", "C")])
    assert told.value.id == "store.append_overlaps" and workspace.current() is None
    assert list((workspace.folder / "quarantine").iterdir()) == []


def test_progress_over_several_files_is_one_share_of_their_bytes(tmp_path: Path) -> None:
    files = [(write(tmp_path, "x" * size, f"{size}"), "", PLAIN) for size in (970, 1970)]
    told: list[float] = []
    first, second = load._shares(files, told.append)
    assert first is not None and second is not None
    for share in (0.0, 1.0):
        first(share)
        second(share)
    assert told == [0.0, pytest.approx(1 / 3, abs=0.01), pytest.approx(1 / 3, abs=0.01), 1.0]


def test_a_claimed_name_is_never_a_path(workspace: Workspace, tmp_path: Path) -> None:
    path = write(tmp_path, "A,2025-01-02,1\n")
    (report,), _ = load_file(workspace, path, "../../etc/evil\u202e\n.csv" + "x" * 300, PLAIN)
    assert "/" not in report.file and len(report.file) <= 100 and report.file.isprintable()


def test_no_answer_names_a_place_on_the_server(workspace: Workspace, tmp_path: Path) -> None:
    contents = [b"", b"\x00" * 50, b"a,b\n1,2\n", ORDERS.encode(), b"PK\x03\x04junk", b'{"a": 1}', b"%PDF-1.7"]
    for place, content in enumerate(contents):
        path = tmp_path / f"{place}.csv"
        path.write_bytes(content)
        (report,), version = load_file(workspace, path, path.name, PLAIN)
        assert version is None
        for language in ("en", "ar"):
            sentence = Text(language)(report.message, **report.facts)
            assert str(tmp_path) not in sentence and "Error" not in sentence


def test_a_missing_file_is_a_sentence(workspace: Workspace, tmp_path: Path) -> None:
    (report,), _ = load_file(workspace, tmp_path / "none.csv", "none.csv", PLAIN)
    assert report.message == "upload.no_such_file"


def test_rejects_come_back_with_words_and_without_live_formulas(workspace: Workspace, tmp_path: Path) -> None:
    good = "".join(f"C{i},2025-01-02,1\n" for i in range(40))
    path = write(tmp_path, good + '"=HYPERLINK(""x"")",soon,-5\n')
    _, version = load_file(workspace, path, "a.csv", PLAIN)
    assert version is not None
    (rejects,) = version.folder.glob("**/*.csv")
    text = Text("en")
    lines = rejects_csv(rejects, lambda id, facts: text(id, **facts)).decode("utf-8-sig").splitlines()
    assert lines[1] == '42,ordered_on,This is not a date in the style of its column.,"\'=HYPERLINK(""x"")",soon,-5'


def table_of(path: Path, header: str, *rows: str) -> Path:
    path.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
    return path


def said(report: IntakeReport) -> list[str]:
    return [finding.id for finding in report.findings]


def test_a_corrected_mapping_holds_for_the_next_file_with_the_same_header(workspace: Workspace, tmp_path: Path) -> None:
    header = "Who,When,Gross,Net"
    corrected = IntakeRequest(
        table="orders", mapping=(("customer_id", "Who"), ("ordered_on", "When"), ("amount", "Net"))
    )
    first = table_of(tmp_path / "a.csv", header, "A,2025-01-02,12,10", "B,2025-01-03,24,20")
    load_file(workspace, first, "a.csv", corrected)
    later = table_of(tmp_path / "b.csv", header.upper(), "C,2025-02-02,36,30")
    (shown,) = inspect_file(later, "b.csv", PLAIN, workspace=workspace)
    (report,), version = load_file(workspace, later, "b.csv", PLAIN)
    for one in (shown, report):
        assert (one.table, one.mapping["amount"]) == ("orders", "NET")
        assert "finding.mapping_recalled" in said(one)
    assert version is not None and version.tables["orders"].sums["amount"] == "30.000"


def test_what_a_request_says_comes_before_what_was_kept(workspace: Workspace, tmp_path: Path) -> None:
    header = "Who,When,Gross,Net"
    net = (("customer_id", "Who"), ("ordered_on", "When"), ("amount", "Net"))
    gross = (*net[:2], ("amount", "Gross"))
    for name, mapping in (("a.csv", net), ("b.csv", gross)):
        path = table_of(tmp_path / name, header, f"A,2025-01-02,12,{len(name)}", f"B,2025-01-03,24,{name[0] == 'a':d}")
        (report,), _ = load_file(workspace, path, name, IntakeRequest(table="orders", mapping=mapping))
        assert report.mapping["amount"] == mapping[2][1]
        assert "finding.mapping_recalled" not in said(report)
    (report,) = inspect_file(path, "c.csv", PLAIN, workspace=workspace)
    assert report.mapping["amount"] == "Gross"  # the last correction is the one kept


def test_a_column_that_a_person_left_out_stays_out(workspace: Workspace, tmp_path: Path) -> None:
    header = "customer_id,ordered_on,amount,refund"
    first = table_of(tmp_path / "a.csv", header, "A,2025-01-02,12,1")
    load_file(workspace, first, "a.csv", IntakeRequest(mapping=(("refund", ""),)))
    (report,), _ = load_file(workspace, table_of(tmp_path / "b.csv", header, "B,2025-01-02,9,2"), "b.csv", PLAIN)
    assert "refund" not in report.mapping


def test_what_is_the_same_in_every_row_is_kept_and_a_month_is_asked_for_anew(
    workspace: Workspace, tmp_path: Path
) -> None:
    asked = IntakeRequest(table="costs", constants=(("period", "2025-03"), ("segment", "Retail")))
    first = table_of(tmp_path / "a.csv", "Account,Amount", "6100,5")
    (report,), _ = load_file(workspace, first, "a.csv", asked)
    later = table_of(tmp_path / "b.csv", "ACCOUNT,AMOUNT", "6100,7")
    (without,) = inspect_file(later, "b.csv", PLAIN, workspace=workspace)
    assert (without.message, without.facts["missing"]) == ("upload.missing_column", "period")
    assert "finding.constant_again" in said(without)
    april = IntakeRequest(constants=(("period", "2025-04"),))
    (report,) = inspect_file(later, "b.csv", april, workspace=workspace)
    assert report.constants == {"period": "2025-04", "segment": "Retail"}
    assert "finding.constant_again" not in said(report)


def test_a_refused_file_teaches_nothing(workspace: Workspace, tmp_path: Path) -> None:
    path = table_of(tmp_path / "a.csv", "Who,When,Net", "A,never,10")
    load_file(
        workspace, path, "a.csv", IntakeRequest(table="orders", mapping=(("customer_id", "Who"), ("amount", "Net")))
    )
    (report,) = inspect_file(path, "a.csv", PLAIN, workspace=workspace)
    assert "finding.mapping_recalled" not in said(report)


def test_the_rules_of_a_ledger_hold_for_the_next_one_until_others_are_given(
    workspace: Workspace, tmp_path: Path
) -> None:
    rules = (("category", "support", "cx"), ("category", "rent", "not_cx"))
    header = "period,category,amount"

    def cx_lines(name: str, request: IntakeRequest, head: str = header) -> tuple[int, IntakeReport]:
        rows = (f"2025-0{m},{what},1{m}{len(name)}" for m in (1, 2) for what in ("support", "rent"))
        given = [row if head == header else row.replace(",support", "").replace(",rent", "") for row in rows]
        (report,), version = load_file(workspace, table_of(tmp_path / name, head, *given), name, request)
        assert version is not None
        rows_of = pq.read_table(next(version.folder.glob("costs*.parquet")), columns=["is_cx"])  # type: ignore[no-untyped-call]
        return sum(rows_of.column("is_cx").to_pylist()), report

    assert cx_lines("a.csv", IntakeRequest(table="costs", ledger_rules=rules))[0] == 2
    count, report = cx_lines("bb.csv", IntakeRequest(table="costs"))
    assert count == 2 and "finding.rules_recalled" in said(report)
    other = IntakeRequest(table="costs", ledger_rules=(("category", "t", "cx"),))
    assert cx_lines("ccc.csv", other)[0] == 4
    assert cx_lines("dddd.csv", IntakeRequest(table="costs"))[0] == 4
    count, report = cx_lines("eeeee.csv", IntakeRequest(table="costs"), "period,amount")
    assert count == 4 and "finding.rules_unused" in said(report)


def test_the_environment_sets_the_walls_of_a_load() -> None:
    limits = ChildLimits.of_environment(
        {"CXROI_IMPORT_MEMORY": "512MB", "CXROI_THREADS": "1", "CXROI_IMPORT_SECONDS": "60"}
    )
    assert (limits.memory, limits.threads, limits.wall_seconds, limits.cpu_seconds) == ("512MB", 1, 60.0, 120)
    assert ChildLimits.of_environment({}) == ChildLimits()


def test_a_file_of_the_year_to_date_is_not_added_to_the_months_it_repeats(workspace: Workspace, tmp_path: Path) -> None:
    lines = "".join(f"C{month},2025-{month:02d}-02,{month}\n" for month in range(1, 7))
    load_file(workspace, write(tmp_path, lines), "a.csv", PLAIN)
    longer = write(tmp_path, lines + "C7,2025-07-02,7\n")
    (report,), version = load_file(workspace, longer, "b.csv", PLAIN, mode="append")
    assert version is None and report.message == "upload.rows_there"
    assert report.facts == {"rows": "6", "of": "7", "table": "orders"}
    _, version = load_file(workspace, longer, "b.csv", PLAIN, mode="append", again=True)
    assert version is not None and version.tables["orders"].rows == 13


def test_a_few_rows_that_equal_loaded_ones_are_added_and_said(workspace: Workspace, tmp_path: Path) -> None:
    load_file(workspace, write(tmp_path, "A,2025-01-02,1\n"), "a.csv", PLAIN)
    more = "A,2025-01-02,1\n" + "".join(f"B{i},2025-02-02,{i}\n" for i in range(30))
    (report,), version = load_file(workspace, write(tmp_path, more), "b.csv", PLAIN, mode="append")
    assert version is not None and version.tables["orders"].rows == 32
    assert {f.id: f.facts for f in report.findings}["finding.rows_there"]["rows"] == "1"


def test_another_column_said_for_a_file_leaves_what_its_answers_in_words_count_as(workspace, tmp_path):
    path = tmp_path / "answers.csv"
    path.write_text(
        "customer_id,day,other day,score\n" + "".join(f"c{n},2025-01-0{n},2025-02-0{n},Wow\n" for n in range(1, 8))
    )
    said = replace(PLAIN, table="surveys", metric="csat", answers=(("Wow", "5"),))
    assert load_file(workspace, path, "a.csv", replace(said, mapping=(("answered_on", "day"),)))[1] is not None
    again = replace(said, answers=(), mapping=(("answered_on", "other day"),))
    for request in (again, replace(again, mapping=())):
        (report,), version = load_file(workspace, path, "b.csv", request, again=True)
        assert version is not None, report.findings
        assert report.mapping["answered_on"] == "other day"
