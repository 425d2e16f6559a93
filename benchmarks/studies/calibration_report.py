"""The report of the calibration study: what the product said against what was so, with how sure the study itself is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.studies.reliability_plot import reliability_plot
from cxroi.model.statistics.proportion import proportion_interval

ENOUGH_CASES = 20
RANK_BINS = 20
SIDED = ("under_invested", "over_invested")
_CALLS = (*SIDED, "about_right", "not_enough_evidence")
Result = dict[str, Any]


@dataclass(frozen=True)
class Share:
    """A share counted over companies: segments of one company err together, so that the interval counts companies, not rows."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.1%} ({self.low:.1%} to {self.high:.1%})"


def share_of(by_company: list[list[bool]]) -> Share:
    """Return a share with its 95 % Wilson interval at the effective number of cases: p (1 - p) over the variance between companies.

    Source: Wilson (1927); ratio estimator of a cluster sample, Cochran (1977), section 9.3.
    """
    hits, cases = (np.array([f(rows) for rows in by_company], float) for f in (sum, len))
    total = float(cases.sum())
    p = float(hits.sum() / total)
    variance = float(((hits - p * cases) ** 2).sum()) / total**2
    effective = p * (1 - p) / variance if variance > 0 else float(len(by_company))
    effective = float(np.clip(effective, min(len(by_company), total), total))
    return Share(p, *proportion_interval(p * effective, effective))


@dataclass(frozen=True)
class Bin:
    """Cases of about one stated probability: mean stated, share observed, how many, and the half-width chance leaves to 90 % of bins."""

    stated: float
    observed: float
    cases: int

    @property
    def chance(self) -> float:
        return float(1.645 * np.sqrt(self.stated * (1 - self.stated) / self.cases))


@dataclass(frozen=True)
class Summary:
    """The figures of one regime."""

    companies: int
    calls: dict[str, int]
    capped: int
    sided: Share
    wrong: Share | None  # of the verdicts with a side
    covered: Share
    covered_checked: Share | None
    bins: list[Bin]
    bins_checked: list[Bin]
    fifths: list[int]
    rank_chi_square: float
    rank_p: float


def summary(results: list[Result]) -> Summary:
    """Return the figures of one regime, whole companies and segments together."""
    checked = [result for result in results if not result["failed"]]
    calls = [result["rows"][0]["call"] for result in results]
    fifths, statistic, p = evenness([result["rank"] for result in results])
    return Summary(
        companies=len(results),
        calls={call: calls.count(call) for call in _CALLS},
        capped=len(results) - len(checked),
        sided=share_of([[row["call"] in SIDED for row in result["rows"]] for result in results]),
        wrong=wrong_of_calls([result["rows"] for result in results]),
        covered=share_of([[row["covered"] for row in result["rows"]] for result in results]),
        covered_checked=share_of([[row["covered"] for row in r["rows"]] for r in checked]) if checked else None,
        bins=bins(results),
        bins_checked=bins(checked),
        fifths=fifths,
        rank_chi_square=statistic,
        rank_p=p,
    )


def evenness(ranks: Sequence[float]) -> tuple[list[int], float, float]:
    """Return ranks counted in fifths, and the chi-square of their counts in twentieths with its p-value (Talts and others 2018)."""
    from scipy.stats import chi2

    counts = np.histogram(ranks, RANK_BINS, (0, 1))[0]
    expected = len(ranks) / RANK_BINS
    statistic = float(((counts - expected) ** 2).sum() / expected)
    return counts.reshape(5, -1).sum(axis=1).tolist(), statistic, float(chi2.sf(statistic, RANK_BINS - 1))


def wrong_of_calls(by_company: list[list[Result]]) -> Share | None:
    """Return the share of the verdicts with a side that point away from the level that is truly best; None where none has a side."""
    sided = [[row for row in rows if row["call"] in SIDED] for rows in by_company]
    if not any(sided):
        return None
    return share_of([[is_wrong(row) for row in rows] for rows in sided])


def is_wrong(row: Result, call: str = "call") -> bool:
    """Return whether a side is called and the level that is truly best does not lie on it."""
    best = row["best"]
    return (row[call] == "under_invested" and best <= 100) or (row[call] == "over_invested" and best >= 100)


def bins(results: list[Result]) -> list[Bin]:
    """Return the bins of all rows, whole companies and segments."""
    rows = [row for result in results for row in result["rows"]]
    return bins_of([row["p_more"] for row in rows], [row["more_pays"] for row in rows])


def bins_of(probabilities: Sequence[float], outcomes: Sequence[bool]) -> list[Bin]:
    """Return ten bins of stated probability, those without a case left out."""
    stated, so = np.array(probabilities, float), np.array(outcomes, float)
    at = np.minimum((stated * 10).astype(int), 9)
    return [
        Bin(float(stated[at == k].mean()), float(so[at == k].mean()), int((at == k).sum()))
        for k in range(10)
        if (at == k).any()
    ]


def worst_gap(found: list[Bin]) -> float:
    """Return the largest difference between stated and observed, over bins with enough cases."""
    return max((abs(one.stated - one.observed) for one in found if one.cases >= ENOUGH_CASES), default=0.0)


def report(by_regime: dict[str, list[Result]], meaning: dict[str, str]) -> str:
    """Return docs/calibration.md."""
    summaries = {regime: summary(results) for regime, results in by_regime.items() if results}
    lines = [
        _HEAD,
        *(_table_row(regime, s) for regime, s in summaries.items()),
        "",
        "## What misses its target",
        "",
        *(_misses(summaries) or ["Nothing in this run."]),
        "",
        "## Regimes",
        "",
        *(f"- *{name}*: {meaning[name]}." for name in summaries),
        "",
        "## Simulation-based calibration",
        "",
        _RANKS,
        *(
            f"| {regime} | {' '.join(map(str, s.fifths))} | {s.rank_chi_square:.1f} | {s.rank_p:.3f} |"
            for regime, s in summaries.items()
        ),
        "",
        "## Reliability",
        "",
        "![Stated probability against observed share, by regime](calibration.svg)",
    ]
    for regime, s in summaries.items():
        lines += ["", f"### {regime}", "", "| stated | observed | cases | chance alone |", "| --- | --- | --- | --- |"]
        lines += [f"| {b.stated:.2f} | {b.observed:.2f} | {b.cases} | ± {b.chance:.2f} |" for b in s.bins]
    return "\n".join(lines) + "\n"


_HEAD = """# Calibration: how often what the product says is so

Companies are simulated with a known response; the product sees their panel only. Each row counts the whole company
and each of its segments. Targets: stated probabilities within 10 points of the observed share in every bin of 20
cases or more; at most 5 % of the verdicts with a side on the wrong one; 90 % intervals that cover 85 to 95 %. A figure that misses
its target is marked **so**. In brackets: 95 % Wilson intervals that allow for the segments of one company erring together.
"Chance alone" is what 90 % of perfect bins would stay within if all cases were independent. Regenerate with `make study`.

| regime | companies | under / over / right / open | capped by a check | verdicts with a side | wrong side, of calls | 90 % interval of NPV at 150 % covers | same, checks passed | worst bin | worst bin, checks passed |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |"""

_RANKS = """Where the true marginal response of the whole company falls among the posterior's draws (Talts and others 2018): counted in
fifths, which are even when all is right, and the chi-square of its counts in twentieths (19 degrees of freedom). Only `inside` promises it;
elsewhere the truth is none that the prior could have drawn.

| regime | ranks in fifths | chi-square | p |
| --- | --- | --- | --- |"""


def _table_row(regime: str, s: Summary) -> str:
    checked = s.covered_checked
    cells = (
        regime,
        s.companies,
        " / ".join(str(n) for n in s.calls.values()),
        s.capped,
        f"{s.sided.value:.0%}",
        "" if s.wrong is None else _marked(str(s.wrong), s.wrong.value > 0.05),
        _marked(str(s.covered), not 0.85 <= s.covered.value <= 0.95),
        "" if checked is None else f"{checked.value:.1%}",
        _gap(s.bins),
        _gap(s.bins_checked),
    )
    return f"| {' | '.join(map(str, cells))} |"


def _misses(summaries: dict[str, Summary]) -> list[str]:
    """Return one plain sentence for each target missed in each regime."""
    said = []
    for regime, s in summaries.items():
        if not 0.85 <= s.covered.value <= 0.95:
            kind = "too narrow" if s.covered.value < 0.85 else "wider than they need be"
            said.append(f"- *{regime}*: intervals are {kind}; those called 90 % cover {s.covered}.")
        if s.wrong is not None and s.wrong.value > 0.05:
            said.append(f"- *{regime}*: {s.wrong} of the verdicts with a side are on the wrong one.")
        for one in s.bins:
            if one.cases >= ENOUGH_CASES and abs(one.stated - one.observed) > 0.10:
                said.append(
                    f"- *{regime}*: of {one.cases} cases stated at {one.stated:.0%}, {one.observed:.0%} were so "
                    f"(chance alone: ± {one.chance:.0%})."
                )
    return said


def _gap(found: list[Bin]) -> str:
    gap = worst_gap(found)
    return _marked(f"{100 * gap:.0f} points", gap > 0.10)


def _marked(text: str, misses: bool) -> str:
    return f"**{text}**" if misses else text


def plot(by_regime: dict[str, list[Result]]) -> str:
    """Return docs/calibration.svg."""
    found = {regime: bins(results) for regime, results in by_regime.items() if results}
    return reliability_plot({regime: [b for b in some if b.cases >= ENOUGH_CASES] for regime, some in found.items()})
