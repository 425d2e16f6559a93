"""What a slider costs on the server: the whole business case after a change, against the naive cube of the same size."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.simulation.companies import Company, simulate
from benchmarks.speed.measure import Row, medians
from cxroi.model.scenario import Scenario
from cxroi.questions import Evidence, build_business_case, default_scenario, evidence_from_panel, gather
from cxroi.store.sample import load_sample
from cxroi.store.versions.workspace import Workspace

RUNS = 15
SLIDERS = ("investment level", "retention uplift", "support cost")


def rows() -> list[Row]:
    """Return one line for each leading slider, on the sample company and on the size that the target was set for."""
    return [row for name, evidence, scenario in _companies() for row in _rows(name, evidence, scenario)]


def _companies() -> Iterator[tuple[str, Evidence, Scenario]]:
    with tempfile.TemporaryDirectory() as folder:
        load_sample(Workspace.open(Path(folder)))
        sample = gather(Path(folder), None)
    yield "sample company, 36 months", sample, default_scenario(sample)
    ten = evidence_from_panel(simulate(Company(n_segments=10, seed=3)).panel, data_version="ten")
    yield "ten segments, 60 months", ten, replace(default_scenario(ten), horizon_months=60)


def _rows(company: str, evidence: Evidence, scenario: Scenario) -> list[Row]:
    turn = count()  # every run asks for a scenario that was never asked for before
    survival = 1 - np.random.default_rng(1).uniform(0.01, 0.03, size=(10_000, len(evidence.panel.segments), 1))
    months = np.arange(scenario.horizon_months)
    plan = replace(scenario, investment_level_percent=120.0)

    def changed(**changes: Any) -> None:
        build_business_case(evidence, replace(plan, **changes))

    times = medians(
        {
            "cube": lambda: (survival**months).sum(),
            "investment level": lambda: changed(investment_level_percent=120.0 + next(turn) * 0.01),
            "retention uplift": lambda: changed(retention_uplift_pp=1.0 + next(turn) * 0.001),
            "support cost": lambda: changed(support_cost_change_percent=-5.0 - next(turn) * 0.01),
        },
        RUNS,
    )
    return [
        Row(
            job=f"business case after a change of {name} ({company})",
            baseline="naive cube of 10,000 draws x segments x months",
            seconds=times[name],
            baseline_seconds=times["cube"],
            target=0.15,
            runs=RUNS,
        )
        for name in SLIDERS
    ]
