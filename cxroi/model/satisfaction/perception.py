"""What managers think that customers say, against what they say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cxroi.model.satisfaction.survey import ScoreLine
from cxroi.model.statistics.uncertainty import Interval


@dataclass(frozen=True, kw_only=True)
class PerceptionGap:
    """An estimate of a score less the score, in its unit (NPS -1..1, shares 0..1); `course` is high, low, or within its range."""

    line: ScoreLine
    estimate: float
    gap: Interval

    @property
    def course(self) -> str:
        """Return whether managers think too well ("high") or too ill ("low") of it, beyond its range, or are "within" it."""
        return "high" if self.gap.low > 0 else "low" if self.gap.high < 0 else "within"


def perception_gaps(estimates: Mapping[str, float], lines: Iterable[ScoreLine]) -> tuple[PerceptionGap, ...]:
    """Return the gap of every estimate that a score stands against, by its value; the widest first."""
    found = [_gap(line, estimates[line.value]) for line in lines if line.value in estimates]
    return tuple(sorted(found, key=lambda one: (-abs(one.gap.mid), one.line.value)))


def _gap(line: ScoreLine, estimate: float) -> PerceptionGap:
    gap = Interval(low=estimate - line.high, mid=estimate - line.score, high=estimate - line.low)
    return PerceptionGap(line=line, estimate=estimate, gap=gap)
