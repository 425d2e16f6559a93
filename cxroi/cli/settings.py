"""Commands about what a workspace keeps for the next load: ledger rules, division of shared costs, remembered mappings."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence

from cxroi.actions.in_support import say_in_support
from cxroi.actions.mappings import forget_mappings
from cxroi.actions.money_said import say_money
from cxroi.actions.person import at_the_terminal
from cxroi.actions.recount import recount
from cxroi.actions.rules import change_rules
from cxroi.actions.shares import set_shares, share_out
from cxroi.cli.arguments import pairs, wrong_use
from cxroi.cli.layout import answer, workspace_of
from cxroi.errors import StoreError
from cxroi.questions.cx_part import part_that_is_cx
from cxroi.store.panel.money_said import MoneySaid
from cxroi.store.panel.spend_in_support import SpendInSupport
from cxroi.store.state.state import State
from cxroi.tables import DECISIONS, TABLES, LedgerRule
from cxroi.text import Text
from cxroi.text.typed import plain_digits, typed_number, typed_percent
from cxroi.view.data.cx_lines import rule_words
from cxroi.view.figure import cx_part_words
from cxroi.view.table import columns

_SHORT = 12  # letters of a header's fingerprint that tell it from the others


def rules(choices: Namespace, text: Text) -> int:
    """List the rules that choose the CX lines of a ledger, add some behind them, take one away, or forget all."""
    workspace = workspace_of(choices)
    kept, added = State.open(workspace.folder).ledger_rules(), ledger_rules(choices.rules or ())
    removed = kept if choices.clear else ()
    if choices.remove is not None:
        stays = len(kept) - len(removed)
        if not 1 <= choices.remove <= stays:
            wrong_use("rule_number", number=choices.remove, count=stays)
        removed = kept[choices.remove - 1 : choices.remove]
    if removed or added:
        kept = change_rules(workspace, who=at_the_terminal(), add=added, remove=removed)
        recount(workspace, who=at_the_terminal())
    facts = [{"column": column, "contains": contains, "decision": decision} for column, contains, decision in kept]
    lines = [f"{place}. {rule_words(rule, text)}" for place, rule in enumerate(kept, 1)]
    current = workspace.current()
    part = None if current is None else part_that_is_cx(current)
    counted = (
        None if part is None else {"amount": str(part.amount), "of": str(part.of), "currency": part.currency or None}
    )
    words = [*(lines or [text("rules.none")]), *cx_part_words(part, text)]
    answer(choices, {"rules": facts, "counted": counted}, words)
    return 0


def ledger_rules(given: Sequence[tuple[str, str]]) -> tuple[LedgerRule, ...]:
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
    workspace = workspace_of(choices)
    given = {segment: _number(share) for segment, share in pairs(choices.set, "--set")}
    if choices.clear and given:
        wrong_use("share")
    if given or choices.clear:
        set_shares(workspace, choices.initiative, given, who=at_the_terminal())
    if choices.rule or given:
        share_out(workspace, choices.rule or "shares", who=at_the_terminal())
    kept = State.open(workspace.folder).allocation()
    parts = [
        (initiative, segment, share, share / sum(own.values()))
        for initiative, own in kept.shares.items()
        for segment, share in own.items()
    ]
    listed = [
        {"initiative": initiative or None, "segment": segment, "share": share, "part": part}
        for initiative, segment, share, part in parts
    ]
    heading = [text(f"heading.{name}") for name in ("segment", "part", "initiative")]
    rows = [[segment, text.percent(part), initiative or text("shares.every")] for initiative, segment, _, part in parts]
    lines = [text(f"shares.{kept.rule}"), *(["", *columns(heading, rows)] if rows else [])]
    answer(choices, {"rule": kept.rule, "shares": listed}, lines)
    return 0


def in_support(choices: Namespace, text: Text) -> int:
    """Say how much of the CX spend is booked in support cost too, or that the question is to be asked again."""
    workspace = workspace_of(choices)
    if choices.set is not None and choices.clear:
        wrong_use("in_support", given=choices.set)
    if choices.set is not None or choices.clear:
        said = SpendInSupport() if choices.clear else said_in_support(choices.set)
        say_in_support(workspace, said, who=at_the_terminal())
    kept = State.open(workspace.folder).spend_in_support()
    share, amount = kept.share or None, kept.amount_a_month or None
    words = text(
        f"cli.in_support.{kept.answer or 'open'}",
        share=text.percent(kept.share),
        amount=text.number(kept.amount_a_month),
    )
    answer(choices, {"answer": kept.answer, "share": share, "amount_a_month": amount}, [words])
    return 0


def money(choices: Namespace, text: Text) -> int:
    """Say in which currency data count that name none, and how much of revenue is margin where they do not tell."""
    workspace, given = workspace_of(choices), (choices.currency, choices.margin)
    if any(given) and choices.clear:
        wrong_use("money", given=given[0] or given[1])
    kept = State.open(workspace.folder).money_said()
    if any(given) or choices.clear:
        kept = MoneySaid() if choices.clear else _said_of_money(*given, kept)
        say_money(workspace, kept, who=at_the_terminal())
    rate, words = kept.margin_rate, []
    words.append(text("cli.money.currency", currency=kept.currency) if kept.currency else text("cli.money.no_currency"))
    unknown = "store.note.margin_unknown" if kept.margin_unknown else "cli.money.no_margin"
    words.append(text("cli.money.margin", share=text.percent(rate)) if rate else text(unknown))
    facts = {"currency": kept.currency or None, "margin_rate": rate, "margin_unknown": kept.margin_unknown}
    answer(choices, facts, words)
    return 0


def _said_of_money(currency: str | None, margin: str | None, kept: MoneySaid) -> MoneySaid:
    currency = kept.currency if currency is None else currency.strip().upper()
    try:
        if margin is not None and margin.strip().casefold() == "unknown":
            return MoneySaid(currency=currency, margin_unknown=True)
        rate = kept.margin_rate if margin is None else typed_percent(margin) / (1 if _is_share(margin) else 100)
        return MoneySaid(currency=currency, margin_rate=rate, margin_unknown=rate is None and kept.margin_unknown)
    except (ValueError, StoreError):
        wrong_use("money", given=currency if margin is None else margin)


def _is_share(words: str) -> bool:
    """Return whether 0.6 is meant and not 60%."""
    return "%" not in plain_digits(words) and typed_percent(words) <= 1


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


def mappings(choices: Namespace, text: Text) -> int:
    """List the remembered mappings, or forget one or all."""
    workspace = workspace_of(choices)
    known = [one.fingerprint for one in State.open(workspace.folder).mappings()]
    named = [header for header in known if choices.forget and header.startswith(choices.forget)]
    if choices.forget and not named:
        wrong_use("mapping", header=choices.forget)
    if choices.clear or named:
        forget_mappings(workspace, None if choices.clear else named, who=at_the_terminal())
    kept = State.open(workspace.folder).mappings()
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
    heading = [text(f"heading.{name}") for name in ("header", "table", "columns")]
    answer(choices, {"mappings": facts}, columns(heading, rows) if rows else [text("mappings.none")])
    return 0


def _number(words: str) -> float:
    try:
        share = typed_number(plain_digits(words).removesuffix("%"))
    except ValueError:
        wrong_use("share")
    if not 0 <= share < float("inf"):
        wrong_use("share")
    return share
