"""Surveys as a whole: scores by what was asked about, who was heard, and whether a rise is only unhappy people leaving."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from cxroi.model.satisfaction.net_promoter import nps, nps_difference
from cxroi.model.statistics.proportion import critical_value, difference_interval, proportion_interval

_TOO_WIDE = 0.2  # a range of change: from there on a score may as well have risen by ten points as fallen


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """The share of customers, and of their revenue, that any survey heard; None where there is nothing to divide by."""

    customers_rate: float | None
    revenue_rate: float | None


@dataclass(frozen=True, kw_only=True)
class SurvivorCheck:
    """A change of a mean score, split exactly: what those who left took with them, and what happened among the rest."""

    change: float
    leaving_effect: float
    remaining_effect: float
    standard_error: float  # of the change
    is_survivor_effect: bool  # the score rose beyond chance (95 %), and at least half of the rise is people leaving

    @classmethod
    def of_means(cls, before: float, before_stayed: float, after: float, standard_error: float) -> SurvivorCheck:
        """Return the split from the earlier mean, the earlier mean of those who stayed, and the later mean."""
        leaving, remaining = before_stayed - before, after - before_stayed
        change = leaving + remaining
        return cls(
            change=change,
            leaving_effect=leaving,
            remaining_effect=remaining,
            standard_error=standard_error,
            is_survivor_effect=change > critical_value(0.90) * standard_error and leaving >= change / 2,
        )


@dataclass(frozen=True, kw_only=True)
class AnswerCounts:
    """Answers about one thing, added up: `low` and `high` are the weights of detractors and of promoters.

    For CSAT and CES `high` is the weight of satisfied or easy answers, and `low` is 0.
    """

    metric: str  # nps, csat or ces
    dimension: str  # what the answers are grouped by: all, segment, touchpoint, channel, journey_stage, month
    value: str
    answers: int
    weight: float
    weight_squared: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class ScoreLine:
    """A score with its 90 % interval: NPS in -1..1, CSAT and CES as the share of satisfied or easy answers."""

    metric: str
    dimension: str
    value: str
    score: float
    low: float
    high: float
    answers: int
    effective_n: float


def score_lines(counts: Iterable[AnswerCounts], *, confidence: float = 0.90) -> tuple[ScoreLine, ...]:
    """Return the score of each group: adjusted Wald for NPS, Wilson for shares, on Kish's effective n.

    >>> counts = AnswerCounts(metric="csat", dimension="all", value="", answers=10, weight=10, weight_squared=10, low=0, high=7)
    >>> line = score_lines([counts])[0]
    >>> line.score, round(line.low, 2), round(line.high, 2)
    (0.7, 0.44, 0.87)
    """
    return tuple(_score_line(group, confidence) for group in counts if group.weight > 0)


@dataclass(frozen=True, kw_only=True)
class ScoreChange:
    """A later score less an earlier one (by default the last twelve months', of all), with its 90 % interval; NPS in -2..2, shares in -1..1."""

    metric: str
    before: float
    after: float
    low: float
    high: float
    answers_before: int
    answers_after: int
    dimension: str = "all"
    value: str = ""

    @property
    def course(self) -> str:
        """Return "rose" or "fell" where that stands out from chance, else "unclear", or "thin" where the range is too wide to say even that."""
        if self.low > 0 or self.high < 0:
            return "rose" if self.low > 0 else "fell"
        return "thin" if self.high - self.low > _TOO_WIDE else "unclear"


def score_moves(
    before: Iterable[AnswerCounts], after: Iterable[AnswerCounts], *, confidence: float = 0.90
) -> tuple[ScoreChange, ...]:
    """Return how each score that both periods have changed from the earlier to the later one; months apart, which differ."""
    earlier = {(one.metric, one.dimension, one.value): one for one in before if one.weight > 0}
    pairs = [(earlier.get((one.metric, one.dimension, one.value)), one) for one in after if one.weight > 0]
    return tuple(
        _score_change(was, now, confidence) for was, now in pairs if was is not None and now.dimension != "month"
    )


def score_changes(counts: Iterable[AnswerCounts], *, confidence: float = 0.90) -> tuple[ScoreChange, ...]:
    """Return how each score changed from one year to the next: Newcombe's interval for shares, adjusted Wald for NPS.

    From answers by month ("YYYY-MM"); the later year ends with the newest month that has an answer. Whoever answers in
    both years counts as two people, which errs on the side of too wide an interval.
    """
    by_month = [count for count in counts if count.dimension == "month" and count.weight > 0]
    if not by_month:
        return ()
    newest = max(_month_number(count.value) for count in by_month)
    found = []
    for metric in sorted({count.metric for count in by_month}):
        own = [(newest - _month_number(count.value), count) for count in by_month if count.metric == metric]
        later, earlier = ([c for age, c in own if lo <= age < lo + 12] for lo in (0, 12))
        if later and earlier:
            found.append(_score_change(_added(earlier), _added(later), confidence))
    return tuple(found)


def score_courses(
    counts: Iterable[AnswerCounts], *, months: int = 3, confidence: float = 0.90
) -> tuple[ScoreChange, ...]:
    """Return how each score changed from its first to its last `months` months with an answer; of fewer than twice as many nothing is told."""
    by_metric: dict[str, list[AnswerCounts]] = {}
    for one in sorted(counts, key=lambda one: one.value):
        if one.dimension == "month" and one.weight > 0:
            by_metric.setdefault(one.metric, []).append(one)
    return tuple(
        _score_change(_added(own[:months]), _added(own[-months:]), confidence)
        for _, own in sorted(by_metric.items())
        if len(own) >= 2 * months
    )


def _month_number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:7])


def _added(counts: list[AnswerCounts]) -> AnswerCounts:
    names = ("answers", "weight", "weight_squared", "low", "high")
    return replace(
        counts[0], dimension="all", value="", **{name: sum(getattr(count, name) for count in counts) for name in names}
    )


def _score_change(earlier: AnswerCounts, later: AnswerCounts, confidence: float) -> ScoreChange:
    sizes = [one.weight**2 / one.weight_squared for one in (earlier, later)]
    if earlier.metric == "nps":
        scores = [nps(counts=_groups(one, size)) for one, size in zip((earlier, later), sizes, strict=True)]
        found = nps_difference(*scores, method="adjusted_wald", confidence=confidence)
        before, after, low, high = scores[0].nps, scores[1].nps, found.low, found.high
    else:
        before, after = (one.high / one.weight for one in (earlier, later))
        good = [min(share, 1.0) * size for share, size in zip((before, after), sizes, strict=True)]
        low, high = difference_interval(good[1], sizes[1], good[0], sizes[0], confidence=confidence)
    return ScoreChange(
        metric=earlier.metric,
        before=before,
        after=after,
        low=low,
        high=high,
        answers_before=earlier.answers,
        answers_after=later.answers,
        dimension=later.dimension,
        value=later.value,
    )


def _groups(group: AnswerCounts, size: float) -> list[float]:
    """Return detractors, passives and promoters among `size` equal answers."""
    low, high = group.low / group.weight, group.high / group.weight
    return [share * size for share in (low, max(0.0, 1 - low - high), high)]


def _score_line(group: AnswerCounts, confidence: float) -> ScoreLine:
    size = group.weight**2 / group.weight_squared
    high_share = group.high / group.weight
    if group.metric == "nps":
        estimate = nps(counts=_groups(group, size), confidence=confidence)
        score, low, high = estimate.nps, estimate.low, estimate.high
    else:
        score = high_share
        low, high = proportion_interval(min(high_share * size, size), size, confidence=confidence)
    return ScoreLine(
        metric=group.metric,
        dimension=group.dimension,
        value=group.value,
        score=score,
        low=low,
        high=high,
        answers=group.answers,
        effective_n=size,
    )
