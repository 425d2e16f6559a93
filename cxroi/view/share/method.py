"""The Method page: every formula, assumption, grade and benchmark, the words, and the queries behind the panel."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from cxroi.model.assumption import Assumption, Grade
from cxroi.model.decision.thresholds import HealthThresholds
from cxroi.model.decision.verdict import DecisionRule
from cxroi.questions import read_channel_register, read_register, read_section
from cxroi.text import Text
from cxroi.text.plain import shown
from cxroi.view.health_limits import limit_ends
from cxroi.view.market_benchmarks import read_benchmarks
from cxroi.view.share.formulas import FORMULAS, GROUPS

WORDS = (
    "churn",
    "retention",
    "cx_spend",
    "margin",
    "clv",
    "npv",
    "roi",
    "marginal",
    "over",
    "under",
    "payback",
    "interval",
    "response",
    "carryover",
    "prior",
    "grade",
    "hurdle",
    "nps",
)


@dataclass(frozen=True, kw_only=True)
class FormulaRow:
    """One formula as it is shown."""

    title: str
    latex: str
    meaning: str
    source: str


@dataclass(frozen=True, kw_only=True)
class FormulaGroup:
    """Formulas that belong together."""

    title: str
    rows: tuple[FormulaRow, ...]


@dataclass(frozen=True, kw_only=True)
class ShownTable:
    """A table of words: headings and rows of the same length, a sentence above."""

    title: str
    intro: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, kw_only=True)
class MethodView:
    """Everything on the Method page, in the order of its tabs."""

    title: str
    lead: str
    tabs: tuple[str, ...]
    formulas: tuple[FormulaGroup, ...]
    rule: ShownTable
    health: ShownTable
    plan: ShownTable
    priors: ShownTable
    channels: ShownTable
    certainty: ShownTable
    grades: ShownTable
    benchmarks: ShownTable
    glossary: ShownTable
    queries_intro: str


def method(assumptions: Iterable[Assumption], text: Text) -> MethodView:
    """Return the page; `assumptions` are those of the scenario in use, or of the register where there is none."""
    tabs = ("formulas", "register", "grades", "benchmarks", "glossary", "queries")
    return MethodView(
        title=text("page.method.title"),
        lead=text("page.method.lead"),
        tabs=tuple(text(f"page.method.tab.{tab}") for tab in tabs),
        formulas=_formulas(text),
        rule=_rule(DecisionRule(), dict((a.name, a.value) for a in assumptions).get("materiality_rate"), text),
        health=_health(HealthThresholds(), text),
        plan=_register("scenario", assumptions, text),
        priors=_register("prior", {**read_section("prior"), **read_section("pilot")}.values(), text),
        channels=_channels(text),
        certainty=_register("certainty", read_section("certainty").values(), text),
        grades=_grades(text),
        benchmarks=_benchmarks(text),
        glossary=_glossary(text),
        queries_intro=text("page.method.queries.intro"),
    )


def register_assumptions() -> tuple[Assumption, ...]:
    """Return the scenario's assumptions as the register has them, for when no scenario can be worked out."""
    return tuple(read_register()[1].values())


def _formulas(text: Text) -> tuple[FormulaGroup, ...]:
    number = {formula.id: place for place, formula in enumerate(FORMULAS, start=1)}
    return tuple(
        FormulaGroup(
            title=text(f"page.method.group.{group}"),
            rows=tuple(
                FormulaRow(
                    title=f"{text('page.method.number', number=number[f.id])} {text(f'page.method.formula.{f.id}.title')}",
                    latex=f.latex,
                    meaning=text(f"page.method.formula.{f.id}.meaning"),
                    source=text("page.method.source", source=_source(f.source, text)),
                )
                for f in FORMULAS
                if f.group == group
            ),
        )
        for group in GROUPS
    )


def _rule(rule: DecisionRule, materiality: float | str | None, text: Text) -> ShownTable:
    facts = {
        "materiality": text.percent(float(materiality or 0.0), 0),
        "information": text.number(rule.information_to_materiality),
        "near": text.percent(rule.near_today, 0),
        "near_probability": text.percent(rule.near_today_probability, 0),
        "above": text.percent(rule.sure_of_too_little, 0),
        "below": text.percent(rule.sure_of_too_much, 0),
        "step": text.percent(rule.direction_step, 0),
        "changed": text.percent(rule.sure_when_changed, 0),
        "close": text.number(100 * rule.close_when_changed, 0),
    }
    return ShownTable(
        title=text("page.method.rule.title"),
        intro=text("page.method.rule.intro"),
        headings=(),
        rows=tuple(
            (text(f"page.method.rule.{call}", **facts),)
            for call in ("about_right", "under", "over", "survives", "open", "safe")
        ),
    )


def _health(thresholds: HealthThresholds, text: Text) -> ShownTable:
    """Return where each check passes and where it fails; a check that is yes or no has no threshold."""
    facts = {
        "times": text.number(thresholds.unusual_times),
        "moved": text.percent(thresholds.year_moved_by_one_month, 0),
        "segment": text.percent(thresholds.material_segment, 0),
        "deviations": text.number(thresholds.unusual_losses),
    }
    today = tuple(text(f"page.method.health.today_{end}", **facts) for end in ("passes", "fails"))
    limits = {check: limit_ends(limit, text) for check, limit in thresholds.limits().items()}
    return ShownTable(
        title=text("page.method.health.title"),
        intro=text("page.method.health.intro"),
        headings=tuple(text(f"page.method.health.{heading}") for heading in ("check", "measures", "passes", "fails")),
        rows=tuple(
            (text(f"health.{check}.name"), text(f"health.{check}.measures"), *ends)
            for check, ends in {**limits, "today_is_typical": today}.items()
        ),
    )


def _register(kind: str, assumptions: Iterable[Assumption], text: Text) -> ShownTable:
    label = "assumption" if kind == "scenario" else f"page.method.{kind}"
    return ShownTable(
        title=text(f"page.method.register.{kind}"),
        intro=text("page.method.register.intro") if kind == "scenario" else "",
        headings=tuple(
            text(f"page.method.register.{heading}") for heading in ("name", "value", "range", "grade", "source")
        ),
        rows=tuple(
            (
                f"{text(f'{label}.{a.name}.label')} — {text(f'{label}.{a.name}.meaning')}",
                _value(a, a.value, text) if a.value is not None else text("page.method.register.free"),
                _range(a, text),
                a.grade.value,
                text(f"page.method.source_of.{a.name}") + (f" ({a.year})" if a.year else ""),
            )
            for a in assumptions
        ),
    )


def _channels(text: Text) -> ShownTable:
    """Return what is believed of margin, support cost and new customers before any data, each named at its row."""
    rows = []
    for channel, entries in read_channel_register().items():
        rows += [
            (f"{text(f'channel.{channel}')}: {told}", *rest)
            for told, *rest in _register("channel", entries.values(), text).rows
        ]
    return replace(_register("channel", (), text), rows=tuple(rows))


def _value(assumption: Assumption, value: float | str, text: Text) -> str:
    unit = text(f"page.method.unit.{_slug(assumption.unit)}")
    if isinstance(value, str):
        return shown(value)
    if assumption.unit == "months":
        return text.months(value)
    if "share of" in assumption.unit or assumption.name.endswith("_rate"):
        return f"{text.percent(value, 1 if value and abs(value) < 0.1 else 0)} {unit}".strip()
    return f"{text.number(round(value, 2))}{'' if unit.startswith('%') else ' '}{unit}".strip()


def _range(assumption: Assumption, text: Text) -> str:
    low, high = assumption.low, assumption.high
    if low is None or high is None or high >= 1e9:
        return text("page.method.register.none")
    return text.between(_value(assumption, low, text), _value(assumption, high, text))


def _slug(unit: str) -> str:
    return "_".join(re.findall(r"\w+", unit.replace("'", ""))) or "none"


def _grades(text: Text) -> ShownTable:
    return ShownTable(
        title=text("page.method.tab.grades"),
        intro=text("page.method.grades.intro"),
        headings=tuple(text(f"page.method.grades.{heading}") for heading in ("grade", "name", "meaning")),
        rows=tuple(
            (grade.value, text(f"verdict.grade.{grade.value}.name"), text(f"verdict.grade.{grade.value}.meaning"))
            for grade in Grade
        ),
    )


def _benchmarks(text: Text) -> ShownTable:
    return ShownTable(
        title=text("page.method.tab.benchmarks"),
        intro=text("page.method.benchmarks.intro"),
        headings=tuple(
            text(f"page.method.benchmarks.{heading}") for heading in ("figure", "kind", "source", "warning")
        ),
        rows=tuple(
            (
                text(f"benchmark.{b.name}.figure"),
                text(f"page.method.kind.{b.kind}"),
                _left_to_right(b.source),
                text(f"benchmark.{b.name}.warning"),
            )
            for b in read_benchmarks()
        ),
    )


def _glossary(text: Text) -> ShownTable:
    return ShownTable(
        title=text("page.method.tab.glossary"),
        intro=text("page.method.glossary.intro"),
        headings=tuple(text(f"page.method.glossary.{heading}") for heading in ("term", "other", "meaning")),
        rows=tuple(tuple(text(f"page.method.word.{w}.{part}") for part in ("term", "other", "meaning")) for w in WORDS),
    )


def _source(source: str, text: Text) -> str:
    return text(source) if source.startswith("page.") else _left_to_right(source)


def _left_to_right(source: str) -> str:
    """Keep a Latin source in its own direction inside an Arabic line."""
    return f"\u200e{source}\u200e"
