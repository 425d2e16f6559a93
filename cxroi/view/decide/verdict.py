"""The verdict in words: one passage for a terminal or a slide, and the card that an executive reads in ten seconds."""

from __future__ import annotations

from dataclasses import dataclass

from cxroi.model.decision.steps import Step
from cxroi.model.decision.verdict import Call, Verdict
from cxroi.questions import BreakEvens, BusinessCase
from cxroi.text import Text
from cxroi.view.decide.channels import channels_line
from cxroi.view.decide.horizons import beside_sentence, horizon_words
from cxroi.view.decide.what_changes import capping_check, change_of_case, range_words, what_would_change
from cxroi.view.figure import in_a_hundred, money, money_range


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One line of a card: what it is, how much, and what that is against."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class VerdictCard:
    """The verdict as a card: a call with its word, one sentence, a handful of facts, and what would change it."""

    call: str  # the name of the look: colour and mark
    word: str
    lead: str
    counts: str  # which ways of paying the verdict counts, which move little, which are left out and why
    horizon: str  # what it would be over another horizon, where that is something else
    facts: tuple[Fact, ...]
    aside: str  # segments whose calls differ from the whole's, or nothing
    change_label: str
    change: str


def direction_probability(verdict: Verdict) -> float:
    """Return the stated probability of what the call claims: that the best spend is above today's, or for "too much" below."""
    return verdict.stated.best_below if verdict.call is Call.OVER_INVESTED else verdict.stated.best_above


def verdict_sentence(
    verdict: Verdict,
    currency: str,
    text: Text,
    *,
    hurdle_net_return: float = 0.0,
    turning: BreakEvens | None = None,
    horizon_months: int = 0,
) -> str:
    """Return the verdict as one passage: call, chances, best spend, safe step, cost of being wrong, evidence, what would change it."""
    text = text.counting(currency)
    grade = verdict.grade.value
    capped = bool(capping_check(verdict, text))
    parts = [
        text("verdict.sentence.capped", check=capping_check(verdict, text))
        if capped
        else text(
            f"verdict.sentence.{verdict.call}", lead=_lead(verdict, currency, text), **_money(verdict, currency, text)
        ),
        *([] if capped else _advice(verdict, currency, text)),
        text("verdict.sentence.evidence", grade=grade, grade_name=text(f"verdict.grade.{grade}.name")),
        what_would_change(verdict, currency, text, turning, horizon_months=horizon_months),
    ]
    return with_hurdle(" ".join(parts), hurdle_net_return, text, amounts=True)


def case_sentence(case: BusinessCase, text: Text) -> str:
    """Return the passage on a case's verdict, with what it counts and what another horizon would make of it."""
    text = text.counting(case.currency)
    verdict, horizon = case.verdict, case.scenario.horizon_months
    hurdle = case.scenario.hurdle_net_return
    told = verdict_sentence(
        verdict, case.currency, text, hurdle_net_return=hurdle, turning=case.break_evens, horizon_months=horizon
    )
    return " ".join(part for part in (told, channels_line(case, text), beside_sentence(case, text)) if part)


def with_hurdle(sentence: str, hurdle_net_return: float, text: Text, *, amounts: bool = False) -> str:
    """Return a sentence on what pays, followed by the net return it was held to where that is more than nothing.

    `amounts`: it comes with the worth of steps, which is against that return and so another than the plan's net present value.
    """
    if hurdle_net_return <= 0:
        return sentence
    told = text(f"verdict.hurdle{'_amounts' if amounts else ''}", hurdle=text.percent(hurdle_net_return, 0))
    return f"{sentence.rstrip('.')}. {told}"


def verdict_card(case: BusinessCase, text: Text) -> VerdictCard:
    """Return the card of the whole company's verdict."""
    text = text.counting(case.currency)
    verdict = case.verdict
    return VerdictCard(
        call=verdict.call.value,
        word=text(f"verdict.word.{verdict.call}"),
        lead=with_hurdle(_lead(verdict, case.currency, text), case.scenario.hurdle_net_return, text, amounts=True),
        counts=channels_line(case, text),
        horizon=beside_sentence(case, text),
        facts=verdict_facts(case, text),
        aside=_aside(case, text),
        change_label=text("verdict.change.label"),
        change=change_of_case(case, text),
    )


def verdict_facts(case: BusinessCase, text: Text) -> tuple[Fact, ...]:
    """Return what stands behind the call, the most needed first."""
    verdict, currency, horizon = case.verdict, case.currency, horizon_words(case.scenario, text)
    facts, grade = _money(verdict, currency, text), verdict.grade.value
    open_ = verdict.call is Call.NOT_ENOUGH_EVIDENCE
    told = "best_note" if open_ else "best_beyond" if verdict.best_step.beyond_data else "best_gain"
    best = Fact(
        label=text("verdict.fact.best"),
        value=facts["best"],
        note=text(f"verdict.fact.{told}", horizon=horizon, **facts),
    )
    knowing = Fact(
        label=text("verdict.fact.information"),
        value=facts["information"],
        note=text("verdict.fact.information_note", horizon=horizon),
    )
    evidence = Fact(
        label=text("verdict.fact.grade"),
        value=text("verdict.fact.grade_value", grade=grade, name=text(f"verdict.grade.{grade}.name")),
        note=text(f"verdict.grade.{grade}.meaning"),
    )
    held = range_words("verdict.", verdict.spend_range, currency, text)
    holds = Fact(label=text("verdict.fact.holds"), value=text("verdict.a_month", spend=held)) if held else None
    steps = () if capping_check(verdict, text) else _steps(verdict, currency, text)
    several = (best, *steps, knowing if open_ else None, _wrong(verdict, facts, text), holds, evidence)
    return tuple(fact for fact in several if fact is not None)


def _lead(verdict: Verdict, currency: str, text: Text) -> str:
    """Return the call's claim with its chances; the next unit's stands beside the best spend's."""
    check, stated = capping_check(verdict, text), verdict.stated
    unplaced = verdict.call is Call.NOT_ENOUGH_EVIDENCE and verdict.reason == "place_unclear"
    return text(
        "verdict.lead.capped"
        if check
        else "verdict.lead.place_unclear"
        if unplaced
        else f"verdict.lead.{verdict.call}",
        above=in_a_hundred(stated.best_above, text),
        below=in_a_hundred(stated.best_below, text),
        more=in_a_hundred(stated.more_pays, text),
        check=check,
        **_money(verdict, currency, text),
    )


def _money(verdict: Verdict, currency: str, text: Text) -> dict[str, str]:
    """Return the amounts of a verdict as they are written."""
    amounts = {
        "today": verdict.today_spend,
        "gain": verdict.gain_from_acting_now,
        "information": verdict.value_of_information,
        "materiality": verdict.materiality,
        "staying": verdict.cost_of_too_little + verdict.cost_of_too_much,
        "acting": verdict.cost_of_acting,
    }
    low, high = (money(end, currency, text) for end in verdict.observed_spend)
    written = {name: money(amount, currency, text) for name, amount in amounts.items()}
    return {**written, "best": money_range(verdict.optimum_spend, currency, text), "seen": text.between(low, high)}


def _step_words(step: Step, currency: str, text: Text) -> dict[str, str]:
    return {
        "spend": money(step.spend, currency, text),
        "change": text.signed_percent(step.level_percent / 100 - 1, 0),
        "npv": money(step.expected_npv, currency, text),
        "loss": in_a_hundred(step.probability_of_loss, text),
    }


def _kind_of_safe(verdict: Verdict) -> str:
    """Return how the safe step is told: as such, as going against the call, or not at all."""
    against = {Call.UNDER_INVESTED: "less", Call.OVER_INVESTED: "more"}.get(verdict.call, "")
    if verdict.safe_step.way == "stay":
        return "safe_none" if against else ""
    return "" if verdict.call is Call.ABOUT_RIGHT else "safe_other" if verdict.safe_step.way == against else "safe"


def _advice(verdict: Verdict, currency: str, text: Text) -> list[str]:
    """Return the sentences on where to go: the best spend, a small step where the call is open, the safe step, and what errors cost."""
    facts = _money(verdict, currency, text)
    sided = "best_beyond" if verdict.best_step.beyond_data else "best"
    best = {Call.ABOUT_RIGHT: "best_right", Call.NOT_ENOUGH_EVIDENCE: "best_open"}.get(verdict.call, sided)
    said = [text(f"verdict.sentence.{best}", **facts)]
    if verdict.direction is not None:
        said.append(text("verdict.sentence.direction", **_step_words(verdict.direction, currency, text)))
    if (kind := _kind_of_safe(verdict)) and verdict.safe_step != verdict.direction:
        said.append(text(f"verdict.sentence.{kind}", **_step_words(verdict.safe_step, currency, text)))
    return said if verdict.call is Call.ABOUT_RIGHT else [*said, wrong_sentence(verdict, currency, text)]


def wrong_sentence(verdict: Verdict, currency: str, text: Text) -> str:
    """Return what being wrong is expected to cost by staying, and by moving."""
    return text("verdict.sentence.wrong", **_money(verdict, currency, text))


def _steps(verdict: Verdict, currency: str, text: Text) -> tuple[Fact, ...]:
    """Return the small step of an open call and the safe step."""

    def fact(kind: str, step: Step) -> Fact:
        words = _step_words(step, currency, text)
        if kind == "safe_none":
            label, value, note = "safe", text("verdict.fact.safe_none"), text("verdict.fact.safe_none_note")
            return Fact(label=text(f"verdict.fact.{label}"), value=value, note=note)
        return Fact(
            label=text(f"verdict.fact.{kind}"),
            value=text("verdict.fact.safe_value", **words),
            note=text("verdict.fact.safe_note", **words),
        )

    small = () if verdict.direction is None else (fact("direction", verdict.direction),)
    kind = _kind_of_safe(verdict)
    return (*small, fact(kind, verdict.safe_step)) if kind and verdict.safe_step != verdict.direction else small


def _wrong(verdict: Verdict, facts: dict[str, str], text: Text) -> Fact:
    loss = in_a_hundred(verdict.best_step.probability_of_loss, text)
    stays = verdict.best_step.way == "stay"
    return Fact(
        label=text("verdict.fact.wrong"),
        value=text("verdict.fact.wrong_staying", **facts),
        note="" if stays else text("verdict.fact.wrong_acting", loss=loss, **facts),
    )


def _aside(case: BusinessCase, text: Text) -> str:
    """Return the segments' calls where any differs from the whole's: money may be moved where the total is right."""
    calls = [each.verdict.call for each in case.segments if len(case.segments) > 1]
    if all(call is case.verdict.call for call in calls):
        return ""
    counts = {text(f"verdict.word.{call}"): calls.count(call) for call in Call if call in calls}
    told = (text("verdict.aside.part", count=count, call=word) for word, count in counts.items())
    return text("verdict.aside.line", calls=text.listed(told))
