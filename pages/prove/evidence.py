"""What do our own data show? The fitted responses beside their months, whether to believe them, and every verdict so far."""

from cxroi.ui.app.current import current_text, current_theme
from cxroi.ui.decide.case import case_of_evidence, current_case
from cxroi.ui.prove.evidence import (
    before_and_after,
    current_shown,
    fitted_responses,
    health_and_links,
    model_and_months,
    taken_out,
    verdict_tested,
    verdicts_so_far,
)
from cxroi.ui.prove.start import evidence_or_way

text, theme = current_text(), current_theme()
evidence = evidence_or_way("evidence", text)
if evidence is not None:
    case = case_of_evidence(evidence, current_case(evidence))
    shown = current_shown()
    chosen = fitted_responses(case, shown, text, theme)
    before_and_after(case, shown, text, theme)
    taken_out(case, text)
    model_and_months(shown, chosen, text)
    verdict_tested(case, text)
    health_and_links(case, text)
    verdicts_so_far(text)
