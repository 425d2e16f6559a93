"""Named events on a chart over months: a rule where each began, a shade over the months of a spell, and its words in a strip above.

Nothing of it stands over the plot's own words. A handful of events have their words where they keep clear of each other; the others are
marked, and told to who points at the mark. A chart without events is built without any of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import altair as alt

from cxroi.chart.frame import Data, Frame

NAME = "events"  # of the data set, in every chart that has it
LONGEST = 18  # letters of the words at a rule; all of them are told to who points at it
_MOST = 5  # events whose words are shown
_ROW = 15  # pixels of a row of words, or of the marks below them
_ORDER = ((1, 1), (2, 1), (2, -1), (1, -1))  # rows and sides of words, those first that leave others most room
_BESIDE = 4  # pixels between a rule and its words
_LETTER = {640: 0.0115, 520: 0.0138, 400: 0.018, 0: 0.024}  # of the width that a letter takes, from so many pixels on


@dataclass(frozen=True, kw_only=True)
class EventMark:
    """One event: the month in which it began, counted from the first one drawn (0), the last of a spell (None: it lasts), and its words,
    short and whole."""

    first: int
    last: int | None
    label: str
    told: str


def event_layers(frame: Frame) -> tuple[alt.Chart, ...]:
    """Return the layers of the data set `NAME`, to be laid below a chart's own marks; none of a chart without events.

    They have no scale: places are shares of the width, and so they fit an axis of months of any kind.
    """
    if not frame.strip:
        return ()
    colour, rows = frame.palette.quiet, alt.Chart(alt.NamedData(NAME))
    slots = " : ".join(f"width >= {least} ? datum.from_{least}" for least in _LETTER)
    slot = f"({slots} : 0)"  # 0: no words; else their row, below 0 before the rule
    begin, end = (alt.value(alt.ExprRef(_place(frame, f"datum.{field}"))) for field in ("begin", "end"))
    bottom = alt.value(alt.ExprRef("height"))
    top = f"-abs({slot}) * {_ROW}"
    shade = rows.mark_rect(color=colour, opacity=0.1, aria=False).encode(x=begin, x2=end, y=alt.value(0), y2=bottom)
    rule = rows.mark_rule(
        color=colour,
        strokeDash=[3, 3],
        strokeWidth=1,
        opacity=alt.ExprRef(f"{slot} === 0 ? 0.5 : 1"),
        aria=False,
    ).encode(x=begin, y=alt.value(alt.ExprRef(f"{top} - {_ROW} + 2")), y2=bottom)
    tick = rows.mark_point(
        shape="triangle-down", size=36, filled=True, fill=colour, opacity=1, strokeWidth=0, aria=False
    ).encode(x=begin, y=alt.value(-_ROW // 2), tooltip=frame.told)
    words = rows.mark_text(
        baseline="middle",
        align=alt.ExprRef(f"{slot} > 0 ? '{frame.near}' : '{frame.far}'"),
        dx=alt.ExprRef(f"{slot} > 0 ? {frame.forward(_BESIDE)} : {frame.forward(-_BESIDE)}"),
        color=colour,
        aria=False,
    ).encode(
        x=begin,
        y=alt.value(alt.ExprRef(f"{top} - {_ROW // 2}")),
        text=alt.value(alt.ExprRef(f"{slot} === 0 ? '' : datum.label")),
        tooltip=frame.told,
    )
    return shade, rule, tick, words


def _place(frame: Frame, share: str) -> str:
    """Return the expression of where a share of the width lies."""
    return f"(1 - {share}) * width" if frame.mirrored else f"{share} * width"


def event_data(marks: Sequence[EventMark], edge: Callable[[int], float]) -> Data:
    """Return the data set, which a chart without events has not; `edge` is the share of the width at which a month begins."""
    if not marks:
        return {}
    begins = [min(max(edge(one.first), 0.0), 1.0) for one in marks]
    ends = [
        begin if one.last is None else min(max(edge(one.last + 1), 0.0), 1.0)
        for one, begin in zip(marks, begins, strict=True)
    ]
    labels = [one.label for one in marks]
    return {
        NAME: {
            "begin": begins,
            "end": ends,
            "label": labels,
            "told": [one.told for one in marks],
            **{f"from_{least}": _slots(begins, labels, letter) for least, letter in _LETTER.items()},
        }
    }


def strip_of(data: Data) -> int:
    """Return how many pixels above a plot its named events take; 0 without any."""
    if NAME not in data:
        return 0
    return _ROW * (1 + max(1, *(abs(int(slot)) for least in _LETTER for slot in data[NAME][f"from_{least}"])))


def between_points(months: int) -> Callable[[int], float]:
    """Return the edges of months that are points on a line from the first to the last: half-way from the one before."""
    return lambda month: (month - 0.5) / max(months - 1, 1)


def _slots(begins: Sequence[float], labels: Sequence[str], letter: float) -> list[float]:
    """Return where the words of each event stand, the newest placed first: 0 nowhere, else the row, below 0 before the rule."""
    found: dict[int, _Words] = {}
    for place in sorted(range(len(begins)), key=lambda place: -begins[place]):
        at, width = begins[place], letter * min(len(labels[place]), LONGEST)
        tries = (_Words(row, side, at, width) for row, side in _ORDER)
        free = (one for one in tries if one.fits and not any(one.meets(other) for other in found.values()))
        one = next(free, None) if len(found) < _MOST else None
        if one is not None:
            found[place] = one
    unused = min((one.row for one in found.values()), default=1) - 1  # rows below all words
    return [
        float(found[place].side * (found[place].row - unused)) if place in found else 0.0
        for place in range(len(begins))
    ]


@dataclass(frozen=True)
class _Words:
    """Words at a rule: their row, 1 the lowest, the side on which they stand, the rule's place and their width."""

    row: int
    side: int
    at: float
    width: float

    @property
    def ends(self) -> tuple[float, float]:
        return (self.at, self.at + self.width) if self.side > 0 else (self.at - self.width, self.at)

    @property
    def fits(self) -> bool:
        return self.ends[0] >= 0 and self.ends[1] <= 1

    def meets(self, other: _Words) -> bool:
        """Return whether they overlap, or the rule of one, which rises to its words, goes through those of the other."""
        (low, high), (first, last) = self.ends, other.ends
        if self.row == other.row:
            return low < last and first < high
        upper, lower = (self, other) if self.row > other.row else (other, self)
        return lower.ends[0] < upper.at < lower.ends[1]
