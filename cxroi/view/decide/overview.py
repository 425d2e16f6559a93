"""The Overview: the verdict, the figures behind it, segments that are over or under, and whether to trust it all."""

from __future__ import annotations

from dataclasses import dataclass

from cxroi.chart.drawing import Drawing
from cxroi.model.decision.allocation import Allocation
from cxroi.model.decision.health import HealthCheck, Status
from cxroi.model.decision.verdict import Call
from cxroi.questions import BusinessCase, SegmentCase
from cxroi.text import Text
from cxroi.view.data_notes import DataNote, data_notes
from cxroi.view.decide.board import Board, board
from cxroi.view.decide.board_drawing import board_drawing
from cxroi.view.decide.channels import ChannelPanel, channel_panel
from cxroi.view.decide.drawings import waterfall_drawing
from cxroi.view.decide.health_words import advice, check_name
from cxroi.view.decide.horizons import HorizonStrip, horizon_strip, horizon_words
from cxroi.view.decide.verdict import Fact, VerdictCard, verdict_card
from cxroi.view.figure import money, money_range, payback, percent_range, probability, source_line


@dataclass(frozen=True, kw_only=True)
class SegmentRow:
    """One segment in the table of calls."""

    segment: str  # as the data name it: to be escaped where it is shown
    call: str
    word: str
    probability: str
    best: str
    gain: str


@dataclass(frozen=True, kw_only=True)
class SegmentTable:
    """The calls by segment; `caption` says what the figures assume."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[SegmentRow, ...]
    caption: str


@dataclass(frozen=True, kw_only=True)
class CheckNote:
    """A health check that did not pass, with what to do about it."""

    status: str
    word: str
    name: str
    advice: str


@dataclass(frozen=True, kw_only=True)
class HealthSummary:
    """How many checks passed, and the ones that did not, worst first."""

    title: str
    summary: str
    notes: tuple[CheckNote, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class OverviewView:
    """Everything on the Overview, in the order it is read."""

    board: Board
    curve: Drawing
    full_title: str
    card: VerdictCard
    next_title: str
    figures: tuple[Fact, ...]
    roi_line: str
    value_title: str
    waterfall: Drawing
    segments: SegmentTable
    channels: ChannelPanel
    horizons: HorizonStrip
    health: HealthSummary
    notes_title: str
    notes: tuple[DataNote, ...]
    source: str


def overview(
    case: BusinessCase, allocation: Allocation | None, text: Text, bare: BusinessCase | None = None
) -> OverviewView:
    """Return the Overview of a business case; `allocation` divides today's budget between its segments.

    `bare` is the same case with the evidence's own plan, where the reader has typed one (None: it is the case itself).
    """
    text = text.counting(case.currency)
    bare = bare or case
    return OverviewView(
        board=board(case, bare, allocation, text),
        curve=board_drawing(case, bare, text),
        full_title=text("page.overview.full_title"),
        card=verdict_card(case, text),
        next_title=text("page.overview.next_title"),
        figures=_figures(case, text),
        roi_line=_roi_line(case, text),
        value_title=text("page.overview.value_title"),
        waterfall=waterfall_drawing(case, text),
        segments=segment_table(case, text),
        channels=channel_panel(case, text),
        horizons=horizon_strip(case, text),
        health=health_summary(case, text),
        notes_title=text("page.overview.notes_title"),
        notes=data_notes(case, text),
        source=source_line(case, text),
    )


def _figures(case: BusinessCase, text: Text) -> tuple[Fact, ...]:
    """Return the programme's return beside the next unit's, then the plan's value and payback."""
    outcome, horizon = case.outcome, text.months(case.scenario.horizon_months)
    level = text.percent((case.scenario.investment_level_percent or 0.0) / 100, 0)
    extrapolated = "programme_roi_extrapolated" if outcome.programme_is_extrapolated else "programme_roi_note"
    programme = outcome.programme_roi

    def fact(name: str, value: str, note: str, **facts: object) -> Fact:
        label, told = text(f"page.overview.figure.{name}"), text(f"page.overview.figure.{note}", **facts)
        return Fact(label=label, value=value, note=told)

    return (
        fact(
            "programme_roi",
            percent_range(programme, text) if programme else text("decide.no_figure"),
            extrapolated,
        ),
        fact("marginal_roi", percent_range(outcome.marginal_roi, text), "marginal_roi_note"),
        fact(
            "npv",
            money_range(outcome.npv, case.currency, text),
            "npv_note",
            level=level,
            horizon=horizon_words(case.scenario, text),
        ),
        fact(
            "payback",
            payback(case, text),
            "payback_note" if outcome.cost.mid > 0 else "payback_note_saves",
            probability=probability(outcome.probability_of_payback, text),
            horizon=horizon,
        ),
    )


def _roi_line(case: BusinessCase, text: Text) -> str:
    """Return the line that explains why the average and the next unit differ."""
    programme, marginal = case.outcome.programme_roi, case.outcome.marginal_roi
    told = text.percent(marginal.mid, 0)
    if programme is None:
        return text("page.overview.figure.roi_line_alone", marginal=told)
    pays, call = marginal.mid > case.scenario.hurdle_net_return, case.verdict.call
    kind = "roi_line_above" if pays else "roi_line_below"
    if (
        call is Call.OVER_INVESTED and pays
    ):  # the curve has a step: the next unit and the best spend are on different sides
        kind = "roi_line_lower"
    elif call is Call.UNDER_INVESTED and not pays:
        kind = "roi_line_higher"
    elif call is Call.NOT_ENOUGH_EVIDENCE:  # which no figure may overrule
        kind = "roi_line_open"
    return text(f"page.overview.figure.{kind}", programme=text.percent(programme.mid, 0), marginal=told)


def segment_table(case: BusinessCase, text: Text) -> SegmentTable:
    """Return the calls by segment; a company without segments has an empty table whose caption says so."""
    several = len(case.segments) > 1
    names = ("name", "call", "probability", "best", "gain")
    return SegmentTable(
        title=text("page.overview.segments_title"),
        headings=tuple(text(f"page.overview.segment.{name}") for name in names),
        rows=tuple(_segment_row(each, case, text) for each in case.segments) if several else (),
        caption=text("page.overview.segment.caption" if several else "page.overview.segment.none"),
    )


def _segment_row(each: SegmentCase, case: BusinessCase, text: Text) -> SegmentRow:
    verdict = each.verdict
    today = verdict.today_spend
    best = text("decide.no_figure")
    if today:
        low, high = (text.percent(end / today, 0) for end in (verdict.optimum_spend.low, verdict.optimum_spend.high))
        best = low if low == high else text.between(low, high)
    return SegmentRow(
        segment=text.name(each.segment),
        call=verdict.call.value,
        word=text(f"verdict.word.{verdict.call}"),
        probability=_short_probability(verdict.stated.best_above, text),
        best=best,
        gain=money(verdict.gain_from_acting_now, case.currency, text),
    )


def _short_probability(value: float, text: Text) -> str:
    return text("page.overview.segment.almost_sure") if value > 0.99 else probability(value, text)


def health_summary(case: BusinessCase, text: Text) -> HealthSummary:
    """Return the health checks in one line, and advice for those that did not pass."""
    by_status = {status: [check for check in case.health if check.status is status] for status in Status}
    failed, review = by_status[Status.FAIL], by_status[Status.REVIEW]
    count = len(case.health)
    summary = (
        text(
            "page.overview.health_summary",
            passed=len(by_status[Status.PASS]),
            count=count,
            review=len(review),
            failed=len(failed),
        )
        if failed or review
        else text("page.overview.health_all_pass", count=count)
    )
    return HealthSummary(
        title=text("page.overview.health_title"),
        summary=summary,
        notes=tuple(_check_note(check, text) for check in (*failed, *review)),
    )


def _check_note(check: HealthCheck, text: Text) -> CheckNote:
    return CheckNote(
        status=check.status.value,
        word=text(f"page.overview.health_{check.status}"),
        name=check_name(check.check, check.facts, text) if text.has(f"health.{check.check}.name") else check.check,
        advice=advice(check, text) if text.has(f"health.{check.check}.advice_{check.status}") else check.check,
    )
