"""The evidence as a reader of plain text meets it: the Evidence page without its pictures."""

from __future__ import annotations

from cxroi.questions import BusinessCase
from cxroi.questions.shown_evidence import ShownEvidence
from cxroi.questions.verdict_history import VerdictHistory
from cxroi.text import Text
from cxroi.view.data_notes import illustrative_lines
from cxroi.view.decide.overview import health_summary
from cxroi.view.prove.evidence import (
    evidence_view,
    health_figures,
    link_figures,
    predictive_figures,
    survival_figures,
)
from cxroi.view.prove.evidence_drawings import beliefs_figures, fitted_title
from cxroi.view.prove.figures import ShownFigures, table_lines
from cxroi.view.prove.verdict_history import history_figures, not_told


def evidence_lines(case: BusinessCase, shown: ShownEvidence, history: VerdictHistory, text: Text) -> list[str]:
    """Return the finding, what each outcome shows, and every table of the page."""
    view = evidence_view(case, shown, text)
    parts = (
        beliefs_figures(shown, text),
        predictive_figures(shown, text),
        survival_figures(case, text),
        health_figures(case, health_summary(case, text).summary, text),
        link_figures(case, text),
        history_figures(history, text),
    )
    lines = [*illustrative_lines(case.illustrative, text), view.title, view.lead, ""]
    lines += [fitted_title(one, text) for one in shown.channels] + [view.left_out, ""]
    for part in parts:
        lines += [] if part is None else _part(part)
    return [*lines, not_told(history, text), view.source]


def _part(part: ShownFigures) -> list[str]:
    return [part.section, part.title, "", *table_lines(part), ""]
