"""The panel of What-if: the evidence's curve as a picture that can be taken hold of, and the sliders under it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cxroi.chart.frame import Window
from cxroi.questions import BusinessCase
from cxroi.questions.sweep import Slide, Stop, slide_of
from cxroi.text import Text
from cxroi.view.decide.board_drawing import zones_of
from cxroi.view.decide.live_plan import LivePlan, Terms, live_plan, share_between, terms_of
from cxroi.view.decide.verdict import direction_probability
from cxroi.view.figure import in_a_hundred, money, points_range, signed_money

_FINE = 2.5  # levels between two points of the curve
_MOST_TICKS = 6

Line = tuple[tuple[float, float], ...]  # points as shares 0..1 of the picture's width and, from its foot, its height


@dataclass(frozen=True, kw_only=True)
class Knob:
    """One slider: its steps, where today and the tried or expected stretch lie (shares 0..1), and the words round it."""

    slide: Slide
    value: float
    label: str
    today: float
    today_words: str
    ends: tuple[str, str]
    band: tuple[float, float] | None
    mark: float | None  # where the plan breaks even
    note: str
    own: bool  # whether it stands where the reader put it and not the evidence


@dataclass(frozen=True, kw_only=True)
class Tick:
    """One place on an axis, a share 0..1 of its length, and its words."""

    at: float
    words: str
    more: str = ""


@dataclass(frozen=True, kw_only=True)
class Saved:
    """A plan that was kept: its letter and its place on the curve."""

    letter: str
    at: tuple[float, float]
    told: str


@dataclass(frozen=True, kw_only=True)
class LivePanel:
    """Everything on the panel. `line`, `low` and `high` are the curve and its band, `tried` the stretch that the data have seen."""

    plan: LivePlan
    knobs: tuple[Knob, ...]
    title: str
    axis: str
    caption: str
    line: Line
    low: Line
    high: Line
    tried: tuple[float, float]
    zero: float
    today: float
    today_words: str
    clear: tuple[float, float]
    zones: tuple[tuple[float, float, str], ...]
    levels: tuple[Tick, ...]
    amounts: tuple[Tick, ...]
    saved: tuple[Saved, ...]
    call: str
    call_words: str
    verdict_stays: str
    loss_label: str
    levels_shown: tuple[float, float]  # the ends of the picture, percent of today's spend


def live_panel(
    case: BusinessCase,
    bare: BusinessCase,
    stop: Stop,
    saved: Sequence[tuple[str, Stop]],
    text: Text,
    *,
    window: Window,
    uplift_reach: tuple[float, float],
) -> tuple[LivePanel, Terms]:
    """Return the panel of a case with the terms that its plans are told in.

    `bare` is the case whose plan is the evidence's own, `stop` what is said first of the case's, `saved` the plans that were kept with
    their letters, `window` the part of the curve that is shown, `uplift_reach` how far the evidence's uplift goes in it, points.
    """
    terms = terms_of(case, bare.curve, window, text)
    curve = bare.curve
    spots = np.unique(np.concatenate([np.arange(window.x[0], window.x[1] + _FINE / 2, _FINE), [100.0]]))
    chance = in_a_hundred(direction_probability(case.verdict), text)
    safe = 100.0 if bare.verdict.capped else bare.verdict.safe_step.level_percent
    axis = "axis" if case.currency else "axis_plain"
    panel = LivePanel(
        plan=live_plan(stop, terms, text),
        knobs=_knobs(case, stop, uplift_reach, terms, text),
        title=text("page.what_if.live.drag"),
        axis=text(f"page.what_if.live.{axis}", horizon=terms.horizon, currency=text.currency(case.currency)),
        caption=_caption(case, text),
        line=_line(spots, curve.level_percent, curve.mid, window),
        low=_line(spots, curve.level_percent, curve.low, window),
        high=_line(spots, curve.level_percent, curve.high, window),
        tried=(_across(curve.observed_low_percent, window), _across(curve.observed_high_percent, window)),
        zero=_up(0.0, window),
        today=_across(100.0, window),
        today_words=text("chart.mark.today"),
        clear=(_across(min(100.0, safe), window), _across(max(100.0, safe), window)),
        zones=tuple((_across(a, window), _across(b, window), word) for a, b, word in zones_of(bare, window, text)),
        levels=_levels(window, terms, text),
        amounts=_amounts(window, text),
        saved=tuple(_saved(letter, one, terms, text) for letter, one in saved),
        call=case.verdict.call.value,
        call_words=text(f"page.what_if.call.{case.verdict.call}", probability=chance),
        verdict_stays=text("page.what_if.live.verdict_stays"),
        loss_label=text("page.what_if.live.loss"),
        levels_shown=window.x,
    )
    return panel, terms


def _caption(case: BusinessCase, text: Text) -> str:
    hurdle = case.scenario.hurdle_net_return
    told = text("page.what_if.live.hurdle", hurdle=text.percent(hurdle, 0)) if hurdle > 0 else ""
    return f"{text('page.what_if.live.line')} {told}".strip()


def _knobs(case: BusinessCase, stop: Stop, reach: tuple[float, float], terms: Terms, text: Text) -> tuple[Knob, ...]:
    spend, uplift = _spend_knob(case, stop, terms, text), _uplift_knob(case, stop, reach, text)
    return spend, uplift, _support_knob(stop, terms, text)


def _spend_knob(case: BusinessCase, stop: Stop, terms: Terms, text: Text) -> Knob:
    slide = slide_of("investment_level_percent", stop.level_percent)
    low, high = terms.seen_percent
    top = money(terms.today_spend * slide.high / 100, terms.currency, text)
    return Knob(
        slide=slide,
        value=stop.level_percent,
        label=text("page.what_if.live.spend"),
        today=_along(100.0, slide),
        today_words=text("page.what_if.live.today_at", amount=money(terms.today_spend, terms.currency, text)),
        ends=(text.number(0, 0), top),
        band=(_along(low, slide), _along(high, slide)),
        mark=None,
        note=text(
            "page.what_if.live.tried", low=text.percent(round(low) / 100, 0), high=text.percent(round(high) / 100, 0)
        ),
        own=case.asked.investment_level_percent is not None,
    )


def _uplift_knob(case: BusinessCase, stop: Stop, reach: tuple[float, float], text: Text) -> Knob:
    uplift, needed = stop.figures.plan_uplift_pp, case.outcome.break_even_uplift_pp
    expected = None if stop.uplift_is_typed else uplift
    slide = slide_of("retention_uplift_pp", uplift.mid, reach)
    notes = [text("page.what_if.live.expected", range=points_range(uplift, text)) if expected else ""]
    if needed is not None and slide.low <= needed <= slide.high:
        notes.append(text("page.what_if.live.break_even", points=text.points(needed)))
    return Knob(
        slide=slide,
        value=round(uplift.mid, 1),
        label=text("page.what_if.live.kept"),
        today=_along(0.0, slide),
        today_words=text("page.what_if.live.today"),
        ends=(text.number(slide.low, 0), text.raised(text.number(slide.high, 0))),
        band=(_along(uplift.low, slide), _along(uplift.high, slide)) if expected else None,
        mark=None if needed is None or not slide.low <= needed <= slide.high else _along(needed, slide),
        note=" ".join(note for note in notes if note),
        own=stop.uplift_is_typed,
    )


def _support_knob(stop: Stop, terms: Terms, text: Text) -> Knob:
    change = stop.support_cost_change_percent
    slide = slide_of("support_cost_change_percent", change)
    return Knob(
        slide=slide,
        value=float(round(change)),
        label=text("page.what_if.live.support_now"),
        today=_along(0.0, slide),
        today_words=text("page.what_if.live.today_at", amount=money(terms.today_support, terms.currency, text)),
        ends=(text.signed_percent(slide.low / 100, 0), text.signed_percent(slide.high / 100, 0)),
        band=None,
        mark=None,
        note="",
        own=stop.support_is_typed,
    )


def _levels(window: Window, terms: Terms, text: Text) -> tuple[Tick, ...]:
    low, high = window.x
    every = next(step for step in (5, 10, 25, 50, 100) if (high - low) / step <= _MOST_TICKS)
    return tuple(
        Tick(
            at=_across(level, window),
            words=text.percent(level / 100, 0),
            more=money(terms.today_spend * level / 100, terms.currency, text),
        )
        for level in range(int(np.ceil(low / every)) * every, int(high) + 1, every)
    )


def _amounts(window: Window, text: Text) -> tuple[Tick, ...]:
    low, high = window.y
    rough = (high - low) / 4
    size = 10.0 ** np.floor(np.log10(rough))
    every = float(next(step * size for step in (1, 2, 5, 10) if step * size >= rough))
    places = np.arange(np.ceil(low / every), np.floor(high / every) + 1) * every
    return tuple(Tick(at=_up(one, window), words=_amount(one, every, text)) for one in places.tolist())


def _amount(amount: float, step: float, text: Text) -> str:
    return text.number(0, 0) if not amount else signed_money(amount, "", step, text)


def _saved(letter: str, stop: Stop, terms: Terms, text: Text) -> Saved:
    plan = live_plan(stop, terms, text)
    return Saved(letter=letter, at=plan.at, told=plan.mark)


def _line(spots: np.ndarray, levels: np.ndarray, values: np.ndarray, window: Window) -> Line:
    """Return a line of the curve; where it leaves the picture it goes on outside, to be cut off there."""
    at = np.interp(spots, levels, values)
    (left, right), (foot, top) = window.x, window.y
    across, up = (spots - left) / (right - left), np.clip((at - foot) / (top - foot), -3.0, 4.0)
    return tuple(zip(across.round(4).tolist(), up.round(4).tolist(), strict=True))


def _across(level: float, window: Window) -> float:
    return share_between(level, window.x)


def _up(amount: float, window: Window) -> float:
    return share_between(amount, window.y)


def _along(value: float, slide: Slide) -> float:
    return share_between(value, (slide.low, slide.high))
