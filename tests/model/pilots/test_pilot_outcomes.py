"""What a pilot does to margin, support cost and joins: recovered with errors that hold, and refused where chance cannot be told."""

import numpy as np
import pandas as pd
import pytest

from cxroi.errors import ModelError
from cxroi.model.assumption import Grade
from cxroi.model.pilots.pilot import PilotBeliefs, PilotOutcome
from cxroi.model.pilots.pilot_outcomes import share_of_all_joins
from cxroi.model.pilots.pilot_table import measure_table

MARGIN, SUPPORT, JOINS = PilotOutcome.MARGIN, PilotOutcome.SUPPORT, PilotOutcome.JOINS
SPREAD = 1.2  # between customers, for good
BELIEFS = PilotBeliefs(margin_spread=SPREAD, support_spread=SPREAD)


def each_customer(gain=0.1, n=1500, months=4, leave=0.03, seed=0):
    """Return one row a customer and month until it leaves: margin that differs between customers for good, and from month to month."""
    random = np.random.default_rng(seed)
    parts = []
    for group, up in (("treated", np.exp(gain)), ("control", 1.0)):
        who = np.arange(n)
        usual = 40 * random.gamma(1 / SPREAD**2, SPREAD**2, n) * up
        for month in range(months):
            stays = random.random(who.size) > leave
            parts.append(
                pd.DataFrame(
                    {
                        "group": group,
                        "period": f"2025-{month + 1:02d}-01",
                        "customer_id": [f"{group}{each}" for each in who],
                        "retained": stays.astype(int),
                        "margin": usual[who] * random.gamma(4.0, 0.25, who.size),
                        "joined": random.poisson(0.3 * up, who.size),
                    }
                )
            )
            who = who[stays]
    return pd.concat(parts, ignore_index=True)


def by_group(gain=0.1, n=3000, months=6, before=6, seed=0, head_start=0.0, moving=0.02, sign=1.0):
    """Return totals a group and month of customers who differ for good; all of a segment's months move together by chance too."""
    random = np.random.default_rng(seed)
    usual = {group: 40 * random.gamma(1 / SPREAD**2, SPREAD**2, n).mean() for group in ("treated", "control")}
    usual["treated"] *= np.exp(head_start)
    rows = []
    for month in range(months + before):
        together = np.exp(random.normal(0, 0.1))
        for group, mean in usual.items():
            runs = group == "treated" and month >= before
            each = mean * together * np.exp(sign * gain * runs + random.normal(0, moving))
            joins = random.poisson(0.02 * together * n * np.exp(gain * runs))
            period = (pd.Period("2025-01", "M") + month).to_timestamp()
            kept = n - random.binomial(n, 0.02)
            rows.append((group, period, n, kept, n * (15.0 if runs else 10.0), n * each, joins))
    columns = ["group", "period", "customers", "retained", "spend", "margin", "joined"]
    return pd.DataFrame(rows, columns=columns)


def measured(rows, outcome=MARGIN, **more):
    (pilot,) = measure_table(rows, beliefs=BELIEFS, **more)
    if outcome in pilot.refused:
        raise pilot.refused[outcome]
    return next(one for one in pilot.outcomes if one.outcome is outcome)


def held(found, truth):
    return np.mean([abs(one.log_gain - truth) < 1.645 * one.log_error for one in found])


@pytest.mark.study
@pytest.mark.parametrize("outcome", [MARGIN, JOINS])
def test_rows_of_customers_recover_the_gain_with_errors_that_hold(outcome):
    found = [measured(each_customer(n=400, months=2, seed=seed), outcome) for seed in range(60)]
    assert np.mean([one.log_gain for one in found]) == pytest.approx(0.1, abs=0.03)
    assert 0.82 <= held(found, 0.1) <= 0.97


@pytest.mark.study
@pytest.mark.parametrize("before", [0, 6])
def test_months_of_groups_recover_the_gain_with_errors_that_hold_with_and_without_months_before(before):
    found = [measured(by_group(before=before, seed=seed)) for seed in range(100)]
    assert np.mean([one.log_gain for one in found]) == pytest.approx(0.1, abs=0.015)
    assert 0.84 <= held(found, 0.1) <= 0.98
    assert all(one.against_before == (before > 0) for one in found)


@pytest.mark.study
def test_joins_are_counts_and_their_errors_hold():
    found = [measured(by_group(before=0, n=20_000, seed=seed), JOINS) for seed in range(100)]
    assert np.mean([one.log_gain for one in found]) == pytest.approx(0.1, abs=0.01)
    assert 0.82 <= held(found, 0.1) <= 0.97


def test_support_cost_that_falls_is_a_gain_and_margin_that_falls_is_none():
    rows = by_group(gain=0.3, sign=-1.0).rename(columns={"margin": "support_cost"})
    support = measured(rows, SUPPORT)
    assert support.log_gain > 0 and support.change.high < 0 and support.treated < support.control
    assert measured(by_group(gain=0.3, sign=-1.0)).log_gain < 0


def test_a_head_start_is_taken_off_and_groups_that_were_apart_before_were_not_drawn_by_lot():
    one = measured(by_group(head_start=0.5, n=20_000))
    assert one.log_gain == pytest.approx(0.1, abs=0.06) and one.grade is Grade.MATCHED_COMPARISON
    assert measured(by_group(n=20_000)).grade is Grade.RANDOMISED_PILOT
    assert measured(by_group(), randomised=False).grade is not Grade.RANDOMISED_PILOT


def test_customers_who_left_do_not_count_as_customers_who_buy_less():
    rows = each_customer(gain=0.0, n=3000, months=1, leave=0.0).drop(columns="joined")
    left = rows.index[(rows["group"] == "control")][::3]
    rows.loc[left, ["retained", "margin"]] = 0
    assert abs(measured(rows).log_gain) < 0.15  # a third less margin a customer would be a gain of 0.4


def test_more_customers_and_more_months_make_it_surer():
    wide, narrow = (measured(each_customer(n=n, seed=3)).log_error for n in (300, 3000))
    assert narrow < wide / 2.5
    assert measured(by_group(months=12)).log_error < measured(by_group(months=3)).log_error


def test_an_outcome_becomes_evidence_at_the_same_two_levels_of_spend():
    one = measured(by_group(), spend_today=10.0)
    assert one.evidence.outcome is MARGIN and one.evidence.months == 6
    assert (one.evidence.spend_ratio_treated, one.evidence.spend_ratio_control) == (1.5, 1.0)
    assert (one.evidence.log_gain, one.evidence.standard_error) == (one.log_gain, one.log_error)
    assert measured(by_group().drop(columns="spend"), since=pd.Timestamp("2025-07-01")).evidence is None


def test_what_customers_bring_is_seldom_all_who_join():
    assert share_of_all_joins(0.3, 0.1, 1.0) == pytest.approx((0.3, 0.1))
    assert share_of_all_joins(0.3, 0.1, 0.0) == (0.0, 0.0)
    part, error = share_of_all_joins(0.3, 0.1, 0.2)
    assert 0 < part < 0.3 * 0.25 and error < 0.03


@pytest.mark.parametrize(
    ("rows", "more", "reason"),
    [
        (by_group(months=1, before=0), {}, "pilot.outcome_needs_months"),
        (by_group(months=2, before=0), {}, "pilot.outcome_needs_months"),
        (by_group(before=0), {"randomised": False}, "pilot.outcome_needs_months_before"),
        (by_group().assign(margin=0.0), {}, "pilot.outcome_not_above_zero"),
        (by_group().assign(margin=lambda t: t["margin"].where(t.index > 0)), {}, "pilot.outcome_incomplete"),
        (by_group().assign(margin=lambda t: 40 * t["customers"]), {}, "pilot.outcome_never_varies"),
        (each_customer(n=8), {}, "pilot.group_too_small"),
    ],
)
def test_what_cannot_be_told_is_refused_by_name_and_retention_is_measured_all_the_same(rows, more, reason):
    with pytest.raises(ModelError) as refused:
        measured(rows, **more)
    assert refused.value.id == reason
    (pilot,) = measure_table(rows, **more)
    assert np.isfinite(pilot.result.log_hazard_gain)
