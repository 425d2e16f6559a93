"""What a version of the data says before any response is fitted: the figures in which two versions are compared."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cxroi.errors import CxroiError
from cxroi.model.statistics.uncertainty import Interval
from cxroi.questions.data import open_version


@dataclass(frozen=True, kw_only=True)
class VersionFigures:
    """The inputs of a verdict in one version, over its trailing year; money in `currency`, a month where a month is named."""

    version: str
    currency: str
    first_month: str  # YYYY-MM, of all months
    last_month: str
    months: int
    segments: tuple[str, ...]
    customers: float  # active at the end of the last complete month
    monthly_churn_rate: Interval
    annual_retention_rate: Interval
    margin_per_customer_month: float
    revenue_per_customer_month: float
    cx_spend_per_month: float
    cx_spend: float  # over all months


def version_figures(workspace_folder: Path, version_id: str) -> VersionFigures | CxroiError:
    """Return the figures of a version, or why it has none: an earlier version need not have been enough for a verdict."""
    try:
        with open_version(workspace_folder, version_id) as data:
            panel, baseline = data.panel, data.baseline
    except CxroiError as error:
        return error
    whole = baseline.whole
    return VersionFigures(
        version=data.version.id,
        currency=panel.currency,
        first_month=str(panel.months[0]),
        last_month=str(panel.months[-1]),
        months=len(panel.months),
        segments=tuple(panel.segments),
        customers=whole.customers,
        monthly_churn_rate=whole.monthly_churn_rate,
        annual_retention_rate=whole.annual_retention_rate,
        margin_per_customer_month=whole.contribution_margin_per_customer_month,
        revenue_per_customer_month=whole.revenue_per_customer_month,
        cx_spend_per_month=whole.cx_spend_per_month,
        cx_spend=float(data.frame.frame["cx_spend"].sum()),
    )
