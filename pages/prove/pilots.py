"""Which test would teach most, and what have tests shown? Where one is worth most, its design, its two groups, and finished ones."""

from cxroi.ui.app.current import current_text
from cxroi.ui.decide.case import case_of_evidence, current_case
from cxroi.ui.prove.pilots import designed_here, shown_so_far, worth_testing
from cxroi.ui.prove.start import evidence_or_way

text = current_text()
evidence = evidence_or_way("pilots", text)
if evidence is not None:
    worth_testing(evidence, text)
    designed_here(evidence, text)
    shown_so_far(case_of_evidence(evidence, current_case(evidence)), text)
