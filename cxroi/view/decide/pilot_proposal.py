"""The pilot for an open verdict in words: what to do, what it costs, what it is worth, or that none is worth its cost."""

from __future__ import annotations

from cxroi.model.company.segments import WHOLE
from cxroi.model.decision.verdict import PilotProposal
from cxroi.text import Text
from cxroi.view.figure import money, probability


def pilot_sentence(pilot: PilotProposal | None, currency: str, text: Text, *, instead: str = "") -> str:
    """Return the proposal as one passage; `instead` says what to do where no pilot is worth its cost."""
    if pilot is None:
        return _joined(text("pilot.proposal.none"), instead)
    facts = {"cost": money(pilot.cost, currency, text), "worth": money(pilot.worth, currency, text)}
    if not pilot.is_worth_its_cost:
        return _joined(text("pilot.proposal.not_worth", **facts), instead)
    said = text(
        "pilot.proposal.worth",
        segment=text("decide.whole") if pilot.segment == WHOLE else text.name(pilot.segment),
        customers=text("pilot.proposal.customers", count=pilot.customers_per_group),
        months=text.months(pilot.months),
        level=text.percent(pilot.level_percent / 100, 0),
        settles=probability(pilot.probability_it_settles, text),
        **facts,
    )
    measured = "" if pilot.outcomes == ("churn",) else text("pilot.proposal.measure", outcomes=outcomes(pilot, text))
    return _joined(said, measured, text("pilot.proposal.branches", branches=pilot.branches_per_group))


def outcomes(pilot: PilotProposal, text: Text) -> str:
    """Return what the pilot measures, the outcome that teaches most first."""
    return text.listed(text(f"pilot.outcome.{name}") for name in pilot.outcomes)


def _joined(*sentences: str) -> str:
    return " ".join(one for one in sentences if one)
