"""A scenario: every assumption a person may change, as one frozen value that is cache key, link and saved file."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, replace

from cxroi.errors import ScenarioError
from cxroi.model.discount import HIGHEST, LOWEST, discount_rate

# What each assumption may be; the same limits stand on the controls, in the command line and in the register.
RANGES: dict[str, tuple[float, float]] = {
    "investment_level_percent": (0.0, 300.0),
    "retention_uplift_pp": (-50.0, 50.0),
    "support_cost_change_percent": (-100.0, 200.0),
    "horizon_months": (1, 120),
    "annual_discount_rate": (LOWEST, HIGHEST),
    "hurdle_net_return": (0.0, 5.0),
    "contribution_margin_rate": (0.0, 1.0),
    "one_off_cost": (0.0, 1e12),
    "spend_uplift_percent": (-50.0, 100.0),
    "referral_share_of_benefit": (0.0, 0.07),
    "staff_attrition_saving_per_year": (0.0, 1e12),
    "new_customers_per_month": (0.0, 1e9),
    "benefit_risk_adjustment_rate": (0.0, 1.0),
    "cost_risk_adjustment_rate": (0.0, 1.0),
    "materiality_rate": (0.0, 1.0),
    "residual_value_months": (0, 120),
}
WHOLE_MONTHS = ("horizon_months", "residual_value_months")
MAY_BE_NONE = {
    "investment_level_percent",
    "retention_uplift_pp",
    "support_cost_change_percent",
    "spend_uplift_percent",
    "referral_share_of_benefit",
    "contribution_margin_rate",
    "new_customers_per_month",
    "residual_value_months",
}
# In links and files of the first format 0 in these was the default; since then the evidence speaks unless something is typed.
ZERO_WAS_DEFAULT = (
    "support_cost_change_percent",
    "spend_uplift_percent",
    "referral_share_of_benefit",
    "residual_value_months",
)
MOST_QUARTERS = 12
# What comes with a plan: it changes the plan, and never the verdict on today's spend.
OF_THE_PLAN = (
    "investment_level_percent",
    "retention_uplift_pp",
    "support_cost_change_percent",
    "spend_uplift_percent",
    "referral_share_of_benefit",
    "staff_attrition_saving_per_year",
    "one_off_cost",
    "first_quarters_percent",
)


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """The three leading sliders, then the further assumptions. None means "what the evidence says".

    Rates are fractions of 1; names that end in `_percent` or `_pp` are percent and percentage points, as on the sliders.
    A typed value replaces what the evidence says and never adds to it. Raises ScenarioError for a value outside RANGES.
    """

    investment_level_percent: float | None = None  # 0..300, 100 is today's CX spend
    retention_uplift_pp: float | None = None  # annual retention at the plan's investment level, points
    support_cost_change_percent: float | None = None  # change in support cost per customer at the plan
    horizon_months: int = 36
    annual_discount_rate: float = 0.10
    hurdle_net_return: float = 0.0  # net present return that the next unit of spend must reach
    contribution_margin_rate: float | None = None  # of revenue; None takes the margin in the data
    one_off_cost: float = 0.0  # at time 0
    spend_uplift_percent: float | None = None  # extra contribution margin per customer at the plan
    referral_share_of_benefit: float | None = None  # capped at 0.07; None takes the joins that spend brings
    staff_attrition_saving_per_year: float = 0.0
    new_customers_per_month: float | None = None  # whole company; None takes the baseline's joins
    benefit_risk_adjustment_rate: float = 0.0  # benefits down by this share
    cost_risk_adjustment_rate: float = 0.0  # costs up by this share
    materiality_rate: float = 0.02  # of the present value of CX spend over the horizon
    # Counted after the horizon for customers whom the plan still has then: None is their expected remaining life, 0 none (strict).
    residual_value_months: int | None = None
    currency: str = ""
    first_quarters_percent: tuple[
        float, ...
    ] = ()  # levels of spend before the plan's, a quarter each; () is there at once

    def __post_init__(self) -> None:
        discount_rate(self.annual_discount_rate)
        for name, (low, high) in RANGES.items():
            value = getattr(self, name)
            if value is None and name in MAY_BE_NONE:
                continue
            number = isinstance(value, int | float) and not isinstance(value, bool)
            if not number or not math.isfinite(value) or not low <= value <= high:
                raise ScenarioError("scenario.outside_range", name=name, low=low, high=high, value=str(value))
        self._check_quarters()
        for name in WHOLE_MONTHS:
            value = getattr(self, name)
            if value is not None and value != int(value):
                raise ScenarioError("scenario.whole_months", value=str(value))

    def _check_quarters(self) -> None:
        levels, (low, high) = self.first_quarters_percent, RANGES["investment_level_percent"]
        if len(levels) > MOST_QUARTERS:
            raise ScenarioError("scenario.too_many_quarters", count=len(levels), most=MOST_QUARTERS)
        for level in levels:
            if not math.isfinite(level) or not low <= level <= high:
                name = "first_quarters_percent"
                raise ScenarioError("scenario.outside_range", name=name, low=low, high=high, value=str(level))

    @property
    def without_plan(self) -> Scenario:
        """Return the scenario in which nothing comes with a plan but spend: what the verdict is about."""
        return replace(self, **{one.name: one.default for one in fields(self) if one.name in OF_THE_PLAN})  # type: ignore[arg-type]
