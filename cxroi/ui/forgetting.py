"""To forget: a customer in every version, or a version; what was removed is told in a receipt that can be taken away."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import streamlit as st

from cxroi.errors import CxroiError, StoreError
from cxroi.store.state import State
from cxroi.store.version import Version
from cxroi.text.plain import plain
from cxroi.ui.account import moment, table_name
from cxroi.ui.choices import choices, choose, widgets
from cxroi.ui.current import current_text, current_workspace, workspace_folder

_KEY = "forget-customer"


def deleted_receipt(version: Version) -> dict[str, Any]:
    """Return what a person can file after a version was deleted; call it before the version is gone."""
    return {
        "what": "version",
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "version": version.id,
        "number": version.number,
        "rows_removed": {name: table.rows for name, table in version.tables.items()},
        "sha256": {name: list(table.sha256) for name, table in version.tables.items()},
    }


def keep_receipt(receipt: Mapping[str, Any]) -> None:
    """Show a receipt from now on in this tab, and write the line into the audit trail."""
    choose(receipt=dict(receipt))
    try:
        facts = {name: fact for name, fact in receipt.items() if name in ("version", "rows_removed")}
        State.open(workspace_folder()).record(f"deleted {receipt['what']}", **facts)
    except StoreError:  # the bytes are gone all the same, and the receipt says so
        return


def receipts() -> None:
    """Draw the last receipt, in words and as a file."""
    receipt = choices().receipt
    if receipt is None:
        return
    text = current_text()
    removed = receipt["rows_removed"]
    when = moment(datetime.fromisoformat(receipt["at"]), text)
    st.success(
        text(f"page.upload.receipt.{receipt['what']}", when=when, rows=sum(removed.values()), **_number(receipt))
    )
    listed = " · ".join(
        text("page.upload.versions.rows", table=table_name(name, text), rows=rows)
        for name, rows in removed.items()
        if rows
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            text("page.upload.receipt.download"),
            json.dumps(receipt, ensure_ascii=False, indent=2),
            file_name="receipt.json",
            mime="application/json",
            on_click="ignore",
        )
        if listed:
            st.caption(listed, width="content")


def forget_form() -> None:
    """Draw the form that removes one customer from every version."""
    text = current_text()
    with st.expander(text("page.upload.forget.title")):
        st.caption(text("page.upload.forget.lead"))
        with st.form("forget-form", clear_on_submit=True, border=False):
            number, button = st.columns([3, 1], vertical_alignment="bottom")
            number.text_input(text("page.upload.target.customer_id"), key=_KEY, max_chars=200)
            sure = st.checkbox(text("page.upload.forget.sure"), key=f"{_KEY}-sure")
            pressed = button.form_submit_button(text("page.upload.forget.button"))
        if pressed and not sure:
            st.warning(text("page.upload.forget.confirm"))
        elif pressed and (customer := str(widgets()[_KEY]).strip()):
            _forget(customer)


def _forget(customer: str) -> None:
    text = current_text()
    try:
        with st.spinner(text("page.upload.forget.doing")):
            receipt = current_workspace().forget_customer(customer)
    except CxroiError as error:
        st.error(text.error(error, plain))
        return
    keep_receipt(
        {
            "what": "customer",
            "at": receipt.at.isoformat(timespec="seconds"),
            "rows_removed": dict(receipt.rows_removed),
            "versions_replaced": dict(receipt.versions_replaced),
        }
    )
    choose(compared=None, waiting=None, scenario=None, earlier=())
    st.rerun()


def _number(receipt: Mapping[str, Any]) -> dict[str, int]:
    return {"number": receipt["number"]} if "number" in receipt else {"versions": len(receipt["versions_replaced"])}
