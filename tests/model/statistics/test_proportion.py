"""Shares and critical values have one rule each."""

import re
from pathlib import Path

import pytest

from cxroi.model.statistics.proportion import jeffreys_interval, jeffreys_quantiles, proportion_interval

MODEL = Path(__file__).parents[3] / "cxroi" / "model"


def test_a_critical_value_is_asked_for_by_its_confidence_and_never_written_as_a_number():
    """1.645, 1.96 and half of 1.645 squared; doctests may show them."""
    number = re.compile(r"(?<![\d.])1\.(?:64[45]\d*|96|9599\d*|35[23]\d*)(?!\d)")
    written = [
        f"{path.name}:{number_of}"
        for path in MODEL.rglob("*.py")
        for number_of, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if number.search(line) and line.strip() != "1.96"
    ]
    assert written == []


@pytest.mark.parametrize(("successes", "n"), [(0, 10), (3, 10), (10, 10)])
def test_a_share_has_the_same_jeffreys_interval_alone_and_among_others(successes, n):
    low, high = proportion_interval(successes, n, method="jeffreys", confidence=0.9)
    lows, highs = jeffreys_interval([successes, 5], [n, 9])
    assert (low, high) == (lows[0], highs[0])
    inner = jeffreys_quantiles(successes, n, [0.05, 0.95])
    ends = (0.0 if successes == 0 else inner[0], 1.0 if successes == n else inner[1])
    assert (low, high) == pytest.approx(ends, rel=1e-12)
