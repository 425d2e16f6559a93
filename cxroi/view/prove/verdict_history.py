"""The verdict with each version of the data, in words: what it was, how sure, and why it is another one than before."""

from __future__ import annotations

from itertools import pairwise

from cxroi.chart.drawing import Column
from cxroi.questions.verdict_history import MovedFigure, PastVerdict, VerdictHistory
from cxroi.text import Text
from cxroi.view.figure import money, probability
from cxroi.view.prove.figures import ShownFigures
from cxroi.view.table import words_column


def history_figures(found: VerdictHistory, text: Text) -> ShownFigures:
    """Return the verdicts, the newest first."""
    rows = found.verdicts
    numbers = [float(one.number) for one in rows]
    words = {
        "verdict": [text(f"verdict.word.{one.call}") for one in rows],
        "loaded": [f"{one.loaded_at:%Y-%m-%d}" for one in rows],
        "horizon": [text.months(one.horizon_months) for one in rows],
        "grade": [one.grade for one in rows],
        "why": [_why(one, text) for one in rows],
    }
    table = [words_column(text(f"evidence.history.{name}"), column) for name, column in words.items()]
    likely = Column(
        heading=text("evidence.history.probability"),
        figures=tuple(one.probability for one in rows),
        words=tuple(probability(one.probability, text) for one in rows),
    )
    version = Column(
        heading=text("evidence.history.version"),
        figures=tuple(numbers),
        words=tuple(text.number(one.number) for one in rows),
    )
    return ShownFigures(
        section=text("evidence.history.section"),
        title=_title(rows, text),
        table=(table[0], likely, version, *table[1:]),
        caption=text("evidence.history.caption"),
    )


def not_told(found: VerdictHistory, text: Text) -> str:
    """Return which versions have no verdict kept; nothing where all have."""
    numbers = text.listed(text.number(one) for one in found.not_told)
    return text("evidence.history.missing", numbers=numbers) if found.not_told else ""


def _title(rows: tuple[PastVerdict, ...], text: Text) -> str:
    """Return when the verdict last became another one."""
    if len(rows) < 2:
        return text("evidence.history.title_one")
    for now, before in pairwise(rows):
        if now.call is not before.call:
            words = {"word": text(f"verdict.word.{now.call}"), "before": text(f"verdict.word.{before.call}")}
            return text("evidence.history.title_changed", number=now.number, **words)
    return text("evidence.history.title_same", number=rows[-1].number)


def _why(one: PastVerdict, text: Text) -> str:
    figures = text("chart.list_separator").join(_moved(each, one.currency, text) for each in one.figures)
    return text.listed(
        text(f"evidence.history.why_{why}", **({"figures": figures} if why == "data" else {})) for why in one.why
    )


def _moved(one: MovedFigure, currency: str, text: Text) -> str:
    before, after = (_figure(one.name, value, currency, text) for value in (one.before, one.after))
    return text("evidence.history.moved", name=text(f"evidence.history.figure.{one.name}"), before=before, after=after)


def _figure(name: str, value: float, currency: str, text: Text) -> str:
    if name == "monthly_churn_rate":
        return text.percent(value, 2)
    return text.number(value, 0) if name in ("months", "customers") else money(value, currency, text)
