"""What the study asks of the product, and whether it is met: each target with the figure found and the chance in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from benchmarks.studies.calibration_report import Share
from benchmarks.studies.figures import Figures, Mean, Row, ahead, brier, difference, figures

CHANCE = 1.96
# Brier score of P(the next unit pays) of the channels' prototype with all guards, docs of its design, section 2.2: five rows a company
# (whole and segments), strict horizon, 512 draws, 28 to 36 companies a regime, what is in doubt counted; so ours is taken with it counted.
REFERENCE_BRIER: Mapping[str, float] = MappingProxyType(
    {
        "churn": 0.074,
        "margin": 0.067,
        "support": 0.051,
        "joins": 0.030,
        "margin_support": 0.059,
        "all": 0.114,
        "none": 0.008,
        "threshold": 0.069,
        "few_months": 0.072,
        "tiny": 0.106,
    }
)
HARDER = "above 0 (harder than the issue asks)"
RIVALS = (
    ("verdict_optimum", "regression_optimum", "verdict to its optimum against the regression of churn", "above 0"),
    ("verdict_in_range", "regression_in_range", "verdict in range against the regression of churn", "above 0"),
    ("verdict_optimum", "outcomes_optimum", "verdict to its optimum against the regressions of all outcomes", HARDER),
    ("verdict_in_range", "outcomes_in_range", "verdict in range against the regressions of all outcomes", HARDER),
)


@dataclass(frozen=True)
class Target:
    """One target: what is asked, what was found, whether it is met, and whether chance alone could explain the difference."""

    about: str
    asked: str
    found: str
    met: bool
    chance: bool

    @property
    def outcome(self) -> str:
        """Return the outcome in words."""
        return "met" if self.met else "**missed**, within chance" if self.chance else "**missed**"


def targets(group: str, by_regime: Mapping[str, Sequence[Row]], strict: Mapping[str, Sequence[Row]]) -> list[Target]:
    """Return the targets of a group of regimes, all regimes counted equally often as far as they are finished.

    `strict` are the rows of the strict reading, in which the Brier scores to compare with were measured.
    """
    pooled = [row for rows in by_regime.values() for row in rows]
    if not pooled:
        return []
    whole = figures(pooled)
    if group == "known":
        return [
            _wrong(whole, 0.05),
            *_probabilities(whole),
            *_no_worse(strict),
            *_money(pooled, whole),
            _at_least("companies that are called", whole.called, 0.5),
        ]
    if group in ("confounded", "hard"):
        return [_wrong(whole, 0.08), *_stopped(whole), *_money(pooled, whole)]
    return []


def _wrong(found: Figures, most: float) -> Target:
    if found.wrong is None:
        return Target("wrong side of calls", f"at most {most:.0%}", "no call", True, True)
    return _at_most("wrong side of calls", found.wrong, most)


def _at_most(about: str, share: Share, most: float) -> Target:
    return Target(about, f"at most {most:.0%}", str(share), share.value <= most, share.low <= most)


def _at_least(about: str, share: Share, least: float) -> Target:
    return Target(about, f"at least {least:.0%}", str(share), share.value >= least, share.high >= least)


def _probabilities(found: Figures) -> Iterator[Target]:
    covered = found.covered
    asked, met = "85 % to 95 %", 0.85 <= covered.value <= 0.95
    yield Target(
        "90 % interval at 150 % covers", asked, str(covered), met, covered.high >= 0.85 and covered.low <= 0.95
    )
    if found.calibration is not None:
        slope = found.calibration.slope
        near = slope.value + CHANCE * slope.error >= 0.85 and slope.value - CHANCE * slope.error <= 1.15
        yield Target("calibration slope", "0.85 to 1.15", said(slope), 0.85 <= slope.value <= 1.15, near)


def _no_worse(strict: Mapping[str, Sequence[Row]]) -> Iterator[Target]:
    for regime, known in REFERENCE_BRIER.items():
        if strict.get(regime):
            found = brier(strict[regime], "p_more_counted")
            chance = found.value - CHANCE * found.error <= known
            yield Target(
                f"Brier, {regime}, next unit", f"at most {known:.3f}", said(found, 3), found.value <= known, chance
            )


def _stopped(found: Figures) -> Iterator[Target]:
    wrong, stopped = found.wrong_unchecked
    if wrong:
        from cxroi.model.statistics.proportion import proportion_interval

        share = Share(stopped / wrong, *proportion_interval(stopped, wrong))
        yield _at_least(f"would-be wrong calls stopped by a check ({stopped} of {wrong})", share, 0.5)


def _money(rows: Sequence[Row], found: Figures) -> Iterator[Target]:
    for policy, rival, about, asked in RIVALS:
        more, (better, worse) = difference(rows, policy, rival), ahead(rows, policy, rival)
        found_so = f"{said(more, 3)}; better in {better}, worse in {worse}"
        yield Target(f"money: {about}", asked, found_so, more.value > 0, more.value + CHANCE * more.error >= 0)
    yield _at_most("safe step loses more than 1 %", found.money["safe_step"].loses, 0.02)


def said(mean: Mean, digits: int = 2) -> str:
    """Return a mean with its standard error, as it is printed."""
    return f"{mean.value:.{digits}f} ± {mean.error:.{digits}f}"
