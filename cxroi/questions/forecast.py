"""What comes without any plan: next month, quarter and year, what stands out today, and how targets stand."""

from __future__ import annotations

from dataclasses import dataclass

from cxroi.model.forecast.forecast import Alert
from cxroi.model.forecast.outlook import KINDS, Outlook, look_ahead
from cxroi.model.forecast.targets import Target, TargetStanding, hold_targets, target_alerts
from cxroi.questions.data import OpenVersion


@dataclass(frozen=True, kw_only=True, eq=False)
class HeldOutlook:
    """A forecast with the targets held against it, and everything that stands out: alarms first."""

    outlook: Outlook
    targets: tuple[TargetStanding, ...]
    alerts: tuple[Alert, ...]

    @property
    def alarms(self) -> tuple[Alert, ...]:
        """Return the alerts on which somebody should act."""
        return tuple(alert for alert in self.alerts if alert.is_alarm)


def ask_outlook(data: OpenVersion, segment: str | None = None) -> Outlook:
    """Return the forecast of a segment, by default of the whole company; it needs no cost ledger.

    Raises ModelError where the segment is unknown or there are too few months.
    """
    panel = data.panel_without_costs
    return data.kept("outlook", lambda: look_ahead(panel, segment=segment), segment)


def ask_currency(data: OpenVersion) -> str:
    """Return the currency of the amounts that are forecast, "" where nothing says it."""
    return data.panel_without_costs.currency


def held_against(found: Outlook, targets: tuple[Target, ...]) -> HeldOutlook:
    """Return a forecast with targets held against it."""
    held = hold_targets(found, targets)
    everything = (*target_alerts(held, found.last_month), *found.alerts)
    return HeldOutlook(outlook=found, targets=held, alerts=tuple(sorted(everything, key=lambda one: not one.is_alarm)))


def targets_of(data: OpenVersion, segment: str | None = None) -> tuple[Target, ...]:
    """Return the targets that are kept for a segment, by default for the whole company."""
    return tuple(
        Target(measure=kept.measure, month=kept.month, value=kept.value)
        for kept in data.known_targets
        if kept.segment == (segment or "") and kept.measure in KINDS
    )
