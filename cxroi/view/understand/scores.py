"""NPS, CSAT and CES as the page shows them: the finding, the scores with their ranges, their months, and by what was asked about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from cxroi.chart import score_months, score_ranges
from cxroi.chart.drawing import Column, Drawing, Table
from cxroi.model.company.event import Event
from cxroi.model.satisfaction.survey import Coverage, ScoreChange, ScoreLine
from cxroi.model.statistics.uncertainty import Interval
from cxroi.questions.satisfaction import Scores
from cxroi.questions.slice import Slice, months_between
from cxroi.text import Text
from cxroi.text.plain import short_name, shown
from cxroi.view.event_marking import event_marks, events_between, events_column, with_marked
from cxroi.view.figure import isolated, own_way
from cxroi.view.ranged import RangeBar, range_bar
from cxroi.view.table import columns
from cxroi.view.understand.satisfaction import score_figure, score_range

METRICS = ("nps", "csat", "ces")  # in the order in which they are shown
BY = ("touchpoint", "channel", "journey_stage", "segment")
SCORE_COLUMNS = ("metric", "about", "score", "range", "answers")
FEWEST = 10  # answers: a score of fewer is not shown
_MOST_ROWS, _LONGEST = 12, 24


@dataclass(frozen=True, kw_only=True)
class ScoreFigure:
    """A score in words, its range drawn, how many answers it rests on, and how it changed."""

    label: str
    value: str
    range: str
    answers: str
    bar: RangeBar
    change: str
    course: str  # rose, fell, unclear, thin, or "" where there is nothing to compare with


@dataclass(frozen=True, kw_only=True)
class ScoreView:
    """The first screen: what customers say, as a sentence, with the scores beside it."""

    kicker: str
    finding: str
    lead: tuple[str, ...]
    caution: str
    figures: tuple[ScoreFigure, ...]
    source: str


def score_view(found: Scores, of: Slice, text: Text) -> ScoreView:
    """Return the scores of what is looked at."""
    wholes = [line for metric in metrics_of(found) for line in found.lines if _is_whole(line, metric)]
    first, last = _first_and_last(found, of, text)
    answers = sum(line.answers for line in wholes)
    return ScoreView(
        kicker=text("satisfaction.kicker", first=first, last=last),
        finding=_finding(found, wholes[0], _change_of(found, wholes[0]), of, text),
        lead=tuple(filter(None, (_apart(found, wholes[0].metric, text), _heard(found.heard, text)))),
        caution=_caution(found, text),
        figures=tuple(_figure(found, line, of, text) for line in wholes),
        source=text("satisfaction.source", first=first, last=last, answers=answers),
    )


def score_words(found: Scores, of: Slice, by: str | None, text: Text) -> list[str]:
    """Return the scores of the whole company and by `by`, how they changed, and who was heard."""
    shown = [line for line in found.lines if line.dimension in ("all", by)]
    rows = [
        [
            text(f"metric.{line.metric}"),
            line.value or text("segments.whole"),
            score_figure(line.metric, line.score, text),
            score_range(line, text),
            text.number(line.answers),
        ]
        for line in shown
    ]
    words = [*columns([text(f"heading.{name}") for name in SCORE_COLUMNS], rows), ""]
    if of.months is None:
        words += [_change_words(change, text) for change in found.changes]
    else:
        wholes = [line for metric in metrics_of(found) for line in found.lines if _is_whole(line, metric)]
        words += [_finding(found, line, _change_of(found, line), of, text) for line in wholes]
    if found.heard.customers_rate is not None:
        words.append(text("scores.customers_heard", share=text.percent(found.heard.customers_rate)))
    if found.heard.revenue_rate is not None:
        words.append(text("scores.revenue_heard", share=text.percent(found.heard.revenue_rate)))
    words += [
        text("scores.survivors", metric=text(f"metric.{one.metric}"))
        for one in found.survivors
        if one.check.is_survivor_effect
    ]
    return [*words, text("scores.note")]


def _change_words(change: ScoreChange, text: Text) -> str:
    return text(
        f"scores.{change.course}",
        metric=text(f"metric.{change.metric}"),
        before=score_figure(change.metric, change.before, text),
        after=score_figure(change.metric, change.after, text),
        change=text.points_between(100 * change.low, 100 * change.high),
    )


def metrics_of(found: Scores) -> tuple[str, ...]:
    """Return the metrics that have answers, in the order in which they are shown."""
    asked = {line.metric for line in found.lines}
    return tuple(metric for metric in METRICS if metric in asked)


def dimensions_of(found: Scores, metric: str) -> tuple[str, ...]:
    """Return what the answers of a metric can be looked at by."""
    named = {line.dimension for line in found.lines if line.metric == metric}
    return tuple(by for by in BY if by in named)


def months_drawing(found: Scores, metric: str, of: Slice, text: Text, events: Sequence[Event] = ()) -> Drawing | None:
    """Return a score over the months, None where there are fewer than two."""
    lines = [line for line in found.months if line.metric == metric]
    if len(lines) < 2:
        return None
    name = text(f"satisfaction.metric.{metric}")
    course = next((one for one in found.courses if one.metric == metric), None)
    facts = {"metric": _begun(name), "months": text.months(len(lines))}
    if course is not None:
        facts |= {
            "before": score_figure(metric, course.before, text),
            "after": score_figure(metric, course.after, text),
        }
    months = [_month(line, of, text) for line in lines]
    events = events_between(events, months[0].month, months[-1].month)
    return Drawing(
        name="score_months",
        title=text(f"satisfaction.months.{course.course if course else 'thin'}", **facts),
        alternative=with_marked(
            text(
                "satisfaction.months.alternative",
                metric=_begun(name),
                first=text.month(months[0].month),
                last=text.month(months[-1].month),
                after=score_figure(metric, lines[-1].score, text),
                range=score_range(lines[-1], text),
            ),
            events,
            text,
        ),
        footer=text(
            f"satisfaction.months.footer{'' if of.months is None else '_within'}",
            answers=sum(line.answers for line in lines),
        ),
        currency="",
        data=score_months.data(
            months,
            caption=isolated(text(f"satisfaction.unit.{metric}"), text),
            newest=score_figure(metric, lines[-1].score, text),
            events=event_marks(events, months[0].month, months[-1].month, text),
        ),
        table=lambda: (
            *_table("month", [text.month(one.month) for one in months], lines, [None] * len(lines), text),
            *events_column(events, [one.month for one in months], text),
        ),
    )


def by_drawing(found: Scores, metric: str, by: str, of: Slice, text: Text) -> Drawing | None:
    """Return a score by what was asked about, the best first; None where too few answers name it."""
    lines = _told_lines(found, metric, by)
    if not lines:
        return None
    shown_lines = _most_answered(lines)
    rows = [_row(found, line, of, text) for line in shown_lines]
    whole = next(line for line in found.lines if _is_whole(line, metric))
    first, last = _first_and_last(found, of, text)
    footer = text("satisfaction.by.footer", first=first, last=last, answers=sum(line.answers for line in lines))
    if len(lines) > len(rows):
        footer = f"{text('satisfaction.by.footer_more', shown=len(rows), all=len(lines))} {footer}"
    return Drawing(
        name="score_ranges",
        title=_by_title(shown_lines, metric, by, text),
        alternative=text(
            "satisfaction.by.alternative",
            metric=_begun(text(f"satisfaction.metric.{metric}")),
            by=text(f"satisfaction.by.word.{by}"),
            rows=text("chart.list_separator").join(one.told for one in rows),
        ),
        footer=footer,
        currency="",
        window=score_ranges.window_of(rows),
        data=score_ranges.data(rows, whole=100 * whole.score),
        table=lambda: _table(
            "name",
            [shown(text.name(line.value)) for line in lines],
            lines,
            [_change_of(found, line) for line in lines],
            text,
        ),
    )


def _is_whole(line: ScoreLine, metric: str) -> bool:
    return (line.metric, line.dimension) == (metric, "all")


def _change_of(found: Scores, line: ScoreLine) -> ScoreChange | None:
    of = (line.metric, line.dimension, line.value)
    return next((one for one in found.changes if (one.metric, one.dimension, one.value) == of), None)


def _first_and_last(found: Scores, of: Slice, text: Text) -> tuple[str, str]:
    """Return the months looked at, in words: those asked about, else those with an answer."""
    months = sorted(line.value for line in found.months)
    first, last = (date.fromisoformat(f"{month}-01") for month in (months[0], months[-1]))
    return text.month(of.first or first), text.month(of.last or last)


def _finding(found: Scores, line: ScoreLine, change: ScoreChange | None, of: Slice, text: Text) -> str:
    facts = {"metric": text(f"satisfaction.metric.{line.metric}"), "score": score_figure(line.metric, line.score, text)}
    if change is None:
        return _begun(text("satisfaction.finding.alone", **facts))
    if of.months is None:
        return _begun(text(f"satisfaction.finding.{change.course}_year", **facts))
    before = score_figure(line.metric, change.before, text)
    return _begun(
        text(
            f"satisfaction.finding.{change.course}",
            before=before,
            months=text.months(_months_before(found, of)),
            **facts,
        )
    )


def _begun(words: str) -> str:
    return words[:1].upper() + words[1:]


def _caution(found: Scores, text: Text) -> str:
    names = [
        text(f"satisfaction.metric.{metric}")
        for metric in metrics_of(found)
        for one in found.survivors
        if one.metric == metric and one.check.is_survivor_effect
    ]
    return text("satisfaction.survivors", metric=text.listed(names)) if names else ""


def _months_before(found: Scores, of: Slice) -> int:
    """Return how many months lie before those looked at, of as many, that the answers reach back to; twelve of all months."""
    if of.before is None or of.before.first is None or of.before.last is None:
        return 12
    earliest = min(date.fromisoformat(f"{line.value}-01") for line in found.months)
    return months_between(max(of.before.first, earliest), of.before.last)


def _apart(found: Scores, metric: str, text: Text) -> str:
    """Return what is ahead and what behind, by the first of what the answers can be looked at by that tells some apart."""
    for by in dimensions_of(found, metric):
        lines = _most_answered(_told_lines(found, metric, by))
        if lines and lines[0].low > lines[-1].high:
            return f"{_by_title(lines, metric, by, text)}{text('satisfaction.full_stop')}"
    return ""


def _most_answered(lines: Sequence[ScoreLine]) -> list[ScoreLine]:
    """Return as many scores as a picture holds, those with the most answers, the best first."""
    return sorted(sorted(lines, key=lambda line: -line.answers)[:_MOST_ROWS], key=lambda line: -line.score)


def _told_lines(found: Scores, metric: str, by: str) -> list[ScoreLine]:
    """Return the scores by what was asked about that rest on enough answers, the best first."""
    lines = [line for line in found.lines if (line.metric, line.dimension) == (metric, by) and line.answers >= FEWEST]
    return sorted(lines, key=lambda line: -line.score)


def _heard(heard: Coverage, text: Text) -> str:
    if heard.customers_rate is None:
        return ""
    customers = text.percent(heard.customers_rate, 0)
    if heard.revenue_rate is None:
        return text("satisfaction.heard_customers", customers=customers)
    return text("satisfaction.heard_both", customers=customers, revenue=text.percent(heard.revenue_rate, 0))


def _figure(found: Scores, line: ScoreLine, of: Slice, text: Text) -> ScoreFigure:
    change = _change_of(found, line)
    return ScoreFigure(
        label=text(f"satisfaction.figure.{line.metric}"),
        value=score_figure(line.metric, line.score, text),
        range=score_range(line, text),
        answers=text("satisfaction.answers", answers=line.answers),
        bar=_bar(line),
        change=_change(found, change, of, text),
        course=change.course if change else "",
    )


def _bar(line: ScoreLine) -> RangeBar:
    """Return a score drawn on its whole scale, with the middle of that of NPS marked."""
    of = Interval(low=line.low, mid=line.score, high=line.high)
    return range_bar(of, (-1.0, 1.0)) if line.metric == "nps" else replace(range_bar(of, (0.0, 1.0)), zero=None)


def _change(found: Scores, change: ScoreChange | None, of: Slice, text: Text) -> str:
    """Return how a score changed; the twelve months against the twelve before where no months are chosen."""
    if change is None:
        return "" if of.months is None else text("satisfaction.change.none")
    moved = text.points_between(100 * change.low, 100 * change.high, 0)
    return text(f"satisfaction.change.{change.course}", change=moved, months=text.months(_months_before(found, of)))


def _month(line: ScoreLine, of: Slice, text: Text) -> score_months.ScoreMonth:
    day = date.fromisoformat(f"{line.value}-01")
    month = text.month(day)
    return score_months.ScoreMonth(
        month=day,
        mid=100 * line.score,
        low=100 * line.low,
        high=100 * line.high,
        told=isolated(
            text(
                "satisfaction.months.told",
                month=month,
                score=score_figure(line.metric, line.score, text),
                range=score_range(line, text),
                answers=line.answers,
            ),
            text,
        ),
        within=(of.first is None or day >= of.first) and (of.last is None or day <= of.last),
    )


def _row(found: Scores, line: ScoreLine, of: Slice, text: Text) -> score_ranges.ScoreRange:
    change = _change_of(found, line)
    score = score_figure(line.metric, line.score, text)
    return score_ranges.ScoreRange(
        name=own_way(short_name(text.name(line.value), _LONGEST)),
        mid=100 * line.score,
        low=100 * line.low,
        high=100 * line.high,
        score=isolated(score, text),
        label=isolated(text("satisfaction.by.label", score=score, answers=line.answers), text),
        told=isolated(
            text(
                "satisfaction.by.told",
                name=shown(text.name(line.value)),
                score=score,
                range=score_range(line, text),
                answers=line.answers,
                change=_change(found, change, of, text) if change else "",
            ).strip(),
            text,
        ),
    )


def _by_title(lines: Sequence[ScoreLine], metric: str, by: str, text: Text) -> str:
    """Return who is ahead and who behind where their ranges are apart."""
    best, worst = lines[0], lines[-1]
    name = text(f"satisfaction.metric.{metric}")
    if best is worst:
        score = score_figure(metric, best.score, text)
        return text("satisfaction.by.title_one", metric=_begun(name), name=shown(text.name(best.value)), score=score)
    if best.low <= worst.high:
        return text("satisfaction.by.title_alike", metric=name, by=text(f"satisfaction.by.word.{by}"))
    return text(
        "satisfaction.by.title_apart",
        best=shown(text.name(best.value)),
        worst=shown(text.name(worst.value)),
        high=score_figure(metric, best.score, text),
        low=score_figure(metric, worst.score, text),
    )


def _table(
    name: str, names: Sequence[str], lines: Sequence[ScoreLine], changes: Sequence[ScoreChange | None], text: Text
) -> Table:
    """Return scores as a table: name, score, ends of the range, answers, and how each changed where that is known."""
    columns = [
        Column(heading=text(f"satisfaction.column.{name}"), figures=tuple(names), words=tuple(names)),
        *(
            Column(
                heading=text(f"satisfaction.column.{end}"),
                figures=tuple(100 * getattr(line, end) for line in lines),
                words=tuple(score_figure(line.metric, getattr(line, end), text) for line in lines),
            )
            for end in ("score", "low", "high")
        ),
        Column(
            heading=text("satisfaction.column.answers"),
            figures=tuple(line.answers for line in lines),
            words=tuple(text.number(line.answers, 0) for line in lines),
        ),
    ]
    if any(changes):
        columns += [_change_column(f"change_{end}", end, changes, text) for end in ("low", "high")]
    return tuple(columns)


def _change_column(heading: str, end: str, changes: Sequence[ScoreChange | None], text: Text) -> Column:
    return Column(
        heading=text(f"satisfaction.column.{heading}"),
        figures=tuple(100 * getattr(one, end) if one else float("nan") for one in changes),
        words=tuple(text.points(100 * getattr(one, end), 0) if one else text("report.none") for one in changes),
    )
