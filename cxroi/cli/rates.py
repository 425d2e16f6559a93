"""The command about exchange rates: list them, or say what a unit of a currency is worth."""

from __future__ import annotations

import csv
import re
from argparse import Namespace
from decimal import Decimal, InvalidOperation
from pathlib import Path

from cxroi.cli.arguments import pairs, wrong_use
from cxroi.cli.shared import answer, columns, who, workspace_of
from cxroi.errors import UploadError
from cxroi.store.state import KINDS, State
from cxroi.text import Text

_CODE = re.compile(r"[A-Z]{3}", re.ASCII)
_MONTH = re.compile(r"(?:19|20)\d\d-(?:0[1-9]|1[0-2])", re.ASCII)
_HEADINGS = {
    "currency": {"currency", "code", "العملة", "عملة"},
    "rate": {"rate", "worth", "exchange rate", "السعر", "سعر الصرف"},
    "from": {"from", "from month", "from_month", "month", "date", "الشهر", "من شهر"},
    "kind": {"kind", "النوع"},
}
COLUMNS = ("currency", "reporting", "from_month", "worth", "kind", "source")


def rates(choices: Namespace, text: Text) -> int:
    """Keep the rates that were given, forget those that were taken back, then list all."""
    to, month, kind = (choices.to or "").upper(), choices.from_month or "", choices.kind or ""
    given = [(code.upper(), _number(worth), month, kind) for code, worth in pairs(choices.set, "--set")]
    given += _in_file(Path(choices.file), kind) if choices.file else []
    dropped = [code.upper() for code in choices.drop]
    if (given or dropped or to or month) and not ((given or dropped) and _CODE.fullmatch(to)):
        wrong_use("rate")
    if any(not _CODE.fullmatch(code) or code == to for code in (*dropped, *(code for code, *_ in given))):
        wrong_use("rate")
    if month and not _MONTH.fullmatch(month):
        wrong_use("rate_month")
    state = State.open(workspace_of(choices).folder)
    source = choices.source or _typed(choices.file, text)
    for code, worth, since, which in given:
        state.set_rate(code, to, worth, source=source, from_month=since, kind=which)
        facts = {"currency": code, "reporting": to, "worth": str(worth), "from_month": since, "source": source}
        state.record("rate", who=who(), **facts)
    for code in dropped:
        count = state.forget_rate(code, to, month or None)
        state.record("rate dropped", who=who(), currency=code, reporting=to, from_month=month, rates=count)
    return _listed(choices, state, text)


def _typed(file: str | None, text: Text) -> str:
    if file:
        return Path(file).name
    return text("cli.rates.typed_by", who=who()) if who() else text("cli.rates.typed")


def _in_file(path: Path, kind: str) -> list[tuple[str, Decimal, str, str]]:
    """Return the rates of a CSV file with the columns currency and rate, and perhaps from (a month) and kind; all or none."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            head, *rows = list(csv.reader(file)) or [[]]
    except (OSError, UnicodeDecodeError) as error:
        raise UploadError("cli.no_such_file", file=str(path)) from error
    heads = [next((name for name, words in _HEADINGS.items() if h.strip().casefold() in words), "") for h in head]
    if not {"currency", "rate"} <= set(heads):
        raise UploadError("cli.rates.columns", file=path.name, found=", ".join(head)[:200])
    found = []
    for number, row in enumerate(rows, start=2):
        cells = {name: cell.strip() for name, cell in zip(heads, row, strict=False) if name}
        if not any(cells.values()):
            continue
        code, month = cells.get("currency", "").upper(), cells.get("from", "")[:7]
        which = cells.get("kind", "").lower() or kind
        rate = _worth(cells.get("rate", ""))
        if rate is None or not _CODE.fullmatch(code) or (month and not _MONTH.fullmatch(month)) or which not in KINDS:
            raise UploadError("cli.rates.row", file=path.name, row=number, found=", ".join(row)[:100])
        found.append((code, rate, month, which))
    return found


def _worth(words: str) -> Decimal | None:
    try:
        worth = Decimal(words)
    except InvalidOperation:
        return None
    return worth if worth.is_finite() and worth > 0 else None


def _listed(choices: Namespace, state: State, text: Text) -> int:
    known = [
        {
            "currency": rate.currency,
            "reporting": rate.reporting,
            "from_month": rate.from_month or None,
            "worth": f"{rate.worth:f}",
            "kind": rate.kind or None,
            "source": rate.source,
            "saved_at": rate.saved_at.isoformat(),
        }
        for rate in state.known_rates()
    ]
    rows = [[_shown(name, rate[name], text) for name in COLUMNS] for rate in known]
    lines = columns([text(f"cli.heading.{name}") for name in COLUMNS], rows) if rows else [text("cli.rates.none")]
    answer(choices, {"rates": known}, lines)
    return 0


def _shown(name: str, value: str | None, text: Text) -> str:
    if name == "kind" and value:
        return text(f"cli.rates.{value}")
    return value or "-"


def _number(words: str) -> Decimal:
    try:
        return Decimal(words)
    except InvalidOperation:
        wrong_use("rate")
