"""What a file leaves open and only a person can answer, each with the control that answers it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import streamlit as st

from cxroi.intake.columns.conventions import CALENDAR
from cxroi.intake.report import Finding, IntakeRequest
from cxroi.money.currencies import codes, written_codes
from cxroi.tables import Column
from cxroi.text.plain import plain, shown
from cxroi.text.typed import plain_digits
from cxroi.ui.app.choices import widgets
from cxroi.ui.app.current import current_text
from cxroi.ui.data.answers import answers_form

ENCODINGS = (
    "utf-8",
    "windows-1256",
    "windows-1252",
    "windows-1250",
    "windows-1253",
    "windows-1251",
    "windows-1254",
    "latin-1",
    "utf-16",
)
Take = Callable[..., None]
_CHOICES = {
    "decimal": {",": "comma", ".": "point"},
    "date_order": {order: order for order in ("dmy", "mdy", "ymd")},
    "metric": {metric: metric for metric in ("nps", "csat", "ces")},
    "amounts_in": {unit: unit for unit in ("units", "thousands", "millions")},
}


def question(finding: Finding, request: IntakeRequest, id: str, take: Take) -> None:
    """Draw the control for one open question; `take(**answer)` is called with what the person says."""
    kind = finding.id.removeprefix("finding.")
    if kind.startswith("decimal"):
        _choice("decimal", request.decimal, id, take)
    elif kind.startswith("date_order"):
        _choice("date_order", request.date_order, id, take)
    elif kind == "header.magnitude":
        _choice("amounts_in", request.amounts_in, id, take)
    elif kind == "metric_unclear":
        _choice("metric", request.metric, id, take)
    elif kind == "hijri_unclear":
        key = f"hijri-{id}"
        st.checkbox(
            current_text()("page.upload.answer.hijri"),
            key=key,
            on_change=lambda: take(calendar="hijri" if widgets()[key] else "gregorian"),
        )
    elif kind in ("as_of_unclear", "header.year_unknown"):
        _day(request.as_of, id, take)
    elif kind == "left_undated":
        _day(request.as_of, id, take)
        _leavers(request, id, take)
    elif kind == "sheet.choice":
        st.button(current_text()("page.upload.answer.stack"), key=f"stack-{id}", on_click=take, kwargs={"sheet": "all"})
    elif kind == "side_by_side":
        _one_table(finding, id, take)
    elif kind in ("currency_unclear", "currency_unknown", "currency_read"):
        _currency_word(finding, request, id, take)
    elif kind == "currencies_mixed":
        _rates(finding, request, id, take)
    elif kind.startswith("answers_"):
        answers_form(finding, request, id, take)
    elif kind.startswith("left_unknown"):
        _leaving(finding, id, take)
    elif kind.startswith("encoding"):
        _encoding(request, id, take)


def constant(column: Column, said: str, id: str, take: Take) -> None:
    """Draw the box for what a column that the file lacks is in every row; `take(column=value)`, None where it is emptied."""
    key = f"constant-{id}-{column.name}"
    words = current_text()(f"page.upload.target.{column.name}")
    st.text_input(
        current_text()("page.upload.answer.constant", column=words),
        value=said,
        max_chars=60,
        placeholder="2025-03" if column.kind in CALENDAR else ", ".join(column.choices) or None,
        key=key,
        on_change=lambda: take(**{column.name: str(widgets()[key]).strip() or None}),
    )


def _choice(field: str, said: str | None, id: str, take: Take) -> None:
    text, key, options = current_text(), f"{field}-{id}", _CHOICES[field]
    values = list(options)
    st.radio(
        text(f"page.upload.answer.{field}"),
        values,
        index=values.index(said) if said in values else None,
        format_func=lambda value: text(f"page.upload.answer.{options[value]}"),
        key=key,
        on_change=lambda: take(**{field: widgets()[key]}),
        horizontal=True,
    )


def _day(said: str | None, id: str, take: Take) -> None:
    key = f"as-of-{id}"

    def changed() -> None:
        day = widgets()[key]
        take(as_of=day.isoformat() if day else None)

    st.date_input(
        current_text()("page.upload.answer.as_of"),
        value=date.fromisoformat(said) if said else None,
        format="YYYY-MM-DD",
        key=key,
        on_change=changed,
    )


def _leavers(request: IntakeRequest, id: str, take: Take) -> None:
    key = f"left-{id}"
    st.checkbox(
        current_text()("page.upload.answer.left_in_month"),
        value=request.left_in_month,
        key=key,
        on_change=lambda: take(left_in_month=bool(widgets()[key])),
    )


def _one_table(finding: Finding, id: str, take: Take) -> None:
    """Offer each of two tables that stand side by side, by the columns that it is read from."""
    for table, targets in (("one", "targets"), ("other", "other_targets")):
        headings = finding.facts[table].split(", ")
        st.button(
            current_text()("page.upload.answer.one_table", columns=plain(finding.facts[table])),
            key=f"beside-{table}-{id}",
            on_click=take,
            kwargs={"mapping": tuple(zip(finding.facts[targets].split(", "), headings, strict=False))},
        )


def _leaving(finding: Finding, id: str, take: Take) -> None:
    """Ask which column says when a customer left; that none does and nobody has left is an answer as well."""
    text, key, nobody = current_text(), f"left-on-{id}", ""

    def changed() -> None:
        heading = widgets()[key]
        take(**({"left_on": heading} if heading else {"nobody_left": heading == nobody}))

    st.radio(
        text("page.upload.leaving.column"),
        [*(heading for heading in finding.facts.get("columns", "").split(", ") if heading), nobody],
        index=None,
        format_func=lambda heading: plain(heading, 60) if heading else text("page.upload.leaving.nobody"),
        key=key,
        on_change=changed,
        label_visibility="collapsed",
    )


def _currency_word(finding: Finding, request: IntakeRequest, id: str, take: Take) -> None:
    """Ask which currency a word means: first those that it may mean, then every other; what it was read as can be changed."""
    text, key, word = current_text(), f"word-{id}", finding.facts["word"]
    likely = [code for code in finding.facts.get("choices", "").split(", ") if code]
    read = finding.facts.get("currency")
    options = list(dict.fromkeys([*([read] if read else ()), *likely, *written_codes(), *sorted(codes())]))
    others = tuple(pair for pair in request.currency_words if pair[0] != word)
    st.selectbox(
        text("page.upload.answer.currency_word", word=plain(word)),
        options,
        index=0 if read else None,
        format_func=text.currency_name,
        placeholder=text("page.upload.choose"),
        key=key,
        on_change=lambda: take(currency_words=(*others, (word, widgets()[key]))),
    )


def _rates(finding: Finding, request: IntakeRequest, id: str, take: Take) -> None:
    """Ask for the currency to count in, then for what one unit of each other currency is worth in it."""
    text, key = current_text(), f"base-{id}"
    named = [code.strip() for code in finding.facts.get("currencies", "").split(",") if code.strip()]
    st.selectbox(
        text("page.upload.currency"),
        named,
        index=named.index(request.currency) if request.currency in named else None,
        format_func=shown,
        key=key,
        on_change=lambda: take(currency=widgets()[key], rates=()),
    )
    given: dict[str, Any] = dict(request.rates)
    for code in named if request.currency else ():
        if code == request.currency:
            continue

        def changed(code: str = code) -> None:
            rate = plain_digits(str(widgets()[f"rate-{code}-{id}"]))
            take(rates=tuple({**given, code: rate}.items()) if rate else tuple(given.items()))

        st.text_input(
            text("page.upload.answer.rate", currency=plain(code)),
            value=given.get(code, ""),
            max_chars=25,
            key=f"rate-{code}-{id}",
            on_change=changed,
        )


def _encoding(request: IntakeRequest, id: str, take: Take) -> None:
    key = f"encoding-{id}"
    st.selectbox(
        current_text()("page.upload.answer.encoding"),
        ENCODINGS,
        index=ENCODINGS.index(request.encoding) if request.encoding in ENCODINGS else None,
        key=key,
        on_change=lambda: take(encoding=widgets()[key]),
    )
