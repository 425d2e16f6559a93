"""The study of investment lines: what is said about each line, and where the budget is put, beside the truth.

`python -m benchmarks.studies.lines [--companies 60] [--regimes spread,pair] [--processes 1]` writes docs/lines.md. It takes up where it was
stopped: finished companies are kept in --folder.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # one company a core

import numpy as np

from benchmarks.simulation.line_companies import REGIMES, LineCompany, line_company, true_gain
from benchmarks.studies import made_companies
from benchmarks.studies.calibration_report import wrong_of_calls
from cxroi.model.decision.allocation import Allocation
from cxroi.model.value.economics import Economics, economics
from cxroi.model.value.projection import LEVELS
from cxroi.questions import Evidence, ask_where_to_spend, default_scenario, evidence_from_panel
from cxroi.questions.line_evidence import LineEvidence, lines_of_spend
from cxroi.questions.lines import ask_where_between_lines, judge_lines, value_of_level

PLAN = 140.0


def study_one(regime: str, seed: int) -> dict[str, object]:
    """Return what the product said about the lines of one company, beside the truth."""
    company = line_company(regime, seed)
    evidence = evidence_from_panel(company.panel, data_version="study")
    lines = lines_of_spend(evidence, company.spend, by="initiative")
    scenario = default_scenario(evidence)
    money = economics(evidence.baseline, scenario, 100.0)
    report = judge_lines(evidence, lines, scenario)
    rows = []
    for case in report.lines:
        truth = {float(level): true_gain(company, money, {case.line: float(level)}) for level in LEVELS}
        said = value_of_level(evidence, lines, scenario, {case.line: PLAN})
        verdict = case.verdict
        assert verdict is not None
        rows.append(
            {
                "strength": float(np.mean(company.lines[case.line].strength)),
                "p_more": verdict.probability_more_pays,
                "more_pays": bool(truth[102.0] > 0),
                "best": float(max(truth, key=lambda level: truth[level])),
                "call": str(verdict.call),
                "reason": verdict.reason,
                "covered": bool(np.quantile(said, 0.05) <= truth[PLAN] <= np.quantile(said, 0.95)),
            }
        )
    divided = moved(company, evidence, lines, money)
    return {"regime": regime, "seed": seed, "rows": rows, "agrees": _agrees(evidence, lines), **divided}


def moved(company: LineCompany, evidence: Evidence, lines: LineEvidence, money: Economics) -> dict[str, object]:
    """Return the true value, against today, of our division of today's budget and of equal parts: by line and by segment."""
    scenario, spend = default_scenario(evidence), float((money.spend * money.customers).sum()) * 36
    by_line = ask_where_between_lines(evidence, lines, scenario)
    ours: dict[str, float | np.ndarray] = {m.segment: 100 * m.spend / m.today_spend for m in by_line.moves}
    part = by_line.today_spend / len(lines.names)
    equal: dict[str, float | np.ndarray] = {name: 100 * part / lines.today_spend[name] for name in lines.names}
    by_segment = ask_where_to_spend(evidence, scenario)
    today = np.array([move.today_spend for move in by_segment.moves])
    moved = 100 * np.array([move.spend for move in by_segment.moves]) / today
    alike = 100 * today.sum() / today.size / today
    return {
        "line": _compared(true_gain(company, money, ours), true_gain(company, money, equal), by_line, spend),
        "segment": _compared(
            true_gain(company, money, dict.fromkeys(lines.names, moved)),
            true_gain(company, money, dict.fromkeys(lines.names, alike)),
            by_segment,
            spend,
        ),
    }


def _compared(ours: float, equal: float, said: Allocation, spend: float) -> dict[str, object]:
    """Return gains as shares of what is spent over the horizon."""
    shifted = sum(abs(move.spend - move.today_spend) for move in said.moves) / 2 / said.today_spend
    covered = said.gain.low - 1e-6 <= ours <= said.gain.high + 1e-6
    return {"ours": ours / spend, "equal": equal / spend, "shifted": shifted, "covered": bool(covered)}


def _agrees(evidence: Evidence, lines: LineEvidence) -> bool:
    """Return whether the lines together do what the whole does, as far as both are known."""
    whole = evidence.posterior.slope().mean(axis=1)
    parts = np.sum([one.posterior.slope().mean(axis=1) for one in lines.responses.values()], axis=0)
    return bool(abs(parts.mean() - whole.mean()) <= 1.645 * np.hypot(parts.std(), whole.std()))


# ---------------------------------------------------------------- summary


def report(results: list[dict]) -> str:
    """Return docs/lines.md."""
    regimes = [name for name in REGIMES if any(r["regime"] == name for r in results)]
    by_regime = {name: [r for r in results if r["regime"] == name] for name in regimes}
    lines = [
        HEAD,
        "| regime | companies | lines | under / over / right / open | wrong side, of calls | 90 % interval of NPV at 140 % covers | worst bin, all | worst bin, checks passed | lines agree with the whole |",
    ]
    lines.append("| --- " * 9 + "|")
    lines += [_verdict_row(name, rows) for name, rows in by_regime.items()]
    lines += [
        "",
        "Misses its target:",
        "",
        *[f"- *{n}*: {miss}" for n, rows in by_regime.items() for miss in _misses(rows)],
    ]
    lines += [
        "",
        ALLOCATION,
        "| regime | between | shifted | ours | equal parts | ours beats today | ours beats equal parts | interval covers |",
    ]
    lines.append("| --- " * 8 + "|")
    lines += [_allocation_row(name, rows, part) for part in ("line", "segment") for name, rows in by_regime.items()]
    lines += ["", "Regimes: " + "; ".join(f"*{name}*: {REGIMES[name]}" for name in regimes) + "."]
    return "\n".join(lines) + "\n"


def _misses(results: list[dict]) -> list[str]:
    """Return where a regime misses what is asked of verdicts and intervals in docs/calibration.md."""
    rows = [row for result in results for row in result["rows"]]
    gap = _worst_bin([row for row in rows if row["reason"] in DECIDED])
    wrong = wrong_of_calls([result["rows"] for result in results])
    real = [row["covered"] for row in rows if row["strength"] > 0]
    covered = sum(real) / len(real)
    told = {
        f"in one bin of lines that are told apart stated and observed probability differ by {gap:.0f} points.": gap
        > 10,
        f"{wrong} of the verdicts with a side are on the wrong one.": wrong is not None and wrong.value > 0.05,
        f"intervals called 90 % cover {covered:.0%}.": not 0.85 <= covered <= 0.95,
    }
    return [words for words, missed in told.items() if missed]


def _verdict_row(name: str, results: list[dict]) -> str:
    rows = [row for result in results for row in result["rows"]]
    calls = [row["call"] for row in rows]
    counts = [calls.count(c) for c in ("under_invested", "over_invested", "about_right", "not_enough_evidence")]
    sided, wrong = sum(counts[:2]), wrong_of_calls([result["rows"] for result in results])
    wrong_side = "" if wrong is None else f"{wrong}: {round(wrong.value * sided)} of {sided}"
    real = [row for row in rows if row["strength"] > 0]
    checked = [row for row in rows if row["reason"] in DECIDED]
    covered = sum(row["covered"] for row in real) / len(real)
    agree = sum(result["agrees"] for result in results) / len(results)
    return (
        f"| {name} | {len(results)} | {len(rows)} | {' / '.join(map(str, counts))} | {wrong_side} "
        f"| {covered:.0%} | {_worst_bin(rows):.0f} points | {_worst_bin(checked):.0f} points | {agree:.0%} |"
    )


def _worst_bin(rows: list[dict]) -> float:
    """Return the largest gap between stated and observed probability over tenths that hold 20 lines or more, in points."""
    p, y = np.array([row["p_more"] for row in rows]), np.array([row["more_pays"] for row in rows])
    at = np.minimum((p * 10).astype(int), 9)
    gaps = [abs(p[at == k].mean() - y[at == k].mean()) for k in range(10) if (at == k).sum() >= 20]
    return 100 * max(gaps, default=0.0)


def _allocation_row(name: str, results: list[dict], part: str) -> str:
    rows = [result[part] for result in results]
    ours, equal = (np.array([row[key] for row in rows]) for key in ("ours", "equal"))
    moved = np.array([row["shifted"] for row in rows])
    return (
        f"| {name} | {part}s | {moved.mean():.0%} | {ours.mean():+.1%} | {equal.mean():+.1%} | {(ours >= -1e-9).mean():.0%} "
        f"| {(ours >= equal).mean():.0%} | {np.mean([row['covered'] for row in rows]):.0%} |"
    )


DECIDED = (
    "best_above",
    "best_below",
    "place_unclear",
    "gain_below_materiality",
    "direction_unclear",
    "learning_is_worth_more",
)
HEAD = """# Investment lines: how often what is said about them is so

Companies are simulated that spend on five lines, each with a known effect, in four segments over 30 to 48 months; the product sees the
panel and the ledger only. A verdict is on the wrong side when the best spend on the line does not lie on the side it names; counted are
the verdicts with a side, with 95 % Wilson intervals that allow for the lines of one company erring together.
Intervals are counted for lines that do anything at all: an effect of exactly nothing lies at the edge of what is possible, not inside
any interval. Bins are tenths of the stated probability that hold 20 lines or more; "checks passed" leaves out lines of which nothing is
said because they moved together or hardly at all. "Agree": the lines' next units of spend together do what the whole's does, within both intervals. Regenerate with
`make study`.
"""
ALLOCATION = """## Dividing today's budget

True net present value against today's division, as a share of the spend over three years: of our division (inside the range of spend seen;
lines that cannot be told apart are left alone) and of equal parts.
"""


def main() -> None:
    """Run what is missing and write the report."""
    options = made_companies.asked(__doc__, "lines", tuple(REGIMES), companies=60, processes=1)
    results = made_companies.run(study_one, options)
    options.out.write_text(report([one for found in results.values() for one in found]), encoding="utf-8")


if __name__ == "__main__":
    main()
