"""What tests compare the product with, worked out the plain way."""

import numpy as np

from cxroi.model.customers.order_amounts import expected_amount
from cxroi.model.customers.repeat_buying import expected_orders_by_month
from cxroi.model.discount import discount_factors


def discounted_value(
    orders, spend, frequency, recency, age, mean_amount, *, horizon_months=12, annual_discount_rate=0.1
):
    """Return each customer's expected orders times expected amount, discounted at month end (Fader, Hardie & Lee 2005)."""
    ahead = expected_orders_by_month(orders, horizon_months, np.asarray(frequency, dtype=float), recency, age)
    worth = np.tensordot(discount_factors(annual_discount_rate, horizon_months), ahead, axes=1)
    return worth * expected_amount(spend, frequency, mean_amount)
