"""What customers say, who was heard, and what goes with leaving, in words."""

from __future__ import annotations

from cxroi.model.satisfaction.drivers import Drivers, Flag
from cxroi.model.satisfaction.survey import ScoreLine
from cxroi.text import Text
from cxroi.view.figure import in_points, points_range
from cxroi.view.table import columns

DRIVER_COLUMNS = ("touchpoint", "satisfied", "effect_alone", "effect", "impact_share", "spend_share")


def score_figure(metric: str, value: float, text: Text) -> str:
    """Return a score as people write it: NPS from -100 to 100, a share in percent."""
    return text.number(round(100 * value) + 0.0, 0) if metric == "nps" else text.percent(value, 0)


def score_range(line: ScoreLine, text: Text) -> str:
    """Return the range of a score."""
    low, high = (score_figure(line.metric, end, text) for end in (line.low, line.high))
    return low if low == high else text.between(low, high)


def driver_words(found: Drivers, text: Text) -> list[str]:
    """Return a line a touchpoint, and which links not to believe."""
    missing = text("report.none")
    rows = [
        [
            one.touchpoint,
            text.percent(one.satisfied_rate, 0),
            *(
                missing if effect is None else points_range(in_points(effect), text)
                for effect in (one.effect_alone, one.effect)
            ),
            text.percent(one.impact_share, 0) if one.is_believed else missing,
            missing if one.spend_share is None else text.percent(one.spend_share, 0),
        ]
        for one in found.drivers
    ]
    return [
        text(f"drivers.{found.outcome}", months=text.months(found.within_months)),
        "",
        *columns([text(f"heading.{name}") for name in DRIVER_COLUMNS], rows),
        "",
        *(f"{names}: {reason}" for names, reason in not_believed(found, text)),
        text(f"drivers.impact_{found.outcome}"),
        text("drivers.note"),
    ]


def not_believed(found: Drivers, text: Text) -> tuple[tuple[str, str], ...]:
    """Return the touchpoints whose link is not to be believed, by the reason; the names may come from data."""
    flagged: dict[Flag, list[str]] = {}
    for one in found.drivers:
        if not one.is_believed:
            flagged.setdefault(one.flag, []).append(text.name(one.touchpoint))
    return tuple((text.listed(names), advice(flag, found.outcome, text)) for flag, names in flagged.items())


def advice(flag: Flag, outcome: str, text: Text) -> str:
    """Return what to make of a link that is not to be believed as it stands, and of one that is."""
    return text(f"drivers.{'flag' if outcome == 'left' else 'flag_again'}.{flag}")
