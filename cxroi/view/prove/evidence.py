"""The Evidence page: what the months say about spend, whether the model would make them, how sound and how strong each part is."""

from __future__ import annotations

from dataclasses import dataclass

from cxroi.chart.drawing import Column
from cxroi.model.assumption import Grade
from cxroi.model.decision.health import HealthCheck, Status
from cxroi.model.decision.thresholds import HealthThresholds, Limit
from cxroi.model.response.predictive import REPLICATES, PredictiveCheck
from cxroi.questions import BusinessCase
from cxroi.questions.channels import CHURN, ChannelFact
from cxroi.questions.shown_evidence import ShownEvidence
from cxroi.text import Text
from cxroi.view.decide.channels import signed_percents
from cxroi.view.decide.health_words import advice, check_name
from cxroi.view.decide.survival import survival_line
from cxroi.view.figure import input_name, source_line
from cxroi.view.health_limits import limit_ends, measured
from cxroi.view.prove.evidence_drawings import moves
from cxroi.view.prove.figures import ShownFigures
from cxroi.view.table import words_column

_SPREADS = ("swing", "highest", "apart", "lowest")  # of which less, or of the last more, is calmer
_RANK = {Status.FAIL: 0, Status.REVIEW: 1, Status.PASS: 2}


@dataclass(frozen=True, kw_only=True)
class EvidenceView:
    """What stands above the first picture: the finding, and what it rests on; `left_out` names what could not be looked at."""

    title: str
    lead: str
    left_out: str
    source: str


def evidence_view(case: BusinessCase, shown: ShownEvidence, text: Text) -> EvidenceView:
    """Return the head of the page."""
    grade, checks = case.verdict.grade, _checks_of_effects(shown)
    status = next((one.status for one in case.health if one.check == "spend_variation"), Status.PASS)
    kind = {Status.PASS: "shown", Status.REVIEW: "partly", Status.FAIL: "not_shown"}[status]
    if grade in (Grade.RANDOMISED_PILOT, Grade.MATCHED_COMPARISON):
        kind = "pilot"
    left_out = [
        text("evidence.left_out_one", name=text(f"channel.{name}"), reason=text(f"channel.left_out.{why}"))
        for name, why in shown.left_out
    ]
    return EvidenceView(
        title=text(f"evidence.title_{kind}"),
        lead=text(
            "evidence.lead",
            grade=grade.value,
            name=text(f"verdict.grade.{grade.value}.name"),
            months=text.months(case.panel.months.size),
            segments=len(case.baseline.segments),
            passed=sum(one.status is Status.PASS for one in case.health),
            count=len(case.health),
            fits=sum(one.fits for one in checks),
            figures=len(checks),
        ),
        left_out=text("evidence.left_out", names=text.listed(left_out)) if left_out else "",
        source=source_line(case, text),
    )


def _checks_of_effects(shown: ShownEvidence) -> list[PredictiveCheck]:
    """Return the checks of the outcomes that spend moves; churn's where it moves none."""
    found = [one for one in shown.channels if moves(one)] or shown.channels[:1]
    return [check for one in found for check in one.checks]


def predictive_figures(shown: ShownEvidence, text: Text, channel: str | None = None) -> ShownFigures | None:
    """Return each figure of the months beside those of made ones, of one outcome (None: all); None where the months are too few."""
    rows = [(one.id, check) for one in shown.channels for check in one.checks if channel in (None, one.id)]
    if not rows:
        return None
    findings = [_finding(check) for _, check in rows]
    return ShownFigures(
        section=text("evidence.predictive.section"),
        title=_predictive_title(shown, text),
        table=(
            words_column(text("evidence.predictive.outcome"), [text(f"channel.{id}") for id, _ in rows]),
            words_column(
                text("evidence.predictive.figure"), [text(f"evidence.statistic.{c.statistic}") for _, c in rows]
            ),
            Column(
                heading=text("evidence.predictive.observed"),
                figures=tuple(check.observed for _, check in rows),
                words=tuple(_observed(check, text) for _, check in rows),
            ),
            words_column(text("evidence.predictive.predicted"), [_predicted(check, text) for _, check in rows]),
            Column(
                heading=text("evidence.predictive.share"),
                figures=tuple(check.share_above for _, check in rows),
                words=tuple(text.percent(check.share_above, 0) for _, check in rows),
            ),
            words_column(
                text("evidence.predictive.result"), [text(f"evidence.predictive.{word}") for word in findings]
            ),
        ),
        caption=" ".join(
            (
                text("evidence.predictive.caption", count=REPLICATES),
                text("evidence.predictive.chance"),
            )
        ),
    )


def _predictive_title(shown: ShownEvidence, text: Text) -> str:
    """Return of which outcomes the model makes such months (one figure of six may lie outside by chance), and how the others differ."""
    alike: list[str] = []
    kinds: dict[str, list[str]] = {}
    for one in shown.channels:
        misses = [_finding(check) for check in one.checks if not check.fits]
        if len(misses) < 2:
            alike.append(one.id)
        else:
            kind = "wilder" if "is_wilder" in misses else "calmer" if "is_calmer" in misses else "other"
            kinds.setdefault(kind, []).append(one.id)
    told = [("alike" if alike else "none", alike), *((kind, kinds[kind]) for kind in sorted(kinds, reverse=True))]
    return " ".join(
        text(f"evidence.predictive.{kind}", names=text.listed(text(f"channel.{id}") for id in ids))
        for kind, ids in told
    )


def _finding(check: PredictiveCheck) -> str:
    """Return the word of a check: as it would be made, calmer, wilder, less or more."""
    if check.fits:
        return "fits"
    more = check.share_above < 0.5
    if check.statistic not in _SPREADS:
        return "more" if more else "less"
    return "is_wilder" if more is not (check.statistic == "lowest") else "is_calmer"


def _observed(check: PredictiveCheck, text: Text) -> str:
    if check.statistic == "memory":
        return text.number(round(check.observed, 2) + 0.0, 2)
    places = 0 if abs(check.observed) >= 10 else 1
    plain = check.statistic in ("swing", "apart")
    return (text.percent if plain else text.signed_percent)(check.observed / 100, places)


def _predicted(check: PredictiveCheck, text: Text) -> str:
    found = check.predicted
    if check.statistic == "memory":
        return text.between(*(text.number(round(end, 2) + 0.0, 2) for end in (found.low, found.high)))
    if check.statistic in ("swing", "apart"):
        return text.between(*(text.percent(end / 100, 0 if abs(end) >= 10 else 1) for end in (found.low, found.high)))
    return signed_percents(found, text)


def survival_figures(case: BusinessCase, text: Text) -> ShownFigures:
    """Return what the verdict survives and what it does not: months and segments left out, other beliefs, spend booked otherwise."""
    line = survival_line(case, text)
    return ShownFigures(
        section=text("evidence.survival.section"),
        title=line.title,
        table=(
            words_column(text("evidence.survival.check"), [one.label for one in line.marks]),
            words_column(text("evidence.survival.result"), [one.word for one in line.marks]),
            words_column(
                text("evidence.survival.kind"),
                [text(f"evidence.survival.{'binding' if one.binding else 'shown'}") for one in line.marks],
            ),
            words_column(text("evidence.survival.note"), [one.note or text("lines.none") for one in line.marks]),
        ),
        caption=line.caption,
    )


def health_figures(case: BusinessCase, summary: str, text: Text) -> ShownFigures:
    """Return every check with its threshold, what was found and what to do; `summary` counts them."""
    checks = sorted(case.health, key=lambda one: _RANK[one.status])
    limits = HealthThresholds().limits()
    ends = [_ends(one, limits.get(one.check), text) for one in checks]
    words = {Status.PASS: "passed", Status.REVIEW: "review", Status.FAIL: "failed"}
    headings = ("check", "result", "measured", "passes", "fails", "advice")
    columns = (
        [_check_name(one, text) for one in checks],
        [text(f"evidence.health.{words[one.status]}") for one in checks],
        [_measured(one, limits.get(one.check), text) for one in checks],
        [passes for passes, _ in ends],
        [fails for _, fails in ends],
        [_advice(one, text) for one in checks],
    )
    return ShownFigures(
        section=text("evidence.health.section"),
        title=summary,
        table=tuple(
            words_column(text(f"evidence.health.{heading}"), column)
            for heading, column in zip(headings, columns, strict=True)
        ),
        caption=text("evidence.health.caption"),
    )


def _check_name(one: HealthCheck, text: Text) -> str:
    return check_name(one.check, one.facts, text) if text.has(f"health.{one.check}.name") else one.check


def _advice(one: HealthCheck, text: Text) -> str:
    beyond = one.measure is not None and one.threshold is not None and one.measure > one.threshold
    if one.check == "one_lever" and one.status is Status.PASS and beyond:
        return text("evidence.health.spared")
    if one.status is Status.PASS or not text.has(f"health.{one.check}.advice_{one.status}"):
        return text("lines.none")
    return advice(one, text)


def _ends(one: HealthCheck, limit: Limit | None, text: Text) -> tuple[str, str]:
    if limit is not None:
        return limit_ends(limit, text)
    none = text("lines.none")
    if one.check == "somebody_leaves":
        return text("page.method.health.at_least", limit=text.number(one.threshold or 0)), none
    return (
        none if one.threshold is None else text("page.method.health.at_most", limit=text.number(one.threshold)),
        none,
    )


def _measured(one: HealthCheck, limit: Limit | None, text: Text) -> str:
    if one.measure is None:
        return text("lines.none")
    return text.number(one.measure) if limit is None else measured(one.measure, limit.unit, text)


def link_figures(case: BusinessCase, text: Text) -> ShownFigures:
    """Return each link of the chain with its grade: what spend does to every outcome, then every assumption that counts."""
    facts = [one for one in case.channels if one.grade is not None and one.left_out is None]
    given = [one for one in case.assumptions if one.value is not None]
    grade = case.verdict.grade
    names = [text("evidence.links.channel", name=text(f"channel.{one.id}")) for one in facts]
    names += [text("evidence.links.assumption", name=input_name(one.name, text)) for one in given]
    grades = [*(str(one.grade) for one in facts), *(str(one.grade) for one in given)]
    meaning = [_counts(one, text) for one in facts] + [text(f"verdict.grade.{one.grade.value}.name") for one in given]
    better = [_better(one.grade or Grade.TYPED_IN, text) for one in facts]
    better += [text("evidence.links.own" if one.grade >= Grade.BENCHMARK else "lines.none") for one in given]
    headings = ("link", "grade", "meaning", "better")
    return ShownFigures(
        section=text("evidence.links.section"),
        title=text("evidence.links.title", grade=grade.value, name=text(f"verdict.grade.{grade.value}.name")),
        table=tuple(
            words_column(text(f"evidence.links.{heading}"), column)
            for heading, column in zip(headings, (names, grades, meaning, better), strict=True)
        ),
        caption=text("page.method.grades.intro"),
    )


def _counts(one: ChannelFact, text: Text) -> str:
    grade = text(f"verdict.grade.{one.grade}.name")
    if not one.counted:
        reason = text(f"channel.doubt.{one.doubt}")
        return f"{grade}; {text('evidence.links.not_counted', reason=reason)}"
    kind = "counted" if one.moves or one.id == CHURN else "small"
    return text("chart.list_separator").join((grade, text(f"evidence.links.{kind}")))


def _better(grade: Grade, text: Text) -> str:
    return text("evidence.links.best" if grade is Grade.RANDOMISED_PILOT else "evidence.links.pilot")
