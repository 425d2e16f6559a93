"""The command about exchange rates: list them, or say what a unit of a currency is worth."""

from __future__ import annotations

import re
from argparse import Namespace
from decimal import Decimal, InvalidOperation

from cxroi.cli.arguments import pairs, wrong_use
from cxroi.cli.shared import answer, columns, who, workspace_of
from cxroi.store.state import State
from cxroi.text import Text

_CODE = re.compile(r"[A-Z]{3}", re.ASCII)
_MONTH = re.compile(r"(?:19|20)\d\d-(?:0[1-9]|1[0-2])", re.ASCII)
COLUMNS = ("currency", "reporting", "from_month", "worth", "kind", "source")


def rates(choices: Namespace, text: Text) -> int:
    """Keep the rates that were given, forget those that were taken back, then list all."""
    given = [(code.upper(), _number(worth)) for code, worth in pairs(choices.set, "--set")]
    dropped = [code.upper() for code in choices.drop]
    to, month = (choices.to or "").upper(), choices.from_month or ""
    if (given or dropped or to or month) and not ((given or dropped) and _CODE.fullmatch(to)):
        wrong_use("rate")
    if any(not _CODE.fullmatch(code) or code == to for code in (*dropped, *(code for code, _ in given))):
        wrong_use("rate")
    if month and not _MONTH.fullmatch(month):
        wrong_use("rate_month")
    state = State.open(workspace_of(choices).folder)
    source = choices.source or (text("cli.rates.typed_by", who=who()) if who() else text("cli.rates.typed"))
    for code, worth in given:
        state.set_rate(code, to, worth, source=source, from_month=month, kind=choices.kind or "")
        facts = {"currency": code, "reporting": to, "worth": str(worth), "from_month": month, "source": source}
        state.record("rate", who=who(), **facts)
    for code in dropped:
        count = state.forget_rate(code, to, month or None)
        state.record("rate dropped", who=who(), currency=code, reporting=to, from_month=month, rates=count)
    return _listed(choices, state, text)


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
