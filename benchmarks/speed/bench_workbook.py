"""What a workbook of a business case costs, asked and written, against the business case itself."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from benchmarks.simulation.companies import Company, simulate
from benchmarks.speed.measure import Row, medians
from cxroi.export.spreadsheet.workbook import workbook
from cxroi.model.scenario import Scenario
from cxroi.questions import (
    Evidence,
    ask_what_matters,
    build_business_case,
    default_scenario,
    evidence_from_panel,
    gather,
)
from cxroi.questions.workbook import workbook_facts
from cxroi.store.sample import load_sample
from cxroi.store.versions.workspace import Workspace
from cxroi.text import Text
from cxroi.view.share.story import provenance

RUNS = 3


def rows() -> list[Row]:
    """Return a line for the sample company and one for forty segments, each with the workbook's size in its name."""
    return [_row(name, evidence) for name, evidence in _companies()]


def _companies() -> Iterator[tuple[str, Evidence]]:
    with tempfile.TemporaryDirectory() as folder:
        load_sample(Workspace.open(Path(folder)))
        sample = gather(Path(folder), None)
    yield "sample company", sample
    yield (
        "forty segments",
        evidence_from_panel(simulate(Company(n_segments=40, seed=3)).panel, data_version="1-forty", survive=False),
    )


def _row(company: str, evidence: Evidence) -> Row:
    turn, text = count(), Text("en")  # every run asks for a scenario that was never asked for before

    def scenario() -> Scenario:
        return replace(default_scenario(evidence), investment_level_percent=120.0 + next(turn) * 0.01)

    def case() -> object:
        asked = scenario()
        whole = build_business_case(evidence, asked)
        sensitivity = ask_what_matters(evidence, asked)
        return (
            sensitivity,
            whole.outcome.annual_irr,
            whole.curve,
            whole.waterfall,
            whole.cash_flow,
            list(whole.segments),
        )

    def written() -> bytes:
        facts = workbook_facts(evidence, scenario())
        return workbook(facts, text, provenance(facts.case, text, made=datetime(2026, 1, 1, tzinfo=UTC)))

    size = len(written()) / 1e6
    times = medians({"case": case, "workbook": written}, RUNS)
    return Row(
        job=f"a workbook with live formulas, {size:.1f} MB ({company})",
        baseline="the whole business case behind it, with its sensitivity and segments",
        seconds=times["workbook"],
        baseline_seconds=times["case"],
        target=None,
        runs=RUNS,
    )
