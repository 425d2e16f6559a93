"""What managers think that customers say against what they say, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cxroi.chart.drawing import Column, Table
from cxroi.model.satisfaction.perception import PerceptionGap
from cxroi.model.satisfaction.survey import ScoreLine
from cxroi.questions.satisfaction import Scores
from cxroi.text import Text
from cxroi.text.plain import shown
from cxroi.view.table import columns
from cxroi.view.understand.satisfaction import score_figure, score_range
from cxroi.view.understand.scores import FEWEST

_MOST = 12  # touchpoints that are asked about: those with the most answers


@dataclass(frozen=True, kw_only=True)
class PerceptionView:
    """The finding, and every estimate beside what was measured."""

    title: str
    table: Table
    caption: str


def asked_about(found: Scores, metric: str) -> tuple[ScoreLine, ...]:
    """Return the touchpoints whose score managers are asked for, those with the most answers first."""
    lines = [
        line
        for line in found.lines
        if (line.metric, line.dimension) == (metric, "touchpoint") and line.answers >= FEWEST
    ]
    return tuple(sorted(lines, key=lambda line: (-line.answers, line.value))[:_MOST])


def ends_of(metric: str) -> tuple[float, float]:
    """Return the ends of a score as it is typed: NPS from -100 to 100, a share from 0 to 100 percent."""
    return (-100.0, 100.0) if metric == "nps" else (0.0, 100.0)


def perception_view(gaps: Sequence[PerceptionGap], text: Text) -> PerceptionView:
    """Return the gaps, of which there is at least one."""
    return PerceptionView(title=_title(gaps, text), table=_table(gaps, text), caption=text("satisfaction.gap.caption"))


def perception_words(gaps: Sequence[PerceptionGap], text: Text) -> list[str]:
    """Return the gaps for the terminal."""
    view = perception_view(gaps, text)
    rows = [[column.words[place] for column in view.table] for place in range(len(gaps))]
    return [view.title, "", *columns([column.heading for column in view.table], rows)]


def _title(gaps: Sequence[PerceptionGap], text: Text) -> str:
    apart = [one for one in gaps if one.course != "within"]
    if not apart:
        return text("satisfaction.gap.title_within")
    widest = apart[0]
    metric = widest.line.metric
    return text(
        f"satisfaction.gap.title_{widest.course}",
        name=shown(text.name(widest.line.value)),
        estimate=score_figure(metric, widest.estimate, text),
        score=score_figure(metric, widest.line.score, text),
    )


def _table(gaps: Sequence[PerceptionGap], text: Text) -> Table:
    names = tuple(shown(text.name(one.line.value)) for one in gaps)
    words = tuple(text(f"satisfaction.gap.{one.course}") for one in gaps)
    return (
        Column(heading=text("satisfaction.by.touchpoint"), figures=names, words=names),
        Column(
            heading=text("satisfaction.gap.column_estimate"),
            figures=tuple(100 * one.estimate for one in gaps),
            words=tuple(score_figure(one.line.metric, one.estimate, text) for one in gaps),
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
    )


def _measured(line: ScoreLine, text: Text) -> str:
    score = score_figure(line.metric, line.score, text)
    return text("satisfaction.after.with_range", mid=score, range=score_range(line, text))
