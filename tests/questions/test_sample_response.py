"""The sample company's true response, which its script states, is what the engine finds in its data."""

import runpy
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from cxroi.model.decision.verdict import Call
from cxroi.model.response.channel import Channel
from cxroi.questions import build_business_case, default_scenario, gather
from tests.sample_place import sample_place

SCRIPT = Path(__file__).parents[2] / "data" / "sample" / "make_sample.py"


@pytest.fixture(scope="module")
def evidence(tmp_path_factory):
    return gather(sample_place(tmp_path_factory))


@pytest.fixture(scope="module")
def script():
    return SimpleNamespace(**runpy.run_path(str(SCRIPT)))


def test_the_true_marginal_response_lies_in_the_95_percent_interval_of_each_segment(evidence, script):
    low, high = np.quantile(evidence.posterior.slope(), [0.025, 0.975], axis=0)
    truth = {segment.name: script.true_slope("keeps", segment) for segment in script.SEGMENTS}
    for s, name in enumerate(evidence.posterior.segments):
        assert low[s] < truth[name] < high[s], name


def test_what_spend_spares_in_contacts_is_found_and_nothing_in_margin_or_new_customers(evidence, script):
    found = {one.channel: one for one in evidence.channels}
    low, high = np.quantile(found[Channel.SUPPORT].slope()[:, 0], [0.025, 0.975])
    assert low < script.true_slope("spares", script.SEGMENTS[1]) < high  # villas have every line that spares any
    assert found[Channel.SUPPORT].helps > 0.99 and found[Channel.SUPPORT].harms < 0.01
    assert max(found[name].helps + found[name].harms for name in (Channel.MARGIN, Channel.JOINS)) < 0.1


def test_the_price_rise_is_seen_as_a_level_and_not_as_what_spend_did(evidence, script):
    rise = next(event for event in script.EVENTS if event.kind == "price")
    margin = next(one for one in evidence.channels if one.channel is Channel.MARGIN)
    (shift,) = margin.shifts
    assert (evidence.posterior.segments[shift.segment], shift.month) == (rise.segment, rise.month)
    rate = next(segment.variable_cost_rate for segment in script.SEGMENTS if segment.name == rise.segment)
    assert -shift.size == pytest.approx(np.log((rise.price - rate) / (1 - rate)), abs=0.02)


def test_the_true_carryover_is_found(evidence, script):
    low, high = np.quantile(evidence.posterior.carryover_rate, [0.05, 0.95])
    assert low < script.TRUE_CARRYOVER < high


def test_the_verdict_is_on_the_right_side_and_marked_illustrative(evidence):
    case = build_business_case(evidence, default_scenario(evidence))
    assert case.illustrative and case.verdict.call is Call.UNDER_INVESTED
    called = {s.segment: s.verdict.call for s in case.segments}
    assert called.pop("Property managers") is Call.OVER_INVESTED  # half of their money goes into vouchers
    assert set(called.values()) == {Call.UNDER_INVESTED}
    strict = build_business_case(evidence, replace(default_scenario(evidence), residual_value_months=0))
    managers = next(s.verdict for s in strict.segments if s.segment == "Property managers")
    assert managers.probability_best_above < 0.05
