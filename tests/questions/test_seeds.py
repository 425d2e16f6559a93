"""The draws stand for what is not known; which draws they happen to be must not be seen in what is shown."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.simulation.companies import Company, simulate
from cxroi.questions import build_business_case, default_scenario, evidence_from_panel
from cxroi.view.figure import deserved_step

COMPANIES = (
    Company(spend=1.0, customers=60_000, spend_variation=0.4, drift_spread=0.01, seed=3),
    Company(spend=6.0, customers=5_000, n_segments=2, seed=12),
)


@pytest.fixture(scope="module", params=COMPANIES, ids=["sure", "unsure"])
def pairs(request):
    """Return the same two scenarios on three sets of draws."""
    panel = simulate(request.param).panel
    found = []
    for seed in range(3):
        evidence = evidence_from_panel(panel, data_version="v1", seed=seed)
        plan = replace(default_scenario(evidence), investment_level_percent=140.0)
        found.append(
            [build_business_case(evidence, s) for s in (plan, replace(plan, support_cost_change_percent=-5.0))]
        )
    return found


def test_other_draws_move_the_middle_by_less_than_the_last_digit_shown(pairs):
    values = [one.outcome.npv for one, _ in pairs]
    assert np.ptp([value.mid for value in values]) < max(deserved_step(value) for value in values)


def test_two_scenarios_share_their_draws_so_that_their_difference_has_next_to_no_noise(pairs):
    values = np.array([one.outcome.npv.mid for one, _ in pairs])
    gains = np.array([other.outcome.npv.mid - one.outcome.npv.mid for one, other in pairs])
    assert np.ptp(gains) < 0.001 * abs(gains.mean()) and np.ptp(gains) < 0.1 * np.ptp(values)


def test_other_draws_change_no_call(pairs):
    assert len({one.verdict.call for one, _ in pairs}) == 1
