"""What each line of spend does is told apart where the data can, and left open where they cannot."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.simulation.companies import Company
from benchmarks.simulation.line_companies import Inside, Line, simulate_lines, true_gain
from cxroi.model.decision.verdict import Call
from cxroi.model.response.lines import fit_lines, line_priors, moves_alone, prior_gain
from cxroi.model.response.prior import Priors
from cxroi.model.response.sampling import prior_cloud
from cxroi.model.value.economics import economics
from cxroi.questions import default_scenario, evidence_from_panel
from cxroi.questions.line_evidence import lines_of_spend
from cxroi.questions.lines import ask_where_between_lines, judge_lines, value_of_level

PLAIN = Company(
    n_segments=3, n_months=36, customers=20_000, churn=0.025, spend=2.5, month_spread=0.03, drift_spread=0.02
)


def line(strength, share, carryover_rate=0.3):
    return Line(share, strength, Inside(0, 1.0, 1.0), carryover_rate)


def company_of(lines, seed=3, together=(), **plain):
    return simulate_lines(replace(PLAIN, seed=seed, **plain), lines, np.random.default_rng(seed), together)


@pytest.fixture(scope="module")
def strong_useless_pair():
    """Return a company with a strong line, a useless one and two that move together, what we say of it, and its evidence."""
    lines = {
        "strong": line(0.3, 0.25),
        "useless": line(0.0, 0.3),
        "twin": line(0.1, 0.25),
        "other twin": line(0.0, 0.2),
    }
    company = company_of(lines, together=("twin", "other twin"))
    evidence = evidence_from_panel(company.panel, data_version="made")
    found = lines_of_spend(evidence, company.spend, by="initiative")
    return company, evidence, found, judge_lines(evidence, found, default_scenario(evidence))


def case(report, name):
    return next(one for one in report.lines if one.line == name)


def test_a_strong_line_is_called_under_and_a_useless_one_over(strong_useless_pair):
    *_, report = strong_useless_pair
    assert case(report, "strong").verdict.call is Call.UNDER_INVESTED
    assert case(report, "useless").verdict.call is Call.OVER_INVESTED
    assert report.next_unit == "strong"
    assert case(report, "strong").marginal_roi.low > 0 > case(report, "useless").marginal_roi.mid


def test_lines_that_move_together_are_not_told_apart_and_it_is_said_why(strong_useless_pair):
    *_, report = strong_useless_pair
    for name in ("twin", "other twin"):
        verdict = case(report, name).verdict
        assert (verdict.call, verdict.reason) == (Call.NOT_ENOUGH_EVIDENCE, "moves_alone")
        assert verdict.pilot is not None
    assert case(report, "strong").verdict.reason == "best_above"


def test_what_a_line_does_lies_in_its_interval(strong_useless_pair):
    company, evidence, found, _ = strong_useless_pair
    money = economics(evidence.baseline, default_scenario(evidence), 100.0)
    said = value_of_level(evidence, found, default_scenario(evidence), {"strong": 140.0})
    assert np.quantile(said, 0.05) <= true_gain(company, money, {"strong": 140.0}) <= np.quantile(said, 0.95)


def test_the_lines_together_do_what_the_whole_does(strong_useless_pair):
    """The whole's response to all spend at once is the sum of the lines' to theirs."""
    _, evidence, found, _ = strong_useless_pair
    whole = evidence.posterior.slope().mean(axis=1)
    parts = sum(one.posterior.slope().mean(axis=1) for one in found.responses.values())
    assert abs(parts.mean() - whole.mean()) <= 1.645 * np.hypot(parts.std(), whole.std())


def test_money_moves_from_the_useless_line_to_the_strong_one_and_nowhere_unknown(strong_useless_pair):
    company, evidence, found, _ = strong_useless_pair
    scenario = default_scenario(evidence)
    allocation = ask_where_between_lines(evidence, found, scenario)
    by_name = {move.segment: move for move in allocation.moves}
    assert by_name["strong"].spend > by_name["strong"].today_spend
    assert by_name["useless"].spend < by_name["useless"].today_spend
    assert by_name["twin"].bound == by_name["other twin"].bound == "held"
    assert allocation.spend <= allocation.today_spend * (1 + 1e-9) and allocation.gain.low > 0
    levels = {move.segment: 100 * move.spend / move.today_spend for move in allocation.moves}
    assert true_gain(company, economics(evidence.baseline, scenario, 100.0), levels) > 0
    floor = {"useless": (90.0, 100.0)}
    bound = ask_where_between_lines(evidence, found, scenario, bounds_percent=floor)
    useless = next(move for move in bound.moves if move.segment == "useless")
    assert useless.bound == "low" and useless.spend == pytest.approx(0.9 * useless.today_spend, rel=0.01)
    assert bound.gain.mid < allocation.gain.mid


def test_a_target_return_that_a_line_cannot_earn_is_said_of_lines_that_are_free_to_move(strong_useless_pair):
    _, evidence, found, _ = strong_useless_pair
    allocation = ask_where_between_lines(evidence, found, default_scenario(evidence), target_return=0.2)
    assert "useless" in allocation.unattainable and "twin" not in allocation.unattainable


def test_a_higher_hurdle_never_makes_more_of_a_line_pay(strong_useless_pair):
    _, evidence, found, report = strong_useless_pair
    hard = judge_lines(evidence, found, replace(default_scenario(evidence), hurdle_net_return=1.0))
    for easy, other in zip(report.lines, hard.lines, strict=True):
        assert other.verdict.probability_more_pays <= easy.verdict.probability_more_pays


@pytest.mark.parametrize("residual", [0, 24])
def test_moving_one_line_is_worth_the_same_alone_and_in_company(strong_useless_pair, residual):
    """value_line and value_together are two ways to the same figure; two good moves keep less together than apart."""
    _, evidence, found, _ = strong_useless_pair
    scenario = replace(default_scenario(evidence), residual_value_months=residual)
    alone = value_of_level(evidence, found, scenario, {"strong": 120.0})
    both = value_of_level(evidence, found, scenario, {"strong": 120.0, "twin": 120.0})
    other = value_of_level(evidence, found, scenario, {"twin": 120.0})
    assert value_of_level(evidence, found, scenario, {"strong": 100.0}) == pytest.approx(0.0, abs=1e-6)
    moves = ask_where_between_lines(
        evidence, found, scenario, budget=None, bounds_percent={"strong": (120.0, 120.0), "twin": (100.0, 100.0)}
    ).moves
    assert next(m for m in moves if m.segment == "strong").gain.mid == pytest.approx(alone.mean(), rel=1e-9)
    assert both.mean() < alone.mean() + other.mean()


def test_a_company_with_one_line_learns_of_it_what_it_learns_of_the_whole():
    company = company_of({"all": line(0.3, 1.0)})
    evidence = evidence_from_panel(company.panel, data_version="made")
    found = fit_lines(company.panel, company.spend, evidence.posterior)["all"]
    assert found.moves_alone == 1.0
    assert found.posterior.slope().mean() == pytest.approx(evidence.posterior.slope().mean(), rel=0.05)
    assert found.posterior.slope().std() == pytest.approx(evidence.posterior.slope().std(), rel=0.15)


def test_a_line_that_is_spent_on_no_more_is_taken_out_but_not_judged():
    company = company_of({"now": line(0.2, 0.6), "ended": line(0.2, 0.4)})
    ended = company.spend["ended"].copy()
    ended[:, 20:] = 0
    spend = {"now": company.spend["now"], "ended": ended}
    panel = replace(company.panel, cx_spend=spend["now"] + ended)
    evidence = evidence_from_panel(panel, data_version="made")
    found = lines_of_spend(evidence, spend, by="initiative")
    report = judge_lines(evidence, found, default_scenario(evidence))
    assert case(report, "ended").verdict is None and case(report, "ended").share == 0
    assert found.responses["now"].posterior.history.meanwhile.covariance.any()


def test_what_is_believed_of_lines_adds_up_to_what_is_believed_of_the_whole(strong_useless_pair):
    """A line's expected strength is its share of the whole's; most lines do less than that, and a few much more."""
    _, evidence, _, _ = strong_useless_pair
    history, shares = evidence.posterior.history, (0.1, 0.2, 0.3, 0.4)
    whole = prior_cloud(history, Priors(), 4096, 0)[0].strength.mean()
    drawn = [prior_cloud(history, line_priors(Priors(), share, 4), 4096, 0)[0].strength for share in shares]
    assert [one.mean() / whole for one in drawn] == pytest.approx(shares, rel=0.12)
    assert all(np.median(one) < 0.8 * one.mean() for one in drawn)


def test_spend_that_never_moved_explains_nothing(strong_useless_pair):
    _, evidence, _, _ = strong_useless_pair
    flat = replace(evidence.posterior.history, spend_ratio=np.ones_like(evidence.posterior.history.spend_ratio))
    nothing, moving = (prior_gain(one, Priors()) for one in (flat, evidence.posterior.history))
    assert nothing.mean == pytest.approx(0.0, abs=1e-12) and nothing.covariance == pytest.approx(0.0, abs=1e-12)
    assert (np.linalg.eigvalsh(moving.covariance) > -1e-12).all() and moving.covariance.any()
    ratio = evidence.posterior.history.spend_ratio
    assert np.corrcoef(moving.mean.ravel(), ratio.ravel())[0, 1] > 0.5


@pytest.mark.parametrize(("noise", "share"), [(0.0, 0.0), (1.0, 0.5), (1e6, 1.0)])
def test_moving_alone_is_what_the_others_do_not_explain(noise, share):
    rng = np.random.default_rng(0)
    base, own = rng.normal(size=(2, 20_000))
    assert moves_alone(base + noise * own, [base]) == pytest.approx(share, abs=0.02)
    assert moves_alone(np.zeros(5), [np.ones(5)]) == 0.0 and moves_alone(np.arange(5.0), []) == 1.0
