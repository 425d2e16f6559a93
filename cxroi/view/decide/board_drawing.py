"""The curve of the first screen: the range that was tried, with words above it for what each stretch is worth."""

from __future__ import annotations

import numpy as np

from cxroi.chart import board_curve
from cxroi.chart.drawing import Drawing
from cxroi.chart.frame import Window
from cxroi.questions import BusinessCase
from cxroi.text import Text
from cxroi.view.decide.drawings import curve_title, told_level
from cxroi.view.decide.figures_behind import curve_table
from cxroi.view.decide.horizons import horizon_words
from cxroi.view.figure import deserved_step, isolated, signed_money, source_line

_REACH = 50.0  # levels on either side of today's that are always worth seeing, where they were tried
_FARTHEST = 100.0
_LEAST_ZONE = 0.14  # of the window: a narrower stretch has no room for its words
_HEIGHT = 6.0  # times the curve's own height: no band stretches the picture further


def board_drawing(case: BusinessCase, bare: BusinessCase, text: Text) -> Drawing:
    """Return the evidence's curve (that of `bare`) with today, the plan, the step that the data support best, and a word a stretch."""
    window = window_of(bare, case.level_percent)
    level = case.level_percent
    step = deserved_step(case.outcome.npv)
    plan = text("chart.mark.plan", level=text.percent(level / 100, 0))
    worth = signed_money(case.outcome.npv.mid, "", step, text)
    safe = bare.verdict.safe_step
    clear = tuple(sorted((100.0, 100.0 if bare.verdict.capped else safe.level_percent)))
    points = board_curve.levels_shown(bare.curve, window)
    labels = {"today": text("chart.mark.today"), "plan": f"{plan}: {worth}" if level != 100 else plan}
    return Drawing(
        name="board_curve",
        title=curve_title(bare, text),
        subtitle=text(
            "chart.board_curve.subtitle",
            currency=text.currency(case.currency),
            horizon=horizon_words(case.scenario, text),
        ).rstrip(" ،,"),
        alternative=text("board.curve.caption", horizon=horizon_words(case.scenario, text)),
        footer=source_line(case, text),
        currency=case.currency,
        window=window,
        table=lambda: curve_table(bare, text),
        data=board_curve.data(
            bare.curve,
            plan=(level, case.outcome.npv.mid),
            window=window,
            told=[isolated(told_level(bare, at, text), text) for at in points],
            zones=[(low, high, isolated(word, text)) for low, high, word in zones_of(bare, window, text)],
            clear=(max(clear[0], window.x[0]), min(clear[1], window.x[1])),
            labels={name: isolated(words, text) for name, words in labels.items()},
        ),
    )


def window_of(case: BusinessCase, level: float) -> Window:
    """Return the part of the curve that is shown: what was tried about today's spend, the plan in it, and money to that measure; `level` is the plan's."""
    curve = case.curve
    low = min(max(curve.observed_low_percent, 100 - _REACH), 85.0, level - 12)
    high = max(min(curve.observed_high_percent, 100 + _FARTHEST), 115.0, level + 12)
    low, high = (
        max(5 * np.floor(low / 5), float(curve.level_percent[0])),
        min(5 * np.ceil(high / 5), float(curve.level_percent[-1])),
    )
    spots = np.linspace(low, high, 101)
    mid, top, bottom = (np.interp(spots, curve.level_percent, line) for line in (curve.mid, curve.high, curve.low))
    most = max(float(mid.max()), 0.15 * float(np.ptp(mid)), 1.0)
    above = min(1.25 * max(float(top.max()), 0.0), _HEIGHT * most) or most
    above = max(above, 1.5 * most)
    below = min(-1.3 * min(float(bottom.min()), 0.0), 1.4 * above)
    return Window(
        x=(float(low), float(high)),
        y=(-_rounded(max(below, 0.5 * above)), _rounded(above)),
        unit=case.verdict.today_spend,
    )


def _rounded(amount: float) -> float:
    """Return an amount to two figures, so that cases that hardly differ share their picture."""
    return float(f"{amount:.2g}")


def zones_of(case: BusinessCase, window: Window, text: Text) -> tuple[tuple[float, float, str], ...]:
    """Return the stretches of the window, from low to high, that have room for their words."""
    spots = np.linspace(*window.x, 361)
    mid = np.interp(spots, case.curve.level_percent, case.curve.mid)
    safe = 100.0 if case.verdict.capped else case.verdict.safe_step.level_percent
    named = [_zone(at, worth, safe) for at, worth in zip(spots.tolist(), mid.tolist(), strict=True)]
    stretches: list[tuple[float, float, str]] = []
    start = 0
    for place in range(1, len(named) + 1):
        if place == len(named) or named[place] != named[start]:
            if named[start] and spots[place - 1] - spots[start] >= _LEAST_ZONE * (window.x[1] - window.x[0]):
                stretches.append((float(spots[start]), float(spots[place - 1]), text(f"board.zone.{named[start]}")))
            start = place
    return tuple(stretches)


def _zone(level: float, worth: float, safe: float) -> str:
    """Return the name of the stretch that a level lies in; "" for today's."""
    if level == 100:
        return ""
    side = "less" if level < 100 else "more"
    if min(100.0, safe) <= level <= max(100.0, safe):
        return "clear_less" if side == "less" else "clear"
    if worth < 0:
        return f"loses_{side}"
    return "likely_less" if side == "less" else "likely"
