"""What would change the verdict: how far each input can go before it turns.

Worked out when somebody looks and never for a slider. The draws are held fixed; only the levels that matter are projected.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from cxroi.model.decision.steps import Step
from cxroi.model.decision.verdict import Call, Verdict
from cxroi.model.scenario import RANGES
from cxroi.model.value.economics import Economics
from cxroi.model.value.future import Future
from cxroi.model.value.projection import tabulate
from cxroi.model.value.valuation import value_levels
from cxroi.questions.horizons import HorizonVerdict
from cxroi.questions.judgement import Judgement, objective
from cxroi.questions.register import read_section

_DRAWS = 512  # for how expected value moves with an input; where it stands is known from all draws
_CHURN_FACTORS = (0.25, 0.4, 0.55, 0.7, 0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 1.8, 2.5, 4.0)
INPUTS = ("horizon_months", "contribution_margin_percent", "one_off_cost", "support_cost_percent", "churn_factor")


@dataclass(frozen=True, kw_only=True)
class BreakEvens:
    """The value of each input at which the verdict turns, the others held (see `break_evens`); None where none does.

    `nearest` names the input that is the fewest plausible swings (data/assumptions.toml) away from its break-even.
    """

    step: Step
    horizon_months: float | None = None  # whole: with nothing counted after them the call is another one
    contribution_margin_percent: float | None = None  # change of margin per customer, with and without the step
    one_off_cost: float | None = None  # money at time 0, in all
    support_cost_percent: float | None = (
        None  # change of support cost per customer that comes with the step, beside what was learned
    )
    churn_factor: float | None = None  # times today's churn
    nearest: str | None = None


def break_evens(
    judgement: Judgement, verdict: Verdict, segment: int | None = None, horizons: Sequence[HorizonVerdict] = ()
) -> BreakEvens:
    """Return what turns the verdict; of a segment or the whole (None).

    Margin, support cost and churn turn the side where the next step from today earns nothing; a one-off cost is held against the best
    step (the safe one where the call is open); the horizon turns where the strip of `horizons` has another call.
    """
    step = verdict.safe_step if verdict.call is Call.NOT_ENOUGH_EVIDENCE else verdict.best_step
    if step.way == "stay" or step.expected_npv <= 0:
        return BreakEvens(step=step)
    turning, side = _Turning(judgement, step, segment), _side(judgement, step, segment)
    found: dict[str, float | None] = {
        "horizon_months": _turning_horizon(verdict, horizons, judgement.scenario.horizon_months),
        "contribution_margin_percent": None if side is None else side.contribution_margin_percent(),
        "churn_factor": None if side is None else side.churn_factor(),
        "one_off_cost": turning.one_off_cost(),
        "support_cost_percent": turning.support_cost_percent(),
    }
    away = {name: turning.swings(name, value) for name, value in found.items() if value is not None}
    return BreakEvens(step=step, nearest=min(away, key=lambda name: away[name], default=None), **found)


def _side(judgement: Judgement, step: Step, segment: int | None) -> _Turning | None:
    """Return the turning of the next step from today the way of `step`; None where that earns nothing, as below a threshold."""
    valuation = judgement.valuation(frozenset(judgement.rests_on))
    level = 102.0 if step.way == "more" else 98.0
    row = int(np.flatnonzero(valuation.level_percent == level)[0])
    worth = float(objective(judgement.scenario, valuation.of(segment))[row].mean())
    return _Turning(judgement, replace(step, level_percent=level, expected_npv=worth), segment) if worth > 0 else None


def _turning_horizon(verdict: Verdict, horizons: Sequence[HorizonVerdict], now: int) -> float | None:
    """Return the months nearest to the scenario's with nothing counted after which the call is another one."""
    others = [one.months for one in horizons if not one.for_life and one.verdict.call is not verdict.call]
    return min(others, key=lambda months: abs(months - now), default=None)


@dataclass(frozen=True, eq=False)
class _Turning:
    """One step, and where the next step its way earns nothing: a method an input."""

    judgement: Judgement
    step: Step
    segment: int | None

    @property
    def _rows(self) -> slice:
        return slice(None) if self.segment is None else slice(self.segment, self.segment + 1)

    @property
    def _now(self) -> dict[str, float]:
        return {"horizon_months": self.judgement.scenario.horizon_months, "one_off_cost": 0.0, "churn_factor": 1.0}

    @property
    def _today_spend(self) -> float:
        return float(sum(one.cx_spend_per_month for one in self.judgement.evidence.baseline.segments[self._rows]))

    @cached_property
    def _money(self) -> Economics:
        return self.judgement.money(self.step.level_percent)

    def swings(self, name: str, value: float) -> float:
        """Return how many plausible swings lie between an input as it is and a value."""
        swing, plausible = read_section("swing"), read_section("plausible")
        moved_a_year = 12 * abs(self.step.spend - self._today_spend)
        width = {
            "horizon_months": swing["horizon_months"].value,
            "contribution_margin_percent": 100 * float(str(swing["contribution_margin_rate"].value)),
            "support_cost_percent": swing["support_cost_change_percent"].value,
            "churn_factor": plausible["churn"].value,
            "one_off_cost": moved_a_year * float(str(plausible["one_off_cost"].value)),
        }
        return abs(value - self._now.get(name, 0.0)) / max(float(str(width[name])), 1e-12)

    @cached_property
    def _future(self) -> Future:
        return self.judgement.table.future.thinned(_DRAWS)

    def _thin_worth(self, money: Economics, future: Future, months: int) -> tuple[float, np.ndarray]:
        """Return expected worth of the step on the thinned draws, and its discounted customer-months by segment, (S,)."""
        scenario = replace(money.scenario, horizon_months=months)
        levels = np.array([100.0, self.step.level_percent])
        table = tabulate(future, scenario.annual_discount_rate, months, levels)
        valuation = value_levels(replace(money, scenario=scenario), table)
        row = int(np.flatnonzero(levels == self.step.level_percent)[0])
        value = objective(scenario, valuation.of(self.segment))
        return float((value[row] - value[table.today]).mean()), valuation.headcount.months[row].mean(axis=1)

    @cached_property
    def _here(self) -> tuple[float, np.ndarray]:
        return self._thin_worth(self._money, self._future, self.judgement.scenario.horizon_months)

    def _worth(self, money: Economics | None = None, future: Future | None = None, months: int | None = None) -> float:
        """Return expected worth with some inputs changed: as all draws have it, moved by as much as on the thinned ones."""
        changed = self._thin_worth(
            money or self._money, future or self._future, months or self.judgement.scenario.horizon_months
        )
        return self.step.expected_npv + changed[0] - self._here[0]

    def churn_factor(self) -> float | None:
        def worth(factor: float) -> float:
            churn = np.minimum(factor * self._future.churn, 1.0)
            return self._worth(future=replace(self._future, churn=churn))

        return _nearest(worth, 1.0, _CHURN_FACTORS, 0.01)

    def contribution_margin_percent(self) -> float | None:
        money = self._money
        slope = self._worth(money=replace(money, margin=2 * money.margin)) - self.step.expected_npv
        revenue = float(money.revenue @ money.customers)
        rate = float(money.margin @ money.customers) / revenue if revenue > 0 else 0.0
        low, high = RANGES["contribution_margin_rate"]
        return self._line(slope / 100, 100 * (low - 1), 100 * (high / rate - 1) if rate > 0 else math.inf)

    def one_off_cost(self) -> float | None:
        scenario, now = self.judgement.scenario, self._now["one_off_cost"]
        low, high = RANGES["one_off_cost"]
        more = self._line(-(1 + scenario.hurdle_net_return) * (1 + scenario.cost_risk_adjustment_rate), low, high - now)
        return None if more is None else now + more

    def support_cost_percent(self) -> float | None:
        paid = float(self._money.support[self._rows] @ self._here[1][self._rows])
        slope = -(1 - self.judgement.scenario.benefit_risk_adjustment_rate) * paid / 100
        return self._line(slope, *RANGES["support_cost_change_percent"])

    def _line(self, slope: float, low: float, high: float) -> float | None:
        """Return the change of an input at which worth, a straight line in it, is nothing; None outside low..high."""
        change = -self.step.expected_npv / slope if slope else math.inf
        return change if low <= change <= high else None


def _nearest(worth: Callable[[float], float], start: float, grid: Sequence[float], fine: float) -> float | None:
    """Return the value nearest to `start`, to within `fine`, at which `worth`, above 0 at `start`, is so no longer."""
    found = []
    for side in (sorted(x for x in grid if x > start), sorted((x for x in grid if x < start), reverse=True)):
        inner = start
        for outer in side:
            if worth(outer) <= 0:
                found.append(_bisected(worth, inner, outer, fine))
                break
            inner = outer
    return min(found, key=lambda x: abs(x - start), default=None)


def _bisected(worth: Callable[[float], float], inner: float, outer: float, fine: float) -> float:
    while abs(outer - inner) > fine:
        middle = 0.5 * (inner + outer)
        middle = float(round(middle)) if fine == 1.0 else middle
        inner, outer = (middle, outer) if worth(middle) > 0 else (inner, middle)
    return float(outer)
