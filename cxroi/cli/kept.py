"""Commands about what a workspace keeps for the next load: ledger rules, division of shared costs, remembered mappings."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence

from cxroi.cli.arguments import pairs, wrong_use
from cxroi.cli.shared import answer, columns, who, workspace_of
from cxroi.errors import StoreError
from cxroi.store.spend_in_support import SpendInSupport
from cxroi.store.state import State
from cxroi.tables import DECISIONS, TABLES
from cxroi.text import Text
from cxroi.text.typed import plain_digits, typed_number

Rule = tuple[str, str, str]
_SHORT = 12  # letters of a header's fingerprint that tell it from the others


def rules(choices: Namespace, text: Text) -> int:
    """List the rules that choose the CX lines of a ledger, add some behind them, take one away, or forget all."""
    state = State.open(workspace_of(choices).folder)
    kept = () if choices.clear else state.ledger_rules()
    if choices.remove is not None:
        if not 1 <= choices.remove <= len(kept):
            wrong_use("rule_number", number=choices.remove, count=len(kept))
        kept = kept[: choices.remove - 1] + kept[choices.remove :]
    kept += ledger_rules(choices.rules or ())
    if kept != state.ledger_rules():
        state.set_ledger_rules(kept)
        state.record("ledger_rules", who=who(), rules=kept)
    facts = [{"column": column, "contains": contains, "decision": decision} for column, contains, decision in kept]
    lines = [
        f"{place}. {text(f'cli.rules.{decision}', column=column, contains=contains)}"
        for place, (column, contains, decision) in enumerate(kept, 1)
    ]
    answer(choices, {"rules": facts}, lines or [text("cli.rules.none")])
    return 0


def ledger_rules(given: Sequence[tuple[str, str]]) -> tuple[Rule, ...]:
    """Return the rules in the order they were typed, since the first that fits decides; a column must be a ledger's."""
    flag = {decision: f"--{decision.replace('_', '-')}-rule" for decision in DECISIONS}
    known = [c.name for c in TABLES["costs"].columns]
    found = []
    for says, one in given:
        ((column, contains),) = pairs([one], flag[says])
        if column not in known or not contains:
            wrong_use("rule", option=flag[says], given=one, columns=", ".join(known))
        found.append((column, contains, says))
    return tuple(found)


def shares(choices: Namespace, text: Text) -> int:
    """Say how shared cost lines are divided, and list the shares that were given."""
    state = State.open(workspace_of(choices).folder)
    given = {segment: _number(share) for segment, share in pairs(choices.set, "--set")}
    if choices.clear and given:
        wrong_use("share")
    if given or choices.clear:
        state.set_shares(choices.initiative, given)
        state.record("shares", who=who(), initiative=choices.initiative, shares=given)
    if choices.rule or given:
        state.share_out(choices.rule or "shares")
        state.record("shared_costs", who=who(), rule=choices.rule or "shares")
    kept = state.allocation()
    parts = [
        (initiative, segment, share, share / sum(own.values()))
        for initiative, own in kept.shares.items()
        for segment, share in own.items()
    ]
    listed = [
        {"initiative": initiative or None, "segment": segment, "share": share, "part": part}
        for initiative, segment, share, part in parts
    ]
    heading = [text(f"cli.heading.{name}") for name in ("segment", "part", "initiative")]
    rows = [
        [segment, text.percent(part), initiative or text("cli.shares.every")] for initiative, segment, _, part in parts
    ]
    lines = [text(f"cli.shares.{kept.rule}"), *(["", *columns(heading, rows)] if rows else [])]
    answer(choices, {"rule": kept.rule, "shares": listed}, lines)
    return 0


def in_support(choices: Namespace, text: Text) -> int:
    """Say how much of the CX spend is booked in support cost too, or that the question is to be asked again."""
    state = State.open(workspace_of(choices).folder)
    if choices.set is not None and choices.clear:
        wrong_use("in_support", given=choices.set)
    if choices.set is not None or choices.clear:
        keep_in_support(state, SpendInSupport() if choices.clear else said_in_support(choices.set))
    kept = state.spend_in_support()
    share, amount = kept.share or None, kept.amount_a_month or None
    words = text(
        f"cli.in_support.{kept.answer or 'open'}",
        share=text.percent(kept.share),
        amount=text.number(kept.amount_a_month),
    )
    answer(choices, {"answer": kept.answer, "share": share, "amount_a_month": amount}, [words])
    return 0


def said_in_support(words: str) -> SpendInSupport:
    """Return what was typed: none, unknown, a share such as 15%, or an amount of the whole company a month."""
    plain = plain_digits(words).casefold()
    if plain in ("none", "unknown"):
        return SpendInSupport(answer={"none": "no"}.get(plain, plain))
    try:
        if plain.endswith("%"):
            return SpendInSupport(answer="share", share=typed_number(plain[:-1]) / 100)
        amount = typed_number(plain)
        if amount <= 1:  # 0.15 may be meant as a share
            raise ValueError
        return SpendInSupport(answer="amount", amount_a_month=amount)
    except (ValueError, StoreError):
        wrong_use("in_support", given=words)


def keep_in_support(state: State, said: SpendInSupport) -> None:
    """Keep an answer, and that it was given."""
    state.keep_spend_in_support(said)
    facts = {"answer": said.answer, "share": said.share, "amount_a_month": said.amount_a_month}
    state.record("spend_in_support", who=who(), **facts)


def mappings(choices: Namespace, text: Text) -> int:
    """List the remembered mappings, or forget one or all."""
    state = State.open(workspace_of(choices).folder)
    if choices.forget and not any(one.fingerprint.startswith(choices.forget) for one in state.mappings()):
        wrong_use("mapping", header=choices.forget)
    for one in state.mappings():
        if choices.clear or (choices.forget and one.fingerprint.startswith(choices.forget)):
            state.forget_mappings(one.fingerprint)
    kept = state.mappings()
    facts = [
        {
            "header": one.fingerprint[:_SHORT],
            "table": one.table,
            "columns": dict(one.columns),
            "saved_at": one.saved_at.isoformat(),
        }
        for one in kept
    ]
    rows = [
        [one.fingerprint[:_SHORT], one.table, ", ".join(f"{c} = {h or '-'}" for c, h in one.columns.items())]
        for one in kept
    ]
    heading = [text(f"cli.heading.{name}") for name in ("header", "table", "columns")]
    answer(choices, {"mappings": facts}, columns(heading, rows) if rows else [text("cli.mappings.none")])
    return 0


def _number(words: str) -> float:
    try:
        share = typed_number(plain_digits(words).removesuffix("%"))
    except ValueError:
        wrong_use("share")
    if not 0 <= share < float("inf"):
        wrong_use("share")
    return share
