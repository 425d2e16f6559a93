"""Views as HTML for the parts that Streamlit has no element for; every text is escaped, whoever wrote it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

import streamlit as st

from cxroi.chart.theme import palette
from cxroi.text.plain import shown
from cxroi.view.data_notes import DataNote
from cxroi.view.decide.board import Board, Chance, Trust
from cxroi.view.decide.channels import ChannelPanel
from cxroi.view.decide.horizons import HorizonStrip
from cxroi.view.decide.kept_scenarios import KeptRow
from cxroi.view.decide.line_standing import StandingTable
from cxroi.view.decide.moves import BoardMove, Moves, Shift
from cxroi.view.decide.overview import HealthSummary, SegmentTable
from cxroi.view.decide.plans import PlanTable
from cxroi.view.decide.scenario_comparison import Cell, Comparison
from cxroi.view.decide.touchpoints import TouchpointView
from cxroi.view.decide.verdict import Fact, VerdictCard
from cxroi.view.decide.what_if import Beside, Headline
from cxroi.view.decide.where_to_invest import WhereView
from cxroi.view.ranged import PageAnswer, RangeBar, RangedFigure
from cxroi.view.share.board_summary import BoardSummary
from cxroi.view.understand.cost_book import Step
from cxroi.view.understand.forecast import AlertLine
from cxroi.view.understand.scores import ScoreFigure, ScoreView

_HEALTH_MARKS = {"review": "!", "fail": "✕"}


def draw(*html: str) -> None:
    """Draw markup, one part after another; nothing where all of it is empty, which Streamlit refuses."""
    if whole := "".join(html):
        st.html(whole)


def board(view: Board) -> str:
    """Return the first screen above its curve: the verdict as a sentence, the act and the money, how likely, and three figures."""
    before, word, after = map(_safe, view.title)
    notes = f'<p class="cx-counts">{_safe(view.beside)}</p>' if view.beside else ""
    return (
        f'<section class="cx-board cx-{view.call}"><div><p class="cx-kicker">{_safe(view.kicker)}</p>'
        f"<h1>{before}<em>{word}</em>{after}</h1>"
        f'<p class="cx-act">{_safe(view.lead)}</p>{notes}'
        f'<div class="cx-chances">{"".join(map(_chance, view.chances))}</div></div>'
        f'<div class="cx-three"><p class="cx-kicker">{_safe(view.plan)}</p>{"".join(map(_ranged, view.figures))}</div></section>'
    )


_DOTS = 20
_BRACKETS = re.compile("[\u202a-\u202e]")  # that turn a line around
_LONGEST_UNSEEN = 5_000  # letters


def _chance(chance: Chance) -> str:
    full = chance.share * _DOTS
    dots = "".join(f'<i style="--full:{100 * min(max(full - place, 0.0), 1.0):.0f}%"></i>' for place in range(_DOTS))
    return (
        f'<div class="cx-chance cx-look-{chance.look}"><p><strong>{_safe(chance.value)}</strong> {_safe(chance.words)}</p>'
        f'<span class="cx-dots" aria-hidden="true">{dots}</span></div>'
    )


def _ranged(figure: RangedFigure) -> str:
    note = f"<small>{_safe(figure.note)}</small>" if figure.note else ""
    return (
        f'<div class="cx-ranged"><p><span>{_safe(figure.label)}</span><span>{_safe(figure.range)}</span></p>'
        f"<p><strong>{_safe(figure.value)}</strong>{_range_bar(figure.bar) if figure.bar else note}</p></div>"
    )


def _range_bar(bar: RangeBar) -> str:
    zero = "" if bar.zero is None else f'<b style="inset-inline-start:{100 * bar.zero:.1f}%"></b>'
    middle = f'<u style="inset-inline-start:{100 * bar.mid:.1f}%"></u>' if bar.has_middle else ""
    return (
        f'<span class="cx-range" aria-hidden="true"><i style="inset-inline-start:{100 * bar.low:.1f}%;'
        f'inline-size:{100 * (bar.high - bar.low):.1f}%"></i>{zero}{middle}</span>'
    )


def moves(view: Moves) -> str:
    """Return the moves side by side, in the order in which to make them."""
    cards = "".join(_move(place, one) for place, one in enumerate(view.moves, 1))
    return f'{section(view.title, view.caption)}<ol class="cx-moves">{cards}</ol>'


def _move(place: int, move: BoardMove) -> str:
    gain = f'<p class="cx-gain">{_safe(move.gain)}</p>' if move.gain else ""
    shifts = f'<div class="cx-shifts">{"".join(map(_shift, move.shifts))}</div>' if move.shifts else ""
    note = f'<p class="cx-note">{_safe(move.note)}</p>' if move.note else ""
    words = f"<p>{_safe(move.words)}</p>" if move.words and not shifts else ""
    told = f'<p class="cx-note">{_safe(move.words)}</p>' if move.words and shifts else ""
    wide = ' class="cx-wide"' if shifts else ""
    bar = _range_bar(move.bar) if move.bar else ""
    return f"<li{wide}><h3><span>{place}</span> {_safe(move.name)}</h3>{gain}{note}{bar}{shifts}{words}{told}</li>"


def _shift(one: Shift) -> str:
    return (
        f"<div><bdi>{_safe(one.name)}</bdi>{_track(one)}"
        f'<span>{_safe(one.today)} <span aria-hidden="true">{"▲" if one.rises else "▼"}</span> <strong>{_safe(one.proposed)}</strong></span></div>'
    )


def _track(one: Shift, moves: bool = True) -> str:
    """Return a move as a drawing: a ring at today and an arrow to what is proposed."""
    start, end = sorted((100 * one.today_at, 100 * one.proposed_at))
    arrow = f'<i style="inset-inline-start:{start:.1f}%;inline-size:{end - start:.1f}%"></i>' if moves else ""
    return (
        f'<span class="cx-shift cx-{"more" if one.rises else "less"}" aria-hidden="true">{arrow}'
        f'<b style="inset-inline-start:{100 * one.today_at:.1f}%"></b></span>'
    )


def trust(view: Trust) -> str:
    """Return the ladder of evidence with today's rung, and what would change the verdict."""
    rungs = "".join(f"<li{' aria-current=true' if grade == view.grade else ''}>{grade}</li>" for grade in view.grades)
    return (
        f'{section(view.title)}<ol class="cx-ladder">{rungs}</ol><p class="cx-line"><strong>{_safe(view.name)}</strong> {_safe(view.words)}</p>'
        f'<p class="cx-line"><strong>{_safe(view.change_label)}:</strong> {_safe(view.change)}</p>'
    )


def verdict_card(card: VerdictCard) -> str:
    """Return the verdict card: mark, word, sentence, facts, and what would change it."""
    return (
        f'<section class="cx-card cx-{card.call}">{_call(card.call, _safe(card.word), "h2")}'
        f'<p class="cx-lead">{_safe(card.lead)}</p>'
        + "".join(f'<p class="cx-counts">{_safe(words)}</p>' for words in (card.counts, card.horizon) if words)
        + f"{_facts(card.facts, 'cx-lines')}"
        f'<p class="cx-aside">{_safe(card.aside)}</p>'
        f'<p class="cx-change"><strong>{_safe(card.change_label)}</strong> {_safe(card.change)}</p></section>'
    )


def figures(facts: Iterable[Fact], line: str) -> str:
    """Return figures side by side with one line below that explains them."""
    return f'{_facts(facts, "cx-figures")}<p class="cx-line">{_safe(line)}</p>'


def segment_table(table: SegmentTable) -> str:
    """Return the calls by segment as a table."""
    if not table.rows:
        return f'<p class="cx-note">{_safe(table.caption)}</p>'
    rows = "".join(
        f'<tr><th scope="row"><bdi>{_safe(row.segment)}</bdi></th><td>{_call(row.call, _safe(row.word), "span")}</td>'
        + "".join(f"<td>{_safe(value)}</td>" for value in (row.probability, row.best, row.gain))
        + "</tr>"
        for row in table.rows
    )
    return _scrolled(table.title, table.headings, rows, table.caption)


def channels(panel: ChannelPanel) -> str:
    """Return every way in which spend may pay: a row each with how likely it helps as a bar, then what the verdict counts."""
    rows = "".join(
        f'<tr><th scope="row">{_safe(row.name)}</th><td>{_bar(row.bar)}{_safe(row.helps)}</td>'
        + "".join(f"<td>{_safe(value)}</td>" for value in (row.change, row.worth, row.grade))
        + "</tr>"
        + (f'<tr class="cx-guard"><td colspan="5">{_safe(row.guard)}</td></tr>' if row.guard else "")
        for row in panel.rows
    )
    return _scrolled(panel.title, panel.headings, rows, panel.caption, wraps=True)


def _bar(share: float | None) -> str:
    if share is None:
        return ""
    return f'<span class="cx-share" aria-hidden="true"><i style="inline-size:{100 * share:.0f}%"></i></span>'


def horizons(strip: HorizonStrip) -> str:
    """Return the calls over a strip of horizons, the verdict's own framed."""
    marks = "".join(
        f'<li class="cx-{one.call}"{" aria-current=true" if one.chosen else ""}><span>{_safe(one.label)}</span>'
        f"{_call(one.call, _safe(one.word), 'strong')}<small>{_safe(one.chance)}</small></li>"
        for one in strip.marks
    )
    return f'{section(strip.title)}<ol class="cx-horizons">{marks}</ol><p class="cx-caption">{_safe(strip.caption)}</p>'


def where_answer(view: WhereView) -> str:
    """Return the answer to where the money should go: the finding, who gives and who gets, and what it is worth."""
    figures = "".join(map(_ranged, view.figures))
    return _answer('cx-where" role="status', view.kicker, ("h2", view.finding), view.lead, view.caution, figures)


def page_answer(view: PageAnswer, *, below: str = "") -> str:
    """Return the first screen of a page: its question, the finding as its title, what to know about it, and few figures.

    `below` is markup that stands under what there is to know.
    """
    figures = "".join(map(_ranged, view.figures))
    finding = ("h1", view.finding)
    return _answer("cx-page-answer", view.question, finding, view.lead, view.caution, figures, below)


def scores(view: ScoreView) -> str:
    """Return what customers say: the finding as a sentence, who was heard, and each score with its range and change."""
    figures = "".join(map(_score, view.figures))
    said = _answer("cx-page-answer cx-said", view.kicker, ("h1", view.finding), view.lead, view.caution, figures)
    return said + source(view.source)


def _answer(
    name: str,
    question: str,
    finding: tuple[str, str],
    lead: Iterable[str],
    caution: str,
    figures: str,
    below: str = "",
) -> str:
    """Return what a page or a part of one answers: question, finding (its tag and words), what to know, and figures as markup."""
    tag, words = finding
    told = "".join(f'<p class="cx-act">{_safe(one)}</p>' for one in lead)
    told += f'<p class="cx-own">{_safe(caution)}</p>' if caution else ""
    beside = f'<div class="cx-three">{figures}</div>' if figures else ""
    return (
        f'<section class="cx-board {name}"><div><p class="cx-kicker">{_safe(question)}</p>'
        f"<{tag}>{_safe(words)}</{tag}>{told}{below}</div>{beside}</section>"
    )


def alerts(lines: Iterable[AlertLine]) -> str:
    """Return what stands out, a line each with its mark: to act on, or to know."""
    rows = "".join(
        f'<li class="cx-check-{"review" if one.is_alarm else "know"}"><span aria-hidden="true">{"!" if one.is_alarm else "i"}</span>'
        f"<div>{_safe(one.words)}</div></li>"
        for one in lines
    )
    return f'<ul class="cx-checks cx-alerts">{rows}</ul>' if rows else ""


def reconciliation(rows: Iterable[Step], note: str) -> str:
    """Return a reconciliation: a row each with its exact amount, the sums set apart."""
    body = "".join(
        f'<tr{" class=cx-sum" if one.is_total else ""}><th scope="row">{_safe(one.words)}</th><td>{_safe(one.amount)}</td></tr>'
        for one in rows
    )
    caption = f'<p class="cx-caption">{_safe(note)}</p>' if note else ""
    return f'<table class="cx-table cx-sums"><tbody>{body}</tbody></table>{caption}'


def ranged_row(figures: Iterable[RangedFigure]) -> str:
    """Return figures with their ranges side by side."""
    return f'<div class="cx-side">{"".join(map(_ranged, figures))}</div>'


def ranged_lines(figures: Iterable[RangedFigure]) -> str:
    """Return figures one below the other, each with its range drawn on a line that all share."""
    rows = "".join(
        f'<tr><th scope="row">{_safe(one.label)}</th><td><strong>{_safe(one.value)}</strong>'
        f"{f'<small>{_safe(one.range)}</small>' if one.range and one.range != one.value else ''}</td>"
        f"<td>{_range_bar(one.bar) if one.bar else ''}</td></tr>"
        for one in figures
    )
    return f'<table class="cx-table cx-lined"><tbody>{rows}</tbody></table>'


def steps(words: Iterable[str]) -> str:
    """Return how something is worked out, step by step."""
    return f'<ol class="cx-steps">{"".join(f"<li>{_safe(one)}</li>" for one in words)}</ol>'


def ranged(figures: Iterable[RangedFigure]) -> str:
    """Return figures with their ranges, below each other on a card."""
    return f'<div class="cx-board cx-alone"><div class="cx-three">{"".join(map(_ranged, figures))}</div></div>'


def slide_figures(figures: Iterable[RangedFigure], caption: str) -> str:
    """Return the figures of a slide side by side; a chance is drawn as so many dots of twenty."""
    told = "".join(
        _ranged(one)
        if one.share is None
        else _chance(Chance(value=one.value, words=one.label, share=one.share, look="plain"))
        for one in figures
    )
    above = f'<p class="cx-kicker">{_safe(caption)}</p>' if caption else ""
    return f'<div class="cx-slide-figures">{above}{told}</div>'


def slide_sentences(sentences: Iterable[str], *, listed: bool) -> str:
    """Return sentences of a slide, as a list or one below the other."""
    tag, around, kind = ("li", "ul", "block") if listed else ("p", "div", "told")
    return f'<{around} class="cx-{kind}">{"".join(f"<{tag}>{_safe(one)}</{tag}>" for one in sentences)}</{around}>'


def slide(name: str, title: str, caption: str, parts: str, source: str) -> str:
    """Return a slide: what it is called, its finding, the presenter's caption, and its `parts`, which are markup already."""
    own = f'<p class="cx-slide-caption">{_safe(caption)}</p>' if caption else ""
    return (
        f'<div class="cx-slide-head"><p class="cx-kicker">{_safe(name)}</p><h1>{_safe(title)}</h1>{own}</div>{parts}'
        f'<p class="cx-source">{_safe(source)}</p>'
    )


def where_moves(view: WhereView) -> str:
    """Return every part as a move from today to what is proposed, with its gain, then what holds any of them back."""
    rows = "".join(
        f'<tr><th scope="row"><bdi>{_safe(row.shift.name)}</bdi></th>{_shift_cells(row.shift, row.moves)}'
        f"<td>{f'<strong>{_safe(row.gain)}</strong><span>{_safe(row.range)}</span>' if row.gain else ''}"
        f"{_range_bar(row.bar) if row.bar else ''}</td>"
        f'<td class="cx-quiet">{_safe(row.note)}</td></tr>'
        for row in view.rows
    )
    told = "".join(f'<p class="cx-line">{_safe(words)}</p>' for words in (view.steps, *view.binds) if words)
    head = _bells_head(view.headings, extra=True)
    return (
        f'<table class="cx-table cx-bells">{head}<tbody>{rows}</tbody></table>'
        f'<p class="cx-caption">{_safe(view.axis)}. {_safe(view.caption)}</p>{told}'
    )


def _bells_head(headings: tuple[str, ...], *, extra: bool) -> str:
    name, move, gain = map(_safe, headings)
    last = "<td></td>" if extra else ""
    return (
        f'<thead><tr><th scope="col">{name}</th><th scope="col" colspan="2">{move}</th>'
        f'<th scope="col">{gain}</th>{last}</tr></thead>'
    )


def _shift_cells(one: Shift, moves: bool) -> str:
    """Return a move as a drawing and in words, in two cells; what does not move stands as a ring."""
    words = f"<strong>{_safe(one.today)}</strong>"
    if moves:
        words = f'{_safe(one.today)} <span aria-hidden="true">{"▲" if one.rises else "▼"}</span> <strong>{_safe(one.proposed)}</strong>'
    return f'<td>{_track(one, moves)}</td><td class="cx-fromto">{words}</td>'


def standings(table: StandingTable) -> str:
    """Return lines and promises as one table: brought so far, what more would bring, and what follows."""
    _, brought, more, advice = map(_safe, table.headings)
    rows = "".join(
        f'<tr><th scope="row"><bdi>{_safe(row.name)}</bdi><small>{_safe(row.spend)}</small></th>'
        f'<td data-of="{brought}"><strong>{_safe(row.brought.word)}</strong><small>{_safe(row.brought.note)}</small></td>'
        f'<td data-of="{more}"><strong>{_safe(row.more.word)}</strong><small>{_safe(row.more.note)}</small></td>'
        f'<td data-of="{advice}">{_call(row.look, _safe(row.advice), "strong") if row.look else _safe(row.advice)}'
        f"<small>{_safe(row.reason)}</small></td></tr>"
        for row in table.rows
    )
    if not rows:
        return line(table.finding)
    finding = finding_line(table.finding) if table.finding else ""
    head = _head(table.headings)
    return (
        f'{finding}<table class="cx-table cx-standings">{head}<tbody>{rows}</tbody></table>'
        f'<p class="cx-caption">{_safe(table.caption)}</p>'
    )


def limits_head(words: tuple[str, ...]) -> str:
    """Return the headings above the boxes of limits."""
    return f'<div class="cx-limit-head">{"".join(f"<span>{_safe(word)}</span>" for word in words)}</div>'


def finding_line(words: str) -> str:
    """Return the finding of a table as a sentence above it."""
    return f'<p class="cx-act">{_safe(words)}</p>'


def touchpoints(view: TouchpointView) -> str:
    """Return each touchpoint's share of spend beside its share of impact, with the effect behind it."""
    rows = "".join(
        f'<tr><th scope="row"><bdi>{_safe(row.name)}</bdi></th>'
        + (
            _shift_cells(row.shift, row.differs)
            if row.shift
            else f'<td></td><td class="cx-fromto"><strong>{_safe(row.impact)}</strong></td>'
        )
        + f"<td><span>{_safe(row.range)}</span>{_range_bar(row.bar) if row.bar else ''}</td></tr>"
        for row in view.rows
    )
    head = _bells_head(view.headings, extra=False)
    table = f'<table class="cx-table cx-bells">{head}<tbody>{rows}</tbody></table>' if rows else ""
    missing = f'<p class="cx-line">{_safe(view.missing)}</p>' if view.missing else ""
    return f"{table}{missing}{told(view.notes)}{source(view.source)}"


def _score(figure: ScoreFigure) -> str:
    change = f'<p class="cx-course cx-{figure.course}">{_safe(figure.change)}</p>' if figure.change else ""
    return (
        f'<div class="cx-ranged"><p><span>{_safe(figure.label)}</span><span>{_safe(figure.answers)}</span></p>'
        f"<p><strong>{_safe(figure.value)}</strong><span>{_safe(figure.range)}</span>{_range_bar(figure.bar)}</p>{change}</div>"
    )


def _scrolled(name: str, headings: Iterable[str], rows: str, caption: str = "", *, wraps: bool = False) -> str:
    return (
        f'<div class="cx-scroll" tabindex="0" role="region" aria-label="{_safe(name)}">'
        f'<table class="cx-table cx-calls{" cx-wraps" if wraps else ""}">{_head(headings)}<tbody>{rows}</tbody></table></div>'
        + (f'<p class="cx-caption">{_safe(caption)}</p>' if caption else "")
    )


def told(notes: Iterable[tuple[str, str]]) -> str:
    """Return what is to be known: names, each with the note that is true of them."""
    all_of = "".join(f"<p><strong><bdi>{_safe(names)}</bdi>:</strong> {_safe(note)}</p>" for names, note in notes)
    return f'<div class="cx-told">{all_of}</div>' if all_of else ""


def health(summary: HealthSummary) -> str:
    """Return the health checks in a line, and a list of those that did not pass."""
    notes = "".join(
        f'<li class="cx-check-{note.status}"><span aria-hidden="true">{_HEALTH_MARKS[note.status]}</span>'
        f"<div><strong>{_safe(note.word)}: {_safe(note.name)}</strong><br>{_safe(note.advice)}</div></li>"
        for note in summary.notes
    )
    return f'<p class="cx-line">{_safe(summary.summary)}</p><ul class="cx-checks">{notes}</ul>'


def notes(about: Iterable[DataNote]) -> str:
    """Return what to know about the data, a paragraph each."""
    return "".join(f'<p class="cx-note">{_safe(note.sentence)}</p>' for note in about)


def headline(view: Headline) -> str:
    """Return the plan's headline; it announces itself when it changes."""
    cautions = "".join(
        f'<span class="cx-caution" title="{_safe(each.note)}">{_safe(each.word)}</span>' for each in view.warnings
    )
    return (
        f'<section class="cx-headline cx-{view.call}" role="status"><div>'
        f'<h2 class="cx-plan">{_safe(view.plan)}{cautions}</h2><p class="cx-big">{_safe(view.value)}</p>'
        f'<p class="cx-note">{_safe(view.note)}</p></div>'
        f"<div>{_call(view.call, _safe(view.call_words), 'p')}{_facts(view.facts, 'cx-figures cx-small')}</div></section>"
    )


def beside(view: Beside) -> str:
    """Return what stands beside a slider: the stretch that the data have seen, then lines of words."""
    strip = ""
    if view.seen is not None:
        start, end = (100 * share for share in view.seen)
        strip = f'<div class="cx-strip"><i style="inset-inline-start:{start:.1f}%;width:{end - start:.1f}%"></i></div>'
    lines = "".join(f"<span>{_safe(line)}</span>" for line in view.lines if line)
    return f'<div class="cx-beside">{strip}{lines}</div>'


def plans(view: PlanTable) -> str:
    """Return plans side by side, a row each with its range drawn on a line that all share."""
    rows = "".join(
        f'<tr{" aria-current=true" if row.chosen else ""}><th scope="row">{_safe(row.name)}</th><td>{_safe(row.spend)}</td>'
        f'<td><strong>{_safe(row.worth)}</strong></td><td>{_range_bar(row.bar)}<span class="cx-unseen">{_safe(row.range)}</span></td>'
        f"<td>{_safe(row.loss)}</td><td>{_safe(row.paid)}</td></tr>"
        for row in view.rows
    )
    return _scrolled(view.title, view.headings, rows)


def summary(view: BoardSummary, title: str) -> str:
    """Return the five sentences, the verdict largest, with where their figures come from below."""
    first, *others = (f"<p>{_safe(sentence)}</p>" for sentence in view.sentences)
    told = f'<p class="cx-kicker">{_safe(title)}</p><div class="cx-five">{first}{"".join(others)}</div>'
    return f'<section class="cx-summary">{told}</section>{source(view.provenance.line)}'


def kept_row(row: KeptRow) -> str:
    """Return a kept scenario as a row: its name and how it stands, what it is worth on a line that all rows share, and the verdict."""
    signs = "".join(f'<span class="cx-sign cx-sign-{look}">{_safe(words)}</span>' for look, words in row.signs)
    call = _call(row.call, _safe(row.word), "strong") if row.call else ""
    bar = _range_bar(row.bar) if row.bar else ""
    return (
        f'<div class="cx-scenario"><div><strong><bdi>{_safe(row.name)}</bdi></strong><small>{_safe(row.saved)}</small>{signs}</div>'
        f"<div><strong>{_safe(row.worth)}</strong> <span>{_safe(row.range)}</span>{bar}</div>"
        f"<div>{call}<small>{_safe(row.loss)}</small><small>{_safe(row.paid)}</small></div></div>"
    )


def scenarios_beside(view: Comparison, words: tuple[str, str, str]) -> str:
    """Return scenarios side by side, figures first and then what is assumed otherwise; `words` head the names, those, and stand for none."""
    figure, assumption, same = map(_safe, words)
    heads = "".join(
        f'<th scope="col"><strong><bdi>{_safe(name)}</bdi></strong><small>{_safe(data)}</small></th>'
        for name, data in view.headings
    )
    rows = "".join(
        f'<tr><th scope="row">{_safe(name)}</th>{"".join(map(_compared, cells))}</tr>' for name, cells in view.figures
    )
    width = len(view.headings) + 1
    rows += f'<tr class="cx-part"><th scope="colgroup" colspan="{width}">{assumption}</th></tr>'
    rows += "".join(
        f'<tr><th scope="row">{_safe(name)}</th>'
        + "".join(
            f"<td>{f'<strong>{_safe(cell)}</strong>' if cell != cells[0] else _safe(cell)}</td>" for cell in cells
        )
        + "</tr>"
        for name, cells in view.assumptions
    )
    if not view.assumptions:
        rows += f'<tr><td colspan="{width}">{same}</td></tr>'
    return (
        f'<div class="cx-scroll" tabindex="0" role="region" aria-label="{_safe(view.caption)}"><table class="cx-table cx-beside-each">'
        f'<thead><tr><th scope="col">{figure}</th>{heads}</tr></thead><tbody>{rows}</tbody></table></div>'
    )


def _compared(cell: Cell) -> str:
    range_ = f"<small>{_safe(cell.range)}</small>" if cell.range else ""
    change = f'<small class="cx-change-by">{_safe(cell.change)}</small>' if cell.change else ""
    return f"<td><strong>{_safe(cell.value)}</strong>{range_}{change}</td>"


def section(words: str, below: str = "") -> str:
    """Return the heading of a part of the first screen, and a line below it."""
    line_below = f'<p class="cx-caption cx-below">{_safe(below)}</p>' if below else ""
    return f'<h2 class="cx-section">{_safe(words)}</h2>{line_below}'


def paragraphs(words: Iterable[str]) -> str:
    """Return what to know about figures, a small paragraph each."""
    return "".join(f'<p class="cx-caption">{_safe(each)}</p>' for each in words)


def quotes(told: Iterable[tuple[str, str]]) -> str:
    """Return quotes, each below the words it stands for; both come from data."""
    return "".join(
        f'<figure class="cx-quote"><figcaption><bdi>{_safe(words)}</bdi></figcaption>'
        f'<blockquote dir="auto">{_safe(quote)}</blockquote></figure>'
        for words, quote in told
    )


def own(words: str) -> str:
    """Return the strip about the reader's own assumptions."""
    return f'<p class="cx-own">{_safe(words)}</p>'


def heading(words: str) -> str:
    """Return the heading of a part of a page."""
    return f'<h2 class="cx-heading">{_safe(words)}</h2>'


def finding(words: str) -> str:
    """Return the finding above a chart."""
    return f'<h2 class="cx-finding">{_safe(words)}</h2>'


def unseen(words: str) -> str:
    """Return words for who hears the page and does not see it: whole, and without the brackets that a picture needs."""
    return f'<p class="cx-unseen">{escape(shown(_BRACKETS.sub("", words), longest=_LONGEST_UNSEEN))}</p>'


def line(words: str) -> str:
    """Return one sentence of its own."""
    return f'<p class="cx-line">{_safe(words)}</p>'


def source(words: str) -> str:
    """Return the line that says where figures come from."""
    return f'<p class="cx-source">{_safe(words)}</p>'


def call_mark(call: str, words: str) -> str:
    """Return a call with its mark, within a line of words."""
    return _call(call, words, "strong")


def _call(call: str, words: str, tag: str) -> str:
    mark = palette("light").verdicts[call].mark
    return f'<{tag} class="cx-call cx-{call}"><span class="cx-mark" aria-hidden="true">{mark}</span>{words}</{tag}>'


def _facts(facts: Iterable[Fact], kind: str) -> str:
    rows = "".join(
        f"<div><dt>{_safe(fact.label)}</dt><dd>{_safe(fact.value)}"
        + (f"<small>{_safe(fact.note)}</small>" if fact.note else "")
        + "</dd></div>"
        for fact in facts
    )
    return f'<dl class="{kind}">{rows}</dl>'


def _head(headings: Iterable[str]) -> str:
    return "<thead><tr>" + "".join(f'<th scope="col">{_safe(words)}</th>' for words in headings) + "</tr></thead>"


def _safe(words: str) -> str:
    return escape(shown(words, longest=600))
