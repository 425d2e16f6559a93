"""The Method page: every formula, assumption, grade and benchmark, the words, and the queries behind the panel."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from cxroi.model.assumption import Assumption, Grade
from cxroi.model.decision.thresholds import HealthThresholds
from cxroi.model.decision.verdict import DecisionRule
from cxroi.questions import BusinessCase, read_channel_register, read_register, read_section
from cxroi.text import Text
from cxroi.view.assumption_words import assumption_value
from cxroi.view.health_limits import limit_ends
from cxroi.view.market_benchmarks import read_benchmarks
from cxroi.view.share.formulas import FORMULAS, GROUPS, Formula
from cxroi.view.share.references import read_references

if TYPE_CHECKING:
    from cxroi.questions import AuditEntry

_WIDE = 90  # signs of LaTeX
_NO_LIMIT = 1000  # an upper end from here on only keeps out what cannot be meant
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
    "cohort",
    "revenue_kept",
    "order_value",
    "serve",
    "tenure",
    "segment",
    "promoters",
    "touchpoint",
    "impact",
    "first_time",
    "theme",
    "log_rank",
    "capex",
    "budget",
    "line",
    "forecast",
    "target",
    "event",
    "health_check",
    "about_right",
    "open",
    "horizon",
    "discount",
    "irr",
    "overlap",
    "materiality",
    "break_even",
    "safe_step",
    "value_known",
    "pilot",
    "by_lot",
    "matched",
    "power",
    "winner",
    "draws",
    "median",
    "cx_level",
    "tei",
)


@dataclass(frozen=True, kw_only=True)
class InUse:
    """The assumptions of the scenario in use: which of them were typed with it, and which were said of the data, by whom and when.

    `last_day` is that of the data that gave the others.
    """

    assumptions: tuple[Assumption, ...]
    typed: frozenset[str] = frozenset()
    said: Mapping[str, tuple[str, date]] = field(default_factory=dict)
    last_day: date | None = None


@dataclass(frozen=True, kw_only=True)
class FormulaRow:
    """One formula as it is shown; `id` is its place on the Method page."""

    id: str
    title: str
    latex: str
    meaning: str
    source: str


@dataclass(frozen=True, kw_only=True)
class FormulaGroup:
    """Formulas that belong together; `id` is their place on the Method page, in every language."""

    id: str
    title: str
    rows: tuple[FormulaRow, ...]


@dataclass(frozen=True, kw_only=True)
class ShownTable:
    """A table of words: headings and rows of the same length, a sentence above; `id` is its place on the Method page."""

    id: str
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
    swings: ShownTable
    grades: ShownTable
    benchmarks: ShownTable
    references: ShownTable
    glossary: ShownTable
    queries_intro: str


def method(in_use: InUse, text: Text) -> MethodView:
    """Return the page, with the assumptions of the scenario in use, or of the register where there is none."""
    tabs = ("formulas", "register", "grades", "benchmarks", "references", "glossary", "queries")
    materiality = next((one.value for one in in_use.assumptions if one.name == "materiality_rate"), None)
    return MethodView(
        title=text("page.method.title"),
        lead=text("page.method.lead"),
        tabs=tuple(text(f"page.method.tab.{tab}") for tab in tabs),
        formulas=_formulas(text),
        rule=_rule(DecisionRule(), materiality, text),
        health=_health(HealthThresholds(), text),
        plan=_scenario(in_use, in_use.assumptions, text),
        priors=_section("prior", text, "pilot"),
        channels=_channels(text),
        certainty=_section("certainty", text),
        swings=_section("swing", text, "plausible"),
        grades=grade_ladder(text),
        benchmarks=_benchmarks(text),
        references=_references(text),
        glossary=_glossary(text),
        queries_intro=text("page.method.queries.intro"),
    )


def method_lines(view: MethodView, text: Text) -> list[str]:
    """Return the page but for its queries and its glossary as lines of plain text."""
    rows = [(group.title, "", *(line for row in group.rows for line in formula_lines(row))) for group in view.formulas]
    formulas = [line for group in rows for line in group]
    tables = (view.rule, view.health, view.plan, view.priors, view.channels, view.certainty, view.swings, view.grades)
    told = [line for table in (*tables, view.benchmarks, view.references) for line in table_lines(table, text)]
    return [view.title, view.lead, "", *formulas, *told]


def formula_lines(row: FormulaRow) -> tuple[str, ...]:
    """Return a formula as lines of plain text."""
    return row.title, row.meaning, row.latex, row.source, ""


def table_lines(table: ShownTable, text: Text) -> list[str]:
    """Return a table as lines of plain text, a row each."""
    return [table.title, *(text.listed(row) for row in table.rows), ""]


def in_use_of(case: BusinessCase, trail: Sequence[AuditEntry]) -> InUse:
    """Return the assumptions of a case; `trail` is the audit trail, which knows who said what of the data, and when."""
    register = read_register()[1]
    typed = {name for name, entry in register.items() if getattr(case.asked, name) not in (None, entry.value)}
    is_said = any(note.id == "store.note.margin_said" for note in case.notes)
    lines = [line for line in trail if is_said and line.what == "money_said" and line.facts["margin_rate"]]
    return InUse(
        assumptions=case.assumptions,
        typed=frozenset(typed),
        said={"contribution_margin_rate": (lines[-1].who, lines[-1].at.date())} if lines else {},
        last_day=case.panel.last_day,
    )


def register_in_use() -> InUse:
    """Return the scenario's assumptions as the register has them, for when no scenario can be worked out."""
    return InUse(assumptions=tuple(read_register()[1].values()))


def assumed(names: Collection[str], in_use: InUse, text: Text) -> tuple[ShownTable, ...]:
    """Return the assumptions that formulas take: those of the scenario by name, and whole sections of the register."""
    own = [one for one in in_use.assumptions if one.name in names]
    tables = [_scenario(in_use, own, text)] if own else []
    sections = (name for name in ("prior", "certainty", "pilot", "swing", "plausible") if name in names)
    tables += [_section(name, text) for name in sections]
    return (*tables, _channels(text)) if "channel" in names else tuple(tables)


def formula_row(formula: Formula, text: Text) -> FormulaRow:
    """Return a formula as it is shown, with its number on the Method page."""
    number = text("page.method.number", number=FORMULAS.index(formula) + 1)
    return FormulaRow(
        id=formula.id,
        title=f"{number} {text(f'page.method.formula.{formula.id}.title')}",
        latex=_stacked(formula.latex),
        meaning=text(f"page.method.formula.{formula.id}.meaning"),
        source=text("page.method.source", source=_source(formula.source, text)),
    )


def _stacked(latex: str) -> str:
    """Return a formula whose parts stand one below the other where beside each other they would be too wide."""
    if len(latex) < _WIDE or r", \qquad" not in latex:
        return latex
    return r"\begin{gathered} " + latex.replace(r", \qquad", r", \\[0.5em]") + r" \end{gathered}"


def _formulas(text: Text) -> tuple[FormulaGroup, ...]:
    return tuple(
        FormulaGroup(
            id=f"group_{group}",
            title=text(f"page.method.group.{group}"),
            rows=tuple(formula_row(one, text) for one in FORMULAS if one.group == group),
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
        id="rule",
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
        id="health",
        title=text("page.method.health.title"),
        intro=text("page.method.health.intro"),
        headings=tuple(text(f"page.method.health.{heading}") for heading in ("check", "measures", "passes", "fails")),
        rows=tuple(
            (text(f"health.{check}.name"), text(f"health.{check}.measures"), *ends)
            for check, ends in {**limits, "today_is_typical": today}.items()
        ),
    )


def _scenario(in_use: InUse, assumptions: Iterable[Assumption], text: Text) -> ShownTable:
    """Return assumptions of the scenario; who gave each its value and when follows from the scenario and the data."""
    free = {name for name, entry in read_register()[1].items() if entry.value is None}

    def row(one: Assumption) -> tuple[str, ...]:
        plain = _row(one, f"assumption.{one.name}", text)
        *rest, source, _, _ = plain
        if one.name in in_use.typed:
            typed = text("page.method.register.typed", source=source)
            return (*rest, typed, text("page.method.register.now"), text("page.method.register.you"))
        if one.name in in_use.said:
            who, day = in_use.said[one.name]
            said = text("page.method.register.said")
            return (*rest, said, text.month(day), who or text("page.method.register.somebody"))
        if one.name in free and in_use.last_day:
            return (*rest, source, text.month(in_use.last_day), text("page.method.register.data"))
        return plain

    return _table("scenario", map(row, assumptions), text, intro=text("page.method.register.intro"))


def _section(name: str, text: Text, *more: str) -> ShownTable:
    """Return a section of the register, with the rows of others after its own."""
    rows = [
        _row(
            one, f"assumption.{one.name}" if section == "swing" else f"page.method.{section}.{one.name}", text, section
        )
        for section in (name, *more)
        for one in read_section(section).values()
    ]
    return _table(name, rows, text)


def _channels(text: Text) -> ShownTable:
    """Return what is believed of margin, support cost and new customers before any data, each named at its row."""
    rows = []
    for channel, entries in read_channel_register().items():
        for one in entries.values():
            told, *rest = _row(one, f"page.method.channel.{one.name}", text)
            rows.append((f"{text(f'channel.{channel}')}: {told}", *rest))
    return _table("channel", rows, text)


def _table(kind: str, rows: Iterable[tuple[str, ...]], text: Text, intro: str = "") -> ShownTable:
    headings = ("name", "value", "range", "grade", "source", "date", "who")
    return ShownTable(
        id=f"register_{kind}",
        title=text(f"page.method.register.{kind}"),
        intro=intro,
        headings=tuple(text(f"page.method.register.{heading}") for heading in headings),
        rows=tuple(rows),
    )


def _row(one: Assumption, worded: str, text: Text, section: str = "") -> tuple[str, ...]:
    """Return an assumption as the register has it, named and explained under the id `worded`."""
    source = {"swing": "swing", "plausible": f"plausible_{one.name}"}.get(section, one.name)
    return (
        f"{text(f'{worded}.label')} — {text(f'{worded}.meaning')}",
        assumption_value(one, one.value, text) if one.value is not None else text("page.method.register.free"),
        _range(one, text),
        one.grade.value,
        text(f"page.method.source_of.{source}"),
        text.year(date(one.year, 1, 1)) if one.year else "",
        text("page.method.register.project"),
    )


def _range(assumption: Assumption, text: Text) -> str:
    low, high = assumption.low, assumption.high
    if low is None or high is None or high >= _NO_LIMIT:
        return text("page.method.register.none")
    return text.between(assumption_value(assumption, low, text), assumption_value(assumption, high, text))


def grade_ladder(text: Text) -> ShownTable:
    """Return the grades of evidence, the best first."""
    return ShownTable(
        id="grades",
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
        id="benchmarks",
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


def _references(text: Text) -> ShownTable:
    """Return the bibliography: what formulas, assumptions and benchmarks name by authors and year."""
    return ShownTable(
        id="references",
        title=text("page.method.tab.references"),
        intro=text("page.method.references.intro"),
        headings=tuple(
            text(f"page.method.references.{heading}") for heading in ("authors", "year", "title", "published")
        ),
        rows=tuple(
            (one.authors, text.year(date(one.year, 1, 1)), one.title, one.published) for one in read_references()
        ),
    )


def _glossary(text: Text) -> ShownTable:
    return ShownTable(
        id="glossary",
        title=text("page.method.tab.glossary"),
        intro=text("page.method.glossary.intro"),
        headings=tuple(text(f"page.method.glossary.{heading}") for heading in ("term", "other", "meaning")),
        rows=tuple(
            sorted(tuple(text(f"page.method.word.{w}.{part}") for part in ("term", "other", "meaning")) for w in WORDS)
        ),
    )


def _source(source: str, text: Text) -> str:
    return text(source) if source.startswith("page.") else _left_to_right(source)


def _left_to_right(source: str) -> str:
    """Keep a Latin source in its own direction inside an Arabic line."""
    return f"\u200e{source}\u200e"
