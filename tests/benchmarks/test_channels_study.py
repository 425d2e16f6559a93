"""The study of the channels counts what the product says beside what is so, goes on where it stopped, and prints its own misses."""

from argparse import Namespace
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from benchmarks.simulation import CHANNELS, REGIMES, Link, Reading, company_of, lived, recorded, truth_of
from benchmarks.simulation.company import Budget, Company
from benchmarks.simulation.curves import Power
from benchmarks.studies import engine, made_companies
from benchmarks.studies.calibration_report import is_wrong
from benchmarks.studies.channels import engine_name, folder_of, regimes_named, write
from benchmarks.studies.comparison import comparison, pairs_of
from benchmarks.studies.figures import calibration, figures, rows_of
from benchmarks.studies.one_company import Settings, events_of, study
from benchmarks.studies.policies import POLICIES
from benchmarks.studies.report import report
from benchmarks.studies.rivals import ALL_OUTCOMES, CHURN_ONLY, advise, elasticities, naive_ratio, today_of
from benchmarks.studies.targets import targets
from benchmarks.studies.variants import VARIANTS, put
from cxroi.model.decision.health import first_failed
from cxroi.questions import gathering

SEED = 900_001  # none of the study's own
QUICK = Settings(draws=128, refits=False, engine="test")


@pytest.fixture(scope="module")
def quick():
    """Return one small company's result, with its evidence and truth."""
    history = lived(company_of("all_few", SEED))
    return (
        study("all_few", SEED, replace(QUICK, segments=True)),
        engine.gather(recorded(history), 128, False),
        truth_of(history),
    )


def row(
    call="under_invested", unchecked=None, best=150.0, p=0.9, earned=0.2, oracle=0.5, covered=True, reason="more_pays"
):
    policies = {name: [100.0, 0.0] for name in POLICIES} | {
        "verdict_optimum": [140.0, earned],
        "oracle": [best, oracle],
    }
    return {
        "call": call,
        "unchecked": unchecked or call,
        "reason": reason,
        "best": best,
        "p_best": p,
        "p_best_drawn": p,
        "p_more": p,
        "p_more_drawn": p,
        "p_more_counted": p,
        "outcomes_p": 0.5,
        "more_pays": best > 100,
        "covered_150": covered,
        "covered_80": covered,
        "width_150": 1.0,
        "policies": policies,
        "segments": [],
    }


def result(seed=0, regime="churn", **facts):
    readings = {str(reading): row(**facts) for reading in Reading}
    return {
        "regime": regime,
        "seed": seed,
        "engine": "test",
        "seconds": 1.0,
        "default": "strict",
        "channels": {},
        "events": {},
        "readings": readings,
    }


def test_the_study_counts_what_the_product_says(quick):
    found, evidence, truth = quick
    for reading in Reading:
        said, _ = engine.ask(evidence, reading)
        one = found["readings"][str(reading)]
        assert one["p_more_drawn"] == pytest.approx(said.verdict.probability_more_pays, abs=1e-5)
        assert one["call"] == said.verdict.call and one["unchecked"] == said.unchecked.call
        so = truth.value(np.array([150.0]), reading).sum()
        low, high = np.quantile(said.value[said.level_percent.tolist().index(150)], (0.05, 0.95))
        assert one["covered_150"] == (low <= so <= high)
        assert len(one["segments"]) == 4
    assert found["readings"]["life"]["p_best"] != found["readings"]["strict"]["p_best"]


def test_no_policy_beats_the_oracle_and_staying_earns_nothing(quick):
    for one in quick[0]["readings"].values():
        earned = {name: value for name, (_, value) in one["policies"].items()}
        assert set(earned) == set(POLICIES) and earned["staying"] == 0
        on_grid = [name for name, (level, _) in one["policies"].items() if level in one["levels"]]
        assert max(earned[name] for name in on_grid) == earned["oracle"] == max(one["truth"])


def test_what_is_called_without_a_check_is_called_as_if_none_had_failed():
    panel = recorded(lived(replace(company_of("churn", SEED), budget=Budget(variation=0.0))))
    said, _ = engine.ask(engine.gather(panel, 128, False), Reading.STRICT)
    assert first_failed(engine.gather(panel, 128, False).health) == "spend_variation" == said.verdict.reason
    assert said.unchecked.reason != "spend_variation"


def test_a_company_on_which_the_product_fails_is_told_not_hidden(monkeypatch):
    def fails(*args, **kwargs):
        raise ValueError("no")

    monkeypatch.setattr("benchmarks.studies.one_company.gather", fails)
    broken = study("churn", SEED, QUICK)
    assert broken["error"] == "ValueError: no"
    assert "- *churn*: 1 with `ValueError: no`." in report({"churn": [result(), broken]}, "")
    assert rows_of([result(), broken], "default") == rows_of([result()], "default")


def test_shares_are_of_what_they_say():
    rows = [
        *(row() for _ in range(6)),  # right
        row(best=50.0, earned=-0.3),  # a wrong call
        row(
            call="not_enough_evidence", unchecked="over_invested", best=150.0, reason="placebo", earned=0.0
        ),  # one stopped
        row(
            call="not_enough_evidence", unchecked="over_invested", best=50.0, reason="placebo", earned=0.0
        ),  # a right one stopped
        row(call="not_enough_evidence", reason="direction_unclear", p=0.5, covered=False, earned=0.0),
    ]
    found = figures(rows)
    assert found.calls == {"under_invested": 7, "over_invested": 0, "about_right": 0, "not_enough_evidence": 3}
    assert found.wrong.value == pytest.approx(1 / 7) and found.called.value == pytest.approx(0.7)
    assert found.capped == {"placebo": 2} and found.wrong_unchecked == (2, 1) and found.right_unchecked == (7, 1)
    assert found.covered.value == pytest.approx(0.9)
    money = found.money["verdict_optimum"]
    assert money.value.value == pytest.approx((6 * 0.2 - 0.3) / 10) and money.loses.value == pytest.approx(0.1)
    assert money.regret == pytest.approx(0.5 - money.value.value)
    stated = [(0.9, so) for so in (1, 1, 1, 1, 1, 1, 0, 1, 0)] + [(0.5, 1)]
    assert found.brier.value == pytest.approx(np.mean([(p - so) ** 2 for p, so in stated]))


def test_a_side_is_wrong_when_the_best_level_is_todays_or_on_the_other_side_and_an_open_verdict_never():
    assert is_wrong(row(best=100.0)) and is_wrong(row(call="over_invested", best=100.0))
    assert not is_wrong(row(best=102.0)) and not is_wrong(row(call="not_enough_evidence", best=0.0))


def test_the_calibration_finds_how_much_too_sure_statements_are_and_counts_clusters_not_rows():
    rng = np.random.default_rng(0)
    stated = 1 / (1 + np.exp(-rng.normal(0, 2, 4000)))
    so = rng.random(4000) < 1 / (1 + np.exp(-(0.3 + 0.5 * np.log(stated / (1 - stated)))))
    alone = calibration(stated, so, np.arange(4000))
    assert alone.slope.value == pytest.approx(0.5, abs=3 * alone.slope.error) and alone.slope.error < 0.05
    assert alone.intercept.value == pytest.approx(0.3, abs=3 * alone.intercept.error)
    five = calibration(np.repeat(stated, 5), np.repeat(so, 5), np.repeat(np.arange(4000), 5))
    assert five.slope.error == pytest.approx(alone.slope.error, rel=1e-3)
    assert calibration([0.9] * 30, [True] * 28 + [False] * 2, range(30)) is None


def test_a_target_says_whether_it_is_met_and_whether_chance_could_be_why_not():
    some = [row(best=150.0 if i % 10 else 50.0) for i in range(40)]
    wrong = next(one for one in targets("known", {"churn": some}, {}) if one.about == "wrong side of calls")
    assert not wrong.met and wrong.chance and wrong.outcome == "**missed**, within chance"
    surely = next(one for one in targets("known", {"churn": some * 20}, {}) if one.about == "wrong side of calls")
    assert not surely.met and not surely.chance
    stopped = [row(call="not_enough_evidence", unchecked="under_invested", best=50.0, reason="placebo")] * 3
    held = next(one for one in targets("hard", {"shock": some + stopped}, {}) if "stopped" in one.about)
    assert "3 of 7" in held.about and not held.met


def test_money_is_compared_company_by_company():
    rows = [row(earned=0.5), row(earned=-0.1), row(earned=0.2), row(earned=0.0)]
    found = {one.about: one for one in targets("known", {"churn": rows}, {}) if one.about.startswith("money")}
    one = found["money: verdict to its optimum against the regression of churn"]
    assert one.met and one.found == "0.150 ± 0.132; better in 2, worse in 1"


def test_the_report_counts_wrong_sides_out_of_calls_and_names_what_misses(tmp_path):
    some = [result(seed, best=150.0 if seed % 2 else 50.0) for seed in range(40)]
    settings = Settings(engine="test")
    write({"churn": some}, settings, tmp_path / "r.md")
    text = (tmp_path / "r.md").read_text()
    assert (
        "50.0% (35% to 65%): 20 of 40" in text and "- *churn* misses, by more than chance: wrong side of calls" in text
    )
    assert "40 companies (40 of each of 1 regimes)" in text and (tmp_path / "r.svg").read_text().startswith("<svg")


def test_the_sizes_of_named_events_are_counted_beside_what_they_were():
    told = [{**result(seed), "events": {"churn": [True, seed > 0], "margin": [False, True]}} for seed in range(2)]
    lines = report({"event_named": told, "event_untold": [result()]}, "").splitlines()
    assert "| event_named | 3 of 4 | 2 of 4 | 0 of 0 | 0 of 0 |" in lines
    assert not [line for line in lines if line.startswith("| event_untold | 0 of 0")]
    evidence = engine.gather(recorded(lived(company_of("event_named", SEED))), 128, False)
    event = company_of("event_named", SEED).world.event
    assert [len(held) for held in events_of(evidence, event).values()] == [2] * 4
    assert events_of(evidence, (9.0, 9.0))["margin"] == [False, False]


def test_a_study_goes_on_where_it_stopped_and_tries_again_what_failed(tmp_path):
    options = Namespace(folder=tmp_path, regimes="calm,wild", companies=4, processes=1, minutes=None)
    (tmp_path / "calm.jsonl").write_text(
        '{"regime": "calm", "seed": 0, "error": "x"}\n{"regime": "calm", "seed": 1, "kept": 1}\n{"regi'
    )
    found = made_companies.run(_made, options)
    assert [one["seed"] for one in found["calm"]] == [one["seed"] for one in found["wild"]] == [0, 1, 2, 3]
    assert found["calm"][0] == {"regime": "calm", "seed": 0} and found["calm"][1]["kept"]
    assert made_companies.run(None, options) == found  # nothing is left to do, and what was cut off is out of the way


def test_a_study_that_runs_out_of_time_has_come_equally_far_in_every_regime(tmp_path):
    options = Namespace(folder=tmp_path, regimes="a,b", companies=50, processes=1, minutes=0)
    found = made_companies.run(_made, options)
    assert len(found["a"]) == len(found["b"]) == 1


def _made(regime, seed):
    return {"regime": regime, "seed": seed}


def test_what_does_not_belong_together_is_not_kept_together():
    one = Settings(engine="a")
    others = (
        replace(one, engine="b"),
        replace(one, variant="sure_85"),
        replace(one, draws=512),
        replace(one, refits=False),
    )
    assert len({folder_of(settings) for settings in (one, *others)}) == 5
    assert engine_name() and folder_of(one) == folder_of(one)


def test_regimes_are_named_one_by_one_or_by_group():
    assert regimes_named("harm,churn") == ["churn", "harm"]
    assert set(regimes_named("known,confounded,hard,others")) == set(REGIMES)
    with pytest.raises(ValueError, match="nonsense"):
        regimes_named("nonsense")


def test_a_variant_changes_the_engine_while_it_judges_and_not_after(monkeypatch):
    before = gathering.read_register()[0]
    with VARIANTS["strength_halved"].context():
        assert gathering.read_register()[0].strength_scale == pytest.approx(before.strength_scale / 2)
    assert gathering.read_register()[0] == before
    with pytest.raises(AttributeError), put("cxroi.model.decision.verdict", "gone", lambda it: it):
        pass


def test_every_variant_changes_something_that_is_there_and_a_changed_engine_judges():
    for one in VARIANTS.values():
        with one.context():
            pass
    as_it_is, changed = (
        study("few_months", SEED, replace(QUICK, variant=name)) for name in ("as_is", "strength_doubled")
    )
    assert changed["readings"]["strict"]["mean"] != as_it_is["readings"]["strict"]["mean"]


def test_variants_are_compared_on_the_companies_that_both_came_through():
    one = {"churn": [result(seed, p=0.8) for seed in range(3)]}
    other = {"churn": [result(0, p=0.9), result(1, p=0.9, call="not_enough_evidence"), {"seed": 2, "error": "x"}]}
    pairs = pairs_of(one, other, "default")
    assert len(pairs["churn"]) == 2
    text = comparison(pairs, ("one", "other"))
    assert "| churn | 2 | 1 | 0.040, 0.010: -0.030 ± 0.000 |" in text


def company_with(**elasticity):
    """Return a company whose outcomes are power functions of spend, as the regression takes them to be."""
    links = {name: Link((elasticity.get(name, 1e-12),) * 4, Power(1e-3), 0.5) for name in CHANNELS}
    scaled = {name: replace(link, strength=tuple(b * 1e3 for b in link.strength)) for name, link in links.items()}
    return lived(Company(seed=7, links=scaled, customers=40_000, n_months=48, budget=Budget(variation=0.4)))


def test_the_regressions_find_elasticities_and_say_where_months_do_not_tell():
    true = {"churn": 0.2, "margin": 0.1, "support": 0.15, "joins": 0.25}
    found = elasticities(recorded(company_with(**true)))
    for name, value in true.items():
        assert found[name].value == pytest.approx(value, abs=max(3 * found[name].error, 0.01))
    together = elasticities(recorded(lived(company_of("shared_plan", SEED))))
    assert together["churn"].error > 0.05 or np.isinf(together["churn"].error)


def test_the_regression_of_churn_does_not_see_the_margin_and_that_of_all_outcomes_does():
    panel = recorded(company_with(margin=0.3))
    levels = np.array([50.0, 100.0, 150.0])
    advice = advise(today_of(panel), elasticities(panel), Reading.STRICT, levels)
    assert advice[ALL_OUTCOMES].more_pays > 0.99 and advice[ALL_OUTCOMES].best() == 150
    assert advice[CHURN_ONLY].more_pays < 0.2 and advice[CHURN_ONLY].best() == 50
    assert advice[ALL_OUTCOMES].best(80, 120) == 100


def test_the_plain_ratio_is_above_one_where_spend_pays_and_below_where_it_does_not():
    assert naive_ratio(recorded(company_with(margin=0.3))) > 1 > naive_ratio(recorded(company_with()))


def test_a_study_runs_in_processes(tmp_path):
    options = Namespace(folder=tmp_path, regimes="tiny", companies=1, processes=1, minutes=None)
    found = made_companies.run(partial(study, settings=QUICK), options)
    assert "error" not in found["tiny"][0]
