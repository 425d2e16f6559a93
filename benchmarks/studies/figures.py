"""The figures of a set of companies: calls and what stopped them, probabilities against what was so, and money by policy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from benchmarks.studies.calibration_report import SIDED, Bin, Share, bins_of, is_wrong, share_of
from benchmarks.studies.made_companies import Result
from benchmarks.studies.policies import POLICIES

LOSS = 0.01  # of the present value of CX spend: below this nobody calls it a loss
Row = dict[str, Any]


@dataclass(frozen=True)
class Mean:
    """A mean over companies with its standard error."""

    value: float
    error: float

    @classmethod
    def of(cls, values: ArrayLike) -> Mean:
        """Return the mean of one value a company."""
        x = np.asarray(values, float)
        return cls(float(x.mean()), float(x.std(ddof=1) / np.sqrt(x.size)) if x.size > 1 else float("inf"))


@dataclass(frozen=True)
class Calibration:
    """logit P(so) = intercept + slope logit(stated): slope 1 and intercept 0 where what is stated is so; slope below 1: too sure."""

    slope: Mean
    intercept: Mean


@dataclass(frozen=True)
class Money:
    """What a policy earns, in present values of CX spend: mean, mean regret against the oracle, 5th percentile, share that loses."""

    value: Mean
    regret: float
    fifth: float
    loses: Share


@dataclass(frozen=True)
class Figures:
    """The figures of some companies under one reading; shares are None where there is nothing to divide by."""

    companies: int
    calls: Mapping[str, int]
    called: Share
    wrong: Share | None  # of calls
    capped: Mapping[str, int]  # by the check that changed the call
    wrong_unchecked: tuple[
        int, int
    ]  # calls on the wrong side without any check: how many, and how many of them a check stopped
    right_unchecked: tuple[int, int]  # the same of calls on the right side
    covered: Share  # 90 % interval of NPV at 150 %
    covered_cut: Share  # and at 80 %
    calibration: Calibration | None  # of what is stated
    calibration_drawn: Calibration | None  # of the draws, before any discount of what is stated
    brier: Mean  # of P(best spend above today)
    brier_more: Mean  # of P(the next unit pays)
    brier_regression: Mean  # of the regression of all outcomes, on the next unit
    bins: list[Bin]
    money: Mapping[str, Money]


def rows_of(results: Sequence[Result], reading: str) -> list[Row]:
    """Return the row of each whole company that came through; `default` is the product's own reading."""
    fine = [one for one in results if "error" not in one]
    return [one["readings"][one["default"] if reading == "default" else reading] for one in fine]


def figures(rows: Sequence[Row]) -> Figures:
    """Return the figures of whole companies, one row each."""
    sided = [row for row in rows if row["call"] in SIDED]
    would = [row for row in rows if row["unchecked"] in SIDED]
    wrong, right = ([row for row in would if is_wrong(row, "unchecked") is so] for so in (True, False))
    calls = Counter(row["call"] for row in rows)
    return Figures(
        companies=len(rows),
        calls={call: calls[call] for call in (*SIDED, "about_right", "not_enough_evidence")},
        called=share_of([[row["call"] in SIDED] for row in rows]),
        wrong=share_of([[is_wrong(row)] for row in sided]) if sided else None,
        capped=dict(Counter(row["reason"] for row in rows if row["call"] != row["unchecked"]).most_common()),
        wrong_unchecked=(len(wrong), sum(row["call"] not in SIDED for row in wrong)),
        right_unchecked=(len(right), sum(row["call"] not in SIDED for row in right)),
        covered=share_of([[row["covered_150"]] for row in rows]),
        covered_cut=share_of([[row["covered_80"]] for row in rows]),
        calibration=calibration_of(rows),
        calibration_drawn=calibration_of(rows, "p_best_drawn"),
        brier=brier(rows, "p_best"),
        brier_more=brier(rows, "p_more"),
        brier_regression=brier(rows, "outcomes_p"),
        bins=bins_of([row["p_best"] for row in rows], [row["best"] > 100 for row in rows]),
        money={policy: money(rows, policy) for policy in POLICIES},
    )


def brier(rows: Sequence[Row], stated: str) -> Mean:
    """Return the Brier score of a stated probability: of the best spend above today, or (any other) of the next unit paying."""
    so = [row["best"] > 100 if stated.startswith("p_best") else row["more_pays"] for row in rows]
    return Mean.of([(row[stated] - happened) ** 2 for row, happened in zip(rows, so, strict=True)])


def money(rows: Sequence[Row], policy: str) -> Money:
    """Return what a policy earns."""
    value, best = (np.array([row["policies"][name][1] for row in rows]) for name in (policy, "oracle"))
    loses = share_of([[bool(one < -LOSS)] for one in value])
    return Money(Mean.of(value), float((best - value).mean()), float(np.quantile(value, 0.05)), loses)


def calibration_of(rows: Sequence[Row], name: str = "p_best") -> Calibration | None:
    """Return the calibration of P(best spend above today); rows of segments, where there are any, clustered with their company."""
    groups = [[row, *row["segments"]] for row in rows]
    stated = [one[name] for group in groups for one in group]
    so = [one["best"] > 100 for group in groups for one in group]
    return calibration(stated, so, np.repeat(np.arange(len(groups)), [len(group) for group in groups]))


def calibration(stated: ArrayLike, so: ArrayLike, cluster: ArrayLike) -> Calibration | None:
    """Return the logistic regression of what was so on the logit of what was stated, by Newton's method; None with under 5 of a kind.

    Probabilities are kept in 0.002 to 0.998, as far as some 1,000 draws can tell. Standard errors by the sandwich of clusters
    (Liang & Zeger 1986). Slope and intercept: Cox (1958).
    """
    p, y = np.clip(np.asarray(stated, float), 0.002, 0.998), np.asarray(so, float)
    if min(y.sum(), (1 - y).sum()) < 5:
        return None
    design, beta = np.stack([np.ones(p.size), np.log(p / (1 - p))], axis=1), np.array([0.0, 1.0])
    for _ in range(50):
        fitted = 1 / (1 + np.exp(-np.clip(design @ beta, -30, 30)))
        curvature = design.T @ (design * (fitted * (1 - fitted))[:, None]) + 1e-9 * np.eye(2)
        step = np.linalg.solve(curvature, design.T @ (y - fitted))
        beta = beta + np.clip(step, -1, 1)
        if np.abs(step).max() < 1e-9:
            break
    if np.abs(beta).max() > 20:  # what was stated parts the two kinds without a fault
        return None
    score = design * (y - fitted)[:, None]
    labels, place = np.unique(np.asarray(cluster), return_inverse=True)
    by_cluster = np.zeros((labels.size, 2))
    np.add.at(by_cluster, place, score)
    bread = np.linalg.inv(curvature)
    spread = bread @ (by_cluster.T @ by_cluster) @ bread * labels.size / max(labels.size - 1, 1)
    error = np.sqrt(np.diag(spread))
    return Calibration(slope=Mean(float(beta[1]), float(error[1])), intercept=Mean(float(beta[0]), float(error[0])))


def difference(rows: Sequence[Row], policy: str, rival: str) -> Mean:
    """Return by how much a policy earns more than another on the same companies."""
    return Mean.of([row["policies"][policy][1] - row["policies"][rival][1] for row in rows])


def ahead(rows: Sequence[Row], policy: str, rival: str) -> tuple[int, int]:
    """Return in how many companies a policy earns more than another, and in how many less, by more than 1 % of the spend."""
    gaps = [row["policies"][policy][1] - row["policies"][rival][1] for row in rows]
    return sum(gap > LOSS for gap in gaps), sum(gap < -LOSS for gap in gaps)
