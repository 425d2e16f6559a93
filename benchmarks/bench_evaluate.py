"""What a slider costs on the server: the whole business case after a change, against the naive cube of the same size."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from itertools import count
from pathlib import Path

import numpy as np

from benchmarks.measure import Row, medians
from cxroi.business_case import build_business_case, default_scenario, gather
from cxroi.store.sample import load_sample
from cxroi.store.snapshots import Workspace

RUNS = 15


def rows() -> list[Row]:
    """Return one line for each leading slider."""
    with tempfile.TemporaryDirectory() as folder:
        load_sample(Workspace.open(Path(folder)))
        evidence = gather(Path(folder), None)
    scenario = default_scenario(evidence)
    turn = count()  # every run asks for a scenario that was never asked for before
    survival = 1 - np.random.default_rng(1).uniform(0.01, 0.03, size=(10_000, len(evidence.panel.segments), 1))
    months = np.arange(scenario.horizon_months)
    level = scenario.investment_level_percent or 120.0

    def changed(**changes: float) -> None:
        build_business_case(evidence, replace(scenario, **changes))

    times = medians(
        {
            "cube": lambda: (survival**months).sum(),
            "investment level": lambda: changed(investment_level_percent=level + next(turn) * 0.01),
            "retention uplift": lambda: changed(retention_uplift_pp=1.0 + next(turn) * 0.001),
            "support cost": lambda: changed(support_cost_change_percent=-5.0 - next(turn) * 0.01),
        },
        RUNS,
    )
    return [
        Row(
            job=f"business case after a change of {name} (sample company)",
            baseline="naive cube of 10,000 draws x segments x months",
            seconds=times[name],
            baseline_seconds=times["cube"],
            target=0.15,
            runs=RUNS,
        )
        for name in ("investment level", "retention uplift", "support cost")
    ]
