"""That the densities of `benchmarks.nuts.model`, worked out in blocks, are those of dense covariances: `python -m benchmarks.nuts.check FOLDER`."""

from __future__ import annotations

import sys
from pathlib import Path

import jax.numpy as jnp
import numpy as np
from scipy.stats import multivariate_normal, norm, poisson

from benchmarks.nuts.fit import facts_of, wanted
from benchmarks.nuts.model import Facts, Model


def dense(model: Model, z: np.ndarray, e: np.ndarray, facts: Facts) -> float:
    """Return the log density by one covariance (normal) or one vector of disturbances (Poisson) of all cells together."""
    spread = model.spreads(jnp.asarray(z), facts)
    own, shared = (np.asarray(one) for one in model.columns(spread, facts))
    n_segments, n_months, width = own.shape
    columns = np.zeros((n_segments * n_months, n_segments * width + n_months))
    for s in range(n_segments):
        columns[s * n_months : (s + 1) * n_months, s * width : (s + 1) * width] = own[s]
        columns[s * n_months : (s + 1) * n_months, n_segments * width :] = shared
    bought, prior = np.asarray(model.bought(jnp.asarray(z), facts)).ravel(), float(norm.logpdf(z).sum())
    if not model.poisson:
        error = float(spread["cell"]) ** 2 / np.asarray(facts["size"]).ravel()
        left = np.asarray(facts["response"]).ravel() + bought
        return prior + float(
            multivariate_normal.logpdf(left, np.zeros(left.size), columns @ columns.T + np.diag(error))
        )
    lost, customers = (np.asarray(facts[name]).ravel() for name in ("lost", "customers"))
    mean = np.log(lost.sum() / customers.sum()) - bought
    weight, near = lost + 0.5, np.log((lost + 0.5) / customers)
    root = np.linalg.cholesky(np.eye(columns.shape[1]) + (columns.T * weight) @ columns)
    v = np.linalg.solve(root.T, np.linalg.solve(root, columns.T @ (weight * (near - mean))) + e)
    counts = float(poisson.logpmf(lost, customers * np.exp(mean + columns @ v)).sum())
    return prior + counts + float(norm.logpdf(v).sum()) - float(np.log(np.diag(root)).sum())


def main() -> None:
    """Print the largest difference over all cases at random unknowns; it should be rounding."""
    rng = np.random.default_rng(0)
    for path in sorted(Path(sys.argv[1]).glob("*.npz")):
        for name, (model, facts) in wanted(facts_of(path), "helps,given,nothing").items():
            z, e = 0.7 * rng.normal(size=model.size), rng.normal(size=model.latent_size)
            ours, other = float(model.log_density(jnp.asarray(z), jnp.asarray(e), facts)), dense(model, z, e, facts)
            if abs(ours - other) > 1e-5 * max(1.0, abs(other)):
                raise SystemExit(f"{path.stem} {name}: {ours} in blocks, {other} dense")
            print(path.stem, name, f"{ours - other:+.1e}", flush=True)


if __name__ == "__main__":
    main()
