"""What moves a plan's value, as a JSON object."""

from __future__ import annotations

from dataclasses import asdict

from cxroi.export.json.values import Json, exact_money
from cxroi.questions.sensitivity import Sensitivity


def sensitivity_json(found: Sensitivity, currency: str) -> Json:
    """Return the tornado, the break-evens and the value of knowing each input."""
    return {
        "currency": currency,
        "plan_percent": found.plan_percent,
        "npv": exact_money(found.npv),
        "tornado": [
            {**asdict(bar), "npv_low": exact_money(bar.npv_low), "npv_high": exact_money(bar.npv_high)}
            for bar in found.tornado
        ],
        "break_even": dict(found.break_even),
        "information": [{"name": one.name, "value": exact_money(one.value)} for one in found.information],
    }
