"""Another answer to which lines are customer experience counts the ledger in use anew, as a version of its own."""

from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from cxroi.actions.recount import recount
from cxroi.actions.rules import change_rules
from cxroi.intake.report import IntakeRequest
from cxroi.questions.cx_part import part_that_is_cx
from cxroi.store.state.state import State
from cxroi.store.versions.workspace import Workspace
from tests.acting import TESTER, load_file

LINES = (
    "period,account,amount,note",
    "2025-01,Support,10.5,x",
    "2025-01,Rent,30,",
    "2025-02,Support,9.5,care",
    "2025-02,Loyalty,50,care",
)
ANSWERS = (("account", "=Support", "cx"), ("account", "=Rent", "not_cx"), ("account", "=Loyalty", "not_cx"))


@pytest.fixture
def workspace(tmp_path: Path, files_read_here: None) -> Workspace:
    path = tmp_path / "ledger.csv"
    path.write_text("\n".join(LINES), encoding="utf-8")
    workspace = Workspace.open(tmp_path / "workspace")
    load_file(workspace, path, path.name, IntakeRequest(ledger_rules=ANSWERS))
    return workspace


def counted(workspace: Workspace) -> list[bool]:
    (file,) = workspace.current().tables["costs"].files  # type: ignore[union-attr]
    return pq.read_table(file, columns=["is_cx"]).column("is_cx").to_pylist()  # type: ignore[no-untyped-call, no-any-return]


def part(workspace: Workspace) -> tuple[Decimal, Decimal, int, int]:
    found = part_that_is_cx(workspace.current())  # type: ignore[arg-type]
    assert found is not None and found.who == TESTER.signature and found.at
    return found.amount, found.of, found.names, found.of_names


def test_the_version_says_which_part_counts_and_who_said_so(workspace: Workspace) -> None:
    assert counted(workspace) == [True, False, True, False]
    assert part(workspace) == (Decimal(20), Decimal(100), 1, 3)


def test_another_answer_counts_at_once_and_the_version_before_can_be_used_again(workspace: Workspace) -> None:
    before = workspace.current()
    change_rules(workspace, who=TESTER, add=(("account", "=Loyalty", "cx"),), remove=(ANSWERS[2],))
    version = recount(workspace, who=TESTER)
    assert version is not None and before is not None and version.number == before.number + 1
    assert counted(workspace) == [True, False, True, True]
    assert part(workspace) == (Decimal(70), Decimal(100), 2, 3)
    assert version.tables["costs"].sums == before.tables["costs"].sums
    assert State.open(workspace.folder).audit()[-1].what == "ledger recounted"
    workspace.restore(before.id)
    assert counted(workspace) == [True, False, True, False]


def test_rules_that_change_no_line_make_no_version(workspace: Workspace) -> None:
    change_rules(workspace, who=TESTER, add=(("note", "nothing has this", "not_cx"),))
    assert recount(workspace, who=TESTER) is None


def test_a_name_decides_before_a_word(workspace: Workspace) -> None:
    change_rules(workspace, who=TESTER, add=(("note", "care", "cx"),))
    assert recount(workspace, who=TESTER) is None  # every line is named
    change_rules(workspace, who=TESTER, remove=(ANSWERS[2],))
    assert recount(workspace, who=TESTER) is not None and counted(workspace) == [True, False, True, True]
