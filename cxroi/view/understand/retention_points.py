"""What five points more of retention are worth, in words: beside the famous figure, and worked out step by step."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cxroi.model.customers.retention_points import RetentionPoints, life_years
from cxroi.model.statistics.uncertainty import Interval
from cxroi.text import Text
from cxroi.view.figure import money, money_range, percent_range
from cxroi.view.market_benchmarks import Benchmark
from cxroi.view.ranged import RangedFigure, range_bar

FAMOUS = "retention_profit"  # the benchmark that is quoted everywhere


@dataclass(frozen=True, kw_only=True)
class PointsView:
    """What five points of retention are worth: the finding, figures on one line from 0, and how they are worked out."""

    finding: str
    rows: tuple[RangedFigure, ...]
    note: str
    steps_title: str
    steps: tuple[str, ...]
    source: str


def points_view(found: RetentionPoints, famous: Benchmark, currency: str, text: Text) -> PointsView:
    """Return what some points more of retention are worth here, beside the famous figure, and how both are worked out."""
    horizon, rate = text.months(found.horizon_months), text.percent(found.annual_discount_rate, 0)
    quoted = Interval(low=famous.low / 100, mid=(famous.low + famous.high) / 200, high=famous.high / 100)
    shares = {"for_life": found.for_life, "discounted": found.for_life_discounted, "horizon": found.share}
    line = (0.0, 1.1 * max(one.high for one in (quoted, *shares.values()) if one))
    rows = [
        RangedFigure(
            label=text("customers.points.famous", source=famous.source),
            value=text("customers.points.from_to", low=text.percent(quoted.low, 0), high=text.percent(quoted.high, 0)),
            range="",
            bar=replace(range_bar(quoted, line), has_middle=False),
        ),
        *(
            RangedFigure(
                label=text(f"customers.points.{name}", rate=rate, horizon=horizon),
                value=text.percent(one.mid, 0),
                range=percent_range(one, text),
                bar=range_bar(one, line),
            )
            for name, one in shares.items()
            if one
        ),
    ]
    gain = {
        "gain": money(found.gain.mid, currency, text),
        "range": money_range(found.gain, currency, text),
    }
    return PointsView(
        finding=text(
            "customers.points.title" if found.share else "customers.points.title_alone",
            horizon=horizon,
            share=text.percent(found.share.mid, 0) if found.share else "",
            **gain,
        ),
        rows=tuple(rows),
        note=text(
            "customers.points.note",
            horizon=horizon,
            customers=text.number(sum(one.customers for one in found.segments), 0),
        ),
        steps_title=text("customers.points.steps_title"),
        steps=_steps(found, horizon, rate, gain, text),
        source=text("customers.points.source", warning=text(f"benchmark.{famous.name}.warning")),
    )


def _steps(found: RetentionPoints, horizon: str, rate: str, gain: dict[str, str], text: Text) -> tuple[str, ...]:
    """Return how the figures are worked out, in the order in which a reader can do it again."""
    before, after = text.percent(found.retention.mid), text.percent(found.raised.mid)
    steps = [text("customers.points.step_life", before=before, years=text.number(found.life_years.mid, 1))]
    if found.raised_life_years and found.for_life:
        steps.append(
            text(
                "customers.points.step_raised",
                after=after,
                years=text.number(found.raised_life_years.mid, 1),
                more=text.percent(found.for_life.mid, 0),
            )
        )
        famous = life_years([0.90, 0.95])
        steps.append(
            text(
                "customers.points.step_famous",
                before=text.percent(0.90, 0),
                after=text.percent(0.95, 0),
                more=text.percent(float(famous[1] / famous[0]) - 1, 0),
            )
        )
    else:
        steps.append(text("customers.points.step_capped", after=after))
    if found.for_life_discounted:
        steps.append(
            text("customers.points.step_discounted", rate=rate, more=text.percent(found.for_life_discounted.mid, 0))
        )
    steps.append(text("customers.points.step_money", horizon=horizon, rate=rate, **gain))
    return tuple(steps)
