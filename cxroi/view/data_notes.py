"""What a reader should know about the data behind the figures: what was left out, shared out, or counts as a pilot."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from cxroi.model.company.panel import Panel
from cxroi.text import Text
from cxroi.view.event_words import event_names

if TYPE_CHECKING:
    from cxroi.questions import BusinessCase, CostAccount, Note


@dataclass(frozen=True, kw_only=True)
class DataNote:
    """One thing to know, in words; segments in it are as the data name them: to be escaped where it is shown."""

    id: str
    sentence: str


def data_notes(case: BusinessCase, text: Text) -> tuple[DataNote, ...]:
    """Return the notes on the data of a case, then where its cost ledger went."""
    account = _account(case.account, text) if case.account else ()
    return (*(DataNote(id=note.id, sentence=_sentence(note, text)) for note in case.notes), *account)


def margin_notes(panel: Panel, text: Text) -> tuple[str, ...]:
    """Return what the check of the margin says where revenue had to stand for it; nothing where a margin is known."""
    return (text("health.margin_is_revenue.advice_review"),) if panel.margin_is_revenue else ()


def _sentence(note: Note, text: Text) -> str:
    facts = dict(note.facts)
    if "reason" in facts:  # the id of a refusal, whose facts stand beside it
        facts["reason"] = text(str(facts["reason"]), **note.facts)
    if "events" in facts:
        facts["events"] = event_names(facts["events"], text)  # type: ignore[arg-type]
    if "outcome" in facts:
        facts["outcome"] = text(f"pilot.outcome.{facts['outcome']}")
    if "currency" in facts:
        currency = str(facts.pop("currency"))
        for name in {"amount", "taken"} & facts.keys():
            facts[name] = text.money(float(str(facts[name])), currency, compact=False)
    if "share" in facts:
        facts["share"] = text.percent(float(str(facts["share"])))
    if note.id == "retention.note.tenure":
        facts |= {name: text.percent(float(str(facts[name])), 1) for name in ("now", "later", "new")}
    return text(note.id, **facts)


def _account(account: CostAccount, text: Text) -> tuple[DataNote, ...]:
    def amount(exact: Decimal) -> str:
        return text.money(float(exact), account.currency, compact=False)

    ledger = text(
        "store.note.ledger",
        ledger=amount(account.ledger),
        direct=amount(account.direct),
        shared=amount(account.shared),
        rule=text(f"store.note.ledger_by_{account.rule}"),
        not_cx=amount(account.not_cx),
        one_off=amount(account.one_off),
        outside=amount(account.outside_months),
    )
    notes = [DataNote(id="store.note.ledger", sentence=ledger)]
    if account.acquisition:
        told = text("store.note.acquisition", amount=amount(account.acquisition))
        notes.append(DataNote(id="store.note.acquisition", sentence=told))
    if account.capex:
        spread = text("store.note.capex", amount=amount(account.capex), months=text.months(account.capex_months))
        notes.append(DataNote(id="store.note.capex", sentence=spread))
    notes += [_rate(account, currency, text) for currency in account.rates]
    return tuple(notes)


def _rate(account: CostAccount, currency: str, text: Text) -> DataNote:
    """Say what another currency counts as: one rate, or that of each month."""
    worths = [f"{worth.normalize():f}" for worth in account.worths(currency)]
    facts = {"currency": currency, "reporting": account.currency}
    if len(worths) == 1:
        return DataNote(id="store.note.rate", sentence=text("store.note.rate", worth=worths[0], **facts))
    told = text("store.note.rates_by_month", first=worths[0], last=worths[-1], count=len(worths), **facts)
    return DataNote(id="store.note.rates_by_month", sentence=told)


def illustrative_lines(illustrative: bool, text: Text) -> list[str]:
    """Return the line that marks sample data, and nothing for a company's own."""
    return [text("report.sample"), ""] if illustrative else []
