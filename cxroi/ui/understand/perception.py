"""The part of the page "Satisfaction" where managers' estimates are typed or shown as uploaded, and stand against what was measured."""

from __future__ import annotations

from urllib.parse import quote, unquote

import streamlit as st

from cxroi.errors import CxroiError
from cxroi.model.satisfaction.perception import perception_gaps, with_typed
from cxroi.model.satisfaction.scales import estimate_ends
from cxroi.questions.satisfaction import ask_estimates, ask_scores
from cxroi.questions.slice import Slice
from cxroi.tables import METRICS
from cxroi.text import Text
from cxroi.text.plain import plain, short_name
from cxroi.text.typed import typed_percent
from cxroi.ui import markup
from cxroi.ui.app.asked import asked
from cxroi.ui.app.choices import choices, choose, widgets
from cxroi.ui.app.current import current_text
from cxroi.ui.picture import show_table
from cxroi.view.understand.perception import MOST_ASKED, measured_at, perception_view

_PARAMETER = "m"
_MADE, _REFUSED = "gap-made", "gap-refused"  # how often the boxes were made anew; the sentence of what was refused
_MOST_LETTERS = 4000


def what_managers_think(of: Slice, metric: str, text: Text) -> None:
    """Draw a box a touchpoint for what managers think its score is, and the gap to what customers say."""
    try:
        lines = measured_at(asked(ask_scores, of), metric)
        uploaded = asked(ask_estimates, of, metric)
    except CxroiError:
        return
    if not lines:
        return
    known = _estimates()
    st.html(markup.section(text("satisfaction.gap.section")))
    lead = text(f"satisfaction.gap.lead_{metric}")
    st.html(markup.line(f"{lead} {text('satisfaction.gap.lead_uploaded')}" if uploaded else lead))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="gap-boxes"):
        for place, line in enumerate(lines[:MOST_ASKED]):
            typed = known.get((metric, line.value))
            known_before = uploaded.get(line.value.casefold())
            key = f"gap-{metric}-{place}-{widgets().get(_MADE, 0)}"
            st.text_input(
                plain(short_name(text.name(line.value), 40)),
                value="" if typed is None else f"{typed:.12g}",
                placeholder=text.number(100 * known_before.score, 0) if known_before else None,
                key=key,
                on_change=_typed,
                args=(metric, line.value, key),
                width=150,
            )
    if refused := widgets().get(_REFUSED):
        st.warning(refused)
    estimates = with_typed(uploaded, {name: typed / 100 for (one, name), typed in known.items() if one == metric})
    gaps = perception_gaps(estimates, lines)
    view = perception_view(gaps, estimates, text)
    if view is not None:
        st.html(markup.finding_line(view.title))
        if gaps:
            show_table("perception", view.table, text, caption=view.caption)
        markup.draw(markup.paragraphs(view.notes))


def _estimates() -> dict[tuple[str, str], float]:
    """Return the estimates by metric and touchpoint: of this tab, else of the address, which they are put back into."""
    if choices().estimates is None:
        choose(estimates=read_estimates(st.query_params.get(_PARAMETER, "")))
    known = dict(choices().estimates or {})
    if known:
        st.query_params[_PARAMETER] = write_estimates(known)
    else:
        st.query_params.pop(_PARAMETER, None)
    return known


def _typed(metric: str, name: str, key: str) -> None:
    """Take an estimate; what is none, or beyond its scale, is refused, and the last one stays. An empty box takes it away."""
    words, text = str(widgets()[key]).strip(), current_text()
    known = dict(choices().estimates or {})
    widgets()[_REFUSED] = None
    known.pop((metric, name), None) if not words else None
    if words:
        low, high = estimate_ends(metric)
        try:
            typed = typed_percent(words)
        except ValueError:
            typed = high + 1
        if not low <= typed <= high:
            widgets()[_MADE] = widgets().get(_MADE, 0) + 1
            ends = {"low": text.number(low, 0), "high": text.number(high, 0)}
            widgets()[_REFUSED] = text("satisfaction.gap.refused", given=plain(words, 40), **ends)
            return
        known[metric, name] = typed
    choose(estimates=known)


def write_estimates(estimates: dict[tuple[str, str], float]) -> str:
    """Return estimates as they stand in an address.

    >>> write_estimates({("nps", "Home visit"): 40.0, ("csat", "App"): 72.5})
    'nps:Home%20visit=40;csat:App=72.5'
    """
    return ";".join(f"{metric}:{quote(name, safe='')}={typed:.12g}" for (metric, name), typed in estimates.items())


def read_estimates(written: str) -> dict[tuple[str, str], float]:
    """Return the estimates that stand in an address; what is damaged in it is left out.

    >>> read_estimates("nps:Home%20visit=40;csat:App=900;nonsense")
    {('nps', 'Home visit'): 40.0}
    """
    found = {}
    for one in written[:_MOST_LETTERS].split(";"):
        named, _, typed = one.rpartition("=")
        metric, _, name = named.partition(":")
        try:
            value = typed_percent(typed)
        except ValueError:
            continue
        low, high = estimate_ends(metric)
        if metric in METRICS and low <= value <= high:
            found[metric, unquote(name)] = value
    return found
