"""A scenario: every assumption a person may change, as one frozen value that is cache key, link and saved file."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """The three leading sliders, then the further assumptions. None means "what the evidence says".

    Rates are fractions of 1; names that end in `_percent` or `_pp` are percent and percentage points, as on sliders.
    """

    investment_level_percent: float | None = None  # 0..300, 100 is today's CX spend
    retention_uplift_pp: float | None = None  # annual retention at the plan's investment level, points
    support_cost_change_percent: float = 0.0  # change in support cost per customer at the plan
    horizon_months: int = 36
    annual_discount_rate: float = 0.10
    hurdle_net_return: float = 0.0  # net present return that the next unit of spend must reach
    contribution_margin_rate: float | None = None  # of revenue; None takes the margin in the data
    one_off_cost: float = 0.0  # at time 0
    spend_uplift_percent: float = 0.0  # extra contribution margin per customer at the plan
    referral_share_of_benefit: float = 0.0  # capped at 0.07
    staff_attrition_saving_per_year: float = 0.0
    new_customers_per_month: float | None = None  # whole company; None takes the baseline's joins
    benefit_risk_adjustment_rate: float = 0.0  # benefits down by this share
    cost_risk_adjustment_rate: float = 0.0  # costs up by this share
    materiality_rate: float = 0.02  # of the present value of CX spend over the horizon
    currency: str = ""
