"""Split an amount that belongs to several segments or months, exactly: the parts add up to the last thousandth."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def split(amount_thousandth: int, weights: ArrayLike) -> NDArray[np.int64]:
    """Split an amount in proportion to `weights` by the method of largest remainders.

    Each part is the exact share rounded down; what is left goes, one thousandth each, to the largest remainders, the
    first of equals before the next (Hamilton's method). Without any weight the parts are equal.

    Parameters
    ----------
    amount_thousandth : money x 1000, of either sign
    weights : shape (n_parts,), >= 0

    Returns
    -------
    ndarray, shape (n_parts,), money x 1000, whose sum is `amount_thousandth`

    Examples
    --------
    >>> split(100, [1, 1, 1])
    array([34, 33, 33])
    >>> split(-100, [3, 1])
    array([-75, -25])
    """
    share = np.nan_to_num(np.asarray(weights, dtype=float))
    share = share / share.sum() if share.sum() > 0 else np.full(share.size, 1 / share.size)
    size = abs(int(amount_thousandth))
    exact = size * share
    parts = np.floor(exact).astype(np.int64)
    left = size - int(parts.sum())
    if left > 0:
        parts[np.argsort(-(exact - parts), kind="stable")[:left]] += 1
    # above 2^53 floating point shares are off by more than the parts are many; the largest takes the rest
    parts[np.argmax(parts)] += size - int(parts.sum())
    return parts if amount_thousandth >= 0 else -parts


def split_rows(amounts_thousandth: NDArray[np.int64], weights: NDArray[np.float64]) -> NDArray[np.int64]:
    """Split the amount of each row by the weights of that row, shape (n_rows, n_parts)."""
    rows = [split(int(amount), row) for amount, row in zip(amounts_thousandth, weights, strict=True)]
    return np.stack(rows) if rows else np.zeros(weights.shape, dtype=np.int64)
