"""What is asked of the page "Where to invest": which question, of which parts, how much, and the limits of each part."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from cxroi.model.value.projection import LEVELS
from cxroi.questions import BusinessCase
from cxroi.questions.allocation import Ask
from cxroi.text import Text
from cxroi.text.plain import plain
from cxroi.text.typed import typed_amount, typed_percent
from cxroi.ui import markup
from cxroi.ui.app.choices import choices, choose, widgets
from cxroi.ui.app.current import current_text
from cxroi.ui.decide.ask_link import KINDS, PARTS, read_ask, write_ask
from cxroi.view.decide.allocation import part_name
from cxroi.view.figure import money

_PARAMETER = "w"
_MADE, _REFUSED = "where-made", "where-refused"  # how often the boxes were made anew; what was refused: (box, sentence)
_SUGGESTED = 0.1  # of today's budget, as extra money until a person names some
Bounds = Mapping[str, tuple[float, float]]


def current_ask(case: BusinessCase) -> Ask:
    """Return what is asked: in this tab, else by the address, else today's budget; with the limits of the parts it is asked of."""
    sent = read_ask(st.query_params[_PARAMETER]) if _PARAMETER in st.query_params else None
    if choices().asked is None and sent is not None:
        choose(asked=sent, limits={sent.part: {name: (low, high) for name, low, high in sent.limits}})
    ask = choices().asked or Ask(extra=float(f"{_SUGGESTED * case.verdict.today_spend:.1g}"))
    own = choices().limits.get(ask.part, {})
    ask = replace(ask, limits=tuple((name, *ends) for name, ends in own.items()))
    if choices().asked and st.query_params.get(_PARAMETER) != write_ask(ask):
        st.query_params[_PARAMETER] = write_ask(ask)
    return ask


def ask_panel(case: BusinessCase, ask: Ask, text: Text) -> None:
    """Draw the choice of question and parts, and the box for an amount or a rate."""
    if choices().asked is None and _PARAMETER in st.query_params:
        st.warning(text("where.link_unreadable"))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium", key="where-ask"):
        _choice("kind", KINDS, ask.kind, text("where.asked"), ask, text)
        _choice("part", PARTS, ask.part, text("where.by"), ask, text)
        if ask.kind == "extra":
            _box(
                "extra",
                text("where.amount", currency=text.currency(case.currency)).rstrip(" ،,"),
                f"{ask.extra:,.12g}",
                ask,
            )
        if ask.kind == "target":
            _box("target_percent", text("where.rate"), f"{ask.target_percent:.12g}", ask)
    _show_refusal("extra")
    _show_refusal("target_percent")


def _choice(name: str, options: tuple[str, ...], chosen: str, label: str, ask: Ask, text: Text) -> None:
    key = f"where-{name}"
    st.segmented_control(
        label,
        options,
        default=chosen,
        format_func=lambda option: text(f"where.{name}.{option}"),
        key=key,
        on_change=_chosen,
        args=(name, key, ask),
        required=True,
    )


def _chosen(name: str, key: str, ask: Ask) -> None:
    if widgets()[key]:
        widgets()[_REFUSED] = None
        # what was asked last counts, not what this control was drawn with: of changes made fast not each is drawn
        choose(asked=replace(choices().asked or ask, **{name: widgets()[key]}))


def _box(name: str, label: str, shown: str, ask: Ask) -> None:
    """Draw a box; one whose words were refused is made anew, so that it holds what the figures stand for."""
    key = f"where-{name}-{widgets().get(_MADE, 0)}"
    st.text_input(label, value=shown, key=key, on_change=_typed, args=(name, key, ask), width=220)


def _typed(name: str, key: str, ask: Ask) -> None:
    read: Callable[[str], float] = typed_amount if name == "extra" else typed_percent
    words, text = str(widgets()[key]), current_text()
    try:
        number, problem = read(words), "where.refused_below"
    except ValueError:
        number, problem = -1.0, "where.refused" if words.strip() else "where.refused_empty"
    if number >= 0:
        widgets()[_REFUSED] = None
        changed: dict[str, Any] = {name: number}
        choose(asked=replace(choices().asked or ask, **changed))
        return
    last = getattr(ask, name)
    kept = money(last, "", text) if name == "extra" else text.percent(last / 100, 0)
    _refuse(name, text(problem, given=plain(words.strip(), 40), kept=kept))


def _refuse(box: str, sentence: str) -> None:
    widgets()[_REFUSED] = (box, sentence)
    widgets()[_MADE] = widgets().get(_MADE, 0) + 1


def _show_refusal(box: str) -> None:
    refused = widgets().get(_REFUSED)
    if refused and refused[0] == box:
        st.warning(refused[1])


def limits_fold(ask: Ask, bounds: Bounds, text: Text) -> None:
    """Draw the limits of every part, folded away: two boxes a part, as they are in force."""
    own, up_only = {name: (low, high) for name, low, high in ask.limits}, ask.kind == "extra"
    refused = (widgets().get(_REFUSED) or ("", ""))[0]
    with st.expander(text("where.limits.title"), key=f"where-limits-{ask.part}", expanded=refused.startswith("limit")):
        st.caption(text("where.limits.help_extra" if up_only else "where.limits.help"))
        heads = ("", text("where.limits.low"), text("where.limits.high"))
        st.html(markup.limits_head(heads))
        for place, (name, usual) in enumerate(bounds.items()):
            _limit_row(place, name, own.get(name), usual, ask, text)
            _show_refusal(f"limit-{place}")
        st.button(text("where.limits.reset"), key="where-reset", on_click=_reset, args=(ask,), disabled=not own)


def _limit_row(
    place: int, name: str, own: tuple[float, float] | None, usual: tuple[float, float], ask: Ask, text: Text
) -> None:
    """Draw the limits of one part; where other limits are usual, its boxes are others too and show them."""
    up_only, made, said = ask.kind == "extra", widgets().get(_MADE, 0), plain(part_name(name, ask.part, text), 60)
    low, high = own or usual
    shown = (max(low, 100.0) if up_only else low, high)
    usually = f"{ask.part}-{'up' if up_only else ''}{usual[0]:.0f}-{usual[1]:.0f}-{place}"
    keys = (f"where-end-{usually}-low-{made}", f"where-end-{usually}-high-{made}")
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"where-limit-{ask.part}-{place}"):
        st.markdown(said, width=220)
        for end, key, value in zip(("low", "high"), keys, shown, strict=True):
            st.text_input(
                text(f"where.limits.{end}_of", name=said),
                value=f"{value:.0f}",
                key=key,
                on_change=_limited,
                args=(place, name, keys, shown, ask),
                label_visibility="collapsed",
                width=96,
                disabled=up_only and end == "low",
            )


def _limited(place: int, name: str, keys: tuple[str, str], before: tuple[float, float], ask: Ask) -> None:
    """Take the limits of one part; what cannot be limits is refused, and the last ones stay."""
    text, said = current_text(), tuple(str(widgets()[key]) for key in keys)
    try:
        # a box that was not touched shows a limit without its decimals
        low, high = (
            now if words == f"{now:.0f}" else typed_percent(words) for words, now in zip(said, before, strict=True)
        )
    except ValueError:
        low, high = 1.0, 0.0
    if not 0 <= low <= high <= LEVELS[-1]:
        facts = {name: plain(words.strip() or "–", 40) for name, words in zip(("low", "high"), said, strict=True)}
        _refuse(f"limit-{place}", text("where.limits.refused", **facts))
        return
    widgets()[_REFUSED] = None
    own = {**choices().limits.get(ask.part, {}), name: (low, high)}
    choose(asked=choices().asked or ask, limits={**choices().limits, ask.part: own})


def _reset(ask: Ask) -> None:
    widgets()[_REFUSED] = None
    widgets()[_MADE] = widgets().get(_MADE, 0) + 1
    choose(asked=choices().asked or ask, limits={**choices().limits, ask.part: {}})
