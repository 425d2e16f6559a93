"""Made companies whose CX spend pays in several ways, with the truth of each: written apart from the model, which it is there to try.

A company is drawn (`regimes`), lives through its months (`history`), is recorded in a panel as its books have it (`books`), and what
a level of spend is truly worth to it is summed up month by month (`truth`).
"""

from benchmarks.simulation.books import recorded
from benchmarks.simulation.company import CHANNELS, Company, Link
from benchmarks.simulation.history import History, lived
from benchmarks.simulation.regimes import GROUPS, REGIMES, Regime, company_of
from benchmarks.simulation.truth import Reading, Truth, remaining_months, truth_of

__all__ = [
    "CHANNELS",
    "GROUPS",
    "REGIMES",
    "Company",
    "History",
    "Link",
    "Reading",
    "Regime",
    "Truth",
    "company_of",
    "lived",
    "recorded",
    "remaining_months",
    "truth_of",
]
