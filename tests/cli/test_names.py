"""Names from data in the terminal and in its files: letters, never a formula, never a control sequence."""

import csv
import re

import pytest

from cxroi.cli import main

pytestmark = pytest.mark.usefixtures("files_read_here")
NAMES = (
    "=1+1",
    '=HYPERLINK("http://evil.example")',
    "=cmd|' /C calc'!A0",
    "@SUM(A1)",
    "+A1",
    "\x1b[2J\x1b[HOver-invested: fake",
    "a\x9b31mb",
    "-2",
)
HEAD = "month,segment,customers_at_start,customers_joined,customers_lost,revenue,contribution_margin,cx_spend"
CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")


def imported(folder, names, joined=100):
    rows = [
        [f"{year}-{month:02d}-01", name, 5000, joined, 100, 600000, 300000, 2000 + 100 * ((month + place) % 5)]
        for year in (2024, 2025)
        for month in range(1, 13)
        for place, name in enumerate(names)
    ]
    file = folder / "monthly.csv"
    with file.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows([HEAD.split(","), *rows])
    workspace = ["--workspace", str(folder / "w")]
    assert main(["import", str(file), "--currency", "SAR", *workspace]) == 0
    return workspace


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    """A company whose segments all have hostile names; nothing below changes it."""
    return imported(tmp_path_factory.mktemp("names"), NAMES)


def test_the_panel_as_csv_holds_no_live_formula(workspace, tmp_path):
    out = tmp_path / "panel.csv"
    assert main(["panel", "--out", str(out), *workspace]) == 0
    with out.open(newline="", encoding="utf-8") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    live = [cell for cell in cells if cell[:1] in tuple("=@+|%") or (cell[:1] == "-" and not cell[1:2].isdigit())]
    assert live == [] and "'=1+1" in cells


@pytest.mark.parametrize("command", [["baseline"], ["evaluate"], ["allocate"], ["tables"]])
def test_no_name_reaches_the_terminal_as_a_control_sequence(workspace, capsys, command):
    assert main([*command, *workspace]) == 0
    told = capsys.readouterr()
    assert not CONTROLS.search(told.out + told.err)


def test_nor_in_an_error(tmp_path, capsys):
    workspace = imported(tmp_path, NAMES[5:6], joined=900)
    assert main(["baseline", *workspace]) == 1
    told = capsys.readouterr()
    assert "␛[2J" in told.err and not CONTROLS.search(told.out + told.err)
