"""Has what was promised come? What all initiatives have earned for what they cost, then each against its promise."""

from cxroi.ui.app.current import current_text, current_theme
from cxroi.ui.decide.case import case_of_evidence, current_case
from cxroi.ui.prove.promises import programme_in_short, promise_by_promise, promises_in_use
from cxroi.ui.prove.start import evidence_or_way

text, theme = current_text(), current_theme()
evidence = evidence_or_way("promises", text)
if evidence is not None:
    view = promises_in_use(evidence, case_of_evidence(evidence, current_case(evidence)), text)
    if view is not None:
        programme_in_short(view, text)
        promise_by_promise(view, text, theme)
