"""Forecast: published smoothing examples, the floor, honest intervals, alerts."""

import numpy as np
import pytest

from benchmarks.studies.forecast_study import WORLDS, Seen, report, study_one
from cxroi.errors import ModelError
from cxroi.model.forecast.backtest import MeasureKind
from cxroi.model.forecast.forecast import alerts, forecast
from cxroi.model.forecast.smoothing import Method, Parameters, estimate, paths_ahead, smooth

# Hyndman & Athanasopoulos (2018), Forecasting: principles and practice, chapter 7, as the statsmodels tests pin them.
OIL = [
    446.6565229, 454.4733065, 455.662974, 423.6322388, 456.2713279, 440.5880501,
    425.3325201, 485.1494479, 506.0481621, 526.7919833, 514.268889, 494.2110193,
]  # fmt: skip
LIVESTOCK = [
    263.917747, 268.307222, 260.662556, 266.639419, 277.515778, 283.834045, 290.309028, 292.474198, 300.830694,
    309.286657, 318.331081, 329.37239, 338.883998, 339.244126, 328.600632, 314.255385, 314.459695, 321.413779,
    329.789292, 346.385165, 352.297882, 348.370515, 417.562922, 417.12357, 417.749459, 412.233904, 411.946817,
    394.697075, 401.49927, 408.270468, 414.2428,
]  # fmt: skip


@pytest.mark.parametrize(("alpha", "printed"), [(0.2, 484.802468), (0.6, 501.837461)])
def test_simple_smoothing_of_saudi_oil_as_hyndman_and_athanasopoulos_2018(alpha, printed):
    found = smooth(OIL, Parameters(level=alpha, initial_level=OIL[0]))
    assert found.ahead(1)[0] == pytest.approx(printed, abs=1e-4)


def test_levels_and_the_optimum_of_saudi_oil_as_hyndman_and_athanasopoulos_2018():
    levels = [
        446.6565229, 448.21987962, 449.7084985, 444.49324656, 446.84886283, 445.59670028,
        441.54386424, 450.26498098, 461.4216172, 474.49569042, 482.45033014, 484.80246797,
    ]  # fmt: skip
    assert smooth(OIL, Parameters(level=0.2, initial_level=OIL[0])).level == pytest.approx(levels, abs=1e-4)
    best = estimate(OIL, Method.SIMPLE)
    assert best.level == pytest.approx(0.891998, abs=0.001)
    assert best.initial_level == pytest.approx(447.47844, abs=0.001)
    assert smooth(OIL, best).ahead(1)[0] == pytest.approx(496.493543, abs=0.001)


def test_damped_trend_of_livestock_in_asia_as_r_forecast_ets():
    weights = Parameters(
        level=0.97402626, trend=0.00010006, damping=0.98, initial_level=252.59039965, initial_trend=6.90265918
    )
    found = smooth(LIVESTOCK, weights)
    assert found.level[:3] == pytest.approx([263.799235525, 268.362332435, 261.031298344], rel=1e-5)
    assert found.level[-1] == pytest.approx(414.18145749, rel=1e-5)
    assert found.trend[:2] == pytest.approx([6.76506251912, 6.62954897354], rel=1e-5)
    assert found.mean_squared_error == pytest.approx(195.439792487, abs=0.001)


def test_seasonal_and_damped_paths_are_those_of_statsmodels_at_its_own_optimum():
    from statsmodels.tsa.holtwinters import ExponentialSmoothing, Holt

    y = np.log(sales(48))
    seasonal = ExponentialSmoothing(y, seasonal="add", seasonal_periods=12, initialization_method="heuristic").fit()
    assert smooth(y, estimate(y, Method.SEASONAL)).ahead(14) == pytest.approx(seasonal.forecast(14), rel=1e-9)
    damped = Holt(y, damped_trend=True, initialization_method="estimated").fit(method="SLSQP")
    assert smooth(y, estimate(y, Method.DAMPED_TREND)).ahead(14) == pytest.approx(damped.forecast(14), rel=1e-9)


def test_the_naive_ones_repeat_the_last_month_and_the_last_year():
    year = np.arange(12.0)
    assert paths_ahead(year, Method.NAIVE, 3, [12])[12].tolist() == [11, 11, 11]
    assert paths_ahead(year, Method.SEASONAL_NAIVE, 14, [12])[12].tolist() == [*range(12), 0, 1]


@pytest.mark.parametrize("method", list(Method))
def test_what_is_told_of_the_past_does_not_know_what_came_after(method):
    y = np.log(sales(40))
    changed = y.copy()
    changed[33:] += 5.0
    told, untouched = (paths_ahead(x, method, 3, range(28, 40)) for x in (y, changed))
    for origin in range(28, 34):
        assert told[origin] == pytest.approx(untouched[origin])


def sales(months, seed=0, *, season=0.15, noise=0.02, growth=0.0):
    random = np.random.default_rng(seed)
    t = np.arange(months)
    return 1000 * np.exp(growth * t + season * np.cos(2 * np.pi * t / 12) + random.normal(0, noise, months))


def test_a_yearly_season_is_carried_into_the_coming_year():
    found = forecast(sales(48))
    truth = 1000 * np.exp(0.15 * np.cos(2 * np.pi * np.arange(48, 60) / 12))
    assert found.floor is Method.SEASONAL_NAIVE
    assert found.mid == pytest.approx(truth, rel=0.06)
    assert (found.low < found.mid).all() and (found.mid < found.high).all()


def test_a_candidate_is_used_only_where_it_beats_the_floor_on_the_past():
    noisy = forecast(sales(48, season=0.0, noise=0.06))
    assert noisy.method is not Method.SEASONAL_NAIVE
    assert noisy.relative_error[noisy.method] < 0.95
    assert noisy.windows[0].error < noisy.windows[0].floor_error
    assert noisy.relative_error[noisy.floor] == pytest.approx(1.0)


def test_months_add_up_to_the_quarter_and_the_year_of_an_amount_and_average_for_a_rate():
    amount = forecast(sales(36))
    rate = forecast(np.full(30, 0.03) + np.random.default_rng(0).normal(0, 0.002, 30), kind=MeasureKind.RATE)
    assert amount.windows[1].value.mid == pytest.approx(amount.mid[:3].sum(), rel=1e-6)
    assert amount.windows[2].value.mid == pytest.approx(amount.mid.sum(), rel=1e-6)
    assert rate.windows[2].value.mid == pytest.approx(rate.mid.mean(), rel=1e-3)
    assert rate.low.min() > 0 and rate.high.max() < 1


def test_a_forecast_grows_less_sure_the_further_it_looks_unless_it_repeats_last_year():
    walk = 1000 * np.exp(np.cumsum(np.random.default_rng(5).normal(0, 0.03, 40)))
    found = forecast(walk)
    width = np.log(found.high / found.low)
    if found.method is not Method.SEASONAL_NAIVE:
        assert width[11] > 1.5 * width[0]
    assert found.windows[0].value.mid == pytest.approx(found.mid[0])


def test_ninety_percent_intervals_cover_about_that_often_and_say_how_often_they_did():
    random = np.random.default_rng(12)
    held: dict[int, list[bool]] = {1: [], 3: []}
    measured = []
    for seed in range(24):
        y = sales(39, seed) if seed % 2 else 1000 * np.exp(np.cumsum(random.normal(0, 0.03, 39)))
        found = forecast(y[:36])
        for window in found.windows[:2]:
            truth = y[36 : 36 + window.months].sum()
            held[window.months].append(window.value.low <= truth <= window.value.high)
            measured.append(window.coverage)
    assert np.mean(held[1]) >= 0.8 and np.mean(held[3]) >= 0.8
    assert 0.8 <= np.mean(measured) <= 0.99


def test_a_short_history_is_forecast_by_its_last_month_and_six_months_are_the_least():
    short = forecast([100, 104, 99, 101, 103, 102])
    assert short.method is Method.NAIVE and short.mid[0] == pytest.approx(102)
    assert [window.checked for window in short.windows] == [1, 0] and short.windows[1].coverage is None
    with pytest.raises(ModelError) as refused:
        forecast([100, 104, 99, 101, 103])
    assert refused.value.id == "forecast.too_short"


def test_a_gap_cuts_the_history_and_months_still_to_come_do_not():
    nan = float("nan")
    cut = forecast([50, nan, 100, 104, 99, 101, 103, 102])
    assert cut.months_of_history == 6
    assert forecast([100, 104, 99, 101, 103, 102, nan]).months_of_history == 6


def test_a_series_that_never_moves_is_forecast_as_it_is_and_without_a_crash():
    flat = forecast(np.full(40, 7.0))
    assert flat.mid == pytest.approx(np.full(12, 7.0)) and flat.windows[2].value.low == pytest.approx(84)
    assert alerts([flat]) == ()


def test_amounts_of_zero_or_below_are_forecast_on_their_own_scale():
    y = np.random.default_rng(2).normal(0, 5, 30)
    found = forecast(y, kind=MeasureKind.AMOUNT)
    assert found.low[0] < 0 < found.high[0]


def test_alerts_name_what_rises_falls_or_surprises_and_nothing_else():
    calm = forecast(sales(48), measure="revenue")
    falling = forecast(sales(48, growth=-0.03, season=0.0), measure="customers")
    jump = sales(48, noise=0.01)
    jump[-1] *= 2
    surprising = forecast(jump, measure="support_cost")
    assert [alert.kind for alert in alerts([calm])] == []
    assert [(alert.kind, alert.measure) for alert in alerts([falling])] == [("falling", "customers")]
    assert alerts([falling])[0].change == pytest.approx(np.exp(-0.36) - 1, abs=0.06)
    assert "surprise" in [alert.kind for alert in alerts([surprising])]


def test_a_change_that_is_sure_but_too_small_to_matter_is_no_alert():
    sure = {rate: forecast(1000 * 1.0004 ** (rate * np.arange(48.0)), measure="revenue") for rate in (1, 10)}
    for found in sure.values():
        year = found.windows[2]
        assert year.value.low > year.year_before
    assert alerts([sure[1]]) == () and [alert.kind for alert in alerts([sure[10]])] == ["rising"]


@pytest.mark.parametrize(("months", "told", "needed"), [(6, [1, 3], 13), (12, [1, 3], 13), (13, [1, 3, 12], None)])
def test_a_window_of_which_no_past_forecast_could_be_checked_is_refused_with_the_months_it_needs(months, told, needed):
    found = forecast(sales(months))
    assert [window.months for window in found.windows] == told
    assert all(window.error is not None for window in found.windows)
    assert found.refused == (() if needed is None else ((12, needed),))


@pytest.mark.parametrize("months", range(18, 23))
def test_a_year_is_told_by_a_method_whose_years_could_be_checked(months):
    held = []
    for seed in range(20):
        random = np.random.default_rng(seed)
        t = np.arange(months + 12)
        season = 0.1 * np.cos(2 * np.pi * t / 12 + random.uniform(0, 6.28))
        y = 1000 * np.exp(np.cumsum(random.normal(0, 0.02, t.size)) + season)
        year = forecast(y[:months]).windows[-1]
        assert year.error is not None
        held.append(year.value.low <= y[months:].sum() <= year.value.high)
    assert np.mean(held) >= 0.6  # a trend whose years nobody could check held 60 % and less


def test_a_rate_outside_zero_to_one_is_refused():
    with pytest.raises(ModelError) as refused:
        forecast(np.full(12, 3.0), kind=MeasureKind.RATE)
    assert refused.value.id == "forecast.not_a_rate"
    with pytest.raises(ModelError):
        forecast([1, 2, 3, float("inf"), 4, 5, 6])
    with pytest.raises(ModelError):
        estimate([1.0], Method.SIMPLE)
    with pytest.raises(ModelError):
        paths_ahead(np.arange(5.0), Method.SEASONAL, 1, [5])


def test_the_study_marks_what_misses_its_target_and_only_that():
    def seen(share):
        held = [n < 100 * share for n in range(100)]
        facts = {"error": (1.0,) * 3, "floor_error": (2.0,) * 3, "right": 1, "wrong": 0, "surprised": 0}
        return [Seen(held=(one,) * 3, **facts) for one in held]

    told = report({"steady": seen(0.9), "walk": seen(0.6)})
    assert "| steady | 100 | 90% | 90% | 90% | 0.50 |" in told and "| walk | 100 | **60%** |" in told
    assert "*walk*: intervals of the year are too narrow" in told and "*steady*: intervals" not in told
    growing = study_one(WORLDS["growth"], 0)
    assert growing.right == 1 and growing.wrong == 0 and growing.error[2] < growing.floor_error[2]


def test_what_was_tried_on_the_past_is_what_the_errors_are_of_and_the_naive_one_is_asked_at_the_same_months():
    series = sales(40, growth=0.01, noise=0.01)
    found = forecast(series)
    assert (found.method, found.floor) == (
        Method.SEASONAL,
        Method.SEASONAL_NAIVE,
    )  # asked from 24 months on, and from 16
    for window in found.windows:
        missed = [abs(one.actual - one.mid) for one in window.tried]
        naive = [abs(one.actual - one.naive) for one in window.tried]
        assert window.error == pytest.approx(np.mean(missed)) and window.floor_error == pytest.approx(np.mean(naive))
        newest = window.tried[-1]
        assert newest.ends_ago == 0 and newest.actual == pytest.approx(series[-window.months :].sum())
        known = [one for one in window.tried if one.low is not None]
        inside = [one.low <= one.actual <= one.high for one in known]
        assert len(known) == window.checked and (not known or np.mean(inside) == window.coverage)


def test_months_at_the_end_that_were_not_measured_are_counted():
    assert forecast(sales(18)).behind == 0
    late = forecast([*sales(18), np.nan, np.nan])
    assert late.behind == 2 and late.history.size == late.months_of_history == 18


def test_a_month_is_a_surprise_by_the_rule_of_its_range_and_the_rarer_the_more_measures_there_are():
    flat = 1000 + 20 * np.random.default_rng(5).normal(size=30)
    found = [forecast([*flat[:-1], last]) for last in (1000.0, 1045.0, 1300.0)]
    for one in found:
        assert (one.last_month_chance < 0.10) == (one.last_month_was_inside is False)
    calm, odd, shocking = found
    assert calm.last_month_chance > 0.10 > odd.last_month_chance > 0.10 / 8 > shocking.last_month_chance
    told = [[alert.kind for alert in alerts(each)] for each in ([odd], [odd, *[calm] * 7], [shocking, *[calm] * 7])]
    assert [kinds.count("surprise") for kinds in told] == [1, 0, 1]


def test_a_range_ends_where_a_measure_can_go_no_further():
    series = 50 * (1 + 0.8 * np.sin(np.arange(14.0)))
    free, held = (forecast(series, kind=MeasureKind.SCORE, **more) for more in ({}, {"bounds": (0.0, 100.0)}))
    assert free.low.min() < 0 and free.high.max() > 100
    assert held.low.min() == 0 and held.high.max() == 100
    assert held.windows[0].value.low == pytest.approx(max(free.windows[0].value.low, 0.0))
