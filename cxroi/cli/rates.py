"""The command about exchange rates: list them, or say what a unit of a currency is worth."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from cxroi.actions.person import at_the_terminal
from cxroi.actions.rates import TypedRate, drop_rates, keep_rates, rates_in_file, read_month, read_rates
from cxroi.cli.arguments import pairs, wrong_use
from cxroi.cli.layout import answer, workspace_of
from cxroi.errors import StoreError
from cxroi.money.currencies import is_code
from cxroi.store.state.state import State
from cxroi.text import Text
from cxroi.view.table import columns

COLUMNS = ("currency", "reporting", "from_month", "worth", "kind", "source")


def rates(choices: Namespace, text: Text) -> int:
    """Keep the rates that were given, forget those that were taken back, then list all."""
    to, month = (choices.to or "").upper(), read_month(choices.from_month or "")
    asked = bool(choices.set or choices.file or choices.drop)
    if (asked or to or choices.from_month) and not (asked and is_code(to)):
        wrong_use("rate")
    if month is None:
        wrong_use("rate_month")
    workspace, source = workspace_of(choices), choices.source or _typed(choices.file, text)
    given = [*_typed_in(choices, to, month, source), *_filed(choices, to, source)]
    dropped = [_known_code(code, to) for code in choices.drop]
    if given:
        keep_rates(workspace, given, who=at_the_terminal())
    for code in dropped:
        drop_rates(workspace, code, to, month or None, who=at_the_terminal())
    return _listed(choices, State.open(workspace.folder), text)


def _typed_in(choices: Namespace, to: str, month: str, source: str) -> tuple[TypedRate, ...]:
    """Return the rates of the line; one that cannot be meant is wrong use."""
    typed = {"reporting": to, "from_month": month, "kind": choices.kind or ""}
    rows = [{**typed, "currency": code, "worth": worth} for code, worth in pairs(choices.set, "--set")]
    try:
        return read_rates(rows, source)
    except StoreError as error:
        if error.id in ("rates.wrong_code", "rates.no_number"):
            wrong_use("rate")
        raise


def _filed(choices: Namespace, to: str, source: str) -> tuple[TypedRate, ...]:
    return rates_in_file(Path(choices.file), to, source, kind=choices.kind or "") if choices.file else ()


def _known_code(code: str, to: str) -> str:
    if not is_code(code := code.upper()) or code == to:
        wrong_use("rate")
    return code


def _typed(file: str | None, text: Text) -> str:
    if file:
        return Path(file).name
    who = at_the_terminal().name
    return text("rates.typed_by", who=who) if who else text("rates.typed")


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
    lines = columns([text(f"heading.{name}") for name in COLUMNS], rows) if rows else [text("rates.none")]
    answer(choices, {"rates": known}, lines)
    return 0


def _shown(name: str, value: str | None, text: Text) -> str:
    if name == "kind" and value:
        return text(f"rates.{value}")
    return value or "-"
