"""Exchange rates as a table that can be typed in or pasted from a workbook, checked row by row before anything is kept."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

import pandas as pd
import streamlit as st

from cxroi.errors import StoreError
from cxroi.store.kept import Rate
from cxroi.store.state import KINDS, State
from cxroi.text import Text
from cxroi.text.plain import plain
from cxroi.ui.current import current_text, workspace_folder

COLUMNS = ("currency", "reporting", "worth", "from_month", "kind", "source")
_CODE = re.compile(r"[A-Z]{3}", re.ASCII)
_MONTH = re.compile(r"((19|20)\d\d-(0[1-9]|1[0-2]))?", re.ASCII)
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩٫", "0123456789.")


@dataclass(frozen=True, kw_only=True)
class TypedRate:
    """One row of the table, read and found right."""

    currency: str
    reporting: str
    worth: Decimal
    from_month: str
    kind: str
    source: str

    @property
    def key(self) -> tuple[str, str, str]:
        """Return what no two rows may share."""
        return self.currency, self.reporting, self.from_month


def rates_form() -> None:
    """Draw the rates that are kept, to be changed in place, and the button that keeps the changes."""
    text, state = current_text(), State.open(workspace_folder())
    known = state.known_rates()
    st.caption(text("page.upload.rates.lead"))
    edited = st.data_editor(
        pd.DataFrame(
            [[str(getattr(rate, name)) for name in COLUMNS] for rate in known], columns=list(COLUMNS), dtype=str
        ),
        num_rows="dynamic",
        hide_index=True,
        width="stretch",
        column_order=COLUMNS if text.direction == "ltr" else COLUMNS[::-1],  # the grid itself does not turn
        column_config=_columns(text),
        key=f"rates-{hash(known)}",  # what was edited belongs to the rates it was edited on
    )
    if st.button(text("page.upload.rates.save"), key="rates-save"):
        rows = edited.astype(object).where(edited.notna(), "").to_dict("records")
        try:
            _keep(state, known, read_rates(rows, text("cli.rates.typed")))
        except StoreError as error:
            st.error(text.error(error, plain))
        else:
            st.rerun()


def read_rates(rows: Sequence[Mapping[str, Any]], typed: str) -> tuple[TypedRate, ...]:
    """Return the rates that rows of text say; rows without a word are passed over, `typed` is the source of the unsaid.

    >>> read_rates([{"currency": "eur", "reporting": "SAR", "worth": "٤٫٠٥"}], "typed in")[0].worth
    Decimal('4.05')

    Raises StoreError with the number of the first row that is wrong.
    """
    found: dict[tuple[str, str, str], TypedRate] = {}
    for number, row in enumerate(rows, 1):
        cell = {name: str(row.get(name) or "").strip() for name in COLUMNS}
        if not any(cell.values()):
            continue
        codes = [cell[name].upper() for name in ("currency", "reporting")]
        if not all(map(_CODE.fullmatch, codes)) or codes[0] == codes[1]:
            raise StoreError("page.upload.rates.wrong_code", row=number)
        if not _MONTH.fullmatch(month := cell["from_month"].translate(_DIGITS)):
            raise StoreError("page.upload.rates.wrong_month", row=number)
        kind = cell["kind"] if cell["kind"] in KINDS else ""
        rate = TypedRate(
            currency=codes[0],
            reporting=codes[1],
            worth=_worth(cell["worth"], number),
            from_month=month,
            kind=kind,
            source=cell["source"] or typed,
        )
        if rate.key in found:
            raise StoreError("page.upload.rates.twice", row=number)
        found[rate.key] = rate
    return tuple(found.values())


def _worth(words: str, row: int) -> Decimal:
    plain_words = words.translate(_DIGITS)
    if "." not in plain_words and plain_words.count(",") == 1:
        plain_words = plain_words.replace(",", ".")
    try:
        worth = Decimal(plain_words)
    except InvalidOperation:
        worth = Decimal(0)
    if not worth.is_finite() or worth <= 0:
        raise StoreError("page.upload.rates.wrong_worth", row=row, worth=words)
    return worth


def _keep(state: State, known: Sequence[Rate], wanted: Sequence[TypedRate]) -> None:
    before = {rate.key: rate for rate in map(_typed, known)}
    for key in before.keys() - {rate.key for rate in wanted}:
        state.forget_rate(*key)
        state.record("rate dropped", currency=key[0], reporting=key[1], from_month=key[2], rates=1)
    for rate in wanted:
        if before.get(rate.key) != rate:
            state.set_rate(
                rate.currency,
                rate.reporting,
                rate.worth,
                source=rate.source,
                from_month=rate.from_month,
                kind=rate.kind,
            )
            state.record("rate", **{name: str(getattr(rate, name)) for name in COLUMNS})


def _typed(rate: Rate) -> TypedRate:
    return TypedRate(**{name: getattr(rate, name) for name in COLUMNS})


def _columns(text: Text) -> dict[str, Any]:
    words = {name: text(f"page.upload.rates.{name}") for name in COLUMNS}
    kinds = {"": "–", **{kind: text(f"cli.rates.{kind}") for kind in KINDS if kind}}
    columns = {name: st.column_config.TextColumn(words[name], max_chars=200) for name in COLUMNS}
    columns["kind"] = st.column_config.SelectboxColumn(
        words["kind"], options=list(KINDS), format_func=kinds.__getitem__
    )
    return columns
