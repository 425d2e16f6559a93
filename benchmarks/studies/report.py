"""The report of the study: docs/channels-study.md from whatever is finished, and its plot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from benchmarks.simulation import CHANNELS, GROUPS, REGIMES, Reading
from benchmarks.studies.calibration_report import ENOUGH_CASES, evenness
from benchmarks.studies.figures import Row, figures, rows_of
from benchmarks.studies.made_companies import Result
from benchmarks.studies.policies import POLICIES
from benchmarks.studies.reliability_plot import reliability_plot
from benchmarks.studies.tables import CALLS, MONEY, PROBABILITIES, short
from benchmarks.studies.targets import said, targets

Results = Mapping[str, Sequence[Result]]
Rows = Mapping[str, Sequence[Row]]


def report(results: Results, about: str, reading: str = "default") -> str:
    """Return the report; `about` says with what it was measured."""
    rows = {regime: found for regime, some in results.items() if (found := rows_of(some, reading))}
    parts = [_HEAD, about, "", *_targets(results, rows)]
    for table in (CALLS, PROBABILITIES, MONEY):
        parts += table.lines(rows)
    parts += ["", "## Money by policy", "", _POLICIES, *_policies(rows)]
    parts += ["", "## Both readings", "", _READINGS, "", *_readings(results, rows)]
    parts += ["", "## Reliability", "", _RELIABILITY, "", *_reliability(rows)]
    parts += ["", "## Channels", "", _CHANNELS, "", *_channels(results)]
    parts += ["", "## Named events", "", _EVENTS, "", *_events(results)]
    parts += ["", "## Regimes", "", *(f"- *{name}*: {REGIMES[name].meaning}." for name in rows)]
    parts += ["", "## Companies on which the product failed", "", *(_errors(results) or ["None."])]
    return "\n".join(parts) + "\n"


_HEAD = """# Companies whose CX spend pays in several ways: how often the verdict is right, and what following it earns

Companies are simulated whose spend acts on churn, margin per customer, support cost per customer and customers who join, each with its
own shape, strength and carryover; the product sees their panel only. One company is one row, the verdict on the whole. In brackets:
95 % Wilson intervals; after ±: standard errors. A call is on the wrong side where the level that is truly best does not lie on
the side it names. Regenerate with `make study`, or `python -m benchmarks.studies.channels`.
"""
_POLICIES = (
    "Regret: the oracle's value less the policy's. 5th percentile over companies. Loses: more than 1 % of the spend."
)
_READINGS = """The same companies with customers counted either way: `life` counts those kept or won for their expected remaining life, `strict` nothing after
month 36; truth and product alike."""
_RELIABILITY = """Stated P(best spend above today) -> share in which it was (companies), in tenths of the stated probability.

![Stated probability against observed share, by regime](channels-study.svg)"""
_CHANNELS = """How often a channel that truly moves, and one that does not, is believed to move with a probability above 0.5, and how often the 90 % interval of today's
elasticity holds the truth where the channel moves: all regimes together. Ranks of the true elasticity among the draws in the regime `prior`, whose companies are drawn from what
the model believes: even in fifths when all is right; chi-square of their twentieths (19 degrees of freedom; Talts and others 2018)."""

_EVENTS = """How often the 90 % interval of what a named event did to an outcome holds the truth, which is nothing for support cost and joins. An event met two
segments of a company: two times, which err together."""


def _targets(results: Results, rows: Rows) -> list[str]:
    out = ["## Targets", ""]
    for group, words in GROUPS.items():
        own = {name: some for name, some in rows.items() if REGIMES[name].group == group}
        found = targets(group, own, {name: rows_of(results[name], Reading.STRICT) for name in own})
        if found:
            out += [f"### {words}", "", "| target | asked | found | |", "| --- | --- | --- | --- |"]
            out += [f"| {one.about} | {one.asked} | {one.found} | {one.outcome} |" for one in found]
            out += ["", *_regimes_that_miss(group, own), ""]
    return out[:-1]


def _regimes_that_miss(group: str, rows: Rows) -> list[str]:
    """Return one line for each regime whose own companies miss what is asked of its group by more than chance."""
    out = []
    for name, some in rows.items():
        missed = [one for one in targets(group, {name: some}, {}) if not one.met and not one.chance]
        if missed:
            words = "; ".join(f"{one.about} {one.found}" for one in missed)
            out.append(f"- *{name}* misses, by more than chance: {words}.")
    return out or ["No regime misses by itself by more than chance."]


def _policies(rows: Rows) -> list[str]:
    out = []
    for group, words in GROUPS.items():
        pooled = [row for name, some in rows.items() if REGIMES[name].group == group for row in some]
        if pooled:
            out += ["", f"### {words}", "", "| policy | value | regret | 5th percentile | loses |", "| --- " * 5 + "|"]
            for name, policy in POLICIES.items():
                one = figures(pooled).money[name]
                cells = (said(one.value, 3), f"{one.regret:.3f}", f"{one.fifth:+.2f}", f"{one.loses.value:.1%}")
                out.append(f"| {policy} | {' | '.join(cells)} |")
    return out


def _readings(results: Results, rows: Rows) -> list[str]:
    head = ("regime", "reading", "called", "wrong side of calls", "covers at 150 %", "slope", "verdict earns", "oracle")
    out = [f"| {' | '.join(head)} |", "| --- " * len(head) + "|"]
    for name in rows:
        for reading in Reading:
            s = figures(rows_of(results[name], reading))
            slope = "" if s.calibration is None else said(s.calibration.slope)
            earned = [f"{s.money[policy].value.value:+.2f}" for policy in ("verdict_optimum", "oracle")]
            cells = (name, str(reading), f"{s.called.value:.0%}", short(s.wrong), short(s.covered), slope, *earned)
            out.append(f"| {' | '.join(cells)} |")
    return out


def _reliability(rows: Rows) -> list[str]:
    tenths = " | ".join(f"{k / 10:.1f} to {(k + 1) / 10:.1f}" for k in range(10))
    out = [f"| regime | {tenths} |", "| --- " * 11 + "|"]
    for name, some in rows.items():
        if REGIMES[name].group == "known":
            cells = [""] * 10
            for one in figures(some).bins:
                cells[min(int(one.stated * 10), 9)] = f"{one.stated:.2f} -> {one.observed:.2f} ({one.cases})"
            out.append(f"| {name} | {' | '.join(cells)} |")
    return out


def _channels(results: Results) -> list[str]:
    head = ("channel", "moves: believed to", "does not: believed to", "interval holds the truth, where it moves")
    out = [f"| {' | '.join((*head, 'ranks in fifths', 'chi-square', 'p'))} |", "| --- " * 7 + "|"]
    found = {name: [one["channels"] for one in some if "error" not in one] for name, some in results.items()}
    for channel in CHANNELS:
        here = [one[channel] for some in found.values() for one in some if channel in one]
        moving, still = ([one for one in here if (one["true"] != 0) is so] for so in (True, False))
        believed = [[one["helps"] + one["harms"] > 0.5 for one in some if "helps" in one] for some in (moving, still)]
        holds = [one["elasticity"][0] <= one["true"] <= one["elasticity"][2] for one in moving]
        ranks = [one[channel]["rank"] for one in found.get("prior", ()) if channel in one]
        cells = [f"{sum(hits)} of {len(hits)}" if hits else "" for hits in (*believed, holds)]
        if ranks:
            fifths, statistic, p = evenness(ranks)
            cells += [" ".join(map(str, fifths)), f"{statistic:.1f}", f"{p:.3f}"]
        out.append(f"| {channel} | {' | '.join(cells)} |")
    return out


def _events(results: Results) -> list[str]:
    out = [f"| regime | {' | '.join(CHANNELS)} |", "| --- " * (1 + len(CHANNELS)) + "|"]
    for name, some in results.items():
        each = [one["events"] for one in some if one.get("events")]
        held = [[hit for one in each for hit in one.get(channel, ())] for channel in CHANNELS]
        if each:
            out.append(f"| {name} | {' | '.join(f'{sum(hits)} of {len(hits)}' for hits in held)} |")
    return out


def _errors(results: Results) -> list[str]:
    met = Counter((name, one["error"]) for name, some in results.items() for one in some if "error" in one)
    return [f"- *{name}*: {count} with `{error}`." for (name, error), count in met.items()]


def plot(results: Results, reading: str = "default") -> str:
    """Return the plot of the regimes of known identification."""
    known = {name: rows_of(some, reading) for name, some in results.items() if REGIMES[name].group == "known"}
    found = {name: figures(rows).bins for name, rows in known.items() if rows}
    return reliability_plot({name: [one for one in bins if one.cases >= ENOUGH_CASES] for name, bins in found.items()})
