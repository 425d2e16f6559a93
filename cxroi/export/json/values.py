"""The values that every JSON answer is made of."""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from cxroi.model.statistics.uncertainty import Interval

Json = dict[str, Any]
_DIGITS = Decimal("0.000001")


def exact_money(amount: float | None) -> str | None:
    """Return money as exact decimal text, two decimals at least and six at most; None where there is none.

    >>> exact_money(1234.5), exact_money(0.1234567), exact_money(float("nan"))
    ('1234.50', '0.123457', None)
    """
    if amount is None or not math.isfinite(amount):
        return None
    exact = Decimal(repr(float(amount))).quantize(_DIGITS) + 0  # + 0 makes -0 a plain 0
    whole, _, decimals = f"{exact:f}".partition(".")
    return f"{whole}.{decimals.rstrip('0').ljust(2, '0')}"


def rate(value: float | None) -> float | None:
    """Return a number as it is, None where there is none."""
    return None if value is None or not math.isfinite(value) else float(value)


def rate_interval(interval: Interval | None) -> Json | None:
    """Return {low, mid, high} of a rate, a count or a time."""
    if interval is None:
        return None
    return {"low": rate(interval.low), "mid": rate(interval.mid), "high": rate(interval.high)}


def money_interval(interval: Interval | None) -> Json | None:
    """Return {low, mid, high} of money."""
    if interval is None:
        return None
    return {"low": exact_money(interval.low), "mid": exact_money(interval.mid), "high": exact_money(interval.high)}


def without_nan(value: Any) -> Any:
    """Return `value` with null for every number that is none, however deep it stands.

    >>> without_nan({"rates": [0.5, float("nan")]})
    {'rates': [0.5, None]}
    """
    if isinstance(value, Mapping):
        return {key: without_nan(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [without_nan(inner) for inner in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
