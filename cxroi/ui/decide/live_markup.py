"""The panel as HTML, and a plan as what the browser puts into it: words by place, and places as shares of the picture."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

from cxroi.text import Text
from cxroi.text.plain import shown
from cxroi.ui import markup
from cxroi.view.decide.live_panel import Knob, Line, LivePanel, Tick
from cxroi.view.decide.live_plan import LivePlan

_SHORT = {
    "investment_level_percent": "level",
    "retention_uplift_pp": "uplift",
    "support_cost_change_percent": "support",
}
_DOTS = 10
_HANDLES = dict(zip((1, 3, 5), _SHORT, strict=True))  # which words of the sentence can be taken hold of
_WORTH = 7


def plan_data(plan: LivePlan) -> dict[str, Any]:
    """Return a plan as the browser paints it."""
    words = {f"s{place}": words for place, words in enumerate(plan.sentence)}
    words |= {
        "level_value": plan.level[0],
        "level_unit": "%",
        "level_read": plan.read[0],
        "uplift_value": "",
        "uplift_unit": plan.uplift[1],
        "uplift_read": plan.read[1],
        "support_value": plan.support[0],
        "support_unit": "%",
        "support_read": plan.read[2],
        "worth": plan.worth.value,
        "worth_range": plan.worth.range,
        "loss": plan.loss,
        "loss_brief": plan.loss_brief,
        "paid_label": plan.paid.label,
        "paid": plan.paid.value,
        "paid_range": plan.paid.range,
        "paid_note": plan.paid.note,
        "stay": plan.stay.value,
        "stay_range": plan.stay.range,
        "mark": plan.mark,
        "caution": plan.caution,
    }
    bar = plan.worth.bar
    places = {"x": plan.at[0], "y": plan.at[1], "loss": plan.loss_share}
    if bar is not None:
        places |= {"low": bar.low, "mid": bar.mid, "high": bar.high}
    return {
        "words": words,
        "places": {name: round(value, 4) for name, value in places.items()},
        "worse": bar is not None and bar.zero is not None and bar.mid < bar.zero,
        "announced": plan.announced,
        "band": [plan.uplift_pp.low, plan.uplift_pp.high],
        "values": {
            "investment_level_percent": plan.level_percent,
            "retention_uplift_pp": round(plan.uplift_pp.mid, 1),
            "support_cost_change_percent": float(round(plan.support_change_percent)),
        },
    }


def knob_data(knob: Knob, text: Text) -> dict[str, Any]:
    """Return a slider as the browser draws it."""
    name = knob.slide.name
    return {
        "name": name,
        "short": _SHORT[name],
        "low": knob.slide.low,
        "high": knob.slide.high,
        "step": knob.slide.step,
        "value": knob.value,
        "label": knob.label,
        "typed": text("page.what_if.live.typed", label=knob.label),
        "today": knob.today,
        "today_words": knob.today_words,
        "ends": knob.ends,
        "band": knob.band,
        "follows": name == "retention_uplift_pp",
        "mark": knob.mark,
        "note": knob.note,
        "own": knob.own,
        "may_go_back": name != "investment_level_percent",
    }


def stage(panel: LivePanel) -> str:
    """Return the sentence, the curve and the card of figures; what changes under the hand has a `data-f` of its own."""
    words = plan_data(panel.plan)["words"]
    return f'{_sentence(words)}<div class="cx-scene">{_curve(panel, words)}{_card(panel, words)}</div>'


def _sentence(words: dict[str, str]) -> str:
    return '<h1 class="cx-sentence">' + "".join(_part(place, words[f"s{place}"]) for place in range(9)) + "</h1>"


def _part(place: int, words: str) -> str:
    if place in _HANDLES:
        return f'<button type="button" class="cx-handle" data-to="{_HANDLES[place]}" data-f="s{place}">{_safe(words)}</button>'
    kind = ' class="cx-comes-to"' if place == _WORTH else ""
    return f'<span{kind} data-f="s{place}">{_safe(words)}</span>'


def _curve(panel: LivePanel, words: dict[str, str]) -> str:
    zones = "".join(
        f'<span style="inset-inline-start:{_at(low)};inline-size:{_at(high - low)}">{_safe(word)}</span>'
        for low, high, word in panel.zones
    )
    saved = "".join(
        f'<i class="cx-kept" style="inset-inline-start:{_at(one.at[0])};inset-block-end:{_at(one.at[1])}" title="{_safe(one.told)}">'
        f"<b>{one.letter}</b></i>"
        for one in panel.saved
    )
    return (
        f'<figure class="cx-curve"><figcaption><h2>{_safe(panel.title)}</h2><span>{_safe(panel.axis)}</span></figcaption>'
        f'<div class="cx-zones" aria-hidden="true">{zones}</div>'
        f'<div class="cx-plot" aria-hidden="true">{_picture(panel)}{_amounts(panel.amounts)}'
        f'<i class="cx-today-mark" style="inset-inline-start:{_at(panel.today)};inset-block-end:{_at(panel.zero)}">'
        f"<b>{_safe(panel.today_words)}</b></i>{saved}"
        f'<i class="cx-drop"></i><i class="cx-grip"><b data-f="mark">{_safe(words["mark"])}</b></i></div>'
        f'<div class="cx-levels" aria-hidden="true">{_levels(panel.levels)}</div>'
        f'<p class="cx-source">{_safe(panel.caption)}</p></figure>'
    )


def _picture(panel: LivePanel) -> str:
    """Return the band, the curve and the line of nothing, drawn in a square that is stretched over the picture's place."""
    start, end = panel.tried
    band = f"M{_points(panel.high)}L{_points(reversed(panel.low))}Z"
    line = f"M{_points(panel.line)}"
    cut = f'<clipPath id="cx-tried"><rect x="{1000 * start:.1f}" y="0" width="{1000 * (end - start):.1f}" height="1000"/></clipPath>'
    clear = f'<rect class="cx-clear" x="{1000 * panel.clear[0]:.1f}" y="0" width="{1000 * (panel.clear[1] - panel.clear[0]):.1f}" height="1000"/>'
    zero = f'<path class="cx-nothing" d="M0,{1000 * (1 - panel.zero):.1f}H1000"/>'
    rules = "".join(f'<path class="cx-rule" d="M0,{1000 * (1 - one.at):.1f}H1000"/>' for one in panel.amounts)
    return (
        '<svg viewBox="0 0 1000 1000" preserveAspectRatio="none" focusable="false">'
        f"<defs>{cut}</defs>{clear}{rules}"
        f'<path class="cx-band cx-beyond" d="{band}"/><path class="cx-band" d="{band}" clip-path="url(#cx-tried)"/>{zero}'
        f'<path class="cx-path cx-beyond" d="{line}"/><path class="cx-path" d="{line}" clip-path="url(#cx-tried)"/></svg>'
    )


def _points(line: Iterable[tuple[float, float]] | Line) -> str:
    return "L".join(f"{1000 * x:.1f},{1000 * (1 - y):.1f}" for x, y in line)


def _amounts(ticks: Iterable[Tick]) -> str:
    return "".join(
        f'<span class="cx-amount" style="inset-block-end:{_at(one.at)}">{_safe(one.words)}</span>' for one in ticks
    )


def _levels(ticks: Iterable[Tick]) -> str:
    return "".join(
        f'<span style="inset-inline-start:{_at(one.at)}">{_safe(one.words)}<small>{_safe(one.more)}</small></span>'
        for one in ticks
    )


def _card(panel: LivePanel, words: dict[str, str]) -> str:
    bar = panel.plan.worth.bar
    zero = _at(bar.zero) if bar and bar.zero is not None else "0%"
    dots = "".join(f'<i style="--place:{place}"></i>' for place in range(_DOTS))
    loss = '<span class="cx-dots cx-look-loss" aria-hidden="true">' + dots + "</span>"
    moving = f'<span class="cx-range cx-moving" aria-hidden="true"><i></i><b style="inset-inline-start:{zero}"></b><u></u></span>'
    return (
        f'<section class="cx-three cx-results cx-{panel.call}">'
        + _row(_safe(panel.plan.worth.label), words, "worth", moving, big=True)
        + _row(_safe(panel.loss_label), words, "loss", loss)
        + _row(
            f'<span data-f="paid_label">{_safe(words["paid_label"])}</span>', words, "paid", _field("paid_note", words)
        )
        + _row(_safe(panel.plan.stay.label), words, "stay", "")
        + f'<p class="cx-caution-line" data-f="caution">{_safe(words["caution"])}</p>'
        f'<div class="cx-stands">{markup.call_mark(panel.call, _safe(panel.call_words))}<span>{_safe(panel.verdict_stays)}</span></div></section>'
    )


def _row(label: str, words: dict[str, str], name: str, beside: str, *, big: bool = False) -> str:
    kind = ' class="cx-biggest"' if big else ""
    ranged = _field(f"{name}_range", words) if f"{name}_range" in words else ""
    return (
        f'<div class="cx-ranged"><p><span>{label}</span>{ranged}</p>'
        f'<p><strong{kind} data-f="{name}">{_safe(words[name])}</strong>{beside}</p></div>'
    )


def _field(name: str, words: dict[str, str]) -> str:
    return f'<span data-f="{name}">{_safe(words[name])}</span>'


def _at(share: float) -> str:
    return f"{100 * share:.2f}%"


def _safe(words: str) -> str:
    return escape(shown(words, longest=600))
