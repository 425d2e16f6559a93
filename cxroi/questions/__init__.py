"""The business case: everything that a page, a slide, a sheet or a command shows, computed once.

`gather` is the slow part (read the store, fit the response, check its health) and is worth keeping; `build_business_case` is
what a slider asks for; `ask_what_matters` and `ask_where_to_spend` answer the questions around it.
"""

from typing import TYPE_CHECKING

from cxroi.questions.allocation import ask_where_to_spend
from cxroi.questions.break_evens import BreakEvens
from cxroi.questions.case import BusinessCase, SegmentCase, build_business_case, case_of, tei_view
from cxroi.questions.channels import ChannelFact
from cxroi.questions.data import OpenVersion, open_version
from cxroi.questions.events import EventFact
from cxroi.questions.evidence import Evidence, default_scenario
from cxroi.questions.gathering import evidence_from_panel, evidence_of, gather
from cxroi.questions.horizons import HorizonVerdict, ask_horizons
from cxroi.questions.plan import best_level
from cxroi.questions.register import (
    REGISTER,
    read_certainty,
    read_channel_register,
    read_register,
    read_section,
)
from cxroi.questions.sensitivity import Sensitivity, ask_what_matters
from cxroi.questions.survival import ask_survival
from cxroi.questions.versions import VersionFigures, version_figures

if TYPE_CHECKING:
    from cxroi.store.panel.counts import Note as Note
    from cxroi.store.panel.spend import CostAccount as CostAccount
    from cxroi.store.state.records import AuditEntry as AuditEntry

__all__ = [
    "REGISTER",
    "BreakEvens",
    "BusinessCase",
    "ChannelFact",
    "EventFact",
    "Evidence",
    "HorizonVerdict",
    "OpenVersion",
    "SegmentCase",
    "Sensitivity",
    "VersionFigures",
    "ask_horizons",
    "ask_survival",
    "ask_what_matters",
    "ask_where_to_spend",
    "best_level",
    "build_business_case",
    "case_of",
    "default_scenario",
    "evidence_from_panel",
    "evidence_of",
    "gather",
    "open_version",
    "read_certainty",
    "read_channel_register",
    "read_register",
    "read_section",
    "tei_view",
    "version_figures",
]
