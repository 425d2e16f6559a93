"""What managers think that customers say, against what they say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from cxroi.model.satisfaction.survey import ScoreLine
from cxroi.model.statistics.uncertainty import Interval


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """What managers think a score is, in its unit (NPS -1..1, shares 0..1).

    Of an uploaded one `count` estimates from `low` to `high` stand behind it; none stands behind one that was typed, which may stand
    `instead_of` what was uploaded.
    """

    score: float
    low: float
    high: float
    count: int = 0
    instead_of: float | None = None


@dataclass(frozen=True, kw_only=True)
class PerceptionGap:
    """An estimate of a score less the score, in its unit; `course` is high, low, or within its range."""

    line: ScoreLine
    estimate: Estimate
    gap: Interval

    @property
    def course(self) -> str:
        """Return whether managers think too well ("high") or too ill ("low") of it, beyond its range, or are "within" it."""
        return "high" if self.gap.low > 0 else "low" if self.gap.high < 0 else "within"


def with_typed(uploaded: Mapping[str, Estimate], typed: Mapping[str, float]) -> dict[str, Estimate]:
    """Return estimates by touchpoint in small letters: what is typed wins over what was uploaded."""
    found = dict(uploaded)
    for name, score in typed.items():
        own, before = Estimate(score=score, low=score, high=score), uploaded.get(name.casefold())
        found[name.casefold()] = own if before is None else replace(own, instead_of=before.score)
    return found


def perception_gaps(estimates: Mapping[str, Estimate], lines: Iterable[ScoreLine]) -> tuple[PerceptionGap, ...]:
    """Return the gap of every estimate (by touchpoint in small letters) that a score stands against; the widest first."""
    found = [_gap(line, estimates[line.value.casefold()]) for line in lines if line.value.casefold() in estimates]
    return tuple(sorted(found, key=lambda one: (-abs(one.gap.mid), one.line.value)))


def _gap(line: ScoreLine, estimate: Estimate) -> PerceptionGap:
    score = estimate.score
    gap = Interval(low=score - line.high, mid=score - line.score, high=score - line.low)
    return PerceptionGap(line=line, estimate=estimate, gap=gap)
