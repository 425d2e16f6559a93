"""The first cells of a column stand beside what they became: the very same cells, whatever was put aside or skipped."""

from __future__ import annotations

from pathlib import Path

import pytest

from cxroi.tables import TABLES
from cxroi.text import Text
from cxroi.ui.data.mapping import sample_words
from tests.intake.loading import Loaded, load

LEDGER = "period;initiative;amount\n"
# Every third line of 40 is of another month, so that no first line looks like the next.
GOOD = "".join(f"2025-{i % 12 + 1:02d};Plan {i};{100 * (i + 1)},50\n" for i in range(60))
PLAIN = "".join(f"2025-{i % 12 + 1:02d}-01,Plan {i},{100 * (i + 1)}.50\n" for i in range(60))


def pairs(loaded: Loaded, target: str) -> list[tuple[str, str]]:
    (column,) = [column for column in loaded.report.columns if column.target == target]
    return list(zip(column.before, column.after, strict=True))


@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize("bad", ["2025-01;Lost;n/a", "2025-13;Lost;5,00", "soon;Lost;5,00"])
def test_a_row_put_aside_among_the_first_shifts_no_sample(tmp_path: Path, place: int, bad: str) -> None:
    lines = GOOD.splitlines()
    loaded = load(tmp_path, LEDGER + "\n".join([*lines[:place], bad, *lines[place:]]) + "\n", currency="SAR")
    assert loaded.report.rows_rejected == 1
    for before, after in pairs(loaded, "initiative"):
        assert before == after
    for before, after in pairs(loaded, "amount"):
        assert after in (before.replace(",", ".") + "0", "")
    for before, after in pairs(loaded, "period"):
        assert after in (before + "-01", "")


def test_the_fast_way_shows_the_same_rows(tmp_path: Path) -> None:
    loaded = load(tmp_path, "period,initiative,amount\n2025-01-01,Lost,n/a\n" + PLAIN, currency="SAR")
    assert loaded.report.rows_rejected == 1
    assert pairs(loaded, "amount") == [("n/a", ""), ("100.50", "100.500"), ("200.50", "200.500")]
    assert [after for _, after in pairs(loaded, "initiative")] == ["Lost", "Plan 0", "Plan 1"]


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_total_among_the_first_rows_shifts_no_sample(tmp_path: Path, place: int) -> None:
    lines = GOOD.splitlines()
    total = f";Total;{sum(100 * (i + 1) * 10 + 5 for i in range(60)) / 10:.2f}".replace(".", ",")
    loaded = load(tmp_path, LEDGER + "\n".join([*lines[:place], total, *lines[place:]]) + "\n", currency="SAR")
    assert all(before == after for before, after in pairs(loaded, "initiative"))
    assert all(after in (before + "-01", "") for before, after in pairs(loaded, "period"))


def test_a_cell_that_has_no_value_is_said_to_have_none(tmp_path: Path) -> None:
    loaded = load(tmp_path, "period,initiative,amount\n2025-01-01,Lost,n/a\n" + PLAIN, currency="SAR")
    (column,) = [column for column in loaded.report.columns if column.target == "amount"]
    words = sample_words(column, TABLES["costs"].column("amount"), Text("en")).replace("\\", "")
    said = "".join(letter for letter in words if letter not in "\u2060\u2068\u2069")
    assert "n/a → –" in said and "100.50 → 100.50" not in said
