"""What managers think that customers say against what they say, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cxroi.chart.drawing import Column, Table
from cxroi.model.satisfaction.perception import Estimate, PerceptionGap
from cxroi.model.satisfaction.survey import ScoreLine
from cxroi.questions.satisfaction import Scores
from cxroi.text import Text
from cxroi.text.plain import shown
from cxroi.view.table import table_words, words_column
from cxroi.view.understand.satisfaction import score_figure, score_range
from cxroi.view.understand.scores import FEWEST

MOST_ASKED = 12  # touchpoints that are asked about: those with the most answers


@dataclass(frozen=True, kw_only=True)
class PerceptionView:
    """The finding, every estimate beside what was measured, and what else is to be known."""

    title: str
    table: Table
    caption: str
    notes: tuple[str, ...]


def measured_at(found: Scores, metric: str) -> tuple[ScoreLine, ...]:
    """Return the touchpoints whose score an estimate can be held against, those with the most answers first."""
    lines = [
        line
        for line in found.lines
        if (line.metric, line.dimension) == (metric, "touchpoint") and line.answers >= FEWEST
    ]
    return tuple(sorted(lines, key=lambda line: (-line.answers, line.value)))


def perception_view(
    gaps: Sequence[PerceptionGap], estimates: Mapping[str, Estimate], text: Text
) -> PerceptionView | None:
    """Return the gaps of some estimates; None where there are no estimates."""
    if not estimates:
        return None
    alone = sum(one.count > 0 for one in estimates.values()) - sum(one.estimate.count > 0 for one in gaps)
    notes = [text("satisfaction.gap.alone", count=alone, fewest=FEWEST)] if alone else []
    if any(one.instead_of is not None for one in estimates.values()):
        notes.append(text("satisfaction.gap.typed_wins"))
    return PerceptionView(
        title=_title(gaps, text), table=_table(gaps, text), caption=text("satisfaction.gap.caption"), notes=tuple(notes)
    )


def perception_words(gaps: Sequence[PerceptionGap], estimates: Mapping[str, Estimate], text: Text) -> list[str]:
    """Return the same for the terminal, nothing where there are no estimates."""
    view = perception_view(gaps, estimates, text)
    return [] if view is None else [view.title, *(["", *table_words(view.table)] if gaps else []), *view.notes]


def _title(gaps: Sequence[PerceptionGap], text: Text) -> str:
    if not gaps:
        return text("satisfaction.gap.title_none")
    apart = [one for one in gaps if one.course != "within"]
    if not apart:
        return text("satisfaction.gap.title_within")
    widest = apart[0]
    metric = widest.line.metric
    return text(
        f"satisfaction.gap.title_{widest.course}",
        name=shown(text.name(widest.line.value)),
        estimate=score_figure(metric, widest.estimate.score, text),
        score=score_figure(metric, widest.line.score, text),
    )


def _table(gaps: Sequence[PerceptionGap], text: Text) -> Table:
    names = tuple(shown(text.name(one.line.value)) for one in gaps)
    words = tuple(text(f"satisfaction.gap.{one.course}") for one in gaps)
    return (
        Column(heading=text("satisfaction.by.touchpoint"), figures=names, words=names),
        Column(
            heading=text("satisfaction.gap.column_estimate"),
            figures=tuple(100 * one.estimate.score for one in gaps),
            words=tuple(score_figure(one.line.metric, one.estimate.score, text) for one in gaps),
        ),
        Column(
            heading=text("satisfaction.gap.column_measured"),
            figures=tuple(100 * one.line.score for one in gaps),
            words=tuple(_measured(one.line, text) for one in gaps),
        ),
        Column(
            heading=text("satisfaction.gap.column_gap"),
            figures=tuple(100 * one.gap.mid for one in gaps),
            words=tuple(text.points_between(100 * one.gap.low, 100 * one.gap.high, 0) for one in gaps),
        ),
        Column(heading=text("satisfaction.gap.column_course"), figures=words, words=words),
        words_column(text("satisfaction.gap.column_from"), [_from(one, text) for one in gaps]),
    )


def _from(one: PerceptionGap, text: Text) -> str:
    """Return whether an estimate was typed or uploaded, and what stands behind it."""
    of, metric = one.estimate, one.line.metric
    if of.instead_of is not None:
        return text("satisfaction.gap.from_typed_instead", uploaded=score_figure(metric, of.instead_of, text))
    if not of.count:
        return text("satisfaction.gap.from_typed")
    if of.count == 1:
        return text("satisfaction.gap.from_file")
    low, high = (score_figure(metric, end, text) for end in (of.low, of.high))
    return text("satisfaction.gap.from_several", n=text.number(of.count, 0), low=low, high=high)


def _measured(line: ScoreLine, text: Text) -> str:
    score = score_figure(line.metric, line.score, text)
    return text("satisfaction.after.with_range", mid=score, range=score_range(line, text))
