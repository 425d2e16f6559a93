"""Maximum likelihood over positive parameters, with intervals and draws from the observed information."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxroi.errors import ModelError
from cxroi.model.statistics.proportion import critical_value
from cxroi.model.statistics.uncertainty import Interval

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class MaximumLikelihood:
    """Positive parameters at the maximum; their uncertainty is normal in logs, so that no interval crosses zero."""

    parameters: Array
    log_likelihood: float
    log_covariance: Array  # of the logs; rows of a parameter that the data leave open are wide, never NaN

    @property
    def standard_errors(self) -> Array:
        """Return standard errors on the natural scale (delta method)."""
        errors: Array = self.parameters * np.sqrt(np.diag(self.log_covariance))
        return errors

    def interval(self, index: int) -> Interval:
        """Return the 90 % interval of one parameter."""
        mid = float(self.parameters[index])
        factor = float(np.exp(critical_value(0.9) * np.sqrt(self.log_covariance[index, index])))
        return Interval(low=mid / factor, mid=mid, high=mid * factor)

    def draws(self, n: int, *, seed: int = 20_260_901) -> Array:
        """Return `n` Sobol draws of the parameters, (n, n_parameters); the same every time."""
        from scipy.special import ndtri
        from scipy.stats import qmc

        uniform = qmc.Sobol(d=self.parameters.size, seed=seed).random_base2(int(np.ceil(np.log2(max(n, 2)))))[:n]
        values, vectors = np.linalg.eigh(self.log_covariance)
        root = vectors * np.sqrt(np.maximum(values, 0.0))
        drawn: Array = np.exp(np.log(self.parameters) + ndtri(uniform.clip(1e-9, 1 - 1e-9)) @ root.T)
        return drawn

    def rescaled(self, factors: Array, log_likelihood: float) -> MaximumLikelihood:
        """Return the same maximum in other units: parameters times `factors`, the log-likelihood plus a constant."""
        return MaximumLikelihood(
            parameters=self.parameters * factors,
            log_likelihood=self.log_likelihood + log_likelihood,
            log_covariance=self.log_covariance,
        )


def maximise(log_likelihood: Callable[[Array], float], starts: Sequence[Sequence[float]]) -> MaximumLikelihood:
    """Return the best maximum found from several starts; the function takes the logs of the parameters.

    Raises ModelError when no start reaches a finite maximum.
    """
    from scipy.optimize import minimize

    def cost(logs: Array) -> float:
        # Beyond these bounds a parameter is zero or infinite for every purpose, and lgamma loses its digits.
        if np.abs(logs).max() > 12.0:
            return 1e15 + 1e9 * float(np.abs(logs).max())
        value = -log_likelihood(logs)
        return value if np.isfinite(value) else 1e15

    edges = [(-12.0, 12.0)] * len(starts[0])
    tried = [minimize(cost, start, method="L-BFGS-B", jac="3-point", bounds=edges) for start in starts]
    best = min(tried, key=lambda found: float(found.fun))
    # It stops within about a thousandth; a second method that keeps its own curvature takes the last digits.
    closer = minimize(cost, best.x, method="BFGS", jac="3-point", options={"gtol": 1e-7})
    best = closer if closer.fun <= best.fun else best
    if best.fun >= 1e14:
        raise ModelError("retention.no_maximum")
    logs = np.asarray(best.x, dtype=float)
    return MaximumLikelihood(
        parameters=np.exp(logs), log_likelihood=-float(best.fun), log_covariance=_inverse(_curvature(cost, logs))
    )


def _curvature(cost: Callable[[Array], float], at: Array, step: float = 1e-3) -> Array:
    """Return the matrix of second derivatives by central differences."""
    size = at.size
    unit = np.eye(size) * step
    matrix = np.empty((size, size))
    for i in range(size):
        for j in range(i, size):
            corners = [cost(at + s * unit[i] + u * unit[j]) * s * u for s in (1, -1) for u in (1, -1)]
            matrix[i, j] = matrix[j, i] = sum(corners) / (4 * step**2)
    return matrix


def _inverse(information: Array) -> Array:
    """Return the covariance; a direction with next to no information gets the variance of a factor of about e**3."""
    values, vectors = np.linalg.eigh(information)
    covariance: Array = (vectors / np.maximum(values, 1 / 9)) @ vectors.T
    return covariance
