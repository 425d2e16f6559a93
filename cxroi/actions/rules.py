"""The rules that choose the customer experience lines of a ledger."""

from __future__ import annotations

from collections.abc import Sequence

from cxroi.access.roles import FINANCE
from cxroi.actions.person import Person, needs
from cxroi.actions.trail import Trail
from cxroi.errors import StoreError
from cxroi.intake.settle.ledger import in_order, only_name
from cxroi.store.versions.workspace import Workspace
from cxroi.tables import DECISIONS, EVERY_LINE, TABLES, LedgerRule


@needs(FINANCE)
def change_rules(
    workspace: Workspace, *, who: Person, add: Sequence[LedgerRule] = (), remove: Sequence[LedgerRule] = ()
) -> tuple[LedgerRule, ...]:
    """Take rules away, put others behind those that stay, and return all; one that is not there any more is passed over.

    Raises StoreError for a rule on a column that no ledger has, without a text, or that decides nothing.
    """
    trail = Trail.open(workspace, who)
    kept = list(trail.state.ledger_rules())
    for rule in remove:
        if rule in kept:
            kept.remove(rule)
    return _keep(trail, (*kept, *add))


@needs(FINANCE)
def replace_rules(workspace: Workspace, rules: Sequence[LedgerRule], *, who: Person) -> tuple[LedgerRule, ...]:
    """Keep these rules in place of all others; raises StoreError as `change_rules` does."""
    return _keep(Trail.open(workspace, who), tuple(rules))


def kept_after(
    before: Sequence[LedgerRule], given: Sequence[LedgerRule], said: Sequence[LedgerRule]
) -> tuple[LedgerRule, ...]:
    """Return the rules that hold after a load was given some and told what the lines are that none named.

    Rules that look for words take the place of all others; such as only name are put before those that are kept.
    """
    now = {rule[:2] for rule in (*given, *said)}
    stays = [rule for rule in before if rule[:2] not in now] if only_name(given) else []
    return tuple(dict.fromkeys((*given, *stays, *said)))


def _keep(trail: Trail, rules: Sequence[LedgerRule]) -> tuple[LedgerRule, ...]:
    wanted = in_order([_checked(rule) for rule in rules])
    if wanted != trail.state.ledger_rules():
        trail.state.set_ledger_rules(wanted)
        trail.write("ledger_rules", rules=wanted)
    return wanted


def _checked(rule: LedgerRule) -> LedgerRule:
    column, contains, decision = rule[0], rule[1].strip(), rule[2]
    known = [one.name for one in TABLES["costs"].columns]
    if column not in (*known, EVERY_LINE) or not contains or decision not in DECISIONS:
        raise StoreError("store.rule_invalid", column=column, contains=contains, columns=", ".join(known))
    return column, contains, decision
