"""Ledgers of the usual systems load as they are: recognised by their headings, to the cent, with the account in each line."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from cxroi.cli import main
from cxroi.intake.parse import ParseLimits, parse_file
from cxroi.intake.presets.preset import shipped_presets
from cxroi.intake.readers import source
from cxroi.intake.report import IntakeReport, IntakeRequest, LoadOutcome, Severity
from cxroi.store.versions.workspace import Workspace
from tests.acting import load_file
from tests.made_ledgers import ALL, SYSTEMS, Made, System, write


def parsed(path: Path, folder: Path) -> tuple[IntakeReport, list[tuple]]:
    """Load a file of which every line counts, with no other option, and return its account and the account, lines and sum of each account."""
    (report,) = parse_file(path, path.name, IntakeRequest(other_lines="cx"), folder, date(2026, 1, 31), ParseLimits())
    if report.parquet is None:
        return report, []
    query = f"SELECT account, count(*), sum(amount) FROM '{folder / report.parquet}' GROUP BY account ORDER BY account"
    return report, duckdb.sql(query).fetchall()


@pytest.mark.parametrize(("make", "language"), ALL, ids=[f"{make.__name__}-{language}" for make, language in ALL])
def test_a_ledger_is_known_by_its_headings_and_loads_to_the_cent(make, language, tmp_path: Path) -> None:
    made: Made = make(language)
    report, accounts = parsed(write(made, tmp_path, make.__name__), tmp_path)
    assert report.outcome is LoadOutcome.LOADED, (report.message, report.facts, report.rejects[:3])
    assert (report.table, report.preset.get("id", "")) == ("costs", made.preset)
    assert (Decimal(report.totals["amount"]), report.rows_loaded) == (made.total, made.lines)
    assert len(accounts) == made.accounts and all(name for name, _, _ in accounts)
    found = {finding.id for finding in report.findings if finding.severity is not Severity.NOTE}
    assert not {"finding.total.disagrees", "finding.total.disagree_more"} & found
    assert report.rows_read == report.rows_loaded + report.rows_skipped


def test_every_preset_of_a_ledger_has_a_made_one() -> None:
    made = {make(language).preset for make, language in ALL if language == "en"} - {""}
    assert {preset.id for preset in shipped_presets() if preset.table == "costs"} == made


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system.make.__name__)
def test_the_app_and_the_command_line_load_it_alike(system: System, tmp_path: Path, capsys, files_read_here) -> None:
    made = system.make(system.languages[-1])
    path = write(made, tmp_path, "ledger")
    (report,), version = load_file(Workspace.open(tmp_path / "app"), path, path.name, IntakeRequest())
    assert version is not None and Decimal(report.totals["amount"]) == made.total
    assert (
        main(["import", str(path), "--json", "--yes", "--other-lines", "cx", "--workspace", str(tmp_path / "terminal")])
        == 0
    )
    (told,) = json.loads(capsys.readouterr().out)["files"]
    assert (Decimal(told["totals"]["amount"]), told["rows_loaded"]) == (made.total, made.lines)


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system.make.__name__)
def test_a_large_ledger_is_read_as_a_small_one_is(
    system: System, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(replace(system.make("en"), kind="csv"), tmp_path, "ledger")
    for name in ("small", "large"):
        (tmp_path / name).mkdir()
    report, accounts = parsed(path, tmp_path / "small")
    monkeypatch.setattr(source, "LARGE_BYTES", 0)
    large, same_accounts = parsed(path, tmp_path / "large")
    assert same_accounts == accounts
    assert (large.totals, large.rows_loaded, large.preset) == (report.totals, report.rows_loaded, report.preset)
