"""Which plans have been kept, and how do they compare? The list with the details of each, and any number side by side."""

from cxroi.ui.app.current import current_evidence, current_text
from cxroi.ui.decide.case import current_case
from cxroi.ui.decide.scenarios import kept_scenarios

evidence = current_evidence()
kept_scenarios(evidence, current_case(evidence), current_text())
