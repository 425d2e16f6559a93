"""The budget divided as we say is truly worth more than today's division and than equal parts, on companies with a known truth."""

import numpy as np
import pytest

from benchmarks.simulation.line_companies import line_company
from benchmarks.studies.lines import moved
from cxroi.model.value.economics import economics
from cxroi.questions import default_scenario, evidence_from_panel
from cxroi.questions.line_evidence import lines_of_spend

pytestmark = pytest.mark.study


@pytest.fixture(scope="module")
def dozen():
    """Return the true gains of a dozen companies, as shares of their spend: ours and equal parts, by line and by segment."""
    gains = []
    for seed in range(900, 912):
        company = line_company("spread", seed, n_lines=3)
        evidence = evidence_from_panel(company.panel, data_version="study")
        lines = lines_of_spend(evidence, company.spend, by="initiative")
        gains.append(moved(company, evidence, lines, economics(evidence.baseline, default_scenario(evidence), 100.0)))
    return gains


@pytest.mark.parametrize("part", ["line", "segment"])
def test_ours_beats_todays_division_and_equal_parts(dozen, part):
    """On average clearly, and in eight of twelve at least: a coin would do that once in five."""
    ours, equal = (np.array([one[part][name] for one in dozen]) for name in ("ours", "equal"))
    assert ours.mean() > 0.02 and ours.mean() > equal.mean() + 0.02
    assert (ours >= -1e-9).sum() >= 9 and (ours >= equal).sum() >= 8
    assert sum(one[part]["covered"] for one in dozen) >= 8
