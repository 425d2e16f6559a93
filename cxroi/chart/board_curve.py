"""The response curve of the first screen: the range that was tried, enlarged, with words for what each stretch of it is worth."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import numpy as np

from cxroi.chart.frame import Columns, Data, Frame, Window
from cxroi.chart.levels import by_part, marks, parts, side
from cxroi.chart.theme import MEDIUM, rem
from cxroi.model.value.outcome import Curve

HEIGHT = 340
_WHOLE = Window(x=(50.0, 185.0), y=(-1.0, 1.0), unit=1.0)  # of a spec that is looked at without a case
_ROOM = 35  # times the root: on a narrower picture the words of neighbours would meet
_LARGER = 1.1  # than in a picture among others
_NARROW = 0.3  # of the width: words centred in such a stretch may be wider than it
_FINE = 2.5  # levels between two points of the picture


def build(frame: Frame) -> alt.LayerChart:
    """Return the picture without data; its data sets are `curve`, `zones`, `clear` and `points`."""
    window, colours = frame.window or _WHOLE, frame.palette
    x, y = _x(frame, window, "level"), _y(frame, window, "mid")
    curve, zones, points = alt.NamedData("curve"), alt.Chart(alt.NamedData("zones")), alt.NamedData("points")
    clear = (
        alt.Chart(alt.NamedData("clear"))
        .mark_rect(color=colours.verdicts["under_invested"].soft, aria=False)
        .encode(x=x, x2="until:Q")
    )
    band = (
        alt.Chart(curve)
        .mark_area(color=colours.accent_soft, clip=True, aria=False)
        .encode(
            x=x,
            y=_y(frame, window, "low"),
            y2="high:Q",
            opacity=by_part(0.8, 0.35),
            detail="group:N",
        )
    )
    zero = alt.Chart(points).mark_rule(aria=False, color=colours.quiet, strokeWidth=1).encode(y=alt.YDatum(0))
    line = (
        alt.Chart(curve)
        .mark_line(color=colours.accent, strokeWidth=3, clip=True, aria=False)
        .encode(x=x, y=y, strokeDash=by_part([1, 0], [5, 4]), detail="group:N")
    )
    look = {
        "baseline": "bottom",
        "dy": -10,
        "color": colours.quiet,
        "fontSize": alt.ExprRef(rem(MEDIUM)),
        "opacity": alt.ExprRef(f"width < {rem(_ROOM)} ? 0 : 1"),
    }
    words = (
        zones.transform_filter(f"datum.side === '{where}'")
        .mark_text(**look, align=align)
        .encode(x=_x(frame, window, "at"), y=alt.value(0), text="label:N")
        for where, align in (("start", frame.near), ("middle", "center"), ("end", frame.far))
    )
    layers = (
        clear,
        band,
        zero,
        line,
        *words,
        *marks(frame, points, x, _y(frame, window, "value"), scale=_LARGER),
        frame.touch(alt.Chart(curve), x),
    )
    return alt.layer(*layers).properties(height=HEIGHT, width="container")


def _x(frame: Frame, window: Window, field: str) -> alt.X:
    """Return the axis of levels: percent of today's spend, and below it the money a month."""
    low, high = window.x
    every = next(step for step in (5, 10, 25, 50, 100) if (high - low) / step <= 7)
    money = frame.money_label(
        f"(datum.value * {window.unit / 100!r})", ".3~r"
    )  # to three figures, as in every sentence
    axis = alt.Axis(
        title=None,
        values=list(range(int(np.ceil(low / every)) * every, int(high) + 1, every)),
        labelExpr=f"[{frame.figure('datum.value', 'd', '%')}, {money}]",
        labelOverlap="parity",
        labelSeparation=10,
        labelLineHeight=alt.ExprRef(rem(1.125)),
        labelFontSize=alt.ExprRef(rem(MEDIUM)),
    )
    return alt.X(f"{field}:Q", scale=alt.Scale(domain=[low, high], nice=False, reverse=frame.mirrored), axis=axis)


def _y(frame: Frame, window: Window, field: str) -> alt.Y:
    axis = frame.money_axis(None, orient="right" if frame.mirrored else "left", labelFontSize=alt.ExprRef(rem(MEDIUM)))
    return alt.Y(f"{field}:Q", scale=alt.Scale(domain=list(window.y), nice=False), axis=axis)


def levels_shown(curve: Curve, window: Window) -> list[float]:
    """Return the levels at which the picture has a point: fine enough for a smooth line, the borders of what was tried among them."""
    low, high = window.x
    spots = np.concatenate(
        [np.arange(low, high + _FINE / 2, _FINE), [100.0, curve.observed_low_percent, curve.observed_high_percent]]
    )
    return [float(spot) for spot in np.unique(spots[(spots >= low) & (spots <= high)])]


def data(
    curve: Curve,
    *,
    plan: tuple[float, float],
    window: Window,
    told: Sequence[str],
    zones: Sequence[tuple[float, float, str]],
    clear: tuple[float, float],
    labels: dict[str, str],
) -> Data:
    """Return the rows of the picture: `told` words each of `levels_shown`, `zones` are stretches with their word, `plan` its level and worth."""
    spots = np.array(levels_shown(curve, window))
    column: dict[str, list[float | str]] = {
        name: [] for name in ("level", "low", "mid", "high", "part", "group", "told")
    }
    for group, inside in parts(spots, curve).items():
        at = spots[inside]
        for name, values in (("low", curve.low), ("mid", curve.mid), ("high", curve.high)):
            column[name] += np.interp(at, curve.level_percent, values).tolist()
        column["level"] += at.tolist()
        column["part"] += ["seen" if group == "within" else "beyond"] * at.size
        column["group"] += [group] * at.size
        column["told"] += [words for words, here in zip(told, inside, strict=True) if here]
    return {
        "curve": column,
        "zones": _zones(zones, window),
        "clear": {"level": [clear[0]], "until": [clear[1]]},
        "points": {
            "level": [100.0, plan[0]],
            "value": [0.0, plan[1]],
            "kind": ["today", "plan"],
            "side": ["middle", side(plan[0], *window.x)],
            "label": [labels["today"], labels["plan"]],
        },
    }


def _zones(zones: Sequence[tuple[float, float, str]], window: Window) -> Columns:
    """Return the words of the stretches; those of a narrow one at an end start there and grow inwards, or they would be cut."""
    columns: dict[str, list[float | str]] = {"at": [], "side": [], "label": []}
    for low, high, word in zones:
        narrow = high - low < _NARROW * (window.x[1] - window.x[0])
        where = "end" if narrow and high == window.x[1] else "start" if narrow and low == window.x[0] else "middle"
        columns["at"].append({"start": low, "middle": (low + high) / 2, "end": high}[where])
        columns["side"].append(where)
        columns["label"].append(word)
    return columns
