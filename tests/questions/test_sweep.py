"""Every step of a slider is worth exactly what its own case is worth, and what was worked out once is kept."""

from dataclasses import fields, replace

import numpy as np
import pytest

from benchmarks.simulation.companies import Company, simulate
from cxroi.errors import ScenarioError
from cxroi.model.scenario import Scenario
from cxroi.model.value.outcome import PlanFigures
from cxroi.questions import build_business_case, default_scenario, evidence_from_panel
from cxroi.questions import sweep as asked
from cxroi.questions.sweep import LEADING, slide_of, stop_of, stop_of_case, sweep

COMPANY = Company(spend=1.0, customers=60_000, spend_variation=0.4, drift_spread=0.01, seed=3)


@pytest.fixture(scope="module")
def evidence():
    return evidence_from_panel(simulate(COMPANY).panel, data_version="v1", survive=False)


def scenarios(evidence, count):
    """Return scenarios at whole steps of the sliders, some of them left to the evidence."""
    rng, bare = np.random.default_rng(11), default_scenario(evidence)
    for _ in range(count):
        picked = {name: float(rng.choice(slide_of(name, 0.0).values)) for name in LEADING}
        yield replace(bare, **{name: value for name, value in picked.items() if rng.random() < 0.6})


def figures_of(stop):
    """Return every number that is said of a stop."""
    for name in (one.name for one in fields(PlanFigures)):
        value = getattr(stop.figures, name)
        parts = (value.low, value.mid, value.high) if hasattr(value, "mid") else (value,)
        yield from ((f"{name} {place}", part) for place, part in enumerate(parts))


def test_a_stop_is_what_its_own_case_says(evidence):
    for scenario in scenarios(evidence, 24):
        found, case = stop_of(evidence, scenario), stop_of_case(build_business_case(evidence, scenario))
        assert (found.level_percent, found.uplift_is_typed, found.support_is_typed) == (
            case.level_percent,
            case.uplift_is_typed,
            case.support_is_typed,
        )
        assert found.support_cost_change_percent == pytest.approx(case.support_cost_change_percent, abs=1e-12)
        for (name, here), (_, there) in zip(figures_of(found), figures_of(case), strict=True):
            assert here == (there if there is None else pytest.approx(there, rel=1e-9, abs=1e-6)), (scenario, name)


def test_the_nearest_steps_come_first_and_every_step_comes(evidence):
    slide = slide_of("support_cost_change_percent", 0.0)
    values = [stop.value for stop in sweep(evidence, default_scenario(evidence), slide, 7.0)]
    assert values[0] == 7.0 and {values[1], values[2]} == {6.0, 8.0}
    assert sorted(values) == list(slide.values)


def test_a_step_is_worked_out_once(evidence, monkeypatch):
    scenario = replace(default_scenario(evidence), horizon_months=24)
    slide = slide_of("investment_level_percent", 100.0)
    first = [stop for stop, _ in zip(sweep(evidence, scenario, slide, 100.0), range(3), strict=False)]
    monkeypatch.setattr(asked, "stop_of", lambda *_: pytest.fail("worked out again"))
    again = [stop for stop, _ in zip(sweep(evidence, scenario, slide, 100.0), range(3), strict=False)]
    assert all(here is there for here, there in zip(first, again, strict=True))


def test_steps_that_cannot_be_reached_are_left_out(evidence):
    scenario = replace(default_scenario(evidence), investment_level_percent=120.0)
    slide = replace(slide_of("retention_uplift_pp", 0.0), low=0.0, high=50.0, step=5.0)
    with pytest.raises(ScenarioError):
        stop_of(evidence, replace(scenario, retention_uplift_pp=50.0))
    values = [stop.value for stop in sweep(evidence, scenario, slide)]
    assert 0.0 in values and 50.0 not in values


def test_few_sliders_are_kept(evidence, monkeypatch):
    monkeypatch.setattr(asked, "_KEPT", 2)
    for months in (13, 14, 15):
        next(sweep(evidence, Scenario(horizon_months=months), slide_of("support_cost_change_percent", 0.0)))
    assert len(evidence.sweeps) <= 2


@pytest.mark.parametrize("name", LEADING)
def test_a_slider_is_wide_enough_for_where_it_stands_and_stays_within_what_may_be_typed(name):
    for value in (-49.9, -3.3, 0.0, 7.3, 49.9):
        slide = slide_of(name, value if name != "investment_level_percent" else abs(value))
        assert slide.low <= slide.high and slide.values[0] == slide.low and slide.values[-1] == slide.high
        assert name == "investment_level_percent" or slide.low <= value <= slide.high


def test_the_slider_of_the_uplift_reaches_beyond_what_the_evidence_expects():
    assert slide_of("retention_uplift_pp", 4.0, (2.0, 10.5)).high == 11.0
