"""CX ROI: is today's spend on customer experience too little, too much or about right?

The names in `__all__` are the Python API, documented in docs/python.md. They are imported when they are first asked for:
`import cxroi` alone is quick and reads no data.

    >>> import cxroi
    >>> round(cxroi.npv(0.10, [-100, 60, 60]), 2)
    4.13
"""

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cxroi.api import Load as Load
    from cxroi.api import OpenWorkspace as OpenWorkspace
    from cxroi.api import evaluate as evaluate
    from cxroi.api import evidence as evidence
    from cxroi.api import open_workspace as open_workspace
    from cxroi.errors import CxroiError as CxroiError
    from cxroi.model.company.panel import Panel as Panel
    from cxroi.model.scenario import Scenario as Scenario
    from cxroi.model.value.finance import all_irrs as all_irrs
    from cxroi.model.value.finance import annual_rate as annual_rate
    from cxroi.model.value.finance import discounted_payback as discounted_payback
    from cxroi.model.value.finance import irr as irr
    from cxroi.model.value.finance import mirr as mirr
    from cxroi.model.value.finance import monthly_rate as monthly_rate
    from cxroi.model.value.finance import npv as npv
    from cxroi.model.value.finance import payback as payback
    from cxroi.model.value.finance import roi as roi
    from cxroi.model.value.finance import xirr as xirr
    from cxroi.model.value.finance import xnpv as xnpv
    from cxroi.questions import BusinessCase as BusinessCase
    from cxroi.questions import Evidence as Evidence
    from cxroi.text import Text as Text

# Read once, when numpy is first loaded. The matrices here are small: threads waiting for each other on a busy machine
# with few cores make them several times slower. Whoever sets it otherwise is obeyed.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

__version__ = "0.1.0"
API_VERSION = 1  # of the names below: one is added without changing it, never taken away or given another meaning

# Where each name of the API is at home.
_HOME = {
    "BusinessCase": "cxroi.questions:BusinessCase",
    "CxroiError": "cxroi.errors:CxroiError",
    "Evidence": "cxroi.questions:Evidence",
    "Load": "cxroi.api:Load",
    "OpenWorkspace": "cxroi.api:OpenWorkspace",
    "Panel": "cxroi.model.company.panel:Panel",
    "Scenario": "cxroi.model.scenario:Scenario",
    "Text": "cxroi.text:Text",
    "all_irrs": "cxroi.model.value.finance:all_irrs",
    "annual_rate": "cxroi.model.value.finance:annual_rate",
    "discounted_payback": "cxroi.model.value.finance:discounted_payback",
    "evaluate": "cxroi.api:evaluate",
    "evidence": "cxroi.api:evidence",
    "irr": "cxroi.model.value.finance:irr",
    "mirr": "cxroi.model.value.finance:mirr",
    "monthly_rate": "cxroi.model.value.finance:monthly_rate",
    "npv": "cxroi.model.value.finance:npv",
    "open_workspace": "cxroi.api:open_workspace",
    "payback": "cxroi.model.value.finance:payback",
    "roi": "cxroi.model.value.finance:roi",
    "xirr": "cxroi.model.value.finance:xirr",
    "xnpv": "cxroi.model.value.finance:xnpv",
}
__all__ = ["API_VERSION", "__version__", *_HOME]


def __getattr__(name: str) -> Any:
    """Import a name of the API when it is first asked for."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, _, attribute = _HOME[name].partition(":")
    globals()[name] = found = getattr(import_module(module), attribute)
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
