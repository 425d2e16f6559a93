"""What cash over time is worth: present value, internal rate of return, payback and ROI.

Conventions: flows are periodic, the first stands at time 0 and is not discounted, later ones fall at the end of their
period, and a rate is per period (0.10 is 10 %). Money out is negative. A figure that does not exist is None, never NaN
and never infinite; an argument that no formula can take is a ModelError. Spreadsheet NPV() differs: it discounts its
first argument too, so there `NPV(rate, later flows) + first flow` gives the same figure.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import date
from itertools import pairwise

import numpy as np
import pyxirr
from numpy.typing import NDArray

from cxroi.errors import ModelError
from cxroi.model.value.returns import payback_periods

Flows = NDArray[np.float64]


def npv(rate: float, cash_flows: Sequence[float]) -> float:
    """Return the net present value, sum of flow_t / (1 + rate)^t with t from 0.

    `rate` is per period and above -1. Source: Brealey, Myers & Allen, Principles of Corporate Finance.

    >>> round(npv(0.08, [-40000, 8000, 9200, 10000, 12000, 14500]), 2)
    1922.06
    """
    return float(_discounted(rate, cash_flows).sum())


def irr(cash_flows: Sequence[float]) -> float | None:
    """Return the rate per period at which the net present value is 0, or None when there is none.

    None without a change of sign, or when the flows never sum to 0 at any rate above -1. With several roots the one
    nearest to 0 is returned; `all_irrs` gives the rest. Source: Brealey, Myers & Allen.

    >>> round(irr([-70000, 12000, 15000, 18000, 21000, 26000]), 4)
    0.0866
    >>> irr([100, 200]) is None
    True
    """
    flows = checked_flows(cash_flows)
    changes = _sign_changes(flows[flows != 0])
    if changes == 0:
        return None
    if changes == 1:
        rate = pyxirr.irr(flows, silent=True)
        if rate is not None and _is_root(rate, flows):
            return float(rate)
    return min(all_irrs(cash_flows), key=abs, default=None)


def all_irrs(cash_flows: Sequence[float]) -> tuple[float, ...]:
    """Return every rate above -1 at which the net present value is 0, ascending; one that only touches 0 counts once.

    With d = log(1 + rate) the present value is the exponential sum f(d) = sum of flow_t * e^(-t d). Multiplying by
    e^(s d), with s between two neighbouring exponents whose flows differ in sign, moves no root, and the derivative has
    one change of sign less; so its roots, found the same way, cut the line into pieces with one root at most (Polya &
    Szego, Problems and Theorems in Analysis II, part V, no. 77). No grid, so that no root is stepped over.

    >>> [round(rate, 6) for rate in all_irrs([-1600, 10000, -10000])]
    [0.25, 4.0]
    >>> all_irrs([100, 200])
    ()
    """
    flows = checked_flows(cash_flows)
    time = np.flatnonzero(flows).astype(np.float64)
    return tuple(math.expm1(force) for force in _exponential_roots(flows[flows != 0], time))


def mirr(cash_flows: Sequence[float], finance_rate: float, reinvest_rate: float) -> float | None:
    """Return the modified rate of return: money out is financed at one rate, money in reinvested at the other.

    (future value of inflows at `reinvest_rate` / present value of outflows at `finance_rate`)^(1/n) - 1 over n periods;
    None where there is no inflow or no outflow. Source: the spreadsheet function MIRR.

    >>> round(mirr([-120000, 39000, 30000, 21000, 37000, 46000], 0.10, 0.12), 6)
    0.126094
    """
    flows = checked_flows(cash_flows)
    spent = -npv(finance_rate, np.minimum(flows, 0.0).tolist())
    periods = len(flows) - 1
    earned = npv(reinvest_rate, np.maximum(flows, 0.0).tolist()) * (1 + reinvest_rate) ** periods
    if spent <= 0 or earned <= 0:
        return None
    return float((earned / spent) ** (1 / periods) - 1)


def xnpv(annual_rate: float, days: Sequence[date], cash_flows: Sequence[float]) -> float:
    """Return the first day's value of dated flows: sum of flow / (1 + annual rate)^(days since the first / 365).

    Source: the spreadsheet function XNPV.

    >>> days = [date(2008, 1, 1), date(2008, 3, 1), date(2008, 10, 30), date(2009, 2, 15), date(2009, 4, 1)]
    >>> round(xnpv(0.09, days, [-10000, 2750, 4250, 3250, 2750]), 2)
    2086.65
    """
    flows = _dated(days, cash_flows)
    years = np.array([(day - days[0]).days / 365 for day in days])
    return float((flows * (1 + _rate(annual_rate)) ** -years).sum())


def xirr(days: Sequence[date], cash_flows: Sequence[float]) -> float | None:
    """Return the annual rate at which `xnpv` is 0, or None without a change of sign.

    >>> days = [date(2008, 1, 1), date(2008, 3, 1), date(2008, 10, 30), date(2009, 2, 15), date(2009, 4, 1)]
    >>> round(xirr(days, [-10000, 2750, 4250, 3250, 2750]), 6)
    0.373363
    """
    flows = _dated(days, cash_flows)
    if _sign_changes(flows[flows != 0]) == 0:
        return None
    rate = pyxirr.xirr(list(days), flows.tolist(), silent=True)
    return None if rate is None or not math.isfinite(rate) else float(rate)


def payback(cash_flows: Sequence[float]) -> float | None:
    """Return the periods from which the cumulated flows stay at or above 0, interpolated inside the period; None if never.

    The rule of `payback_periods`: where they fall below 0 again, the last return counts.

    >>> payback([-100, 60, 80]), payback([-10, 20, -20, 20])
    (1.5, 2.5)
    >>> payback([-100, 60]) is None
    True
    """
    periods = float(payback_periods(checked_flows(cash_flows)[:, None])[0])
    return periods if math.isfinite(periods) else None


def discounted_payback(rate: float, cash_flows: Sequence[float]) -> float | None:
    """Return `payback` of the flows discounted at `rate` per period. Source: Ross, Westerfield & Jaffe.

    >>> round(discounted_payback(0.14, [-5200, 2800, 3700, 5100, 4300]), 2)
    1.96
    """
    return payback(_discounted(rate, cash_flows).tolist())


def roi(benefit: float, cost: float) -> float | None:
    """Return the net return, (benefit - cost) / cost, never the gross one; None where nothing is spent.

    >>> round(roi(101.3, 70.0), 3)
    0.447
    """
    benefit, cost = _number(benefit, "benefit"), _number(cost, "cost")
    return (benefit - cost) / cost if cost > 0 else None


def monthly_rate(annual_rate: float) -> float:
    """Return the monthly rate that compounds to `annual_rate`, (1 + annual)^(1/12) - 1.

    >>> round(monthly_rate(0.10), 6)
    0.007974
    """
    return math.expm1(math.log1p(_rate(annual_rate)) / 12)


def annual_rate(monthly_rate: float) -> float:
    """Return the annual rate that a monthly one compounds to, (1 + monthly)^12 - 1.

    >>> round(annual_rate(0.01), 6)
    0.126825
    """
    return math.expm1(12 * math.log1p(_rate(monthly_rate)))


def checked_flows(cash_flows: Sequence[float]) -> Flows:
    """Return cash flows as numbers; raises ModelError for none at all and for one that is no finite number."""
    try:
        flows = np.array(cash_flows, dtype=np.float64)
    except (TypeError, ValueError):
        raise ModelError("finance.not_a_number", name="cash_flows", value=str(cash_flows)[:80]) from None
    if flows.ndim != 1 or flows.size == 0:
        raise ModelError("finance.no_flows")
    if not np.isfinite(flows).all():
        raise ModelError("finance.not_a_number", name="cash_flows", value=str(flows[~np.isfinite(flows)][0]))
    return flows


def _dated(days: Sequence[date], cash_flows: Sequence[float]) -> Flows:
    flows = checked_flows(cash_flows)
    if len(days) != len(flows):
        raise ModelError("finance.lengths", first=len(days), second=len(flows))
    if any(day < days[0] for day in days):
        raise ModelError("finance.first_day", first=days[0].isoformat(), earlier=min(days).isoformat())
    return flows


def _number(value: float, name: str) -> float:
    if not math.isfinite(value):
        raise ModelError("finance.not_a_number", name=name, value=str(value))
    return float(value)


def _rate(rate: float) -> float:
    if not (math.isfinite(rate) and rate > -1):
        raise ModelError("finance.rate", rate=str(rate))
    return float(rate)


def _discounted(rate: float, cash_flows: Sequence[float]) -> Flows:
    flows = checked_flows(cash_flows)
    with np.errstate(over="ignore", invalid="ignore"):
        values = flows * (1 + _rate(rate)) ** -np.arange(len(flows), dtype=np.float64)
    if not np.isfinite(values).all():  # a rate so close to -1 that later flows outgrow every number
        raise ModelError("finance.rate", rate=str(rate))
    return values


def _sign_changes(flows: Flows) -> int:
    return int((flows[1:] * np.sign(flows[:-1]) < 0).sum())


def _is_root(rate: float, flows: Flows) -> bool:
    if not (math.isfinite(rate) and rate > -1):
        return False
    terms = _discounted(rate, flows.tolist())
    return bool(abs(terms.sum()) <= 1e-9 * np.abs(terms).sum())


def _exponential_roots(weights: Flows, time: Flows) -> list[float]:
    """Return the roots d of sum of weights * e^(-time * d), ascending; no weight is 0, `time` ascends by 1 or more."""
    change = np.flatnonzero(weights[1:] * np.sign(weights[:-1]) < 0)
    if change.size == 0:
        return []

    def value(force: float) -> float:
        exponent = -time * force
        terms = weights * np.exp(exponent - exponent.max())
        total = float(terms.sum())
        return 0.0 if abs(total) <= 1e-13 * float(np.abs(terms).sum()) else total

    middle = change[change.size // 2]
    slope = weights * ((time[middle] + time[middle + 1]) / 2 - time)
    slope /= np.abs(slope).max()
    turning = _exponential_roots(slope[slope != 0], time[slope != 0])
    size = np.abs(weights)
    limit = math.log1p(size.max() / min(size[0], size[-1])) + 1  # Cauchy's bound on the roots, both ways
    edges = [-limit, *turning, limit]
    values = [value(edge) for edge in edges]
    roots = [edge for edge, here in zip(turning, values[1:-1], strict=True) if here == 0]
    for (low, at_low), (high, at_high) in pairwise(zip(edges, values, strict=True)):
        if at_low * at_high < 0:
            roots.append(_bisect(value, low, high))
    return sorted(roots)


def _bisect(value: Callable[[float], float], low: float, high: float) -> float:
    """Return where `value` changes sign between `low` and `high`, to the last bit that a float holds."""
    below = value(low) < 0
    while low < (middle := (low + high) / 2) < high:
        low, high = (middle, high) if (value(middle) < 0) == below else (low, middle)
    return middle
