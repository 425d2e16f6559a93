"""Rates of return and payback of many draws at once agree with the one-at-a-time functions."""

import numpy as np
import pytest

from cxroi.model.finance import irr
from cxroi.model.returns import annual_irr, payback_months


def test_the_present_value_at_the_rate_of_return_is_zero():
    flows = np.vstack([-np.linspace(50, 400, 40), np.full((36, 40), 10.0)])
    monthly = (1 + annual_irr(flows)) ** (1 / 12)
    value = (flows / monthly ** np.arange(37)[:, None]).sum(axis=0)
    assert np.abs(value).max() < 1e-7
    assert monthly[7] - 1 == pytest.approx(irr(flows[:, 7].tolist()), rel=1e-9)


def test_no_sign_change_means_no_rate_and_no_payback_is_infinite():
    flows = np.array([[-1.0, 1.0], [-1.0, 1.0]])
    assert np.isnan(annual_irr(flows)).all()
    assert payback_months(flows).tolist() == [np.inf, 0.0]


def test_payback_counts_from_the_last_time_cash_was_below_zero():
    flows = np.array([[-10.0], [20.0], [-20.0], [20.0]])
    assert payback_months(flows).tolist() == [2.5]
