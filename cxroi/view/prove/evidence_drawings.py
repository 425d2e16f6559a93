"""The pictures of the Evidence page: each fitted response beside its months, and what was believed before and after."""

from __future__ import annotations

from functools import partial

from cxroi.chart import fitted, ranges
from cxroi.chart.drawing import Column, Drawing, Table
from cxroi.model.statistics.uncertainty import Interval
from cxroi.questions import BusinessCase
from cxroi.questions.shown_evidence import Belief, ShownChannel, ShownEvidence
from cxroi.text import Text
from cxroi.view.decide.channels import signed_percents
from cxroi.view.figure import isolated, probability, source_line
from cxroi.view.prove.figures import ShownFigures
from cxroi.view.table import words_column

_MOVES = 0.5  # probability from which spend is said to move an outcome
_NARROWER = 0.7  # of the range before, below which data have said something


def moves(one: ShownChannel) -> bool:
    """Return whether the months say in which direction 10 % more spend moves the outcome."""
    change = one.after.ten_more
    return one.after.moves > _MOVES and (change.low > 0 or change.high < 0)


def fitted_title(one: ShownChannel, text: Text) -> str:
    """Return what the months say of one outcome."""
    kind = "effect" if moves(one) else "open" if one.after.moves > _MOVES else "none"
    return text(
        f"evidence.{kind}",
        outcome=text(f"evidence.outcome.{one.id}"),
        change=signed_percents(one.after.ten_more, text),
        chance=probability(one.after.moves, text),
    )


def fitted_drawing(case: BusinessCase, one: ShownChannel, text: Text) -> Drawing:
    """Return the curve of one outcome with the months it came from."""
    found, outcome = one.fitted, text(f"evidence.outcome.{one.id}")
    changes = [
        Interval(low=low, mid=mid, high=high)
        for low, mid, high in zip(found.low.tolist(), found.mid.tolist(), found.high.tolist(), strict=True)
    ]
    levels = found.level_percent.tolist()
    ends = {name: signed_percents(changes[place], text) for name, place in (("low", 0), ("high", -1))} | {
        name: text.percent(levels[place] / 100, 0) for name, place in (("low_level", 0), ("high_level", -1))
    }
    note = "points" if found.months_each == 1 else "points_grouped"
    notes = [text(f"evidence.{note}", each=round(found.months_each))]
    notes += [text("evidence.piloted")] if one.piloted else []
    return Drawing(
        name="fitted",
        title=fitted_title(one, text),
        subtitle=text("chart.fitted.subtitle", outcome=outcome[:1].upper() + outcome[1:]),
        alternative=text("evidence.alternative", outcome=outcome, points=found.months, **ends),
        footer=" ".join((*notes, text("evidence.source", months=found.months, line=source_line(case, text)))),
        currency=case.currency,
        data=fitted.data(
            fitted.Fitted(
                level=found.level_percent,
                low=found.low,
                mid=found.mid,
                high=found.high,
                at=found.at_percent,
                change=found.change_percent,
            ),
            curve_told=[
                isolated(_told(level, change, text), text) for level, change in zip(levels, changes, strict=True)
            ],
            months_told=[
                isolated(_told_month(level, change, text), text)
                for level, change in zip(found.at_percent.tolist(), found.change_percent.tolist(), strict=True)
            ],
            today=isolated(text("chart.mark.today"), text),
        ),
        table=partial(_fitted_table, levels, changes, text),
    )


def _told(level: float, change: Interval, text: Text) -> str:
    return text(
        "evidence.told",
        level=text.percent(level / 100, 0),
        change=text.signed_percent(change.mid / 100),
        range=signed_percents(change, text),
    )


def _told_month(level: float, change: float, text: Text) -> str:
    return text("evidence.told_month", level=text.percent(level / 100, 0), change=text.signed_percent(change / 100))


def _fitted_table(levels: list[float], changes: list[Interval], text: Text) -> Table:
    shown = range(0, len(levels), 4)
    return (
        Column(
            heading=text("chart.column.level"),
            figures=tuple(round(levels[place], 1) for place in shown),
            words=tuple(text.percent(levels[place] / 100, 0) for place in shown),
        ),
        *(
            Column(
                heading=text(f"chart.column.change_{end}"),
                figures=tuple(round(getattr(changes[place], end), 3) for place in shown),
                words=tuple(text.signed_percent(getattr(changes[place], end) / 100) for place in shown),
            )
            for end in ("low", "mid", "high")
        ),
    )


def beliefs_drawing(case: BusinessCase, shown: ShownEvidence, text: Text) -> Drawing:
    """Return for every outcome what 10 % more spend was believed to do before any data, and what is left possible."""
    rows, told = [], []
    for one in shown.channels:
        name = text(f"channel.{one.id}")
        for which, when, belief in ((ranges.FIRST, "before", one.before), (ranges.SECOND, "after", one.after)):
            good = _for_the_good(belief, one.falls)
            words = text(
                "evidence.beliefs.told",
                name=name,
                when=text(f"evidence.beliefs.{when}"),
                change=signed_percents(good, text),
            )
            told.append(words)
            rows.append(
                ranges.Row(
                    name=isolated(name, text),
                    which=which,
                    low=good.low,
                    mid=good.mid,
                    high=good.high,
                    told=isolated(words, text),
                )
            )
    return Drawing(
        name="beliefs",
        title=_beliefs_title(shown, text),
        subtitle=text("chart.beliefs.subtitle"),
        alternative=text("evidence.beliefs.alternative", rows=text("chart.list_separator").join(told)),
        footer=" ".join((text("evidence.beliefs.caption"), source_line(case, text))),
        currency=case.currency,
        data=ranges.data(rows),
        table=partial(_beliefs_table, shown, text),
    )


def beliefs_figures(shown: ShownEvidence, text: Text) -> ShownFigures:
    """Return every main quantity of every outcome before and after, as a table."""
    return ShownFigures(
        section=text("evidence.beliefs.section"),
        title=_beliefs_title(shown, text),
        table=_beliefs_table(shown, text),
        caption=text("evidence.beliefs.caption"),
    )


def _beliefs_title(shown: ShownEvidence, text: Text) -> str:
    """Return how much narrower the data made the range of the outcome that every verdict rests on."""
    first = shown.channels[0]
    share = _width(first.after) / max(_width(first.before), 1e-12)
    kind = "title" if share < _NARROWER else "title_none"
    name, left = text(f"channel.{first.id}"), text.percent(min(share, 1.0), 0)
    return text(f"evidence.beliefs.{kind}", name=name, share=left)


def _for_the_good(belief: Belief, falls: bool) -> Interval:
    change = belief.ten_more
    return Interval(low=-change.high, mid=-change.mid, high=-change.low) if falls else change


def _width(belief: Belief) -> float:
    return belief.ten_more.high - belief.ten_more.low


def _beliefs_table(shown: ShownEvidence, text: Text) -> Table:
    """Return every main quantity of every outcome, before and after."""
    quantities = ("moves", "ten_more", "in_all", "carryover", *(f"shape_{place}" for place in range(4)))
    rows = [(one, name) for one in shown.channels for name in quantities]
    before, after = (
        [_quantity(belief, name, text) for one, name in rows for belief in (getattr(one, when),)]
        for when in ("before", "after")
    )
    return (
        words_column(text("evidence.predictive.outcome"), [text(f"channel.{one.id}") for one, _ in rows]),
        words_column(text("evidence.beliefs.quantity"), [text(f"evidence.beliefs.{name}") for _, name in rows]),
        words_column(text("evidence.beliefs.before"), before),
        words_column(text("evidence.beliefs.after"), after),
    )


def _quantity(belief: Belief, name: str, text: Text) -> str:
    if name == "moves":
        return probability(belief.moves, text)
    if name.startswith("shape_"):
        return text.percent(belief.shapes[int(name[-1])], 0)
    found: Interval = getattr(belief, name)
    if name == "carryover":
        low, high = (text.percent(end, 0) for end in (found.low, found.high))
        return low if low == high else text.between(low, high)
    return signed_percents(found, text)
