"""To forget a customer in every version, or a version, with a receipt that can be taken away; and to hand out what is kept of a customer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import streamlit as st

from cxroi.actions.versions import as_receipt, disclose_customer, forget_customer
from cxroi.errors import CxroiError
from cxroi.export.customer_file import NAME, customer_file
from cxroi.text import Text
from cxroi.text.plain import plain
from cxroi.ui.app.choices import choices, choose, widgets
from cxroi.ui.app.current import current_person, current_text, current_workspace
from cxroi.ui.app.work import drop_ended
from cxroi.view.data.upload import table_name, target_name

_KEY, _DISCLOSED = "forget-customer", "disclose-customer"


def receipts() -> None:
    """Draw the last receipt, in words and as a file."""
    receipt = choices().receipt
    if receipt is None:
        return
    text = current_text()
    removed = receipt["rows_removed"]
    when = text.moment(datetime.fromisoformat(receipt["at"]))
    rows, kept_out = sum(removed.values()), receipt.get("kept_out_removed", 0)
    told = [text(f"page.upload.receipt.{receipt['what']}", when=when, rows=rows + kept_out, **_number(receipt))]
    if kept_out:
        told.append(text("versions.receipt.kept_out", count=kept_out))
    st.success(" ".join(told))
    if receipt.get("mentions"):
        st.warning(_mentions(receipt["mentions"], text))
    if not receipt["recorded"]:
        st.warning(text("store.not_recorded"))
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


def _mentions(found: Mapping[str, int], text: Text) -> str:
    """Return where a forgotten customer is still named, in words: "Surveys, comment: 2"."""
    places = []
    for place, rows in found.items():
        table, _, column = place.partition(".")
        name = table_name(table, text)
        where = f"{name}, {target_name(column, text)}" if column else text("page.upload.versions.rejects", table=name)
        places.append(f"{where}: {text.number(rows)}")
    return f"{text('versions.receipt.mentions', count=sum(found.values()))} {' · '.join(places)}"


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
            done = forget_customer(current_workspace(), customer, who=current_person())
    except CxroiError as error:
        st.error(text.error(error, plain))
        return
    drop_ended()  # what was read from files that waited may show the customer
    choose(receipt=as_receipt(done), compared=None, waiting=None, scenario=None, earlier=())
    st.rerun()


def _number(receipt: Mapping[str, Any]) -> dict[str, int]:
    return {"number": receipt["number"]} if "number" in receipt else {"versions": len(receipt["versions_replaced"])}


def disclose_form() -> None:
    """Draw the form that gathers everything that is kept of one customer, and then the way to take it along."""
    text = current_text()
    with st.expander(text("page.upload.disclose.title")):
        st.caption(text("page.upload.disclose.lead"))
        with st.form("disclose-form", clear_on_submit=True, border=False):
            number, button = st.columns([3, 1], vertical_alignment="bottom")
            number.text_input(text("page.upload.target.customer_id"), key=_DISCLOSED, max_chars=200)
            pressed = button.form_submit_button(text("page.upload.disclose.button"))
        if pressed and (customer := str(widgets()[_DISCLOSED]).strip()):
            _disclose(customer, text)


def _disclose(customer: str, text: Text) -> None:
    try:
        with st.spinner(text("page.upload.disclose.doing")):
            found = disclose_customer(current_workspace(), customer, who=current_person())
    except CxroiError as error:
        st.error(text.error(error, plain))
        return
    held = (*found.tables.values(), *found.set_aside.values())
    st.markdown(text("page.upload.disclose.found", count=sum(map(len, held))))
    st.download_button(
        text("page.upload.disclose.download"),
        data=customer_file(found),
        file_name=NAME,
        mime="application/zip",
        key="disclosed-file",
        on_click="ignore",
    )
