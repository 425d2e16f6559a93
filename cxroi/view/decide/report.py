"""The baseline and the business case as the short report that a finance person reads in a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from cxroi.model.company.baseline import Baseline, SegmentBaseline
from cxroi.model.company.panel import Panel
from cxroi.model.decision.health import Status
from cxroi.model.statistics.uncertainty import Interval
from cxroi.model.value.tei import TeiSummary
from cxroi.questions import BusinessCase, SegmentCase
from cxroi.text import Text
from cxroi.view.data_notes import data_notes, illustrative_lines, margin_notes
from cxroi.view.decide.health_words import advice, check_name
from cxroi.view.decide.horizons import horizon_words
from cxroi.view.decide.survival import survival_sentence
from cxroi.view.decide.verdict import verdict_card
from cxroi.view.figure import (
    money,
    money_range,
    payback,
    percent_range,
    points_range,
    probability,
    segment_name,
    source_line,
)
from cxroi.view.table import columns, with_whole

BASELINE_COLUMNS = ("segment", "customers", "retention", "margin", "support", "cx_spend")
SEGMENT_COLUMNS = ("segment", "call", "best_above", "more_pays", "best_spend", "today_spend", "gain")


def baseline_lines(baseline: Baseline, panel: Panel, illustrative: bool, text: Text) -> list[str]:
    """Return the baseline, a line a segment and the whole company last."""
    rows = [
        _baseline_row(segment, baseline.currency, text) for segment in with_whole(baseline.segments, baseline.whole)
    ]
    return [
        *illustrative_lines(illustrative, text),
        text("baseline.title", first=baseline.first_month, last=baseline.last_month),
        "",
        *columns([text(f"heading.{name}") for name in BASELINE_COLUMNS], rows),
        "",
        text("baseline.note"),
        *margin_notes(panel, text),
    ]


def case_lines(case: BusinessCase, text: Text, lines: Sequence[str] = ()) -> list[str]:
    """Return the verdict, what the plan is worth, the segments, the investment lines as worded, the checks and the source."""
    text = text.counting(case.currency)
    return [
        *illustrative_lines(case.illustrative, text),
        *_verdict(case, text),
        "",
        *_figures(case, text),
        "",
        *_segments(case.segments, case.currency, text),
        "",
        *lines,
        *_health(case, text),
        *([survival_sentence(case, text)] if case.survival else []),
        "",
        *_notes(case, text),
        source_line(case, text),
    ]


def tei_lines(table: TeiSummary, case: BusinessCase, text: Text) -> list[str]:
    """Return the TEI table of a case: initial, by year, total and present value; and where `evaluate` counts otherwise."""
    years = [text("tei.year", year=str(year)) for year in range(1, len(table.costs))]
    heading = ["", text("tei.initial"), *years, text("tei.total"), text("tei.present_value")]
    rows = {
        "costs": ([-cost for cost in table.costs], -table.total_costs, -table.pv_costs),
        "benefits": (table.benefits, table.total_benefits, table.pv_benefits),
        "net": (table.net_benefits, table.total_net, table.npv),
    }
    laid_out = [
        [text(f"tei.{name}"), *(text.number(amount + 0.0, 0) for amount in (*by_year, total, present))]
        for name, (by_year, total, present) in rows.items()
    ]
    missing = text("report.none")
    roi = missing if table.roi is None else text.percent(table.roi, 0)
    by_year = missing if table.payback_months is None else text.months(round(table.payback_months, 1))
    after = case.scenario.residual_value_months
    return [
        *illustrative_lines(case.illustrative, text),
        text("tei.title", currency=case.currency or "-"),
        "",
        *columns(heading, laid_out),
        "",
        text("tei.summary", roi=roi, payback=by_year, by_month=payback(case, text)),
        text("tei.note_after", rate=text.percent(table.rate), months=text.months(after))
        if after
        else text("tei.note", rate=text.percent(table.rate)),
        *([] if case.asked.contribution_margin_rate is not None else margin_notes(case.panel, text)),
    ]


def _baseline_row(segment: SegmentBaseline, currency: str, text: Text) -> list[str]:
    per_customer = (segment.contribution_margin_per_customer_month, segment.support_cost_per_customer_month)
    return [
        segment_name(segment.segment, text),
        text.number(segment.customers, 0),
        percent_range(segment.annual_retention_rate, text, 1),
        *(text.money(amount, currency, compact=False) for amount in per_customer),
        money(segment.cx_spend_per_month, currency, text),
    ]


def _verdict(case: BusinessCase, text: Text) -> list[str]:
    """Return the verdict's word and claim, what stands behind it a line each, and what would change it."""
    card = verdict_card(case, text)
    width = max(len(fact.label) for fact in card.facts)
    told = [
        f"{fact.label.ljust(width)}  {text('report.fact', value=fact.value, note=fact.note)}"
        if fact.note
        else f"{fact.label.ljust(width)}  {fact.value}"
        for fact in card.facts
    ]
    beside = [words for words in (card.counts, card.horizon) if words]
    return [f"{card.word}. {card.lead}", *beside, "", *told, "", f"{card.change_label}: {card.change}"]


def _figures(case: BusinessCase, text: Text) -> list[str]:
    outcome, currency, plan = case.outcome, case.currency, case.scenario
    missing = text("report.none")

    def percent(interval: Interval | None) -> str:
        return missing if interval is None else percent_range(interval, text)

    level = 100.0 if plan.investment_level_percent is None else plan.investment_level_percent
    uplift = outcome.break_even_uplift_pp
    figures = {
        "plan": text("report.plan_value", level=text.percent(level / 100, 0), months=horizon_words(plan, text))
        + _steps(plan.first_quarters_percent, text),
        "uplift": points_range(outcome.plan_uplift_pp, text),
        "break_even": missing if uplift is None else text.points(uplift),
        "npv": money_range(outcome.npv, currency, text),
        "roi": percent(outcome.roi),
        "programme_roi": percent(outcome.programme_roi),
        "marginal_roi": percent(outcome.marginal_roi),
        "irr": percent(outcome.annual_irr),
        "payback": payback(case, text),
        "loss": probability(outcome.probability_of_loss, text),
    }
    labels = {name: text(f"report.{name}") for name in figures}
    width = max(map(len, labels.values()))
    return [f"{labels[name].ljust(width)}  {value}" for name, value in figures.items()]


def _steps(first_quarters: tuple[float, ...], text: Text) -> str:
    """Return the levels that a plan passes on its way, a quarter each; nothing of one that is there at once."""
    levels = text.listed(text.percent(level / 100, 0) for level in first_quarters)
    return text("report.plan_steps", levels=levels) if levels else ""


def _segments(segments: Sequence[SegmentCase], currency: str, text: Text) -> list[str]:
    rows = [
        [
            segment_name(one.segment, text),
            text(f"verdict.word.{one.verdict.call}"),
            probability(one.verdict.stated.best_above, text),
            probability(one.verdict.stated.more_pays, text),
            money_range(one.verdict.optimum_spend, currency, text),
            money(one.verdict.today_spend, currency, text),
            money(one.verdict.gain_from_acting_now, currency, text),
        ]
        for one in segments
    ]
    return columns([text(f"heading.{name}") for name in SEGMENT_COLUMNS], rows)


def _health(case: BusinessCase, text: Text) -> list[str]:
    passed = sum(check.status is Status.PASS for check in case.health)
    lines = [text("report.checks", passed=passed, count=len(case.health))]
    for check in case.health:
        if check.status is not Status.PASS:
            name = check_name(check.check, check.facts, text)
            lines.append(f"  {text(f'report.{check.status}')} {name}. {advice(check, text)}")
    return lines


def _notes(case: BusinessCase, text: Text) -> list[str]:
    notes = data_notes(case, text)
    return [text("page.overview.notes_title"), *(f"  {note.sentence}" for note in notes), ""] if notes else []
