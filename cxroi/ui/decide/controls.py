"""The assumptions that a reader may change, how each is written in a box, and what is read from what was typed there."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cxroi.errors import ScenarioError
from cxroi.model.scenario import MAY_BE_NONE, RANGES, WHOLE_MONTHS
from cxroi.questions.sweep import LEADING as SLIDERS
from cxroi.text import Text
from cxroi.text.plain import shown
from cxroi.text.typed import typed_numbers, typed_percent


@dataclass(frozen=True, kw_only=True)
class Control:
    """One control: which assumption, the ends and step of its slider, its decimals, and by how much a rate is multiplied."""

    name: str
    low: float
    high: float
    step: float
    places: int = 0
    scale: float = 1.0  # 100 shows a rate of 0.1 as 10


LEADING = {
    part: Control(name=name, low=SLIDERS[name][0], high=SLIDERS[name][1], step=SLIDERS[name][2], places=places)
    for part, name, places in (
        ("investment", "investment_level_percent", 1),
        ("uplift", "retention_uplift_pp", 1),
        ("support", "support_cost_change_percent", 0),
    )
}
_STEPS = "first_quarters_percent"
FURTHER = (
    Control(name=_STEPS, low=0, high=300, step=5, places=1),
    Control(name="horizon_months", low=1, high=120, step=6),
    Control(name="annual_discount_rate", low=0, high=100, step=1, places=1, scale=100),
    Control(name="hurdle_net_return", low=0, high=500, step=5, places=1, scale=100),
    Control(name="contribution_margin_rate", low=0, high=100, step=1, places=1, scale=100),
    Control(name="one_off_cost", low=0, high=1e12, step=10_000),
    Control(name="spend_uplift_percent", low=-50, high=100, step=1, places=1),
    Control(name="referral_share_of_benefit", low=0, high=7, step=1, places=1, scale=100),
    Control(name="staff_attrition_saving_per_year", low=0, high=1e12, step=10_000),
    Control(name="new_customers_per_month", low=0, high=1e9, step=10),
    Control(name="benefit_risk_adjustment_rate", low=0, high=100, step=5, places=1, scale=100),
    Control(name="cost_risk_adjustment_rate", low=0, high=100, step=5, places=1, scale=100),
    Control(name="residual_value_months", low=0, high=120, step=12),
    Control(name="materiality_rate", low=0, high=100, step=0.5, places=1, scale=100),
)


def written(value: float | tuple[float, ...], control: Control) -> str:
    """Return a value, or several, as they stand in their box, without decimals that say nothing.

    >>> written(130.0, LEADING["investment"]), written(1.5, LEADING["uplift"]), written((120.0, 150.0), FURTHER[0])
    ('130', '1.5', '120, 150')
    """
    if isinstance(value, tuple):
        return ", ".join(f"{one:.12g}" for one in value)
    return (
        f"{value:.{control.places}f}" if control.places and control.step < 1 else f"{round(value, control.places):.12g}"
    )


def stops(control: Control, value: float) -> list[float]:
    """Return where a slider can stand, lowest first: its steps, as far as the value it holds, and that value.

    >>> stops(Control(name="x", low=0, high=10, step=5), 12.5)
    [0.0, 5.0, 10.0, 12.5]
    """
    low, high = min(control.low, math.floor(value)), max(control.high, math.ceil(value))
    steps = {round(low + step * control.step, 6) + 0.0 for step in range(int((high - low) / control.step + 1e-9) + 1)}
    return sorted({*steps, value})


def typed_change(said: str | float, control: Control) -> dict[str, Any]:
    """Return what a slider or a box says as a change of the scenario; raises ScenarioError where it is no number.

    >>> typed_change("١٥٠٫٥ %", LEADING["investment"])
    {'investment_level_percent': 150.5}
    """
    if control.name == _STEPS and isinstance(said, str):
        return {_STEPS: _levels(said)}
    read = _read(said, control)
    number = None if read is None else round(round(read, control.places) / control.scale, 10)
    if control.name in WHOLE_MONTHS and number is not None:
        return {control.name: int(number)}
    return {control.name: number}


def _levels(said: str) -> tuple[float, ...]:
    try:
        return typed_numbers(said)
    except ValueError:
        raise ScenarioError("scenario.not_a_number", given=said) from None


def refusal_words(name: str, error: ScenarioError, text: Text, clean: Callable[[object, int], str] = shown) -> str:
    """Return why a change was refused, the assumption by its name and in the unit of its box; a place that reads Markdown gives `plain`."""
    id, facts = error.id, {**error.facts, "name": text(f"assumption.{name}.label")}
    scale = next((one.scale for one in (*LEADING.values(), *FURTHER) if one.name == name), 1.0)
    if id == "scenario.annual_rate":  # which speaks of rates as commands take them
        low, high = RANGES[name]
        id, facts = (
            "scenario.outside_range",
            {**facts, "low": low * scale, "high": high * scale, "value": facts["given"]},
        )
    elif id == "scenario.outside_range":
        facts |= {one: round(float(str(facts[one])) * scale, 4) for one in ("low", "high", "value")}
    named = ScenarioError(id, **facts)
    return text("page.what_if.rejected", reason=text.error(named, clean))


def _read(said: str | float, control: Control) -> float | None:
    """Return the number that was meant; None stands for what the data say."""
    if isinstance(said, float):
        return said
    if not said.strip():
        if control.name in MAY_BE_NONE and control not in LEADING.values():
            return None
        raise ScenarioError("scenario.empty")
    try:
        return typed_percent(said)
    except ValueError:
        raise ScenarioError("scenario.not_a_number", given=said) from None
