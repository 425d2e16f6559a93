"""What pages keep of scenarios is a few figures each, worked out once for everybody, and goes with the data it speaks of."""

import gc
import weakref
from dataclasses import replace

import pytest

from benchmarks.simulation.companies import Company, simulate
from cxroi.questions import default_scenario, evidence_from_panel
from cxroi.ui.decide import case

CHEAP = Company(spend=1.0, customers=60_000, spend_variation=0.4, drift_spread=0.01, seed=3)


@pytest.fixture(scope="module")
def held():
    return [evidence_from_panel(simulate(CHEAP).panel, data_version="v1", survive=False)]


def at(evidence, level):
    return case.kept_case(evidence, replace(default_scenario(evidence), investment_level_percent=level))


def test_a_scenario_is_worked_out_once(held):
    assert at(held[0], 120.0) is at(held[0], 120.0) is not at(held[0], 121.0)


def test_so_many_are_kept_and_the_oldest_goes_first(held, monkeypatch):
    monkeypatch.setattr(case, "_CASES", 3)
    first = at(held[0], 120.0)
    for level in (131.0, 132.0, 133.0):
        at(held[0], level)
    assert len(held[0].cases) <= 3 and at(held[0], 120.0) is not first


def test_cases_do_not_hold_data_that_nobody_else_does(held):
    at(held[0], 140.0)
    evidence = weakref.ref(held.pop())
    gc.collect()
    assert evidence() is None
