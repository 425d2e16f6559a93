"""The sample company's true response, which its script states, is what the engine finds in its data."""

import runpy
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from cxroi.model.decision.verdict import Call
from cxroi.questions import build_business_case, default_scenario, gather
from cxroi.store.sample import load_sample
from cxroi.store.versions.workspace import Workspace

SCRIPT = Path(__file__).parents[2] / "data" / "sample" / "make_sample.py"


@pytest.fixture(scope="module")
def evidence(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sample") / "workspace"
    load_sample(Workspace.open(folder))
    return gather(folder)


@pytest.fixture(scope="module")
def script():
    return SimpleNamespace(**runpy.run_path(str(SCRIPT)))


def test_the_true_marginal_response_lies_in_the_95_percent_interval_of_each_segment(evidence, script):
    """U(r) = b (1 - e^(-cr)) / (1 - e^(-c)), so today's slope is b c e^(-c) / (1 - e^(-c))."""
    c = script.TRUE_CURVATURE
    per_strength = c * np.exp(-c) / (1 - np.exp(-c))
    low, high = np.quantile(evidence.posterior.slope(), [0.025, 0.975], axis=0)
    for s, name in enumerate(evidence.posterior.segments):
        assert low[s] < script.TRUE_STRENGTH[name] * per_strength < high[s], name


def test_the_true_carryover_is_found(evidence, script):
    low, high = np.quantile(evidence.posterior.carryover_rate, [0.05, 0.95])
    assert low < script.TRUE_CARRYOVER < high


def test_the_verdict_is_on_the_right_side_and_marked_illustrative(evidence):
    case = build_business_case(evidence, default_scenario(evidence))
    assert case.illustrative and case.verdict.call is Call.UNDER_INVESTED
    chance = {s.segment: s.verdict.probability_best_above for s in case.segments}
    assert min(chance, key=chance.get) == "Property managers"
    strict = build_business_case(evidence, replace(default_scenario(evidence), residual_value_months=0))
    managers = next(s.verdict for s in strict.segments if s.segment == "Property managers")
    assert managers.probability_best_above < 0.05 and managers.call is not Call.UNDER_INVESTED
