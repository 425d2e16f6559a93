"""Each touchpoint's share of spend beside its share of the impact on customers, with the effect that the impact rests on."""

from __future__ import annotations

from dataclasses import dataclass

from cxroi.model.satisfaction.drivers import Driver, Drivers
from cxroi.model.statistics.uncertainty import Interval
from cxroi.questions.slice import Slice
from cxroi.text import Text
from cxroi.text.plain import shown
from cxroi.view.decide.moves import Shift
from cxroi.view.figure import in_points, points_range
from cxroi.view.ranged import RangeBar, range_bar
from cxroi.view.understand.satisfaction import not_believed

_APART = 0.05  # shares nearer than this follow each other


@dataclass(frozen=True, kw_only=True)
class TouchpointRow:
    """One touchpoint; `shift` leads from its share of spend to that of impact, None where the ledger names no touchpoints."""

    name: str
    shift: Shift | None
    impact: str
    range: str
    bar: RangeBar | None
    differs: bool = False


@dataclass(frozen=True, kw_only=True)
class TouchpointView:
    """The touchpoints that move customers, the strongest first, and why the others are not shown."""

    section: str
    title: str
    headings: tuple[str, ...]
    rows: tuple[TouchpointRow, ...]
    notes: tuple[tuple[str, str], ...]  # names that may come from data, and why they are left out
    missing: str
    source: str


def touchpoint_view(found: Drivers, text: Text, of: Slice = Slice()) -> TouchpointView:  # noqa: B008  (frozen)
    """Return the touchpoints of the drivers, of a part of the data."""
    believed = [one for one in found.drivers if one.is_believed]
    effects = [in_points(one.effect) for one in believed if one.effect is not None]
    most = 1.06 * max((max(one.impact_share, one.spend_share or 0.0) for one in believed), default=0.0) or 1.0
    spend_known = any(one.spend_share is not None for one in found.drivers)
    heading = f"heading_effect_{found.outcome}"
    source = text(
        "where.drivers.source",
        answers=text.number(found.answers, 0),
        customers=text.number(found.customers, 0),
        months=text.months(found.within_months),
    )
    return TouchpointView(
        section=text("where.drivers.section"),
        title=_title(believed, spend_known, text),
        headings=tuple(text(f"where.drivers.{name}") for name in ("heading_name", "heading_shares", heading)),
        rows=tuple(_row(one, most, effects, text) for one in believed),
        notes=not_believed(found, text),
        missing="" if spend_known else text("where.drivers.no_spend"),
        source=f"{source} {text('where.drivers.spend_of_all')}"
        if spend_known and (of.segment or of.channel)
        else source,
    )


def _title(believed: list[Driver], spend_known: bool, text: Text) -> str:
    if not believed:
        return text("where.drivers.title_none")
    if not spend_known:
        first = believed[0]
        return text(
            "where.drivers.title_only",
            name=shown(text.name(first.touchpoint)),
            impact=text.percent(first.impact_share, 0),
        )
    widest = max(believed, key=lambda one: abs(_gap(one)))
    if abs(_gap(widest)) < _APART:
        return text("where.drivers.title_follows")
    return text(
        f"where.drivers.title_{'more' if _gap(widest) > 0 else 'less'}",
        name=shown(text.name(widest.touchpoint)),
        impact=text.percent(widest.impact_share, 0),
        spend=text.percent(widest.spend_share or 0.0, 0),
    )


def _gap(one: Driver) -> float:
    return one.impact_share - (one.spend_share or 0.0)


def _row(one: Driver, most: float, effects: list[Interval], text: Text) -> TouchpointRow:
    """Return one touchpoint on the scales that all share: shares up to `most`, and every one's effect in points."""
    shift = None
    if one.spend_share is not None:
        shift = Shift(
            name=text.name(one.touchpoint),
            today=text.percent(one.spend_share, 0),
            proposed=text.percent(one.impact_share, 0),
            today_at=one.spend_share / most,
            proposed_at=one.impact_share / most,
        )
    effect = None if one.effect is None else in_points(one.effect)
    return TouchpointRow(
        name=text.name(one.touchpoint),
        shift=shift,
        impact=text.percent(one.impact_share, 0),
        differs=shift is not None and shift.today != shift.proposed,
        range="" if effect is None else points_range(effect, text),
        bar=None if effect is None else range_bar(effect, beside=effects),
    )
