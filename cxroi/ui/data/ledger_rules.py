"""Which lines of a ledger are customer experience: the rules that are kept, what each chooses, and the way to change them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import streamlit as st

from cxroi.actions.place import workspace_folder
from cxroi.actions.recount import recount
from cxroi.actions.rules import change_rules
from cxroi.errors import CxroiError
from cxroi.intake.report import Finding, Severity
from cxroi.store.state.state import State
from cxroi.tables import DECISIONS, EVERY_LINE, EXACTLY, TABLES, Kind, LedgerRule
from cxroi.text import Text
from cxroi.text.plain import plain
from cxroi.ui.app.choices import choose, widgets
from cxroi.ui.app.current import current_person, current_text, current_workspace, version_in_use
from cxroi.ui.tables import words_table
from cxroi.view.data import upload as account

_FIGURES = "finding.rule."


def is_figure(finding: Finding) -> bool:
    """Return whether a finding says what a rule chooses; the rules' own table shows it."""
    return finding.id.startswith(_FIGURES)


def figures_in_use() -> tuple[Finding, ...]:
    """Return what the rules chose in the ledger in use, as its load wrote it down."""
    version = version_in_use()
    ledger = version.tables.get("costs") if version else None
    told = ledger.sources[-1].get("findings", ()) if ledger else ()
    return tuple(
        Finding(id=one["id"], severity=Severity.NOTE, facts=one["facts"])
        for one in told
        if str(one["id"]).startswith(_FIGURES)
    )


def rules_form(id: str, figures: Iterable[Finding], *, file: str = "") -> None:
    """Draw the rules with the lines and money that each chooses, in a file or in the ledger in use, and the form to add one."""
    text = current_text()
    rules, found = State.open(workspace_folder()).ledger_rules(), tuple(figures)
    st.caption(text("page.upload.rules.lead"))
    if rules:
        words_table(
            tuple(text(f"page.upload.rules.{name}") for name in ("rule", "decision", "lines", "money")),
            rule_rows(rules, found, text),
            caption=" · ".join(filter(None, (text("page.upload.rules.title"), file))),
        )
        st.caption(text("page.upload.rules.this_file" if file else "page.upload.rules.in_use"))
        _removal(id, rules, text)
    else:
        st.markdown(text("rules.none"))
    _addition(id, text)


def rule_rows(rules: Iterable[LedgerRule], figures: Iterable[Finding], text: Text) -> tuple[tuple[str, ...], ...]:
    """Return a row a rule, in the order in which they are tried, then one for what no rule names."""
    found = tuple(figures)
    by_rule = {
        (f.facts["target"], f.facts["contains"], f.id.removeprefix(_FIGURES)): f for f in found if "target" in f.facts
    }
    rows = [
        (_condition(rule, text), text(f"page.upload.rules.{rule[2]}"), *_figures(by_rule.get(rule), text))
        for rule in rules
    ]
    rest = next((f for f in found if f.id.startswith(f"{_FIGURES}rest")), None)
    if rest is not None:
        word = rest.id.removeprefix(f"{_FIGURES}rest_")
        rows.append((text("page.upload.rules.rest"), text(f"page.upload.rules.{word}"), *_figures(rest, text)))
    return tuple(rows)


def said_otherwise(*, add: Sequence[LedgerRule] = (), remove: Sequence[LedgerRule] = ()) -> None:
    """Keep other rules, and count the ledger in use by them."""
    try:
        change_rules(current_workspace(), who=current_person(), add=add, remove=remove)
        if recount(current_workspace(), who=current_person()):
            choose(scenario=None, earlier=(), compared=None)
    except CxroiError as error:
        st.error(current_text().error(error, plain))


def _condition(rule: LedgerRule, text: Text) -> str:
    column, contains = rule[:2]
    if column == EVERY_LINE:
        return text("page.upload.rules.condition_every", contains=contains)
    kind = "condition_is" if contains.startswith(EXACTLY) else "condition"
    name = contains.removeprefix(EXACTLY) or text("cx_lines.unnamed")
    return text(f"page.upload.rules.{kind}", column=account.target_name(column, text), contains=name)


def _figures(finding: Finding | None, text: Text) -> tuple[str, str]:
    if finding is None:
        return "–", "–"
    facts: Mapping[str, str] = finding.facts
    return text.number(int(facts["lines"])), f"{account.grouped(facts['amount'])} {facts['currency']}".strip()


def _removal(id: str, rules: tuple[LedgerRule, ...], text: Text) -> None:
    with st.container(horizontal=True):
        for place, rule in enumerate(rules):
            st.button(
                text(
                    "page.upload.rules.remove",
                    rule=plain(rule[1].removeprefix(EXACTLY) or text("cx_lines.unnamed"), 40),
                ),
                key=f"rule-remove-{id}-{place}",
                on_click=lambda rule=rule: said_otherwise(remove=(rule,)),
                type="tertiary",
            )


def _addition(id: str, text: Text) -> None:
    keys = {name: f"rule-{name}-{id}" for name in ("column", "contains", "decision")}

    def add() -> None:
        words = str(widgets()[keys["contains"]]).strip()
        if words:
            rule = (str(widgets()[keys["column"]]), words, str(widgets()[keys["decision"]]))
            said_otherwise(add=(rule,))

    with st.form(f"rule-add-{id}", clear_on_submit=True, border=False):
        column, contains, decision, button = st.columns([2, 2, 2, 1], vertical_alignment="bottom")
        column.selectbox(
            text("page.upload.column"),
            [c.name for c in TABLES["costs"].columns if c.kind is Kind.TEXT],
            format_func=lambda name: account.target_name(name, text),
            key=keys["column"],
        )
        contains.text_input(text("page.upload.rules.contains"), key=keys["contains"], max_chars=100)
        decision.selectbox(
            text("page.upload.rules.decision"),
            DECISIONS,
            format_func=lambda says: text(f"page.upload.rules.{says}"),
            key=keys["decision"],
        )
        button.form_submit_button(text("page.upload.rules.add"), on_click=add)
