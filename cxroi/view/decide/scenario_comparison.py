"""Scenarios side by side: every figure with its range and its difference from a base, and what each assumes otherwise."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cxroi.chart.drawing import Column, Table
from cxroi.model.kept_scenario import KeptFigures, SavedScenario, changed_assumptions
from cxroi.model.scenario import Scenario
from cxroi.model.statistics.uncertainty import Interval
from cxroi.questions import read_register
from cxroi.questions.scenarios import WorthBeside
from cxroi.text import Text
from cxroi.view.assumption_words import assumption_value
from cxroi.view.decide.kept_scenarios import call_words, paid_back, version_number
from cxroi.view.figure import (
    deserved_step,
    money,
    percent_range,
    points_range,
    probability,
    signed_money,
    signed_range,
)
from cxroi.view.table import words_column

RATES = ("roi", "marginal_roi", "programme_roi")
FIGURES = ("call", "spend", "npv", *RATES, "paid", "loss", "stay")
_LATER = "first_quarters_percent"


@dataclass(frozen=True, kw_only=True)
class Compared:
    """One scenario to be set beside others, with the figures that are compared: as they were kept, or on the data in use.

    `more` is how much more it is worth than the base on the same data; None for the base, and where figures are as they were kept.
    """

    saved: SavedScenario
    figures: KeptFigures | None
    more: WorthBeside | None = None


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One figure of one scenario: its middle, its range, and how far it is from the base's."""

    value: str
    range: str = ""
    change: str = ""


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Figures as rows and scenarios as columns, the base first; then the assumptions that differ, laid out alike."""

    caption: str
    headings: tuple[tuple[str, str], ...]  # a scenario, and on which data
    figures: tuple[tuple[str, tuple[Cell, ...]], ...]
    assumptions: tuple[tuple[str, tuple[str, ...]], ...]
    notes: tuple[str, ...]


def comparison(told: Sequence[Compared], text: Text, *, as_kept: bool) -> Comparison:
    """Return scenarios side by side, the first of them the base."""
    base = told[0]
    return Comparison(
        caption=text("scenarios.compare.caption", name=base.saved.kept.name),
        headings=tuple((one.saved.kept.name, _on_data(one, text)) for one in told),
        figures=tuple(
            (figure_name(name, base, text), tuple(_cell(name, one, base, text) for one in told)) for name in FIGURES
        ),
        assumptions=tuple(
            (_label(name, text), tuple(_assumed(name, one.saved, text) for one in told)) for name in _changed(told)
        ),
        notes=_notes(told, text, as_kept=as_kept),
    )


def change_sentences(base: SavedScenario, other: SavedScenario, text: Text) -> list[str]:
    """Return what a scenario assumes otherwise than the base, a sentence each."""
    return [
        text(
            "scenarios.compare.changed",
            name=_label(name, text),
            before=_assumed(name, base, text),
            after=_assumed(name, other, text),
        )
        for name in changed_assumptions(base.kept.scenario, other.kept.scenario)
    ]


def comparison_table(told: Sequence[Compared], text: Text) -> Table:
    """Return the comparison as figures for a file, a row a scenario: the ends of every range, differences, and what it assumes otherwise."""
    base = told[0]

    def ends(name: str, of: Callable[[KeptFigures], Interval | None]) -> list[Column]:
        heading = figure_name(name, base, text)
        found = [None if one.figures is None else of(one.figures) for one in told]
        return [
            _column(
                f"{heading}: {text(f'scenarios.compare.{end}')}",
                [None if i is None else getattr(i, end) for i in found],
            )
            for end in ("low", "mid", "high")
        ]

    def single(name: str, of: Callable[[KeptFigures], float]) -> Column:
        return _column(
            figure_name(name, base, text), [None if one.figures is None else of(one.figures) for one in told]
        )

    differences = [_difference("npv", one, base) for one in told]
    changed = [" ".join(change_sentences(base.saved, one.saved, text)) for one in told]
    words = {
        "name": [one.saved.kept.name for one in told],
        "id": [one.saved.id for one in told],
        "revision": [text.number(one.saved.last.number) for one in told],
        "data": [one.saved.kept.data_version for one in told],
        "currency": ["" if one.figures is None else one.figures.currency for one in told],
        "call": ["" if one.figures is None else text(f"verdict.word.{one.figures.call}") for one in told],
    }
    return (
        *(words_column(text(f"scenarios.compare.column.{name}"), column) for name, column in words.items()),
        single("spend", lambda of: of.spend),
        *ends("npv", lambda of: of.npv),
        _column(text("scenarios.compare.column.difference"), differences),
        *(column for rate in RATES for column in ends(rate, lambda of, rate=rate: getattr(of, rate))),  # type: ignore[misc]
        *ends("paid", lambda of: of.payback_months),
        single("loss", lambda of: of.probability_of_loss),
        *ends("stay", lambda of: of.plan_uplift_pp),
        words_column(text("scenarios.compare.column.changed"), changed),
    )


def figure_name(name: str, base: Compared, text: Text) -> str:
    """Return what a row of the comparison is called; what the next unit of spend is follows the base's currency."""
    currency = base.figures.currency if base.figures is not None else ""
    return text.counting(currency)(f"scenarios.figure.{name}")


def assumed_words(name: str, scenario: Scenario, text: Text) -> str:
    """Return what a scenario assumes, with its unit; what it leaves open in words."""
    value: Any = getattr(scenario, name)
    if value is None or value == ():
        return text("page.method.register.free" if value is None else "scenarios.compare.at_once")
    if name == _LATER:
        return text.listed(text.percent(level / 100, 0) for level in value)
    if name == "currency":
        return text.currency(value) or text("report.none")
    entry = read_register()[1][name]
    if entry.unit.startswith("money"):
        return money(value, scenario.currency, text)
    return assumption_value(entry, value, text)


def _label(name: str, text: Text) -> str:
    return text("scenarios.compare.column.currency" if name == "currency" else f"assumption.{name}.label")


def _assumed(name: str, saved: SavedScenario, text: Text) -> str:
    return assumed_words(name, saved.kept.scenario, text)


def _changed(told: Sequence[Compared]) -> tuple[str, ...]:
    """Return the assumptions in which any scenario differs from the base, in the order of the fields."""
    base = told[0].saved.kept.scenario
    found = {name for one in told for name in changed_assumptions(base, one.saved.kept.scenario)}
    return tuple(name for name in vars(base) if name in found)


def _on_data(one: Compared, text: Text) -> str:
    if one.figures is None:
        return text("scenarios.moved.no_figures", version="", settings="")
    version = version_number(one.saved.kept.data_version, text)
    return text("scenarios.compare.data", revision=one.saved.last.number, version=version)


def _cell(name: str, one: Compared, base: Compared, text: Text) -> Cell:
    of = one.figures
    if of is None:
        return Cell(value=text("report.none"))
    value, range = _VALUES[name](of, text)
    return Cell(value=value, range=range, change="" if one is base else _change(name, one, base, text))


def _rate(name: str) -> Callable[[KeptFigures, Text], tuple[str, str]]:
    def told(of: KeptFigures, text: Text) -> tuple[str, str]:
        interval: Interval | None = getattr(of, name)
        if interval is None:
            return text("report.none"), ""
        return text.percent(interval.mid, 0), percent_range(interval, text)

    return told


_VALUES: Mapping[str, Callable[[KeptFigures, Text], tuple[str, str]]] = {
    "call": lambda of, text: (call_words(of, text), f"{of.grade}: {text(f'verdict.grade.{of.grade}.name')}"),
    "spend": lambda of, text: (
        money(of.spend, of.currency, text),
        text("scenarios.compare.level", level=text.percent(of.level_percent / 100, 0)),
    ),
    "npv": lambda of, text: (
        signed_money(of.npv.mid, of.currency, deserved_step(of.npv), text),
        signed_range(of.npv, text),
    ),
    **{name: _rate(name) for name in RATES},
    "paid": lambda of, text: (paid_back(of, text), ""),
    "loss": lambda of, text: (probability(of.probability_of_loss, text), ""),
    "stay": lambda of, text: (text.points(of.plan_uplift_pp.mid), points_range(of.plan_uplift_pp, text)),
}


def _difference(name: str, one: Compared, base: Compared) -> float | None:
    """Return how far the middle of a figure is from the base's, in its own unit; None where the two cannot be subtracted."""
    ours, theirs = one.figures, base.figures
    if ours is None or theirs is None or (name in ("npv", "spend") and ours.currency != theirs.currency):
        return None
    if name == "npv" and one.more is not None:
        return one.more.more.mid
    pairs = [_middle(name, of) for of in (ours, theirs)]
    return None if None in pairs else float(pairs[0]) - float(pairs[1])  # type: ignore[arg-type]


def _middle(name: str, of: KeptFigures) -> float | None:
    if name in RATES or name == "npv":
        interval: Interval | None = getattr(of, name)
        return None if interval is None else interval.mid
    return {"spend": of.spend, "loss": of.probability_of_loss, "stay": of.plan_uplift_pp.mid}.get(name)


def _change(name: str, one: Compared, base: Compared, text: Text) -> str:
    """Return a difference in words: money as money, rates and probabilities in points."""
    by = _difference(name, one, base)
    if by is None or one.figures is None:
        return ""
    if name == "npv" and one.more is not None:
        facts = {"range": signed_range(one.more.more, text), "chance": probability(one.more.probability, text)}
        by_words = signed_money(by, one.figures.currency, deserved_step(one.more.more), text)
        return text("scenarios.compare.more", by=by_words, **facts) if by else ""
    if name in ("npv", "spend"):
        step = deserved_step(one.figures.npv) if name == "npv" else 0.0
        return signed_money(by, one.figures.currency, step, text) if by else ""
    points = by if name == "stay" else 100 * by
    return text.points(points, 1 if name == "stay" else 0) if round(points, 1 if name == "stay" else 0) else ""


def _notes(told: Sequence[Compared], text: Text, *, as_kept: bool) -> tuple[str, ...]:
    """Return what keeps figures from being set beside each other without a thought."""
    known = [one.figures for one in told if one.figures is not None]
    notes = [text("scenarios.compare.note_kept" if as_kept else "scenarios.compare.note_now")]
    if as_kept and len({one.saved.kept.data_version for one in told}) > 1:
        notes.append(text("scenarios.compare.note_data"))
    if len({of.horizon_months for of in known}) > 1:
        notes.append(text("scenarios.compare.note_horizons"))
    if len({of.currency for of in known}) > 1:
        notes.append(text("scenarios.compare.note_currencies"))
    return tuple(notes)


def _column(heading: str, values: Sequence[float | None]) -> Column:
    figures = tuple("" if value is None else value for value in values)
    return Column(
        heading=heading, figures=figures, words=tuple("" if value is None else repr(value) for value in values)
    )
