"""The trail as a file: every line, nothing live, and where it was altered."""

import csv
import io
import json
import sqlite3

from cxroi.cli import main
from cxroi.export.trail_file import trail_csv
from cxroi.store.state.state import State
from cxroi.store.versions.workspace import Workspace
from cxroi.text import Text


def test_every_line_is_in_it_and_no_cell_is_a_formula(tmp_path):
    Workspace.open(tmp_path)
    state = State.open(tmp_path)
    state.record("rate", who="=1+1", version=None, currency="@SUM(A1)")
    state.record("counted by hand", who="huda", version="000001-0123456789abcdef", through="network")
    lines = [line.plain() for line in state.audit()]
    heading, first, second = csv.reader(io.StringIO(trail_csv(lines, Text("ar")).decode("utf-8-sig")))
    assert len(heading) == 7 and first[2] == "'=1+1" and first[3] == "حفظ سعر صرف"
    assert json.loads(first[6]) == {"currency": "@SUM(A1)"}
    assert second[3:6] == [
        "counted by hand",
        "000001-0123456789abcdef",
        "network",
    ]  # a line of a newer part has its own name


def test_the_terminal_writes_it_also_where_it_was_altered_and_says_from_where(tmp_path, capsys):
    Workspace.open(tmp_path / "w")
    for number in range(3):
        State.open(tmp_path / "w").record("rate", who="huda", version=None, number=number)
    given = ["audit", "--workspace", str(tmp_path / "w"), "--out"]
    assert main([*given, str(tmp_path / "t.csv")]) == 0
    assert len((tmp_path / "t.csv").read_text(encoding="utf-8-sig").splitlines()) == 4
    with sqlite3.connect(tmp_path / "w" / "state.sqlite") as connection:
        connection.execute("DROP TRIGGER audit_is_never_changed")
        connection.execute("UPDATE audit SET facts = 'no facts at all' WHERE id = 2")
    assert main([*given, str(tmp_path / "t.json")]) == 1 and "line 2" in capsys.readouterr().err
    told = json.loads((tmp_path / "t.json").read_text(encoding="utf-8"))
    assert told["changed_from"] == 2 and [line["line"] for line in told["lines"]] == [1, 3]
    assert main([*given, str(tmp_path / "t.pdf")]) == 2
