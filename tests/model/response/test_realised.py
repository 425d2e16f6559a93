"""What an initiative brought is measured against what would have been, and a bad spell that passed is no success."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.simulation.companies import Company, _panel
from cxroi.model.assumption import Grade
from cxroi.model.response.realised import Initiative, PromiseStatus, realised

MONTHS, START = 36, 22


def panel_of(seed, effect=0.0, start=START, treated=(0,), chase=False, segments=4, customers=15_000, **noise):
    """Return a company whose churn falls by `effect` (log hazard) in `treated` from `start` on, and that start.

    With `chase` the start is the month after the treated segment's last quarter was clearly worse than its past.
    """
    rng, shape = np.random.default_rng(seed), (segments, MONTHS)
    spread, memory = noise.get("drift", 0.05), noise.get("memory", 0.6)
    month, level = rng.normal(0, 0.05, MONTHS), np.log(0.025 * np.exp(rng.normal(0, 0.25, segments)))
    drift = np.zeros(shape)
    for t in range(MONTHS):
        shock = rng.normal(0, spread, segments)
        drift[:, t] = memory * drift[:, t - 1] + np.sqrt(1 - memory**2) * shock if t else shock
    if chase:
        bad = drift[0] + month
        worse = (t for t in range(10, MONTHS - 8) if bad[t - 3 : t].mean() > bad[:t].mean() + 0.8 * bad[:t].std())
        start = next(worse, MONTHS - 8)
    now = size = np.round(customers * np.exp(rng.normal(0, 0.4, segments)))
    counts = np.zeros((3, *shape))
    for t in range(MONTHS):
        lifted = effect * (np.isin(np.arange(segments), treated) & (t >= start))
        lost = rng.binomial(now.astype(int), np.exp(level + month[t] + drift[:, t] - lifted))
        counts[:, :, t] = now, rng.poisson(size * 0.025), lost
        now = now + counts[1, :, t] - lost
    company = Company(seed=seed, n_segments=segments, n_months=MONTHS)
    return _panel(company, *counts, counts[0] * 3.0), start


def initiative(panel, start, segments=("s00",), **more):
    day = panel.months[start].astype("datetime64[D]")
    return Initiative(name="coaching", starts_on=day, segments=segments, **more)


def measured(seed, **how):
    treated = how.get("treated", (0,))
    panel, start = panel_of(seed, **how)
    names = () if len(treated) == how.get("segments", 4) else tuple(panel.segments[s] for s in treated)
    (found,) = realised(panel, (initiative(panel, start, names),))
    rows = list(treated)
    churn = panel.customers_lost[rows, start:].sum() / panel.customers_at_start[rows, start:].sum()
    return found, 100 * ((1 - churn) ** 12 - (1 - churn * np.exp(how.get("effect", 0.0))) ** 12)


@pytest.mark.parametrize(
    "how",
    [
        {"effect": 0.2},
        {"effect": 0.2, "treated": (0, 1, 2, 3)},
        {"effect": 0.0},
        {"effect": 0.0, "chase": True},
        {"effect": 0.0, "chase": True, "drift": 0.1, "memory": 0.0},
        {"effect": 0.0, "chase": True, "treated": (0, 1, 2, 3)},
    ],
    ids=["effect", "effect everywhere", "nothing", "bad spell", "bad luck", "bad spell everywhere"],
)
def test_what_an_initiative_did_lies_in_its_interval(how):
    """Of 20 companies at least 15 (a coverage of 90 % falls below that once in 90), and no bias beyond chance."""
    found = [measured(seed, **how) for seed in range(20)]
    covered = sum(one.uplift_pp.low <= truth <= one.uplift_pp.high for one, truth in found)
    misses = np.array([one.uplift_pp.mid - truth for one, truth in found])
    assert covered >= 15
    assert abs(misses.mean()) < 3 * misses.std() / np.sqrt(20)


def test_nothing_is_claimed_for_a_bad_spell_that_passed_where_before_and_after_would_claim_it():
    """Regression to the mean: started after a bad quarter, the months after are better whatever was done."""
    claimed, naive = 0, []
    for seed in range(20):
        panel, start = panel_of(seed, chase=True, drift=0.12, memory=0.6)
        (found,) = realised(panel, (initiative(panel, start),))
        claimed += found.probability_any > 0.95
        churn = panel.customers_lost[0] / panel.customers_at_start[0]
        naive.append(np.log(churn[start - 3 : start].mean() / churn[start:].mean()))
    assert claimed <= 3
    assert np.mean(naive) > 0.05


def test_a_promise_is_kept_missed_or_open_as_the_odds_are():
    panel, start = panel_of(5, effect=0.3)
    promises = {2.0: PromiseStatus.KEPT, 12.0: PromiseStatus.MISSED, None: PromiseStatus.NOT_STATED}
    (open_,) = realised(panel, (initiative(panel, start),))
    promises[open_.uplift_pp.mid] = PromiseStatus.OPEN
    for uplift, finding in promises.items():
        (found,) = realised(panel, (initiative(panel, start, promised_uplift_pp=uplift),))
        assert found.finding is finding
        assert found.compared_with == "segments" and found.grade in (Grade.MATCHED_COMPARISON, Grade.OWN_HISTORY)


def test_money_is_what_the_customers_kept_have_earned():
    """Without chance: N' decays by h e^b, and each customer more than that earns the margin less support, month by month."""
    panel, start = panel_of(5, effect=0.3)
    (found,) = realised(panel, (initiative(panel, start),))
    lost, customers = panel.customers_lost[0], panel.customers_at_start[0]
    churn = lost[start:].sum() / customers[start:].sum()
    goal = (1 - churn) ** 12 - found.uplift_pp.mid / 100
    effect = np.log((1 - goal ** (1 / 12)) / churn)
    gap = money = 0.0
    for t in range(start, MONTHS):
        rate = lost[t] / customers[t]
        gap = customers[t] * (1 - rate) - (customers[t] - gap) * (1 - rate * np.exp(effect))
        money += gap * (40.0 - 4.0)  # a month's customers are those at its end, as in the projection
    assert found.value.low < money < found.value.high
    assert found.value.mid == pytest.approx(money, rel=0.001)


def test_a_company_that_treats_everybody_is_compared_with_its_own_past_and_the_grade_drops():
    found, _ = measured(1, effect=0.2, treated=(0, 1, 2, 3))
    assert (found.compared_with, found.grade) == ("own_past", Grade.SURVEY_LINKAGE)


def test_two_that_began_together_are_not_told_apart():
    panel, start = panel_of(2, effect=0.3)
    own = initiative(panel, start)
    twin = replace(own, name="new app")
    (alone,) = realised(panel, (own,))
    beside, _ = realised(panel, (own, twin))
    assert beside.beside == ("new app",) and alone.beside == ()
    assert beside.grade is Grade.OWN_HISTORY
    width = [one.uplift_pp.high - one.uplift_pp.low for one in (alone, beside)]
    assert width[1] > 1.2 * width[0]
    elsewhere, _ = realised(panel, (own, replace(twin, segments=("s01",))))
    assert elsewhere.beside == ()


def test_what_cannot_be_said_is_said_to_be_so():
    panel, _ = panel_of(3)
    early, late = initiative(panel, 2), initiative(panel, MONTHS - 2)
    unknown, undated = initiative(panel, START, ("moon",)), replace(early, starts_on=None)
    found = [one.finding for one in realised(panel, (early, late, unknown, undated))]
    assert found == [
        PromiseStatus.NOTHING_BEFORE,
        PromiseStatus.TOO_EARLY,
        PromiseStatus.SEGMENT_UNKNOWN,
        PromiseStatus.NO_START,
    ]


def test_the_month_of_a_start_within_it_counts_neither_before_nor_after():
    panel, _ = panel_of(4)
    whole, within = initiative(panel, 20), replace(initiative(panel, 20), starts_on=np.datetime64("2023-09-14"))
    first, second = (realised(panel, (one,))[0] for one in (whole, within))
    assert (first.months_before, first.months_after) == (20, 16)
    assert second.months_after == 15


def test_an_initiative_is_measured_until_it_ends():
    panel, start = panel_of(6, effect=0.25)
    ended = replace(initiative(panel, start), ends_on=panel.months[start + 6].astype("datetime64[D]") - 1)
    assert realised(panel, (ended,))[0].months_after == 6


def test_what_the_rest_of_the_spend_did_meanwhile_is_not_credited():
    """All CX spend of a segment doubles when a small initiative begins there: most of the fall in churn may be the rest's."""
    panel, start = panel_of(7, effect=0.25)
    doubled = panel.cx_spend.copy()
    doubled[0, start:] *= 2
    own = np.zeros(doubled.shape)
    own[0, start:] = 0.02 * doubled[0, start:]
    panel = replace(panel, cx_spend=doubled)
    one = initiative(panel, start)
    (credited,), (careful,) = realised(panel, (one,)), realised(panel, (one,), {one.name: own})
    assert careful.uplift_pp.low < credited.uplift_pp.low - 1
    assert careful.uplift_pp.high - careful.uplift_pp.low > 1.3 * (credited.uplift_pp.high - credited.uplift_pp.low)
    steady = replace(panel, cx_spend=panel.customers_at_start * 3.0)
    (alike,) = realised(steady, (one,), {one.name: own})
    assert alike.uplift_pp.mid == pytest.approx(credited.uplift_pp.mid, abs=0.3)
