"""Investment lines in words: which are over or under, and where the next unit of money goes furthest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from cxroi.model.decision.health import Status
from cxroi.model.decision.verdict import Call
from cxroi.model.response.realised import PromiseStatus, Realised
from cxroi.questions.line_evidence import REST
from cxroi.questions.lines import LineCase, LineReport
from cxroi.text import Text
from cxroi.text.plain import shown
from cxroi.view.figure import percent_range, probability
from cxroi.view.table import columns


class Noted(Protocol):
    """A row of a table with something to be known about it."""

    @property
    def name(self) -> str: ...
    @property
    def note(self) -> str: ...


@dataclass(frozen=True, kw_only=True)
class LineRow:
    """One line: `name` and `note` may hold what the data say and are to be escaped."""

    name: str
    share: str
    word: str
    probability: str
    next_unit: str
    note: str


@dataclass(frozen=True, kw_only=True)
class LinesView:
    """The calls by line; `headline` is the finding, `caption` what the figures assume."""

    headline: str
    headings: tuple[str, ...]
    rows: tuple[LineRow, ...]
    notes: tuple[tuple[str, str], ...]  # what was found, and the lines that it is true of
    caption: str


def lines_view(report: LineReport, text: Text) -> LinesView:
    """Return the table of lines."""
    names = ("name", "share", "call", "probability", "next_unit")
    return LinesView(
        headline=lines_headline(report, text),
        headings=tuple(text(f"lines.heading.{name}") for name in names),
        rows=(rows := tuple(_row(one, text) for one in report.lines)),
        notes=notes_by_name(rows, text),
        caption=text(
            "lines.caption",
            dimension=text(f"lines.dimension.{report.by}"),
            share=text.percent(report.labelled_share, 0),
        ),
    )


def lines_headline(report: LineReport, text: Text) -> str:
    """Return where the next unit of money goes furthest, or why that cannot be said."""
    judged = [one for one in report.lines if one.verdict is not None]
    best = next((one for one in judged if one.line == report.next_unit), None)
    if best is not None and best.marginal_roi is not None:
        return text(
            "lines.headline.next_unit",
            line=shown(line_name(best.line, text)),
            range=percent_range(best.marginal_roi, text),
        )
    over = [
        shown(line_name(one.line, text)) for one in judged if one.verdict and one.verdict.call is Call.OVER_INVESTED
    ]
    if over:
        return text("lines.headline.over", lines=text.listed(over))
    alike = sum(one.share for one in judged if one.verdict and one.verdict.reason == "moves_alone")
    return text("lines.headline.together" if alike > 0.5 else "lines.headline.open")


def line_name(name: str, text: Text) -> str:
    """Return the name of a line as it is shown."""
    return text("lines.rest") if name == REST else text.name(name)


def line_note(one: LineCase, text: Text) -> str:
    """Return why no call was made on a line, or else what it counts beside retention, or nothing."""
    return why_not_called(one, text) or _counts(one, text)


def why_not_called(one: LineCase, text: Text) -> str:
    """Return what a line's failed check means for it, or nothing."""
    failed = next((check for check in one.health if check.status is Status.FAIL), None)
    if failed is None:
        return text("lines.not_judged") if one.verdict is None else ""
    return text(f"lines.advice.{failed.check}")


def why_not_measured(found: Realised, text: Text) -> str:
    """Return why nothing can be said of what an initiative has brought."""
    nothing = found.finding is PromiseStatus.NOTHING_BEFORE and found.months_before == 0
    return text(
        "promises.because.nothing_at_all_before" if nothing else f"promises.because.{found.finding}",
        before=text.months(found.months_before),
        after=text.months(found.months_after),
        segments=text.listed(shown(text.name(name)) for name in found.initiative.segments),
    )


def _counts(one: LineCase, text: Text) -> str:
    names = [text(f"channel.{own.channel}") for own in one.channels if own.counted and own.moves]
    return text("lines.counts", names=text.listed(names)) if names else ""


def notes_by_name(rows: Sequence[Noted], text: Text) -> tuple[tuple[str, str], ...]:
    """Return the names of the rows that a note is true of, with the note; each note once."""
    notes = dict.fromkeys(row.note for row in rows if row.note)
    return tuple((text.listed(row.name for row in rows if row.note == note), note) for note in notes)


def _row(one: LineCase, text: Text) -> LineRow:
    verdict, known = one.verdict, one.marginal_roi is not None and one.verdict is not None
    told = known and verdict is not None and not why_not_called(one, text)
    return LineRow(
        name=line_name(one.line, text),
        share=text.percent(one.share, 0),
        word=text(f"verdict.word.{verdict.call}") if verdict else text("lines.none"),
        probability=probability(verdict.stated.best_above, text) if verdict and told else text("lines.none"),
        next_unit=percent_range(one.marginal_roi, text) if one.marginal_roi and told else text("lines.none"),
        note=line_note(one, text),
    )


def line_words(report: LineReport, text: Text) -> list[str]:
    """Return the table of lines, the finding first and the reasons after it."""
    view = lines_view(report, text)
    rows = [[row.name, row.share, row.word, row.probability, row.next_unit] for row in view.rows]
    notes = [f"{names}: {note}" for names, note in view.notes]
    return [view.headline, "", *columns(view.headings, rows), "", *notes, *([""] if notes else []), view.caption]
