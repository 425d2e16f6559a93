"""Made companies are what their regime says, can be uploaded, and have a truth that is the model's own where both know the response."""

from dataclasses import fields, replace

import numpy as np
import pytest

from benchmarks.simulation import CHANNELS, REGIMES, Reading, company_of, lived, recorded, remaining_months, truth_of
from benchmarks.simulation.company import Budget, Company, Disturbance, Link, World
from benchmarks.simulation.curves import Power, Saturating, SShaped, Step
from cxroi.model.company.panel import Panel
from cxroi.model.response.shape import Family, gain
from cxroi.model.scenario import Scenario
from cxroi.model.value.economics import economics
from cxroi.model.value.projection import tabulate
from cxroi.model.value.valuation import value_levels
from cxroi.questions import Evidence, evidence_from_panel

SEED = 900_001  # none of the study's own
LEVELS = np.array([0.0, 50.0, 100.0, 150.0, 300.0])
STILL = Company(seed=1, links={name: Link((0.0,) * 4) for name in CHANNELS})


def history(regime, seed=SEED):
    return lived(company_of(regime, seed))


def log_changes(values):
    return np.diff(np.log(values), axis=1).ravel()


def slope(x, y):
    x = x - x.mean()
    return float(x @ (y - y.mean()) / (x @ x))


@pytest.mark.parametrize("regime", REGIMES)
def test_every_company_can_be_uploaded_and_is_the_same_for_every_engine(regime):
    made = history(regime)
    panel = recorded(made)
    assert Panel.from_frame(panel.to_frame()).segments == panel.segments  # adds up month by month
    assert np.array_equal(panel.cx_spend, recorded(history(regime)).cx_spend)
    assert not np.array_equal(panel.cx_spend[:, :8], recorded(history(regime, SEED + 1)).cx_spend[:, :8])
    assert np.all(truth_of(made).value(LEVELS, Reading.LIFE)[2] == 0)


def test_the_channels_of_a_regime_are_those_in_which_spend_acts():
    def acting(regime, seed=SEED):
        return {name for name, link in company_of(regime, seed).links.items() if np.any(link.strength)}

    assert acting("none") == set() and acting("all") == set(CHANNELS)
    assert acting("margin_support") == {"margin", "support"} and acting("joins") == {"joins"}
    drawn = [company_of("prior", seed).links["margin"].strength[0] for seed in range(400)]
    assert np.mean([b > 0 for b in drawn]) == pytest.approx(0.22, abs=0.07)
    assert np.mean([b < 0 for b in drawn]) == pytest.approx(0.03, abs=0.025)


def test_spend_that_does_harm_raises_churn_and_vouchers_lower_the_margin():
    for regime, channel in (("harm", "churn"), ("margin_wrong", "margin")):
        assert truth_of(history(regime)).lifts(np.array([200.0]), 24)[channel][-1].max() < 0


def test_a_budget_that_is_a_share_of_revenue_moves_with_it_one_for_one_now_or_a_month_later():
    quiet = replace(STILL, disturbances={"margin": Disturbance(month=0.05)}, n_months=48)
    for when, lag in (("now", 0), ("last", 1)):
        made = lived(replace(quiet, budget=Budget(variation=0.001, share_of_revenue=when)))
        spend, margin = made.spend / made.start, made.margin / made.start
        assert slope(log_changes(margin[:, : 48 - lag]), log_changes(spend[:, lag:])) == pytest.approx(1, abs=0.02)


def test_spend_chases_churn_after_the_fact_or_foresees_it():
    busy = replace(STILL, disturbances={"churn": Disturbance(drift=0.2)}, n_months=48, customers=40_000)
    spend, rate = [], []
    for budget in (Budget(variation=0.01, follows_churn=1.0), Budget(variation=0.01, foresees_churn=1.0)):
        made = lived(replace(busy, budget=budget))
        spend.append(np.log(made.spend / made.start))
        log_rate = np.log(made.lost / made.start)
        rate.append(log_rate - log_rate.mean(axis=1, keepdims=True))
    assert slope(rate[0][:, :-1].ravel(), spend[0][:, 1:].ravel()) == pytest.approx(1, abs=0.1)
    assert slope(rate[1][:, 1:].ravel(), spend[1][:, :-1].ravel()) == pytest.approx(1, abs=0.1)


def test_acquisition_moves_joins_and_goes_with_cx_spend_and_is_told_only_where_it_is_given():
    made = history("none_acquisition_given")
    per_customer = made.acquisition / made.start
    assert slope(log_changes(made.spend / made.start), log_changes(per_customer)) == pytest.approx(0.7, abs=0.3)
    assert slope(log_changes(per_customer), log_changes(made.joined)) > 0.2
    known = "acquisition_spend" in {field.name for field in fields(Panel)}
    given = getattr(recorded(made), "acquisition_spend", None)
    assert (given is None) if not known else np.array_equal(given, made.acquisition)
    assert getattr(recorded(history("none_acquisition")), "acquisition_spend", None) is None


def test_support_cost_that_contains_cx_spend_does_so_in_the_books_and_not_in_the_truth():
    made = history("none_contains")
    share = made.company.books.support_contains
    assert recorded(made).support_cost - made.support == pytest.approx(share * made.spend)
    window = made.window
    truth = truth_of(made).today.support
    assert truth == pytest.approx(made.support[:, window].sum(1) / made.start[:, window].sum(1))


def test_the_books_get_spend_wrong_as_the_regime_says():
    error, late, capex, headcount = (
        history(n) for n in ("spend_error", "booked_late", "capex_at_once", "by_headcount")
    )
    off = np.log(recorded(error).cx_spend / error.spend)
    assert off.std() == pytest.approx(0.3, rel=0.15) and np.exp(off).mean() == pytest.approx(1, abs=0.08)
    lag = late.company.books.booked_late_months
    assert np.array_equal(recorded(late).cx_spend[:, lag:], late.spend[:, :-lag])
    booked = recorded(capex).cx_spend
    assert booked.sum(axis=1) == pytest.approx(capex.spend.sum(axis=1))
    assert (booked > 2 * capex.spend).sum() <= 4 * capex.company.n_segments
    per_customer = recorded(headcount).cx_spend / headcount.start
    assert np.ptp(per_customer, axis=0) == pytest.approx(0, abs=1e-9)
    assert recorded(headcount).cx_spend.sum() == pytest.approx(headcount.spend.sum())


def test_a_new_count_of_the_lost_jumps_in_mid_history_and_a_new_label_moves_customers():
    made = history("churn_redefined")
    ratio = recorded(made).customers_lost.sum(axis=0) / made.lost.sum(axis=0)
    size, turn = made.company.books.lost_count_changes, made.company.turn
    assert ratio[:turn] == pytest.approx(1) and np.log(ratio[turn:]).mean() == pytest.approx(size, abs=0.05)
    moved = history("relabelled")
    panel, turn = recorded(moved), moved.company.turn
    assert panel.customers_at_start.sum() == pytest.approx(moved.start.sum(), rel=1e-3)
    share = 1 - panel.customers_at_start[0, turn] / moved.start[0, turn]
    assert share == pytest.approx(moved.company.books.relabelled, abs=0.01)
    assert panel.contribution_margin.sum() == pytest.approx(moved.margin.sum())


def test_budgets_that_hardly_move_or_move_each_january():
    never = history("never_varied")
    assert np.log(never.index).std(axis=1).max() < 0.05
    made = history("calendar_years")
    change = np.abs(np.diff(np.log(made.index), axis=1)).mean(axis=0)
    january = np.arange(1, made.company.n_months) % 12 == 0
    assert change[january].mean() > 3 * change[~january].mean()


def test_what_happens_in_the_world_is_what_the_regime_says():
    shock = history("shock")
    month = shock.company.turn
    inside, half = np.arange(shock.company.n_months), 2
    hit = (inside >= month - 2) & (inside < month + 3)
    rate = np.log(shock.lost / shock.start)
    assert (rate[:half, hit].mean() - rate[:half, ~hit].mean()) > 0.15
    assert np.log(shock.index[:half, hit]).mean() < np.log(shock.index[:half, ~hit]).mean()
    step = history("none_price_free")
    found = step.steady["margin"][0, -1] - step.steady["margin"][0, 0]
    assert found == pytest.approx(step.company.world.price_step) and abs(found) >= 0.08
    better = history("where_improving")
    fell = -np.array(better.company.world.trends)
    rose = np.log(better.index[:, -6:]).mean(axis=1) - np.log(better.index[:, :6]).mean(axis=1)
    assert np.mean([slope(fell, rose) > 0]) == 1
    mixed = lived(replace(STILL, n_months=48, customers=40_000, world=World(frailty=(0.2, 0.4, 0.8, 1.3, 2.3))))
    churn = mixed.lost.sum(axis=0) / mixed.start.sum(axis=0)
    assert churn[-6:].mean() < 0.9 * churn[:6].mean()


def test_an_effect_that_is_delayed_does_nothing_before():
    lifts = truth_of(history("pure_delay")).lifts(np.array([200.0]), 12)["churn"]
    assert np.all(lifts[:4] == 0) and np.any(lifts[4] != 0)


def test_where_spend_does_nothing_a_level_is_worth_what_it_saves():
    truth = truth_of(history("none"))
    saved = (1 - LEVELS / 100)[:, None] * truth.spent
    for reading in Reading:
        assert truth.value(LEVELS, reading) == pytest.approx(saved)


def test_kept_customers_are_counted_for_their_remaining_life_by_the_geometric_sum():
    truth = truth_of(lived(replace(STILL, links={**STILL.links, "churn": Link((0.5,) * 4, Saturating(1.0), 0.0)})))
    today, months = truth.today, 36
    churn = today.churn[:, 0] * np.exp(-truth.lifts(np.array([200.0]), 1)["churn"][0, 0])
    ends = []
    for rate in (churn, today.churn[:, 0]):
        stay = (1 - rate) ** months
        ends.append(today.customers[:, 0] * stay + today.joins[:, 0] * (1 - stay) / rate)
    left = np.array([remaining_months(one) for one in today.churn[:, 0]])
    q = (1 - today.churn[:, 0]) * 1.1 ** (-1 / 12)
    tail = 1.1 ** (-months / 12) * q * (1 - q**left) / (1 - q)
    more = (ends[0] - ends[1]) * tail * (today.margin - today.support - today.spend)
    found = [truth.value(np.array([200.0]), reading)[0] for reading in Reading]
    assert found[1] - found[0] == pytest.approx(more)


def test_the_curves_are_those_of_the_model():
    r = np.linspace(0, 3, 31)
    for mine, family, half, steep in (
        (Saturating(0.7), Family.EXPONENTIAL, 0.7, 1.0),
        (SShaped(1.4, 2.5), Family.HILL, 1.4, 2.5),
        (Power(0.4), Family.POWER, 1.0, 0.4),
        (Step(1.2, 12.0), Family.THRESHOLD, 1.2, 12.0),
    ):
        assert mine(r) == pytest.approx(gain(family, r, half, steep), abs=1e-12)


def known_to_the_model(evidence: Evidence, links, churn):
    """Return the future of one draw in which the model knows the truth; `links` are Hill curves."""
    n_segments = len(evidence.baseline.segments)

    def shape(link):
        return {
            "family": np.array([Family.HILL]),
            "half_saturation": np.array([link.curve.half]),
            "steepness": np.array([link.curve.steep]),
            "carryover_rate": np.array([link.carryover_rate]),
            "strength": np.array([link.strength[:n_segments]]),
        }

    first = evidence.future.take(slice(0, 1))
    channels = tuple(replace(one, **shape(links[str(one.channel)])) for one in first.channels)
    response = replace(first.response, **shape(links["churn"]))
    return replace(first, response=response, churn=churn.T, strength=response.strength, channels=channels)


def test_the_truth_is_the_models_own_projection_where_the_model_knows_everything():
    links = {
        "churn": Link((0.3, 0.4, 0.2, 0.35), SShaped(0.8, 2.0), 0.6),
        "margin": Link((0.1, 0.05, 0.12, 0.08), SShaped(1.2, 1.5), 0.2),
        "support": Link((0.4, 0.3, 0.2, 0.25), SShaped(0.5, 1.1), 0.8),
        "joins": Link((0.2, 0.25, 0.3, 0.15), SShaped(2.0, 2.5), 0.4),
    }
    made = lived(replace(STILL, links=links, n_months=24))
    evidence, truth = (
        evidence_from_panel(recorded(made), data_version="study"),
        replace(truth_of(made), unit=np.ones(4)),
    )
    assert {str(one.channel) for one in evidence.future.channels} == {"margin", "support", "joins"}
    future = known_to_the_model(evidence, links, truth.today.churn)
    for reading, months in ((Reading.STRICT, 0), (Reading.LIFE, None)):
        money = economics(evidence.baseline, Scenario(residual_value_months=months), 150.0)
        assert months is not None or np.array_equal(money.life, truth.today.remaining_months)
        valuation = value_levels(money, tabulate(future, 0.10, 36, LEVELS))
        found = np.stack([(w.benefit - w.cost)[:, 0] for w in map(valuation.of, range(4))], axis=1)
        assert found == pytest.approx(truth.value(LEVELS, reading), rel=1e-9, abs=1e-6)


def test_seasons_come_when_they_are_said_to_and_in_the_budget_too():
    quiet = replace(STILL, n_months=48, world=World(last_quarter=0.3), budget=Budget(variation=0.0, last_quarter=0.45))
    made = lived(quiet)
    late = np.arange(48) % 12 >= 9
    for values, size in ((made.margin, 0.3), (made.support, 0.15), (made.spend, 0.45)):
        per_customer = np.log(values / made.start)
        assert per_customer[:, late].mean() - per_customer[:, ~late].mean() == pytest.approx(size)
    wave = lived(replace(STILL, n_months=48, customers=40_000, world=World(yearly_wave=0.3, own_seasons=True)))
    peak = [np.log(wave.lost[s] / wave.start[s]).reshape(4, 12).mean(axis=0).argmax() for s in range(4)]
    assert len(set(peak)) == 4
    in_phase = company_of("season_in_phase", SEED)
    assert in_phase.budget.in_phase >= 0.15 and abs(in_phase.world.yearly_wave) >= 0.1


def test_a_price_goes_up_with_the_budget_and_one_segments_churn_breaks():
    made = history("price_with_budget")
    turn, world, budget = made.company.turn, made.company.world, made.company.budget
    assert np.all(
        made.steady["margin"][:, turn] - made.steady["margin"][:, turn - 1] == pytest.approx(world.price_step)
    )
    quiet = lived(replace(STILL, budget=Budget(variation=0.0, rise_with_price=budget.rise_with_price)))
    jump = np.log(quiet.index[:, STILL.turn] / quiet.index[:, STILL.turn - 1])
    assert jump == pytest.approx(budget.rise_with_price) and world.price_step > 0
    broken = history("break")
    step = broken.steady["churn"][:, -1] - broken.steady["churn"][:, 0]
    assert 0.15 <= abs(step[0]) <= 0.4 and np.all(step[1:] == 0)


@pytest.mark.parametrize("months", [0, 4])
def test_an_event_comes_with_the_step_in_spend_where_it_holds_and_only_its_name_is_told(months):
    world = World(event=(0.4, 0.1), event_months=months)
    made = lived(replace(STILL, world=world, budget=Budget(variation=0.0, rise_with_event=0.3)))
    turn = STILL.turn
    held = np.zeros(made.start.shape)
    held[:2, turn : turn + months if months else None] = 1
    for values, size in ((made.margin / made.start, 0.1), (made.spend / made.start, 0.3)):
        assert np.log(values / values[:, :1]) == pytest.approx(size * held)
    churn = made.steady["churn"][:, turn] - made.steady["churn"][:, 0]
    assert churn == pytest.approx([0 if months else 0.4, 0 if months else 0.4, 0, 0])
    untold, named = (recorded(lived(company_of(name, SEED))) for name in ("event_untold", "event_named"))
    assert np.array_equal(untold.cx_spend, named.cx_spend) and np.array_equal(
        untold.customers_lost, named.customers_lost
    )
    assert untold.events == () and [one.segment for one in named.events] == ["s00", "s01"]
    began, lasted = company_of("event_named", SEED).turn, company_of("event_named", SEED).world.event_months
    assert np.datetime64(named.events[0].first_on, "M") == named.months[began]
    assert named.events[0].lasts is (lasted == 0)


def test_small_and_short_companies_are_small_and_short():
    assert 8 <= company_of("few_months", SEED).n_months <= 11 and 8 <= company_of("all_few", SEED).n_months <= 11
    assert history("tiny").start.mean() < 1_500 and history("one_segment").start.shape[0] == 1
    assert np.ptp(np.log(history("shared_plan").index), axis=0).max() < 0.6


def test_a_good_month_is_good_for_margin_joins_and_churn_at_once():
    noisy = {name: Disturbance(month=0.1) for name in CHANNELS}
    made = lived(replace(STILL, n_months=48, customers=40_000, disturbances=noisy, world=World(good_months=0.7)))
    margin, joins, churn = (np.log(x / made.start).mean(axis=0) for x in (made.margin, made.joined, made.lost))
    assert np.corrcoef(margin, joins)[0, 1] > 0.4 and np.corrcoef(margin, churn)[0, 1] < -0.4


def test_curves_outside_the_model_start_at_nothing_and_rise():
    r = np.linspace(0, 3, 31)
    for regime in ("threshold", "knees", "logarithm"):
        curve = company_of(regime, SEED).links["churn"].curve
        assert type(curve).__name__ == {"threshold": "LogisticStep", "knees": "Knees", "logarithm": "Logarithm"}[regime]
        assert curve(np.zeros(1))[0] == pytest.approx(0) and np.all(np.diff(curve(r)) >= 0)
    assert len({link.carryover_rate for link in company_of("one_curve", SEED).links.values()}) == 1
