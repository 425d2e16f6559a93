"""The slides of a story, one function each: the finding, what shows it, and what the presenter says; one that the data cannot fill is None."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from cxroi.errors import CxroiError
from cxroi.model.decision.health import Status
from cxroi.model.decision.verdict import Call
from cxroi.questions.allocation import Ask
from cxroi.questions.slice import Slice
from cxroi.questions.story import StoryFacts
from cxroi.questions.sweep import stop_of_case
from cxroi.text import Text
from cxroi.view.data_notes import data_notes
from cxroi.view.decide.board import Board, board, rests_on_own
from cxroi.view.decide.board_drawing import board_drawing
from cxroi.view.decide.channels import channel_panel, channels_line, counted_names, not_counted_sentence
from cxroi.view.decide.drawings import cash_flow_drawing, waterfall_drawing
from cxroi.view.decide.horizons import horizon_strip, horizon_words
from cxroi.view.decide.line_standing import standing_table
from cxroi.view.decide.moves import BoardMove
from cxroi.view.decide.overview import health_summary, segment_table
from cxroi.view.decide.plans import plan_table
from cxroi.view.decide.survival import survival_line
from cxroi.view.decide.touchpoints import touchpoint_view
from cxroi.view.decide.verdict import wrong_sentence
from cxroi.view.decide.what_changes import capping_check, change_of_case
from cxroi.view.decide.where_to_invest import where_view
from cxroi.view.figure import in_a_hundred, money, signed_range, source_line
from cxroi.view.prove.evidence import health_figures
from cxroi.view.ranged import RangedFigure
from cxroi.view.share.method import method
from cxroi.view.share.story import (
    APPENDIX,
    SLIDES,
    Figures,
    Part,
    Sentences,
    Slide,
    Story,
    StoryTable,
    provenance,
    story_table,
)
from cxroi.view.understand.scores import by_drawing, dimensions_of, metrics_of, score_view


@dataclass(frozen=True, kw_only=True, eq=False)
class _Told:
    """What every slide is told from."""

    facts: StoryFacts
    board: Board
    text: Text
    source: str
    capped: str  # the failed check that no verdict can rest on, or ""


def story(facts: StoryFacts, text: Text, *, made: datetime, name: str = "", id: str = "") -> Story:
    """Return the story of a scenario; `name` and `id` are those that it was saved under, `made` is when."""
    case, bare = facts.case, facts.bare
    text = text.counting(case.currency)
    told = _Told(
        facts=facts,
        board=board(case, bare, facts.allocation, text),
        text=text,
        source=source_line(case, text),
        capped=capping_check(bare.verdict, text),
    )
    return Story(
        title=text("story.title"),
        call=told.board.call,
        provenance=provenance(case, text, made=made, name=name, id=id),
        slides=_made(SLIDES, told),
        appendix=_made(APPENDIX, told),
    )


def _made(ids: Iterable[str], told: _Told) -> tuple[Slide, ...]:
    """Return the slides that can be told: of data that fail a check no figure of a plan is shown."""
    kept = (id for id in ids if not (told.capped and id in _OF_A_PLAN))
    return tuple(slide for id in kept if (slide := _SLIDE[id](told)) is not None)


def _slide(
    id: str,
    title: str,
    parts: Iterable[Part | None],
    told: _Told,
    *,
    notes: Iterable[str] = (),
    source: str = "",
    marked: str = "",
) -> Slide:
    return Slide(
        id=id,
        name=told.text(f"story.slide.{id}"),
        title=title,
        parts=tuple(part for part in parts if part is not None),
        notes=tuple(note for note in notes if note),
        source=source or told.source,
        marked=marked,
    )


def _verdict(told: _Told) -> Slide:
    view, title = told.board, "".join(told.board.title)
    chances = tuple(RangedFigure(label=one.words, value=one.value, range="", share=one.share) for one in view.chances)
    is_open = told.facts.bare.verdict.call is Call.NOT_ENOUGH_EVIDENCE  # whose plan is worth what nobody knows yet
    figures = None if is_open else Figures(figures=view.figures, caption=view.plan)
    return _slide(
        "verdict",
        title,
        (
            Sentences(sentences=(view.lead, *filter(None, (view.beside,)))),
            Figures(figures=chances) if chances else None,
            figures,
        ),
        told,
        notes=(title, view.lead, _plan_note(told) if figures else "", f"{view.trust.name} {view.trust.words}"),
        marked=view.title[1],
    )


def _plan_note(told: _Told) -> str:
    """Return what the plan costs a month and is worth, with its range and the chance that it loses."""
    case, text = told.facts.case, told.text
    return text(
        "story.notes.plan_own" if rests_on_own(case) else "story.notes.plan",
        spend=money(case.verdict.today_spend * case.level_percent / 100, case.currency, text),
        level=text.percent(case.level_percent / 100, 0),
        worth=told.board.figures[0].value,
        range=signed_range(case.outcome.npv, text),
        loss=in_a_hundred(case.outcome.probability_of_loss, text),
    )


def _why(told: _Told) -> Slide:
    case, text = told.facts.case, told.text
    names, panel = counted_names(case, text), channel_panel(case, text)
    moves = any(step.amount for step in case.waterfall)
    return _slide(
        "why",
        text("story.why", names=text.listed(names)) if names else text("story.why_none"),
        (
            waterfall_drawing(case, text) if moves else None,
            story_table(
                panel.title,
                panel.headings,
                ([row.name, row.helps, row.change, row.worth, row.grade] for row in panel.rows),
                text,
                figures=(1, 2, 3),
                note=panel.caption,
            ),
            Sentences(sentences=(panel.line,)),
        ),
        told,
        notes=(text("story.notes.why", horizon=horizon_words(case.scenario, text)), channels_line(case, text)),
    )


def _what_if(told: _Told) -> Slide:
    facts, text = told.facts, told.text
    case, curve = facts.case, board_drawing(facts.case, facts.bare, text)
    plans = plan_table(case, stop_of_case(case), (), facts.safe, text)
    names = ("plan", "spend", "worth", "loss", "paid")
    plan, spend, worth, loss, paid = (text(f"page.what_if.plans.{name}") for name in names)
    return _slide(
        "what_if",
        curve.title,
        (
            curve,
            story_table(
                plans.title,
                (plan, spend, worth, text("story.column.range"), loss, paid),
                ([row.name, row.spend, row.worth, row.range, row.loss, row.paid] for row in plans.rows),
                text,
                figures=(1, 2, 3, 4),
            ),
        ),
        told,
        notes=(text("story.notes.curve"), _plan_note(told), _tried(told)),
    )


def _tried(told: _Told) -> str:
    curve, text = told.facts.bare.curve, told.text
    low, high = (
        text.percent(round(level) / 100, 0) for level in (curve.observed_low_percent, curve.observed_high_percent)
    )
    return text("story.limits.tried", low=low, high=high)


def _where(told: _Told) -> Slide | None:
    facts, text = told.facts, told.text
    if len(facts.allocation.moves) < 2:
        return None
    view = where_view(facts.bare, facts.allocation, Ask(), text)
    headings = (
        view.headings[0],
        text("chart.mark.today"),
        text("story.column.proposed"),
        text("where.heading.gain"),
        text("story.column.range"),
    )
    rows = ([row.shift.name, row.shift.today, row.shift.proposed, row.gain, row.range] for row in view.rows)
    return _slide(
        "where",
        view.finding,
        (
            Sentences(sentences=view.lead) if view.lead else None,
            Figures(figures=view.figures),
            story_table(
                text("story.where", coin=text.currency(facts.bare.currency)).rstrip(" ،,"),
                headings,
                rows,
                text,
                figures=(1, 2, 3, 4),
                note=view.caption,
            ),
        ),
        told,
        notes=(_passage((view.finding,), text), *view.lead, *view.binds),
        source=view.source,
    )


def _lines(told: _Told) -> Slide | None:
    facts, text = told.facts, told.text
    if not facts.standings:
        return None
    view = standing_table(facts.standings, facts.bare, text)
    name, brought, more, advice = view.headings
    return _slide(
        "lines",
        view.finding,
        (
            story_table(
                view.title,
                (name, text("story.column.spend"), brought, more, advice, text("story.column.why")),
                ([row.name, row.spend, row.brought.word, row.more.word, row.advice, row.reason] for row in view.rows),
                text,
                note=view.caption,
            ),
        ),
        told,
        notes=(text("story.notes.lines"), view.finding),
    )


def _satisfaction(told: _Told) -> Slide | None:
    found, text = told.facts.scores, told.text
    if isinstance(found, CxroiError):
        return None
    view, metric = score_view(found, Slice(), text), metrics_of(found)[0]
    figures = tuple(
        RangedFigure(label=one.label, value=one.value, range=one.range, note=one.answers, bar=one.bar)
        for one in view.figures
    )
    by = dimensions_of(found, metric)
    return _slide(
        "satisfaction",
        view.finding,
        (
            Figures(figures=figures),
            by_drawing(found, metric, by[0], Slice(), text) if by else None,
            _drivers(told),
            Sentences(sentences=(view.caution,)) if view.caution else None,
        ),
        told,
        notes=(*view.lead, view.caution, text("story.notes.satisfaction")),
        source=view.source,
    )


def _drivers(told: _Told) -> StoryTable | None:
    found, text = told.facts.drivers, told.text
    if isinstance(found, CxroiError):
        return None
    view = touchpoint_view(found, text)
    name, _, effect = view.headings
    rows = (
        [row.name, row.shift.today if row.shift else text("report.none"), row.impact, row.range] for row in view.rows
    )
    headings = (name, text("story.column.spend_share"), text("story.column.impact_share"), effect)
    return story_table(view.title, headings, rows, text, figures=(1, 2, 3), note=view.source)


def _evidence(told: _Told) -> Slide:
    case, text, trust = told.facts.bare, told.text, told.board.trust
    summary = health_summary(case, text)
    ladder = method(case.assumptions, text).grades
    ours = (text("story.this_verdict"), "")
    passed = sum(one.status is Status.PASS for one in case.health)
    grade = text("verdict.fact.grade_value", grade=trust.grade, name=text(f"verdict.grade.{trust.grade}.name"))
    return _slide(
        "evidence",
        text("story.evidence", grade=grade, passed=passed, count=len(case.health)),
        (
            story_table(
                trust.title,
                (*ladder.headings, ""),
                ([*row, ours[row[0] != trust.grade]] for row in ladder.rows),
                text,
            ),
            Sentences(
                sentences=tuple(f"{one.word}: {one.name}. {one.advice}" for one in summary.notes) or (summary.summary,),
                listed=True,
            ),
        ),
        told,
        notes=(ladder.intro, f"{trust.name} {trust.words}", summary.summary),
    )


def _risks(told: _Told) -> Slide:
    case, text = told.facts.bare, told.text
    survival, change = survival_line(case, text), change_of_case(case, text)
    tests = story_table(
        survival.title,
        tuple(text(f"evidence.survival.{name}") for name in ("check", "result", "note")),
        ([one.label, one.word, one.note or text("lines.none")] for one in survival.marks),
        text,
        note=survival.caption,
    )
    limits = _limits(told)
    return _slide(
        "risks",
        text("where.caution", check=told.capped) if told.capped else text("story.risks"),
        (
            Sentences(sentences=(change,)),
            tests if survival.marks and not told.capped else None,
            Sentences(sentences=limits, listed=True),
        ),
        told,
        notes=(change, *limits[:3]),
    )


def _limits(told: _Told) -> tuple[str, ...]:
    """Return what the data cannot show, and what being wrong would cost."""
    facts, text, case = told.facts, told.text, told.facts.bare
    lines = [] if facts.standings else [text("story.limits.no_lines")]
    wrong = [] if told.capped else [wrong_sentence(case.verdict, case.currency, text), _tried(told)]
    grade = text(f"story.limits.grade_{case.verdict.grade.value}")
    return tuple(
        filter(
            None, (*wrong, told.board.beside, grade, not_counted_sentence(case, text), *_unheard(facts, text), *lines)
        )
    )


def _unheard(facts: StoryFacts, text: Text) -> list[str]:
    """Return that nothing is told of what customers say or, where that is told, of what follows."""
    if isinstance(facts.scores, CxroiError):
        return [text("story.limits.no_answers")]
    return [text("story.limits.no_drivers")] if isinstance(facts.drivers, CxroiError) else []


def _next_step(told: _Told) -> Slide:
    view, text = told.board.moves, told.text
    rows = (
        [text.number(place, 0), one.name, one.gain or text("lines.none"), _passage((one.note, _words_of(one)), text)]
        for place, one in enumerate(view.moves, 1)
    )
    headings = tuple(text(f"story.column.{name}") for name in ("step", "move", "worth", "know"))
    failed = [one for one in health_summary(told.facts.bare, text).notes if one.status == Status.FAIL]
    advice = tuple(one.advice for one in failed) if told.capped else ()
    return _slide(
        "next_step",
        text("story.next_step", move=view.moves[0].name),
        (
            story_table(view.title, headings, rows, text, figures=(2,), note=view.caption),
            Sentences(sentences=advice, listed=True) if advice else None,
        ),
        told,
        notes=(
            text("story.notes.next_step", move=view.moves[0].name),
            *(_passage((one.name, one.note, _words_of(one)), text) for one in view.moves),
            view.caption,
        ),
    )


def _words_of(move: BoardMove) -> str:
    """Return what is to be known of a move; of one that is drawn, its words name the marks of the drawing."""
    return "" if move.shifts else move.words


def _passage(parts: Iterable[str], text: Text) -> str:
    """Return words that may lack their full stop as one passage."""
    stop = text("satisfaction.full_stop")
    return " ".join(part if part.endswith(stop) else part + stop for part in parts if part)


def _cash(told: _Told) -> Slide:
    drawing = cash_flow_drawing(told.facts.case, told.text)
    return _slide("cash", drawing.title, (drawing,), told)


def _segments(told: _Told) -> Slide | None:
    table, text = segment_table(told.facts.bare, told.text), told.text
    if not table.rows:
        return None
    rows = ([row.segment, row.word, row.probability, row.best, row.gain] for row in table.rows)
    part = story_table(table.title, table.headings, rows, text, figures=(2, 3, 4), note=table.caption)
    return _slide("segments", table.title, (part,), told)


def _horizons(told: _Told) -> Slide | None:
    strip, text = horizon_strip(told.facts.bare, told.text), told.text
    if not strip.marks:
        return None
    headings = tuple(text(f"story.column.{name}") for name in ("horizon", "verdict", "chance"))
    rows = ([one.label, one.word, one.chance] for one in strip.marks)
    return _slide("horizons", strip.title, (story_table(strip.title, headings, rows, text, note=strip.caption),), told)


def _checks(told: _Told) -> Slide:
    text, case = told.text, told.facts.bare
    found = health_figures(case, health_summary(case, text).summary, text)
    columns = found.table
    rows = zip(*(column.words for column in columns), strict=True)
    part = story_table(found.title, [column.heading for column in columns], rows, text, note=found.caption)
    return _slide("checks", found.title, (part,), told)


def _assumptions(told: _Told) -> Slide:
    table = method(told.facts.case.assumptions, told.text).plan
    part = story_table(table.title, table.headings, table.rows, told.text, note=table.intro)
    return _slide("assumptions", table.title, (part,), told)


def _data(told: _Told) -> Slide | None:
    notes = tuple(one.sentence for one in data_notes(told.facts.case, told.text))
    title = told.text("page.overview.notes_title")
    return _slide("data", title, (Sentences(sentences=notes, listed=True),), told) if notes else None


_SLIDE: dict[str, Callable[[_Told], Slide | None]] = {
    "verdict": _verdict,
    "why": _why,
    "what_if": _what_if,
    "where": _where,
    "lines": _lines,
    "satisfaction": _satisfaction,
    "evidence": _evidence,
    "risks": _risks,
    "next_step": _next_step,
    "cash": _cash,
    "segments": _segments,
    "horizons": _horizons,
    "checks": _checks,
    "assumptions": _assumptions,
    "data": _data,
}
_OF_A_PLAN = frozenset({"why", "what_if", "where", "lines", "cash", "segments", "horizons"})
