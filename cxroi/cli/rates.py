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
COLUMNS = ("currency", "reporting", "worth", "source")


def rates(choices: Namespace, text: Text) -> int:
    """Keep the rates that were given, then list all."""
    given = [(code.upper(), _number(worth)) for code, worth in pairs(choices.set, "--set")]
    to = (choices.to or "").upper()
    if (given or to) and not (given and _CODE.fullmatch(to)):
        wrong_use("rate")
    if any(not _CODE.fullmatch(code) or code == to for code, _ in given):
        wrong_use("rate")
    state = State.open(workspace_of(choices).folder)
    source = choices.source or (text("cli.rates.typed_by", who=who()) if who() else text("cli.rates.typed"))
    for code, worth in given:
        state.set_rate(code, to, worth, source=source)
        state.record("rate", who=who(), currency=code, reporting=to, worth=str(worth), source=source)
    known = state.known_rates()
    facts = [
        {
            "currency": rate.currency,
            "reporting": rate.reporting,
            "worth": f"{rate.worth:f}",
            "source": rate.source,
            "saved_at": rate.saved_at.isoformat(),
        }
        for rate in known
    ]
    rows = [[str(fact[name]) for name in COLUMNS] for fact in facts]
    lines = columns([text(f"cli.heading.{name}") for name in COLUMNS], rows) if rows else [text("cli.rates.none")]
    answer(choices, {"rates": facts}, lines)
    return 0


def _number(words: str) -> Decimal:
    try:
        return Decimal(words)
    except InvalidOperation:
        wrong_use("rate")
