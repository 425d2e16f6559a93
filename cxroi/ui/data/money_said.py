"""The question that data without a currency or a margin leave open: asked once, and shown as missing until it is answered."""

from __future__ import annotations

import streamlit as st

from cxroi.actions.money_said import say_money
from cxroi.actions.place import workspace_folder
from cxroi.errors import CxroiError
from cxroi.model.company.panel import Panel
from cxroi.money.currencies import codes, written_codes
from cxroi.questions import open_version
from cxroi.store.panel.money_said import MoneySaid
from cxroi.store.state.state import State
from cxroi.text.typed import typed_percent
from cxroi.ui.app.choices import widgets
from cxroi.ui.app.current import current_person, current_text, current_workspace


def money_question() -> None:
    """Ask once for what the data in use do not tell of their money; nothing where they tell it."""
    if (panel := _panel_in_use()) is not None and is_missing(panel):
        missing_money(panel)


def missing_of_money() -> tuple[str, ...]:
    """Return what the data in use do not tell of their money and nobody has said: "currency", "margin"."""
    panel = _panel_in_use()
    missing = () if panel is None else (("currency", not panel.currency), ("margin", panel.margin_is_revenue))
    return tuple(name for name, open_ in missing if open_)


def _panel_in_use() -> Panel | None:
    """Return the panel of a company's own data, None where nothing can be worked out of them: that is said where figures stand."""
    version = current_workspace().current()
    if version is None or version.illustrative:
        return None
    try:
        with st.spinner(current_text()("ui.reading")), open_version(workspace_folder(), version.id) as data:
            return data.panel
    except CxroiError:
        return None


def is_missing(panel: Panel) -> bool:
    """Return whether a panel names no currency, or takes all its revenue for margin."""
    return not panel.currency or panel.margin_is_revenue


def missing_money(panel: Panel) -> None:
    """Say what is missing, and ask for it."""
    text = current_text()
    names = [text("page.upload.money.no_currency")] if not panel.currency else []
    names += [text("page.upload.money.no_margin")] if panel.margin_is_revenue else []
    with st.container(border=True, key="missing-money"):
        st.markdown(f"**{' '.join(names)}**")
        money_form("ask", currency=not panel.currency, margin=panel.margin_is_revenue)


def money_form(id: str, *, currency: bool = True, margin: bool = True) -> None:
    """Draw what may be said, with what was said."""
    text, kept = current_text(), State.open(workspace_folder()).money_said()
    keys = {name: f"money-{name}-{id}" for name in ("currency", "margin")}
    st.caption(text("page.upload.money.lead"))
    options = list(dict.fromkeys([*written_codes(), *sorted(codes())]))

    def save() -> None:
        typed = str(widgets().get(keys["margin"]) or "")
        try:
            rate = typed_percent(typed) / 100 if typed.strip() else None
            said = MoneySaid(currency=str(widgets().get(keys["currency"]) or ""), margin_rate=rate)
        except (ValueError, CxroiError):
            widgets()[f"money-refused-{id}"] = True
            return
        widgets()[f"money-refused-{id}"] = False
        say_money(current_workspace(), said, who=current_person())

    with st.container(horizontal=True, vertical_alignment="bottom"):
        if currency:
            st.selectbox(
                text("page.upload.money.currency"),
                options,
                index=options.index(kept.currency) if kept.currency in options else None,
                format_func=text.currency_name,
                placeholder=text("page.upload.choose"),
                key=keys["currency"],
                width=320,
            )
        if margin:
            st.text_input(
                text("page.upload.money.margin"),
                value="" if kept.margin_rate is None else f"{100 * kept.margin_rate:.12g}",
                key=keys["margin"],
                max_chars=8,
                width=320,
            )
        st.button(text("page.upload.money.save"), key=f"money-save-{id}", on_click=save, type="primary")
    if widgets().get(f"money-refused-{id}"):
        st.warning(text("store.money_said_invalid"))
