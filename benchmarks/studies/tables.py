"""The tables of the report that have a row for each regime, and one for each group of regimes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.simulation import GROUPS, REGIMES
from benchmarks.studies.calibration_report import SIDED, Share
from benchmarks.studies.figures import Figures, Row, figures
from benchmarks.studies.targets import REFERENCE_BRIER, said


@dataclass(frozen=True)
class Table:
    """A title, what its columns mean, their heads, and the cells of one regime ("" for a group of them)."""

    title: str
    explained: str
    head: tuple[str, ...]
    cells: Callable[[str, Figures], Sequence[str]]

    def lines(self, rows: Mapping[str, Sequence[Row]]) -> list[str]:
        """Return the table over regimes, each group closed by its own row."""
        out = ["", f"## {self.title}", "", self.explained, ""]
        out += [f"| regime | companies | {' | '.join(self.head)} |", "| --- " * (len(self.head) + 2) + "|"]
        for group in GROUPS:
            named = [name for name in rows if REGIMES[name].group == group]
            out += [self._line(name, figures(rows[name]), name) for name in named]
            if named:
                out.append(self._line(f"**{group}**", figures([row for name in named for row in rows[name]]), ""))
        return out

    def _line(self, label: str, found: Figures, name: str) -> str:
        return f"| {label} | {found.companies} | {' | '.join(self.cells(name, found))} |"


def short(share: Share | None) -> str:
    """Return a share with its interval in whole percents."""
    return "" if share is None else f"{share.value:.1%} ({share.low:.0%} to {share.high:.0%})"


def _calls(name: str, s: Figures) -> list[str]:
    sided = sum(s.calls[side] for side in SIDED)
    checks = ", ".join(f"{check} {count}" for check, count in list(s.capped.items())[:3])
    return [
        " / ".join(str(count) for count in s.calls.values()),
        f"{s.called.value:.0%}",
        "" if s.wrong is None else f"{short(s.wrong)}: {round(s.wrong.value * sided)} of {sided}",
        f"{s.calls['not_enough_evidence'] / s.companies:.0%}",
        f"{sum(s.capped.values()) / s.companies:.0%}{f' ({checks})' if checks else ''}",
        f"{s.wrong_unchecked[1]} of {s.wrong_unchecked[0]}",
        f"{s.right_unchecked[1]} of {s.right_unchecked[0]}",
    ]


CALLS = Table(
    "Calls",
    """Wrong side: of the calls with a side. Capped: calls that a check or a channel in doubt turned into "not enough evidence", with the names.
Stopped: of the calls that would have been wrong, and right, without any check, how many a check stopped.""",
    (
        "under / over / right / open",
        "called",
        "wrong side of calls",
        "open",
        "capped",
        "wrong ones stopped",
        "right ones stopped",
    ),
    _calls,
)


def _probabilities(name: str, s: Figures) -> list[str]:
    fit, drawn = s.calibration, s.calibration_drawn
    return [
        short(s.covered),
        short(s.covered_cut),
        "" if fit is None else said(fit.slope),
        "" if fit is None else said(fit.intercept),
        "" if drawn is None else said(drawn.slope),
        said(s.brier, 3),
        said(s.brier_more, 3),
        f"{REFERENCE_BRIER[name]:.3f}" if name in REFERENCE_BRIER else "",
        f"{s.brier_regression.value:.3f}",
    ]


PROBABILITIES = Table(
    "Probabilities",
    """P(best spend above today), as it is stated and as the draws have it, against what was so: slope 1 and intercept 0 where what is stated is so, a slope
below 1 where it is too sure; missing where fewer than five companies are of either kind. Brier scores: of that probability as stated; of P(the next unit pays);
what the prototype of the design had there; and of the regressions of all outcomes there.""",
    (
        "90 % interval covers at 150 %",
        "at 80 %",
        "slope",
        "intercept",
        "slope of the draws",
        "Brier, best above",
        "Brier, next unit",
        "prototype",
        "regressions",
    ),
    _probabilities,
)

_EARNED = {
    "oracle": "oracle",
    "verdict_optimum": "verdict",
    "verdict_in_range": "verdict, in range",
    "safe_step": "safe step",
    "verdict_or_direction": "20 % step",
    "regression_optimum": "regression",
    "regression_in_range": "in range",
    "outcomes_optimum": "all outcomes",
    "outcomes_in_range": "in range",
    "naive_step": "plain ratio",
}


def _money(name: str, s: Figures) -> list[str]:
    loses = [f"{s.money[policy].loses.value:.1%}" for policy in ("verdict_optimum", "safe_step")]
    return [*(f"{s.money[policy].value.value:+.2f}" for policy in _EARNED), *loses]


MONEY = Table(
    "Money",
    """Mean value of following each, in units of the present value of CX spend over 36 months, measured with the true response; staying is 0. What each does stands
in the next section. The last two: companies in which the verdict's optimum, and the safe step, lose more than 1 %.""",
    (*_EARNED.values(), "verdict loses", "safe step loses"),
    _money,
)
