"""What a report costs, each format against the business case that it tells of, on the sample company."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path

from benchmarks.speed.measure import Row, medians
from cxroi.export.report import FORMATS, report_of, written
from cxroi.questions import build_business_case, case_of, default_scenario, evidence_of, open_version
from cxroi.questions.story import ask_story
from cxroi.store.sample import load_sample
from cxroi.store.versions.workspace import Workspace
from cxroi.text import Text

RUNS = 5


def rows() -> list[Row]:
    """Return a line for each format."""
    with tempfile.TemporaryDirectory() as folder:
        load_sample(Workspace.open(Path(folder)))
        with open_version(Path(folder), None) as data:
            evidence, scenario = evidence_of(data), default_scenario(data)
            facts = ask_story(data, case_of(data, scenario), case_of(data, scenario.without_plan))
    report, turn = report_of(facts, Text("en"), made=datetime.now(UTC)), count()

    def case() -> object:
        case = build_business_case(evidence, replace(scenario, investment_level_percent=120.0 + next(turn) * 0.01))
        return case.outcome.break_even_uplift_pp, case.cash_flow, case.waterfall, case.horizons

    times = medians({"case": case} | {name: partial(written, name, report) for name in FORMATS}, RUNS)
    return [
        Row(
            job=f"report as {name} (sample company)",
            baseline="business case of a plan that was never asked for, with its strip of horizons",
            seconds=times[name],
            baseline_seconds=times["case"],
            target=None,
            runs=RUNS,
        )
        for name in FORMATS
    ]
