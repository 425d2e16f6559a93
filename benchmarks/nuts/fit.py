"""The no-U-turn sampler on every case of `benchmarks.nuts.cases`: family by family, with evidences by bridge sampling.

`python -m benchmarks.nuts.fit FOLDER helps,nothing,harms,given [name ...] [kinds name ...]`, in the environment of README.md. A fit is a
file; those that are there are not made again. Fits of one kind and as many months share a compilation.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from typing import Any

os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
from numpyro.diagnostics import effective_sample_size, split_gelman_rubin
from numpyro.infer.hmc import hmc

from benchmarks.nuts.model import Facts, Model

CHAINS, WARMUP, DRAWS, SEEDS = 2, 250, 400, (1, 2, 3)
MIXED = 1.05  # r-hat above which a fit is made again with the next seed
KINDS = {"helps", "nothing", "harms", "given"}
FAMILIES = ("exponential", "hill", "power", "threshold")


@cache
def sampler_of(model: Model) -> Callable[..., Any]:
    """Return a compiled function of (starts, keys, facts) to draws of z and e, divergences and leapfrog steps, chains first."""

    def potential(facts: Facts) -> Callable[[dict[str, jax.Array]], jax.Array]:
        return lambda unknown: -model.log_density(unknown["z"], unknown["e"], facts)

    def chain(start: dict[str, jax.Array], key: jax.Array, facts: Facts) -> Any:
        begin, step = hmc(potential_fn_gen=potential, algo="NUTS")
        state = begin(
            start,
            WARMUP,
            dense_mass=[("z",)],
            target_accept_prob=0.9,
            max_tree_depth=8,
            model_args=(facts,),
            rng_key=key,
        )
        move = partial(step, model_args=(facts,))
        state = jax.lax.fori_loop(0, WARMUP, lambda _, one: move(one), state)

        def draw(one: Any, _: None) -> Any:
            one = move(one)
            return one, (one.z["z"], one.z["e"], one.diverging, one.num_steps)

        return jax.lax.scan(draw, state, None, length=DRAWS)[1]

    return jax.jit(chain)


def sampled(model: Model, facts: Facts, seed: int) -> dict[str, np.ndarray]:
    """Return draws (chains, draws, ...) of z and e, with divergences."""
    rng = np.random.default_rng(seed)
    sizes = {"z": model.size, "e": model.latent_size}
    starts = [{name: jnp.asarray(0.3 * rng.normal(size=size)) for name, size in sizes.items()} for _ in range(CHAINS)]
    keys = jax.random.split(jax.random.PRNGKey(seed), CHAINS)
    chains = [sampler_of(model)(start, key, facts) for start, key in zip(starts, keys, strict=True)]
    names = ("z", "e", "diverging", "steps")
    return {name: np.stack([np.asarray(one[i]) for one in chains]) for i, name in enumerate(names)}


@cache
def density_of(model: Model) -> Callable[..., jax.Array]:
    """Return a compiled log density of many unknowns (n, z and e), one after another: a batch of roots waits for threads there are not."""

    def density(x: jax.Array, facts: Facts) -> jax.Array:
        return jax.lax.map(lambda one: model.log_density(one[: model.size], one[model.size :], facts), x)

    return jax.jit(density)


@cache
def slope_of(model: Model) -> Callable[..., jax.Array]:
    """Return a compiled marginal slope of many z, (chains, draws, z)."""
    return jax.jit(jax.vmap(jax.vmap(model.slope, (0, None)), (0, None)))


def log_evidence(model: Model, facts: Facts, draws: dict[str, np.ndarray], seed: int) -> np.ndarray:
    """Return the log evidence, one estimate a chain: bridge sampling (Meng & Wong 1996) from a normal fitted to the other chain."""
    joint = np.concatenate([draws["z"], draws["e"]], axis=2)

    def density(x: jax.Array) -> jax.Array:
        return density_of(model)(x, facts)

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


def fitted(model: Model, facts: Facts) -> dict[str, np.ndarray]:
    """Return everything that is kept of one fit."""
    began = time.process_time()
    for seed in SEEDS:
        draws = sampled(model, facts, seed)
        slope = np.asarray(slope_of(model)(jnp.asarray(draws["z"]), facts))
        looked = np.concatenate([draws["z"], np.log(np.abs(slope) + 1e-6)[:, :, None]], axis=2)
        columns = range(looked.shape[2] if model.responds else model.size)
        r_hat = np.max([split_gelman_rubin(looked[:, :, i]) for i in columns])
        if r_hat < MIXED:
            break
    return {
        "slope": slope,
        "z": draws["z"],
        "log_evidence": log_evidence(model, facts, draws, seed),
        "divergences": draws["diverging"].sum(),
        "steps": draws["steps"].mean(),
        "r_hat": r_hat,
        "effective": np.array(effective_sample_size(slope) if model.responds else np.nan),
        "cpu_seconds": np.array(time.process_time() - began),
        "made": np.array(datetime.now(UTC).date().isoformat()),
        "versions": np.array(f"numpyro {numpyro.__version__}, jax {jax.__version__}, numpy {np.__version__}"),
        "seed": np.array(seed),
    }


def facts_of(path: Path) -> Facts:
    """Return the arrays of a case; the level shifts found, at most one a segment, as one step (S, T)."""
    facts: Facts = {name: jnp.asarray(value) for name, value in np.load(path).items() if value.dtype.kind == "f"}
    steps = np.asarray(facts.pop("steps"))
    if (steps.any(axis=2).sum(axis=0) > 1).any():
        raise ValueError(f"{path.stem}: a segment with two level shifts")
    return {**{k: v for k, v in facts.items() if "_slope" not in k}, "step": jnp.asarray(steps.sum(axis=0))}


def wanted(facts: Facts, kinds: str) -> dict[str, tuple[Model, Facts]]:
    """Return the fits of one company of some kinds: each family where spend helps (or harms), with noise given; no effect."""
    segments, months = facts["spend_ratio"].shape
    lump = float(facts["belief"][0]) > 0
    out = {}
    for kind in kinds.split(","):
        plain = Model(segments, months, "lost" in facts, responds=kind != "nothing", given=kind == "given")
        if kind == "nothing" and lump:
            out[kind] = plain, {**facts, "family": jnp.array(0), "sign": jnp.array(0.0)}
        elif kind in ("helps", "given") or (kind == "harms" and lump):
            sign = jnp.array(-1.0 if kind == "harms" else 1.0)
            fits = {
                f"{kind}-{name}": (plain, {**facts, "family": jnp.array(i), "sign": sign})
                for i, name in enumerate(FAMILIES)
            }
            out.update(fits)
    return out


def main() -> None:
    """Make what is missing."""
    folder, kinds = Path(sys.argv[1]), ""
    for stem in [*sys.argv[2:], *([] if sys.argv[3:] else sorted(path.stem for path in folder.glob("*.npz")))]:
        if not set(stem.split(",")) - KINDS:
            kinds = stem
            continue
        for name, (model, facts) in wanted(facts_of(folder / f"{stem}.npz"), kinds).items():
            out = folder / "fits" / stem / f"{name}.npz"
            if out.exists():
                continue
            out.parent.mkdir(parents=True, exist_ok=True)
            found = fitted(model, facts)
            np.savez(out, **found)
            told = " ".join(
                f"{key} {float(found[key]):.3g}"
                for key in ("divergences", "r_hat", "effective", "steps", "cpu_seconds")
            )
            print(stem, name, found["log_evidence"].round(2), told, flush=True)


if __name__ == "__main__":
    main()
