"""The report of the study: docs/channels-study.md from whatever is finished, and its plot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from benchmarks.calibration_report import ENOUGH_CASES, Share
from benchmarks.made_companies import Result
from benchmarks.reliability_plot import reliability_plot
from benchmarks.simulation import GROUPS, REGIMES
from benchmarks.studies.figures import Figures, Row, figures, rows_of
from benchmarks.studies.policies import POLICIES
from benchmarks.studies.targets import REFERENCE_BRIER, Target, said, targets

_MONEY = ("oracle", "verdict_optimum", "verdict_in_range", "safe_step", "direction_step", "regression_optimum")
_MONEY = (*_MONEY, "regression_in_range", "outcomes_optimum", "outcomes_in_range", "naive_step")
Results = Mapping[str, Sequence[Result]]


def report(results: Results, about: str, reading: str = "default") -> str:
    """Return the report; `about` says with what it was measured."""
    rows = {regime: found for regime, some in results.items() if (found := rows_of(some, reading))}
    summaries = {regime: figures(some) for regime, some in rows.items()}
    grouped = {group: [name for name in summaries if REGIMES[name].group == group] for group in GROUPS}
    parts = [_HEAD, about, "", *_targets(results, rows, grouped)]
    for title, table in (("Calls", _calls), ("Probabilities", _probabilities), ("Money", _money)):
        parts += ["", f"## {title}", "", _EXPLAINED[title], "", *_by_group(table, summaries, rows, grouped)]
    parts += ["", "## Money by policy", "", _EXPLAINED["Policies"]]
    for group, names in grouped.items():
        if names:
            whole = figures([row for name in names for row in rows[name]])
            parts += ["", f"### {GROUPS[group]}", "", *_policies(whole)]
    parts += ["", "## The other reading", "", _EXPLAINED["Other"], "", *_other(results, rows)]
    parts += ["", "## Reliability", "", _EXPLAINED["Reliability"], "", *_reliability(summaries, grouped["known"])]
    parts += ["", "## Channels beside churn", "", _EXPLAINED["Channels"], "", *_channels(results)]
    parts += ["", "## Regimes", "", *(f"- *{name}*: {REGIMES[name].meaning}." for name in summaries)]
    parts += ["", "## Companies that could not be studied", "", *(_errors(results) or ["None."])]
    return "\n".join(parts) + "\n"


_HEAD = """# Companies whose CX spend pays in several ways: how often the verdict is right, and what following it earns

Companies are simulated whose spend acts on churn, margin per customer, support cost per customer and customers who join, each with its
own shape, strength and carryover; the product sees their panel only. One company is one row, the verdict on the whole. In brackets:
95 % Wilson intervals; after ±: standard errors. "Wrong side" counts calls with a side where the level that is truly best
does not lie on it, out of the calls with a side. Regenerate with `make study`, or `python -m benchmarks.studies.channels`.
"""
_EXPLAINED = {
    "Calls": """Capped: calls that a check or a channel in doubt turned into "not enough evidence", with the names. Stopped: of the calls that would have been
wrong (and right) without any check, how many a check stopped.""",
    "Probabilities": """P(best spend above today) against what was so: slope 1 and intercept 0 where what is stated is so, a slope below 1 where it is too sure; missing
where fewer than five companies are of either kind. Brier scores: of that probability, of P(the next unit pays), and of the latter by the regressions of all outcomes;
after the slash that of the prototype's design, measured on rows of segments too.""",
    "Money": """Mean value of following each, in units of the present value of CX spend over 36 months, measured with the true response; staying is 0.
The last two: companies in which the verdict's optimum, and the safe step, lose more than 1 %.""",
    "Policies": "Regret: the oracle's value less the policy's. 5th percentile over companies. Loses: more than 1 % of the spend.",
    "Other": """The same companies with customers counted the other way: `life` counts those kept or won for their expected remaining life, `strict` nothing after month 36;
truth and product alike.""",
    "Reliability": """Stated P(best spend above today) -> share in which it was (companies), in tenths of the stated probability.

![Stated probability against observed share, by regime](channels-study.svg)""",
    "Channels": """How often a channel that truly moves, and one that does not, is believed to move with P > 0.5, and where the 90 % interval of today's elasticity holds the truth.""",
}


def _targets(results: Results, rows: Mapping[str, list[Row]], grouped: Mapping[str, list[str]]) -> list[str]:
    out = ["## Targets", ""]
    for group, names in grouped.items():
        strict = {name: rows_of(results[name], "strict") for name in names}
        found = targets(group, {name: rows[name] for name in names}, strict)
        if found:
            out += [f"### {GROUPS[group]}", "", "| target | asked | found | |", "| --- | --- | --- | --- |"]
            out += [_target(one) for one in found]
            out += ["", *_regimes_that_miss(group, names, rows), ""]
    return out[:-1]


def _target(one: Target) -> str:
    return f"| {one.about} | {one.asked} | {one.found} | {one.outcome} |"


def _regimes_that_miss(group: str, names: Sequence[str], rows: Mapping[str, list[Row]]) -> list[str]:
    """Return one line for each regime whose own companies miss what is asked of its group by more than chance."""
    out = []
    for name in names:
        missed = [one for one in targets(group, {name: rows[name]}, {}) if not one.met and not one.chance]
        if missed:
            said_of = "; ".join(f"{one.about} {one.found}" for one in missed)
            out.append(f"- *{name}* misses, by more than chance: {said_of}.")
    return out


def _by_group(table, summaries, rows, grouped) -> list[str]:  # type: ignore[no-untyped-def]
    """Return the table of all regimes with a row for each group after its own."""
    head, line = table
    out = [f"| regime | companies | {' | '.join(head)} |", "| --- " * (len(head) + 2) + "|"]
    for group, names in grouped.items():
        out += [
            f"| {name} | {summaries[name].companies} | {' | '.join(line(name, summaries[name]))} |" for name in names
        ]
        if names:
            whole = figures([row for name in names for row in rows[name]])
            out.append(f"| **{group}** | {whole.companies} | {' | '.join(line('', whole))} |")
    return out


def _calls_of(name: str, s: Figures) -> list[str]:
    n_sided = s.calls["under_invested"] + s.calls["over_invested"]
    wrong = "" if s.wrong is None else f"{_short(s.wrong)}: {round(s.wrong.value * n_sided)} of {n_sided}"
    names = ", ".join(f"{check} {count}" for check, count in list(s.capped.items())[:3])
    share = sum(s.capped.values()) / s.companies
    return [
        " / ".join(str(count) for count in s.calls.values()),
        f"{s.called.value:.0%}",
        wrong,
        f"{s.calls['not_enough_evidence'] / s.companies:.0%}",
        f"{share:.0%}{f' ({names})' if names else ''}",
        f"{s.wrong_unchecked[1]} of {s.wrong_unchecked[0]}",
        f"{s.right_unchecked[1]} of {s.right_unchecked[0]}",
    ]


def _probabilities_of(name: str, s: Figures) -> list[str]:
    reference = f" / {REFERENCE_BRIER[name]:.3f}" if name in REFERENCE_BRIER else ""
    fit = s.calibration
    return [
        _short(s.covered),
        _short(s.covered_cut),
        "" if fit is None else said(fit.slope),
        "" if fit is None else said(fit.intercept),
        said(s.brier, 3),
        said(s.brier_more, 3) + reference,
        f"{s.brier_regression.value:.3f}",
    ]


def _money_of(name: str, s: Figures) -> list[str]:
    loses = [f"{s.money[policy].loses.value:.1%}" for policy in ("verdict_optimum", "safe_step")]
    return [*(f"{s.money[policy].value.value:+.2f}" for policy in _MONEY), *loses]


_calls = (
    (
        "under / over / right / open",
        "called",
        "wrong side of calls",
        "open",
        "capped",
        "wrong ones stopped",
        "right ones stopped",
    ),
    _calls_of,
)
_probabilities = (
    (
        "90 % interval covers at 150 %",
        "at 80 %",
        "slope",
        "intercept",
        "Brier, best above",
        "next unit / design",
        "regressions",
    ),
    _probabilities_of,
)
_money = ((*(POLICIES[name].split(":")[0] for name in _MONEY), "verdict loses", "safe step loses"), _money_of)


def _short(share: Share) -> str:
    return f"{share.value:.1%} ({share.low:.0%} to {share.high:.0%})"


def _policies(s: Figures) -> list[str]:
    out = ["| policy | value | regret | 5th percentile | loses |", "| --- " * 5 + "|"]
    for name, words in POLICIES.items():
        one = s.money[name]
        out.append(f"| {words} | {said(one.value, 3)} | {one.regret:.3f} | {one.fifth:+.2f} | {one.loses.value:.1%} |")
    return out


def _other(results: Results, rows: Mapping[str, list[Row]]) -> list[str]:
    out = [
        "| regime | reading | called | wrong side of calls | covers at 150 % | slope | verdict earns | oracle |",
        "| --- " * 8 + "|",
    ]
    for name in rows:
        for reading in ("strict", "life"):
            s = figures(rows_of(results[name], reading))
            slope = "" if s.calibration is None else said(s.calibration.slope)
            wrong = "" if s.wrong is None else _short(s.wrong)
            earned = [f"{s.money[policy].value.value:+.2f}" for policy in ("verdict_optimum", "oracle")]
            cells = (name, reading, f"{s.called.value:.0%}", wrong, _short(s.covered), slope, *earned)
            out.append(f"| {' | '.join(cells)} |")
    return out


def _reliability(summaries: Mapping[str, Figures], names: Sequence[str]) -> list[str]:
    out = [
        "| regime | " + " | ".join(f"{k / 10:.1f} to {(k + 1) / 10:.1f}" for k in range(10)) + " |",
        "| --- " * 11 + "|",
    ]
    for name in names:
        cells = [""] * 10
        for one in summaries[name].bins:
            cells[min(int(one.stated * 10), 9)] = f"{one.stated:.2f} -> {one.observed:.2f} ({one.cases})"
        out.append(f"| {name} | {' | '.join(cells)} |")
    return out


def _channels(results: Results) -> list[str]:
    out = [
        "| channel | truly moves: found | truly still: believed to move | interval holds the truth, moving |",
        "| --- " * 4 + "|",
    ]
    found = [one["channels"] for some in results.values() for one in some if "error" not in one]
    for channel in ("margin", "support", "joins"):
        here = [one[channel] for one in found if channel in one]
        moving, still = ([one for one in here if (one["true"] != 0) is so] for so in (True, False))
        believed = [sum(one["helps"] + one["harms"] > 0.5 for one in some) for some in (moving, still)]
        holds = sum(one["elasticity"][0] <= one["true"] <= one["elasticity"][2] for one in moving)
        cells = [
            f"{hits} of {len(some)}" for hits, some in ((believed[0], moving), (believed[1], still), (holds, moving))
        ]
        out.append(f"| {channel} | {' | '.join(cells)} |")
    return out


def _errors(results: Results) -> list[str]:
    met = Counter((name, one["error"]) for name, some in results.items() for one in some if "error" in one)
    return [f"- *{name}*: {count} with `{error}`." for (name, error), count in met.items()]


def plot(results: Results, reading: str = "default") -> str:
    """Return the plot of the regimes of known identification."""
    known = {name: rows_of(some, reading) for name, some in results.items() if REGIMES[name].group == "known"}
    found = {name: figures(rows).bins for name, rows in known.items() if rows}
    return reliability_plot({name: [one for one in bins if one.cases >= ENOUGH_CASES] for name, bins in found.items()})
