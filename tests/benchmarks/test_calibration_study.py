"""The calibration study counts what the product says, as surely as its companies allow, and says what misses."""

from argparse import Namespace
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest

from benchmarks.simulation.companies import simulate
from benchmarks.studies import lines, made_companies
from benchmarks.studies.calibration import LEVELS, PLAN, REGIMES, company, study_one, true_value
from benchmarks.studies.calibration_report import bins, plot, report, share_of, summary
from cxroi.model.statistics.proportion import proportion_interval
from cxroi.model.value.economics import economics
from cxroi.questions import build_business_case, default_scenario, evidence_from_panel

SEED = 900_001  # none of the study's own


def result(p_more, more_pays, *, call="over_invested", best=50.0, covered=True, failed=(), rank=0.5):
    row = {"p_more": p_more, "more_pays": more_pays, "call": call, "best": best, "covered": covered}
    return {"failed": list(failed), "rows": [row], "rank": rank}


def test_every_regime_is_a_company_that_can_be_simulated_and_judged():
    found = study_one("one_segment", SEED)
    assert len(found["rows"]) == 2 and 0 <= found["rank"] <= 1
    assert all(simulate(company(regime, SEED)).panel.customers_lost.sum() > 0 for regime in REGIMES)


def test_the_study_counts_what_the_product_says():
    simulated = simulate(company("few_months", SEED))
    evidence = evidence_from_panel(simulated.panel, data_version="study")
    case = build_business_case(evidence, replace(default_scenario(evidence), investment_level_percent=PLAN))
    truth = true_value(simulated, economics(evidence.baseline, case.scenario, PLAN), LEVELS)
    row = study_one("few_months", SEED)["rows"][0]
    assert row["p_more"] == case.verdict.probability_more_pays and row["call"] == case.verdict.call
    npv, true = case.outcome.npv, truth.sum(axis=1)[LEVELS.tolist().index(PLAN)]
    assert row["covered"] == (npv.low <= true <= npv.high)


def test_in_its_own_unit_todays_spend_is_one_whatever_the_segments_plan():
    assert simulate(company("inside", SEED)).today_ratio == pytest.approx(np.ones(4), abs=0.01)
    assert np.ptp(simulate(company("positions", SEED)).today_ratio) > 0.02


def test_segments_that_err_together_count_as_one_company_and_those_that_err_apart_as_many():
    together = share_of([[True] * 5] * 10 + [[False] * 5] * 90)
    assert (together.low, together.high) == pytest.approx(proportion_interval(10, 100), rel=0.02)
    rng = np.random.default_rng(0)
    apart = share_of(rng.random((400, 5)) < 0.1)
    assert apart.high - apart.low == pytest.approx(2 * 1.96 * np.sqrt(0.09 / 2000), rel=0.15)


def test_wrong_are_the_calls_whose_best_level_lies_on_the_other_side_and_an_open_verdict_is_no_call():
    found = summary(
        [result(0.1, False), result(0.1, True, best=150.0), result(0.5, True, call="not_enough_evidence", best=150.0)]
    )
    assert found.wrong.value == pytest.approx(1 / 2)
    assert summary([result(0.5, True, call="not_enough_evidence")]).wrong is None


def test_ranks_that_pile_up_are_told_by_the_chi_square():
    even = [result(0.1, False, rank=(i + 0.5) / 100) for i in range(100)]
    assert summary(even).rank_p > 0.99
    assert summary([result(0.1, False, rank=0.02)] * 100).rank_p < 1e-6


def test_a_miss_is_said_in_a_sentence_and_marked_in_the_table():
    bad = {"inside": [result(0.95, i % 2 == 0, covered=i % 2 == 0) for i in range(40)]}
    text = report(bad, REGIMES)
    assert "of 40 cases stated at 95%, 50% were so" in text and "**45 points**" in text
    assert "too narrow" in text
    good = {"inside": [result(0.95, i % 20 != 0, covered=i % 10 != 0) for i in range(40)]}
    assert "Nothing in this run." in report(good, REGIMES)


def test_the_plot_has_a_panel_a_regime_and_a_dot_a_bin_that_holds_enough():
    results = [result(0.95, True)] * 30 + [result(0.05, False)] * 5
    tree = ElementTree.fromstring(plot({"inside": results, "few_months": results}))
    ns = "{http://www.w3.org/2000/svg}"
    assert len(tree.findall(f".//{ns}g")) == 2 and len(tree.findall(f".//{ns}circle")) == 2
    assert len(bins(results)) == 2


def test_a_study_that_was_stopped_goes_on_and_reports_the_seeds_without_a_gap(tmp_path):
    options = Namespace(folder=tmp_path, regimes="calm,wild", companies=2, processes=1)
    (tmp_path / "calm.jsonl").write_text('{"regime": "calm", "seed": 1, "kept": true}\n')
    (tmp_path / "wild.jsonl").write_text('{"regime": "wild", "seed": 3}\n')
    found = made_companies.run(_made, options)
    assert found["calm"] == [{"regime": "calm", "seed": 0}, {"regime": "calm", "seed": 1, "kept": True}]
    assert [one["seed"] for one in found["wild"]] == [0, 1]  # 3 may be there because it was quick
    assert made_companies.run(None, options) == found  # nothing is left to do


def _made(regime, seed):
    return {"regime": regime, "seed": seed}


def test_lines_on_the_wrong_side_are_counted_out_of_the_lines_that_are_called():
    def line(call, best):
        return {
            "call": call,
            "best": best,
            "reason": "more_pays",
            "p_more": 0.5,
            "more_pays": True,
            "strength": 1.0,
            "covered": True,
        }

    moved = {"ours": 0.1, "equal": 0.0, "shifted": 0.1, "covered": True}
    rows = [line("over_invested", 150.0), line("over_invested", 50.0), *[line("not_enough_evidence", 150.0)] * 3]
    results = [{"regime": "pair", "rows": rows, "agrees": True, "line": moved, "segment": moved} for _ in range(4)]
    text = lines.report(results)
    assert ": 4 of 8 |" in text
    assert "of the verdicts with a side are on the wrong one" in text
