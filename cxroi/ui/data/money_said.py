"""The question that data without a currency or a margin leave open: asked once, and shown as missing until it is answered."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from cxroi.access.roles import FINANCE
from cxroi.actions.money_said import say_money
from cxroi.actions.place import workspace_folder
from cxroi.errors import CxroiError
from cxroi.model.company.panel import Panel
from cxroi.money.currencies import codes, written_codes
from cxroi.store.panel.money_said import MoneySaid, open_money
from cxroi.store.state.state import State, state_in_force
from cxroi.text.typed import typed_percent
from cxroi.ui.app.choices import widgets
from cxroi.ui.app.current import current_person, current_text, current_workspace, may_do


def money_question() -> None:
    """Ask once for what the data in use do not tell of their money; nothing where they tell it."""
    if not may_do(FINANCE):
        return
    if missing := missing_of_money():
        _ask(missing)


def missing_of_money() -> tuple[str, ...]:
    """Return what the data in use do not tell of their money and nobody has said: "currency", "margin"."""
    version = current_workspace().current()
    return () if version is None else open_money(version, state_in_force(version)[0].money_said())


def is_missing(panel: Panel) -> bool:
    """Return whether a panel names no currency, or takes all its revenue for margin."""
    return not panel.currency or panel.margin_is_revenue


def missing_money(panel: Panel) -> None:
    """Say what is missing of a panel, and ask for it unless that is known to be unknown."""
    unknown = State.open(workspace_folder()).money_said().margin_unknown
    missing = [
        *(() if panel.currency else ("currency",)),
        *(("margin",) if panel.margin_is_revenue and not unknown else ()),
    ]
    if missing:
        _ask(missing)


def _ask(missing: Sequence[str]) -> None:
    text = current_text()
    with st.container(border=True, key="missing-money"):
        st.markdown(f"**{' '.join(text(f'page.upload.money.no_{name}') for name in missing)}**")
        money_form("ask", currency="currency" in missing, margin="margin" in missing)


def money_form(id: str, *, currency: bool = True, margin: bool = True) -> None:
    """Draw what may be said, with what was said."""
    text, kept = current_text(), State.open(workspace_folder()).money_said()
    keys = {name: f"money-{name}-{id}" for name in ("currency", "margin", "unknown")}
    st.caption(text("page.upload.money.lead"))
    options = list(dict.fromkeys([*written_codes(), *sorted(codes())]))

    def save() -> None:
        typed = str(widgets().get(keys["margin"]) or "")
        try:
            rate = typed_percent(typed) / 100 if typed.strip() else None
            unknown = rate is None and bool(widgets().get(keys["unknown"]))
            code = str(widgets().get(keys["currency"]) or "") if currency else kept.currency
            said = MoneySaid(currency=code, margin_rate=rate, margin_unknown=unknown)
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
            st.checkbox(text("page.upload.money.unknown"), value=kept.margin_unknown, key=keys["unknown"])
        st.button(text("page.upload.money.save"), key=f"money-save-{id}", on_click=save, type="primary")
    if margin and widgets().get(keys["unknown"]):
        st.caption(text("store.note.margin_unknown"))
    if widgets().get(f"money-refused-{id}"):
        st.warning(text("store.money_said_invalid"))
