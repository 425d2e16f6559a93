"""What is no data is passed over with its reason, in a grid and in a file too large for one."""

from pathlib import Path

import pytest

from cxroi.intake.readers import source
from tests.intake.loading import load
from tests.intake.workbooks import xlsx

LINES = [f"2025-{month:02d},Training,{100 * month}" for month in range(1, 13)]


@pytest.mark.parametrize("large", [False, True])
def test_the_empty_end_of_a_broken_copy_is_passed_over_and_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, large: bool
) -> None:
    monkeypatch.setattr(source, "LARGE_BYTES", 100 if large else source.LARGE_BYTES)
    content = "\n".join(["period,note,amount", *LINES, ""]).encode() + b"\0" * 3000
    found = load(tmp_path, content)
    assert (found.report.rows_loaded, found.report.rows_skipped) == (12, 1)
    (said,) = [f for f in found.report.findings if f.id == "finding.skipped.zeros"]
    assert (said.severity, said.facts) == ("flag", {"count": "1", "rows": "14"})


@pytest.mark.parametrize("large", [False, True])
def test_a_last_line_that_may_be_torn_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, large: bool) -> None:
    monkeypatch.setattr(source, "LARGE_BYTES", 100 if large else source.LARGE_BYTES)
    found = load(
        tmp_path, "\n".join(["note,period,amount", *(f"Training,2025-{m:02d},{m}" for m in range(1, 13)), "Trai"])
    )
    (said,) = [f for f in found.report.findings if f.id == "finding.skipped.note"]
    assert said.facts == {"count": "1", "rows": "14", "words": "Trai"}


def test_every_row_that_is_skipped_is_told_with_its_reason(tmp_path: Path) -> None:
    rows = [["Period", "Note", "Amount"], ["2025-01", "a", 5], [], ["Period", "Note", "Amount"], ["2025-02", "b", 6]]
    found = load(tmp_path, xlsx([*rows, ["2025-03", "c", 7], [], ["Prepared by finance in March"]]), "a.xlsx")
    said = {
        f.id.removeprefix("finding.skipped."): int(f.facts["count"])
        for f in found.report.findings
        if f.id.startswith("finding.skipped.")
    }
    assert said == {"blank": 2, "repeated_heading": 1, "note": 1}
    assert found.report.rows_skipped == sum(said.values())
