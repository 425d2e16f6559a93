"""Levels of spend and what each is worth; steps from today's to another: what one earns, what it loses when wrong, which is safe."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cxroi.model.statistics.uncertainty import Draws, row_quantiles

_ROUNDING = 1e-9  # of the largest worth
WHOLE_LEVELS = 5  # levels of advice are whole percents of five: the finer ones beside today's are there for the slope


@dataclass(frozen=True, kw_only=True)
class Step:
    """A move to another level of spend, or staying (100 %). Money is present value against today, held to the hurdle."""

    level_percent: float
    spend: float  # money a month
    expected_npv: float
    npv_p10: float
    expected_loss: float  # E[max(0, -NPV)]: what acting so is expected to lose by being wrong
    probability_of_loss: float  # P(NPV < 0)
    beyond_data: bool  # outside the range of spend that was ever tried

    @property
    def way(self) -> str:
        """Return "more", "less" or "stay"."""
        return "more" if self.level_percent > 100 else "less" if self.level_percent < 100 else "stay"


@dataclass(frozen=True, kw_only=True, eq=False)
class Ladder:
    """Levels of spend (L,) in percent of today's, what each is worth against today in each draw (L, n), and the range tried."""

    level_percent: Draws
    value: Draws
    today_spend: float
    observed_percent: tuple[float, float]

    @cached_property
    def today(self) -> int:
        """Return the row of today's level."""
        return int(np.flatnonzero(self.level_percent == 100)[0])

    @cached_property
    def mean(self) -> Draws:
        """Return what each level is worth on average, (L,)."""
        return np.asarray(self.value.mean(axis=1))

    @cached_property
    def top(self) -> int:
        """Return the row that is worth most on average; today's where none is worth more by more than rounding."""
        best = int(self.mean.argmax())
        return best if self.mean[best] > _ROUNDING * float(np.abs(self.mean).max()) else self.today

    @cached_property
    def best(self) -> NDArray[np.int64]:
        """Return the row of each draw's best level, (n,); today's where nothing is better by more than rounding.

        A draw whose best row is one of those beside today's (98, 102) counts for that side: its best level lies between today and
        the row beyond. One whose best is today's row has it within 2 % of today, which is today: it counts for neither.
        """
        tie = self.value.max(axis=0) <= _ROUNDING * float(np.abs(self.value).max())
        return np.where(tie, self.today, self.value.argmax(axis=0))

    @cached_property
    def sides(self) -> tuple[Draws, Draws]:
        """Return for each level the shares of draws whose best level is above it, and below it, (L,) each."""
        count = np.bincount(self.best, minlength=self.level_percent.size)
        up_to = np.cumsum(count)
        return (self.best.size - up_to) / self.best.size, (up_to - count) / self.best.size

    @property
    def more_pays(self) -> float:
        """Return the share of draws in which the next unit of spend at today's level adds value; ties count half."""
        step = self.value[self.today + 1] - self.value[self.today]
        return float((step > 0).mean() + 0.5 * (step == 0).mean())

    @cached_property
    def optimum(self) -> Draws:
        """Return each draw's best level in percent of today's, (n,), refined between the rows."""
        return refined(self.level_percent, self.value, self.best)

    @property
    def expected_optimum(self) -> float:
        """Return the level that is worth most on average, percent of today's, refined between the rows."""
        return float(refined(self.level_percent, self.mean[:, None], np.array([self.top]))[0])

    def step(self, row: int) -> Step:
        """Return the step to a row of the ladder."""
        value, level = self.value[row], float(self.level_percent[row])
        low, high = self.tried_percent
        return Step(
            level_percent=level,
            spend=level / 100 * self.today_spend,
            expected_npv=float(value.mean()),
            npv_p10=float(row_quantiles(value[None], (0.10,))[0][0]),
            expected_loss=float(np.maximum(-value, 0.0).mean()),
            probability_of_loss=float((value < 0).mean()),
            beyond_data=not low - 0.5 <= level <= high + 0.5,
        )

    @property
    def tried_percent(self) -> tuple[float, float]:
        """Return the lowest and highest level ever tried, today's among them."""
        low, high = self.observed_percent
        return min(low, 100.0), max(high, 100.0)

    def tried(self, within: float = np.inf) -> NDArray[np.int64]:
        """Return the rows inside the range tried, at most `within` percent of today's away from it."""
        (low, high), level = self.tried_percent, self.level_percent
        inside = (level >= max(low, 100 - within)) & (level <= min(high, 100 + within))
        return np.flatnonzero(inside & (level % WHOLE_LEVELS == 0))

    def safest(self, quantile: float) -> Step:
        """Return the step with the highest low quantile of its worth among those tried; staying where none is above nothing."""
        rows = self.tried()
        low = row_quantiles(self.value[rows], (quantile,))[0]
        best = int(low.argmax())
        return self.step(int(rows[best]) if low[best] > 0 else self.today)

    def direction(self, within: float) -> Step | None:
        """Return the best step on average, at most `within` percent and inside the range tried, towards the level that is best of all.

        None where such a step earns nothing, even if one to the other side would.
        """
        rows = self.tried(within)
        rows = rows[(rows - self.today) * (self.top - self.today) > 0]
        best = max(rows.tolist(), key=lambda row: self.mean[row], default=self.today)
        return self.step(best) if self.mean[best] > 0 else None


def refined(level_percent: Draws, value: Draws, best: np.ndarray) -> Draws:
    """Return the best level per draw, refined by the parabola through its neighbours; ends of the grid stay as they are."""
    inside = np.clip(best, 1, len(level_percent) - 2)
    column = np.arange(value.shape[1])
    x0, x1, x2 = (level_percent[inside + k] for k in (-1, 0, 1))
    y0, y1, y2 = (value[inside + k, column] for k in (-1, 0, 1))
    left, right = (y1 - y0) / (x1 - x0), (y2 - y1) / (x2 - x1)
    bend = (right - left) / (x2 - x0)
    with np.errstate(divide="ignore", invalid="ignore"):
        top = 0.5 * (x0 + x1) - left / (2 * bend)
    usable = (best == inside) & (bend < 0)
    return np.where(usable, np.clip(top, x0, x2), level_percent[best])
