"""The response curve: what each level of spend is worth, with today, the plan and the best level marked."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import numpy as np
from numpy.typing import NDArray

from cxroi.chart.frame import Columns, Data, Frame
from cxroi.chart.levels import by_part, marks, parts, side
from cxroi.model.statistics.uncertainty import Interval
from cxroi.model.value.outcome import Curve

HEIGHT = 300
_HEADROOM = 0.3  # of the curve's own range: how far a wide band may stretch the picture

_MARGIN = 85.0  # levels: how far from the edge a label is centred, so that a phone shows all of it


def build(frame: Frame) -> alt.LayerChart:
    """Return the picture without data; its data sets are `curve`, `seen`, `best` and `points`."""
    curve, points = alt.NamedData("curve"), alt.NamedData("points")
    colours = frame.palette
    x = frame.x("level", "chart.response_curve.x", every=50, domain=[0, 300], nice=False)
    y = frame.y_money("mid", domainMin=_end("bottom"), domainMax=_end("top"), nice=True)
    seen = alt.Chart(alt.NamedData("seen")).mark_rect(color=colours.panel, opacity=0.8).encode(x=x, x2="until:Q")
    seen_label = (
        alt.Chart(alt.NamedData("seen"))
        .mark_text(baseline="top", align=frame.near, dx=frame.forward(6), dy=6, color=colours.quiet)
        .encode(x=x, y=alt.value(0), text="label:N")
    )
    band = (
        alt.Chart(curve)
        .mark_area(color=colours.accent_soft, clip=True)
        .encode(x=x, y=alt.Y("low:Q"), y2="high:Q", opacity=by_part(0.8, 0.4), detail="group:N")
    )
    zero = (
        alt.Chart(alt.NamedData("seen"))
        .mark_rule(aria=False, color=colours.quiet, strokeWidth=1)
        .encode(y=alt.YDatum(0))
    )
    line = (
        alt.Chart(curve)
        .mark_line(color=colours.accent, strokeWidth=2.5, clip=True)
        .encode(x=x, y=y, strokeDash=by_part([1, 0], [5, 4]), detail="group:N")
    )
    best = alt.Chart(alt.NamedData("best"))
    best_bar = best.mark_rule(aria=False, color=colours.gain, strokeWidth=5, strokeCap="round").encode(
        x=x, x2="until:Q", y=alt.value(alt.ExprRef("height - 8"))
    )
    best_label = best.mark_text(baseline="bottom", dy=-7, color=colours.gain, fontWeight=600).encode(
        x=alt.X("centre:Q"), y=alt.value(alt.ExprRef("height - 8")), text="label:N"
    )
    today_and_plan = marks(frame, points, x, alt.Y("value:Q"))
    caption = frame.caption("seen", "chart.response_curve.y")
    below = (caption, seen, band, zero, line, seen_label, best_bar, best_label, *today_and_plan)
    return alt.layer(*below, frame.touch(alt.Chart(curve), x)).properties(height=HEIGHT, width="container")


def _end(name: str) -> alt.ExprRef:
    """Return an end of the vertical scale, as the rows say it: a band that is wider is cut there, and its figures stay whole."""
    return alt.ExprRef(f"length(data('seen')) ? data('seen')[0].{name} : {1 if name == 'top' else 0}")


def levels_shown(curve: Curve) -> NDArray[np.float64]:
    """Return the levels at which the picture has a point: those of the curve, and the borders of what was tried."""
    level = curve.level_percent
    spots = np.unique(np.concatenate([level, [curve.observed_low_percent, curve.observed_high_percent]]))
    return spots[(spots >= level[0]) & (spots <= level[-1])]


def data(
    curve: Curve, *, plan_percent: float, best_percent: Interval, told: Sequence[str], labels: dict[str, str]
) -> Data:
    """Return the rows of the picture: `told` words each of `levels_shown`, `labels` words `today`, `plan`, `best` and `seen`."""
    level, mid = curve.level_percent, curve.mid
    room = _HEADROOM * max(float(np.ptp(mid)), 1.0)
    spots = levels_shown(curve)
    column: dict[str, list[float | str]] = {
        name: [] for name in ("level", "low", "mid", "high", "part", "group", "told")
    }
    for group, here in parts(spots, curve).items():
        inside = spots[here]
        for name, values in (("low", curve.low), ("mid", mid), ("high", curve.high)):
            column[name] += np.interp(inside, level, values).tolist()
        column["level"] += inside.tolist()
        column["part"] += ["seen" if group == "within" else "beyond"] * inside.size
        column["group"] += [group] * inside.size
        column["told"] += [words for words, at in zip(told, here, strict=True) if at]
    low, high = curve.observed_low_percent, curve.observed_high_percent
    return {
        "curve": column,
        "seen": {
            **_stretch(max(low, level[0]), min(high, level[-1]), labels["seen"]),
            "bottom": [float(mid.min()) - room],
            "top": [float(mid.max()) + room],
        },
        "best": _stretch(max(best_percent.low, level[0]), min(best_percent.high, level[-1]), labels["best"]),
        "points": {
            "level": [100.0, plan_percent],
            "value": [float(np.interp(at, level, mid)) for at in (100.0, plan_percent)],
            "kind": ["today", "plan"],
            "side": ["middle", side(plan_percent, 0.0, 300.0)],
            "label": [labels["today"], labels["plan"]],
        },
    }


def _stretch(low: float, high: float, label: str) -> Columns:
    low, high = float(min(low, high)), float(max(low, high))
    centre = min(max((low + high) / 2, _MARGIN), 300 - _MARGIN)
    return {"level": [low], "until": [high], "centre": [centre], "label": [label]}
