"""Uploaded pilots: the measure follows from the rows, and agrees with the counts."""

import numpy as np
import pandas as pd
import pytest

from cxroi.errors import ModelError
from cxroi.model.assumption import Grade
from cxroi.model.pilots.pilot import PilotOutcome, measure_randomised
from cxroi.model.pilots.pilot_table import compare_over_time, measure_table, money_over_time


def customers(n=2000, seed=0, uplift=0.05):
    random = np.random.default_rng(seed)
    habit = random.normal(size=n)
    treated = random.integers(0, 2, n)
    kept = (random.random(n) < np.clip(0.8 + uplift * treated + 0.12 * habit, 0, 1)).astype(int)
    group = np.where(treated == 1, "treated", "control")
    return pd.DataFrame(
        {
            "group": group,
            "period": "2025-06-01",
            "customer_id": np.arange(n).astype(str),
            "retained": kept,
            "covariate": habit,
        }
    )


def months(gain=0.3, n=4000, length=6, seed=0, customers_lost=None):
    random = np.random.default_rng(seed)
    rows = []
    for month in range(length):
        for group in ("treated", "control"):
            hazard = (0.03 + 0.02 * (month == 2)) * np.exp(-gain * (group == "treated"))
            lost = random.binomial(n, hazard) if customers_lost is None else customers_lost
            spend = n * (15.0 if group == "treated" else 10.0)
            rows.append((group, f"2025-{month + 1:02d}-01", n, n - lost, spend))
    return pd.DataFrame(rows, columns=["group", "period", "customers", "retained", "spend"])


def test_customers_without_a_covariate_are_counted():
    table = customers().drop(columns="covariate")
    (pilot,) = measure_table(table)
    counts = table.groupby("group")["retained"].agg(["size", "sum"])
    expected = measure_randomised(*counts.loc["treated"], *counts.loc["control"])
    assert pilot.result == expected
    assert pilot.segment == "" and pilot.months == 1 and pilot.evidence is None


def test_a_covariate_narrows_the_same_difference():
    (plain,), (adjusted,) = measure_table(customers().drop(columns="covariate")), measure_table(customers())
    assert adjusted.result.variance_reduction > 0.05
    assert adjusted.result.difference.mid == pytest.approx(plain.result.difference.mid, abs=0.02)


def test_a_customer_with_several_months_counts_once_by_the_last_of_them():
    table = customers().drop(columns="covariate")
    first = table.assign(period="2025-05-01", retained=1)
    (pilot,) = measure_table(pd.concat([table, first]))
    assert pilot.result == measure_table(table)[0].result and pilot.months == 2


def test_months_of_groups_give_the_log_hazard_whatever_all_customers_did_in_one_of_them():
    held = []
    for seed in range(100):
        (pilot,) = measure_table(months(seed=seed))
        held.append(abs(pilot.result.log_hazard_gain - 0.3) < 1.645 * pilot.result.log_hazard_error)
    assert 0.82 <= np.mean(held) <= 0.97
    assert pilot.result.difference.low < pilot.result.difference.mid < pilot.result.difference.high
    assert pilot.months == 6


def test_spend_makes_a_pilot_evidence_at_two_levels_of_todays():
    (pilot,) = measure_table(months(), spend_today=10.0)
    assert pilot.spend_per_customer_month == (15.0, 10.0)
    assert (pilot.evidence.spend_ratio_treated, pilot.evidence.spend_ratio_control) == (1.5, 1.0)
    assert pilot.evidence.segment is None and pilot.evidence.grade is Grade.RANDOMISED_PILOT
    assert measure_table(months(), spend_today=10.0, randomised=False)[0].evidence.grade is Grade.MATCHED_COMPARISON
    assert measure_table(months())[0].evidence is None
    assert measure_table(months().assign(spend=40_000.0), spend_today=10.0)[0].evidence is None


def test_each_segment_is_a_pilot_of_its_own():
    both = pd.concat([months(seed=1).assign(segment="a"), months(seed=2, gain=0.0).assign(segment="b")])
    a, b = measure_table(both, spend_today=10.0)
    assert (a.segment, b.segment) == ("a", "b") and a.evidence.segment == "a"
    assert a.result.log_hazard_gain > b.result.log_hazard_gain


def test_groups_that_lost_nobody_stay_finite():
    table = months()
    table.loc[table["group"] == "treated", "retained"] = table["customers"]
    (pilot,) = measure_table(table)
    assert np.isfinite(pilot.result.log_hazard_gain) and pilot.result.log_hazard_error > 0.5


@pytest.mark.parametrize(
    ("table", "id"),
    [
        (pd.DataFrame({"group": ["treated"]}), "pilot.columns_missing"),
        (months()[lambda t: t["group"] == "treated"], "pilot.comparison_incomplete"),
        (months().assign(retained=9999), "pilot.counts_unreadable"),
        (months(customers_lost=0), "pilot.counts_unreadable"),
        (customers().assign(retained=0.5), "pilot.customers_unreadable"),
    ],
)
def test_what_cannot_be_measured_is_refused_by_name(table, id):
    with pytest.raises(ModelError) as refused:
        measure_table(table)
    assert refused.value.id == id


def several(begins, effect=-0.01, margin=2.0, seed=0):
    """Return twelve months of two groups in a segment each, treated from its own month on, with churn and margin as they are made."""
    random, rows = np.random.default_rng(seed), []
    for segment, begin in begins.items():
        for month in range(1, 13):
            for group in ("treated", "control"):
                works = group == "treated" and month >= begin
                lost = random.binomial(6000, 0.04 + (effect if works else 0))
                rows.append(
                    {
                        "segment": segment,
                        "group": group,
                        "period": f"2025-{month:02d}-01",
                        "customers": 6000,
                        "retained": 6000 - lost,
                        "margin": 6000 * (50 + (margin if works else 0) + random.normal(0, 0.2)),
                        "support_cost": np.nan if month == 3 else 1.0,
                        "starts_on": pd.Timestamp(f"2025-{begin:02d}-01"),
                    }
                )
    return pd.DataFrame(rows)


@pytest.mark.parametrize("begins", [dict.fromkeys("abc", 6), {"a": 5, "b": 7, "c": 9}])
def test_pilots_of_several_segments_are_compared_together_each_from_its_own_month(begins):
    found = [compare_over_time(several(begins, seed=seed)) for seed in range(4)]
    assert np.mean([one.effect.mid for one in found]) == pytest.approx(-0.01, abs=0.001)
    assert all(one.units == 6 and one.log_hazard_gain > 0 for one in found)


def test_pilots_that_began_together_are_the_same_with_the_month_named_and_tell_their_money_too():
    rows, since = several(dict.fromkeys("abc", 6)), pd.Timestamp("2025-06-01")
    assert compare_over_time(rows) == compare_over_time(rows, since)
    (told,) = money_over_time(rows).items()
    assert told[0] is PilotOutcome.MARGIN, "support cost lacks a month"
    assert told[1].effect.low < 2.0 < told[1].effect.high and told[1].effect.high - told[1].effect.low < 0.5
    assert money_over_time(several({"a": 5, "b": 7})) == {}


def test_pilots_that_nothing_tells_the_beginning_of_are_not_compared():
    with pytest.raises(ModelError, match=r"pilot\.comparison_incomplete"):
        compare_over_time(several({"a": 5, "b": 7}).drop(columns="starts_on"))
