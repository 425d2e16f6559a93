"""What moves the plan's value most, and what it would be worth to know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cxroi.chart import tornado
from cxroi.chart.drawing import Column, Drawing, Table
from cxroi.model.decision.sensitivity import TornadoBar
from cxroi.model.statistics.uncertainty import Interval
from cxroi.questions import BusinessCase, Sensitivity
from cxroi.text import Text
from cxroi.view.decide.drawings import plan_subtitle
from cxroi.view.decide.figures_behind import money_column
from cxroi.view.figure import input_name, isolated, money, money_range, source_line
from cxroi.view.table import columns

MOST = 8  # inputs in the picture
TORNADO_COLUMNS = ("input", "npv_low", "npv_high")


@dataclass(frozen=True, kw_only=True, eq=False)
class SensitivityView:
    """The tornado, and one line on what is worth learning first."""

    drawing: Drawing
    line: str


def sensitivity_view(case: BusinessCase, sensitivity: Sensitivity, text: Text) -> SensitivityView:
    """Return the tornado of a case's plan."""
    bars = sensitivity.tornado[:MOST]
    names = [input_name(bar.name, text) for bar in bars]
    ranges = [_npv_range(bar, case.currency, text) for bar in bars]
    told = text("chart.list_separator").join(f"{name}: {range_}" for name, range_ in zip(names, ranges, strict=True))
    label = text("chart.tornado.plan", npv=money(sensitivity.npv, case.currency, text))
    drawing = Drawing(
        name="tornado",
        title=text("chart.tornado.title", name=names[0], range=ranges[0]),
        subtitle=plan_subtitle("tornado", case, text),
        alternative=text("chart.tornado.alternative", bars=told),
        footer=source_line(case, text),
        currency=case.currency,
        data=tornado.data(
            bars,
            [isolated(name, text) for name in names],
            npv=sensitivity.npv,
            told=[
                isolated(text("chart.tornado.told", name=name, range=range_), text)
                for name, range_ in zip(names, ranges, strict=True)
            ],
            label=isolated(label, text),
        ),
        table=lambda: _table(bars, names, case.currency, text),
    )
    return SensitivityView(drawing=drawing, line=_learning_line(case, sensitivity, text))


def _table(bars: Sequence[TornadoBar], names: Sequence[str], currency: str, text: Text) -> Table:
    inputs = Column(heading=text("chart.column.input"), figures=tuple(names), words=tuple(names))
    ends = (
        money_column(f"npv_{end}", [getattr(bar, f"npv_{end}") for bar in bars], currency, text)
        for end in ("low", "high")
    )
    return (inputs, *ends)


def _npv_range(bar: TornadoBar, currency: str, text: Text) -> str:
    low, high = sorted((bar.npv_low, bar.npv_high))
    return money_range(Interval(low=low, mid=0.5 * (low + high), high=high), currency, text)


def _learning_line(case: BusinessCase, sensitivity: Sensitivity, text: Text) -> str:
    first = max((each for each in sensitivity.information if each.name != "all"), key=lambda each: each.value)
    value = money(first.value, case.currency, text)
    return text("page.what_if.sensitivity.learn", name=input_name(first.name, text), value=value)


def sensitivity_words(found: Sensitivity, currency: str, text: Text) -> list[str]:
    """Return the inputs that move a plan's value, widest first, and what is worth knowing."""
    rows = [
        [input_name(bar.name, text), money(bar.npv_low, currency, text), money(bar.npv_high, currency, text)]
        for bar in found.tornado
    ]
    worth = [
        text("sensitivity.worth", name=input_name(one.name, text), value=money(one.value, currency, text))
        for one in found.information
    ]
    level = text.percent(found.plan_percent / 100, 0)
    return [
        text("sensitivity.title", level=level, npv=money(found.npv, currency, text)),
        "",
        *columns([text(f"heading.{name}") for name in TORNADO_COLUMNS], rows),
        "",
        *worth,
    ]
