"""What a slider costs on the server: what the headline says of a plan that was never asked for, and all that What-if shows of it, against
the naive cube of the same size."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import count
from pathlib import Path

import numpy as np

from benchmarks.simulation.companies import Company, simulate
from benchmarks.speed.measure import Row, medians
from cxroi.model.scenario import Scenario
from cxroi.questions import BusinessCase, Evidence, build_business_case, default_scenario, evidence_from_panel, gather
from cxroi.store.sample import load_sample
from cxroi.store.versions.workspace import Workspace

RUNS = 15


def rows() -> list[Row]:
    """Return two lines for each leading slider, on the sample company and on the size that the target was set for."""
    return [row for target, name, evidence, scenario in _companies() for row in _rows(target, name, evidence, scenario)]


def _companies() -> Iterator[tuple[float, str, Evidence, Scenario]]:
    with tempfile.TemporaryDirectory() as folder:
        load_sample(Workspace.open(Path(folder)))
        sample = gather(Path(folder), None)
    yield 0.5, "sample company, 36 months", sample, default_scenario(sample)
    ten = evidence_from_panel(simulate(Company(n_segments=10, seed=3)).panel, data_version="ten")
    yield 0.3, "ten segments, 60 months", ten, replace(default_scenario(ten), horizon_months=60)


def _headline(case: BusinessCase) -> object:
    return case.outcome.npv


def _page(case: BusinessCase) -> object:
    return case.outcome.break_even_uplift_pp, case.cash_flow, case.waterfall


_LOOKS = {"the headline": _headline, "all that What-if shows": _page}


def _rows(target: float, company: str, evidence: Evidence, scenario: Scenario) -> list[Row]:
    turn = count()  # every run asks for a scenario that was never asked for before
    survival = 1 - np.random.default_rng(1).uniform(0.01, 0.03, size=(10_000, len(evidence.panel.segments), 1))
    months = np.arange(scenario.horizon_months)
    plan = replace(scenario, investment_level_percent=120.0)
    changes: dict[str, Callable[[int], dict[str, float]]] = {
        "investment level": lambda place: {"investment_level_percent": 120.0 + place * 0.01},
        "retention uplift": lambda place: {"retention_uplift_pp": 1.0 + place * 0.001},
        "support cost": lambda place: {"support_cost_change_percent": -5.0 - place * 0.01},
    }

    def asked(slider: str, look: str) -> object:
        return _LOOKS[look](build_business_case(evidence, replace(plan, **changes[slider](next(turn)))))  # type: ignore[arg-type]

    jobs: dict[str, Callable[[], object]] = {
        f"{look} after a change of {slider}": partial(asked, slider, look) for look in _LOOKS for slider in changes
    }
    times = medians({"cube": lambda: (survival**months).sum()} | jobs, RUNS)
    return [
        Row(
            job=f"{job} ({company})",
            baseline="naive cube of 10,000 draws x segments x months",
            seconds=times[job],
            baseline_seconds=times["cube"],
            target=target,
            runs=RUNS,
        )
        for job in jobs
    ]
