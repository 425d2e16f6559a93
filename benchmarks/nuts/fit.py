"""The no-U-turn sampler on every case of `benchmarks.nuts.cases`: family by family, with evidences by bridge sampling.

`python -m benchmarks.nuts.fit FOLDER [name ...]`, in the environment of README.md. A fit is a file; those that are there are not made again.
"""

from __future__ import annotations

import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
from numpyro.diagnostics import effective_sample_size, split_gelman_rubin
from numpyro.infer import MCMC, NUTS

from benchmarks.nuts.model import Model, Setting, potential

CHAINS, WARMUP, DRAWS, SEED = 2, 400, 800, 1
DRAWS_OF_HARM = 400  # of which the evidence is wanted only


def sampled(model: Model, seed: int = SEED) -> dict[str, np.ndarray]:
    """Return draws (chains, draws, ...) of z and e, with divergences."""
    kernel = NUTS(
        potential_fn=potential(model), dense_mass=[("z",)], target_accept_prob=0.9, max_tree_depth=8, init_strategy=None
    )
    mcmc = MCMC(
        kernel,
        num_warmup=WARMUP,
        num_samples=DRAWS if model.setting.sign >= 0 else DRAWS_OF_HARM,
        num_chains=CHAINS,
        chain_method="sequential",
        progress_bar=False,
    )
    rng = np.random.default_rng(seed)
    sizes = {"z": model.size, "e": model.latent_size}
    begin = {name: jnp.asarray(0.3 * rng.normal(size=(CHAINS, size))) for name, size in sizes.items()}
    mcmc.run(jax.random.PRNGKey(seed), init_params=begin, extra_fields=("diverging", "num_steps"))
    extra = mcmc.get_extra_fields(group_by_chain=True)
    return {name: np.asarray(value) for name, value in {**mcmc.get_samples(group_by_chain=True), **extra}.items()}


def log_evidence(model: Model, draws: dict[str, np.ndarray], seed: int = SEED) -> np.ndarray:
    """Return the log evidence, one estimate a chain: bridge sampling (Meng & Wong 1996) from a normal fitted to the other chain."""
    joint = np.concatenate([draws["z"], draws["e"]], axis=2)
    density = jax.jit(jax.vmap(lambda x: model.log_density(x[: model.size], x[model.size :])))
    rng, out = np.random.default_rng(seed), []
    for chain in range(CHAINS):
        fitted, own = joint[1 - chain], joint[chain]
        mean, covariance = fitted.mean(axis=0), _covariance(fitted, model.size)
        root = np.linalg.cholesky(covariance)
        proposed = mean + rng.normal(size=own.shape) @ root.T
        out.append(_bridge(*(_log_ratio(density, x, mean, root) for x in (own, proposed))))
    return np.array(out)


def _covariance(draws: np.ndarray, size: int) -> np.ndarray:
    """Return the covariance of z, wider by a fifth for its tails; e, nearly white, keeps its own variances only."""
    out = np.diag(draws.var(axis=0) + 1e-9)
    if size:
        out[:size, :size] = 1.2 * np.atleast_2d(np.cov(draws[:, :size].T)) + 1e-9 * np.eye(size)
    return out


def _log_ratio(density: object, x: np.ndarray, mean: np.ndarray, root: np.ndarray) -> np.ndarray:
    white = np.linalg.solve(root, (x - mean).T)
    proposal = -0.5 * (white**2).sum(axis=0) - np.log(np.diag(root)).sum() - 0.5 * x.shape[1] * np.log(2 * np.pi)
    return np.asarray(density(jnp.asarray(x))) - proposal  # type: ignore[operator]


def _bridge(own: np.ndarray, proposed: np.ndarray) -> float:
    """Return the log of the ratio of constants from log ratios target / proposal at draws of both."""
    log_z = float(np.median(own))
    for _ in range(200):
        above = np.logaddexp.reduce(proposed - np.logaddexp(proposed, log_z)) - np.log(proposed.size)
        below = np.logaddexp.reduce(-np.logaddexp(own, log_z)) - np.log(own.size)
        log_z, before = float(above - below), log_z
        if abs(log_z - before) < 1e-8:
            break
    return log_z


def fitted(facts: dict[str, np.ndarray], setting: Setting) -> dict[str, np.ndarray]:
    """Return everything that is kept of one fit."""
    began = time.process_time()
    model = Model(facts, setting)
    if model.size == 0:  # no effect and given noise: nothing is unknown
        return {"log_evidence": np.full(CHAINS, float(model.log_density(jnp.zeros(0), jnp.zeros(0))))}
    draws = sampled(model)
    evidence = log_evidence(model, draws)
    slope = np.zeros(draws["z"].shape[:2])
    if setting.sign:
        slope = np.asarray(jax.vmap(jax.vmap(model.slope))(jnp.asarray(draws["z"])))
    looked = np.concatenate([draws["z"], np.log(np.abs(slope) + 1e-6)[:, :, None]], axis=2)
    return {
        "slope": slope,
        "z": draws["z"],
        "log_evidence": evidence,
        "divergences": draws["diverging"].sum(),
        "steps": draws["num_steps"].mean(),
        "r_hat": np.max([split_gelman_rubin(looked[:, :, i]) for i in range(looked.shape[2] - (not setting.sign))]),
        "effective": np.array(effective_sample_size(slope) if setting.sign else np.nan),
        "cpu_seconds": np.array(time.process_time() - began),
        "made": np.array(datetime.now(UTC).date().isoformat()),
        "versions": np.array(f"numpyro {numpyro.__version__}, jax {jax.__version__}, numpy {np.__version__}"),
        "seed": np.array(SEED),
    }


def wanted(facts: dict[str, np.ndarray]) -> dict[str, Setting]:
    """Return the fits of one company: each family with noise unknown and given; no effect and harm where the channel has a lump."""
    out = {}
    for family, name in enumerate(("exponential", "hill", "power", "threshold")):
        out[f"helps-{name}"] = Setting(family, 1)
        out[f"given-{name}"] = Setting(family, 1, tuple(facts["setting"].tolist()))
        if facts["belief"][2] > 0:
            out[f"harms-{name}"] = Setting(family, -1)
    if facts["belief"][0] > 0:
        out["nothing"] = Setting(0, 0)
    return dict(sorted(out.items(), key=lambda one: ("given", "helps", "nothi", "harms").index(one[0][:5])))


def main() -> None:
    folder, names = Path(sys.argv[1]), sys.argv[2:]
    for path in sorted(folder.glob("*.npz")):
        if names and path.stem not in names:
            continue
        facts = {name: value for name, value in np.load(path).items() if value.dtype.kind == "f"}
        for name, setting in wanted(facts).items():
            out = folder / "fits" / path.stem / f"{name}.npz"
            if out.exists():
                continue
            out.parent.mkdir(parents=True, exist_ok=True)
            found = fitted(facts, setting)
            jax.clear_caches()
            np.savez(out, **found)
            told = {
                key: found[key] for key in ("divergences", "r_hat", "effective", "steps", "cpu_seconds") if key in found
            }
            told = " ".join(f"{key} {float(value):.3g}" for key, value in told.items())
            print(path.stem, name, found["log_evidence"].round(2), told, flush=True)


if __name__ == "__main__":
    main()
