"""The study of investment lines: what is said about each line, and where the budget is put, beside the truth.

`python -m benchmarks.lines [--companies 60] [--regimes spread,pair] [--processes 1]` writes docs/lines.md. It takes up where it was
stopped: finished companies are kept in --folder.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # one company a core

import numpy as np

from benchmarks.line_companies import LineCompany, line_company, true_gain
from cxroi.business_case import default_scenario, evidence_from_panel
from cxroi.business_case.lines import LineEvidence, ask_where_between_lines, judge_lines, lines_of_spend, value_of_level
from cxroi.model.outcome import Economics, economics
from cxroi.model.projection import COARSE_LEVELS

PLAN, WIDE = 140.0, (50.0, 200.0)


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
        truth = {level: true_gain(company, money, {case.line: level}) for level in COARSE_LEVELS}
        said = value_of_level(evidence, lines, scenario, {case.line: PLAN})
        verdict = case.verdict
        assert verdict is not None
        rows.append(
            {
                "line": case.line,
                "p_more": verdict.probability_more_pays,
                "more_pays": bool(truth[102.0] > 0),
                "best": float(max(truth, key=lambda level: truth[level])),
                "call": str(verdict.call),
                "reason": verdict.reason,
                "covered": bool(np.quantile(said, 0.05) <= truth[PLAN] <= np.quantile(said, 0.95)),
            }
        )
    return {"regime": regime, "seed": seed, "rows": rows, **_moved(company, evidence, lines, money)}


def _moved(company: LineCompany, evidence: object, lines: LineEvidence, money: Economics) -> dict[str, float]:
    """Return the true value of our division of today's budget, of the best one, and of equal parts, against today's."""
    found = ask_where_between_lines(evidence, lines, default_scenario(evidence))  # type: ignore[arg-type]
    ours = {move.segment: 100 * move.spend / move.today_spend for move in found.moves}
    equal = {name: 100 * found.today_spend / len(lines.names) / lines.today_spend[name] for name in lines.names}
    free = {name: WIDE for name in lines.names}
    unheld = ask_where_between_lines(evidence, lines, default_scenario(evidence), bounds_percent=free)  # type: ignore[arg-type]
    bold = {move.segment: 100 * move.spend / move.today_spend for move in unheld.moves}
    return {
        "ours": true_gain(company, money, ours),
        "said": [found.gain.low, found.gain.mid, found.gain.high],  # type: ignore[dict-item]
        "equal": true_gain(company, money, equal),
        "bold": true_gain(company, money, bold),
        "moved": sum(abs(move.spend - move.today_spend) for move in found.moves) / 2 / found.today_spend,
        "spend": float((money.spend * money.customers).sum()) * 36,
    }
