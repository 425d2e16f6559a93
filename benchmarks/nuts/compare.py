"""The product's posterior beside the no-U-turn sampler's, into docs/nuts.md: `.venv/bin/python -m benchmarks.nuts.compare FOLDER`."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Found = Mapping[str, Array]
FAMILIES = ("exponential", "hill", "power", "threshold")
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
OFF = 0.03  # a share this far from its quantile, and more than chance allows, is said to differ
SURELY = 3.0
OUT = Path(__file__).parents[2] / "docs" / "nuts.md"


@dataclass(frozen=True)
class Case:
    """One company's cells and draws, and the fits that there are."""

    facts: Found
    fits: Mapping[str, Found]

    @property
    def name(self) -> str:
        return str(self.facts["name"])

    def families(self, kind: str) -> Array:
        """Return the log evidence of each family times its prior, (4,)."""
        threshold = float(self.facts["prior_threshold_weight"])
        prior = np.array([(1 - threshold) / 3] * 3 + [threshold])
        return np.log(prior) + np.array([self.fits[f"{kind}-{one}"]["log_evidence"].mean() for one in FAMILIES])

    def mixture(self, kind: str) -> tuple[Array, Array]:
        """Return NUTS draws of the marginal slope over all families with their weights."""
        log = self.families(kind)
        mass = np.exp(log - np.logaddexp.reduce(log))
        draws = [self.fits[f"{kind}-{one}"]["slope"].ravel() for one in FAMILIES]
        weight = [np.full(one.size, share / one.size) for one, share in zip(draws, mass, strict=True)]
        return np.concatenate(draws), np.concatenate(weight)

    def effective(self, kind: str) -> float:
        """Return how many independent draws the mixture is worth."""
        log = self.families(kind)
        mass = np.exp(log - np.logaddexp.reduce(log))
        own = np.array([float(self.fits[f"{kind}-{one}"]["effective"]) for one in FAMILIES])
        return float(1 / (mass**2 / own).sum())


def read(folder: Path) -> list[Case]:
    """Return the companies whose every family is fitted, in the order of their files."""
    out = []
    for path in sorted(folder.glob("*.npz")):
        fits = {one.stem: dict(np.load(one)) for one in (folder / "fits" / path.stem).glob("*.npz")}
        if all(f"helps-{one}" in fits for one in FAMILIES):
            out.append(Case(dict(np.load(path)), fits))
    return out


def weighted_quantiles(draws: Array, weight: Array, at: tuple[float, ...] = QUANTILES) -> Array:
    """Return quantiles of weighted draws.

    >>> weighted_quantiles(np.array([3.0, 1.0, 2.0]), np.array([0.2, 0.4, 0.4]), (0.3, 0.5, 0.9)).tolist()
    [1.0, 2.0, 3.0]
    """
    order = np.argsort(draws)
    place = np.searchsorted(np.cumsum(weight[order]) / weight.sum(), at)
    return draws[order][np.minimum(place, draws.size - 1)]


def shares_below(ours: Array, quantiles: Array) -> Array:
    """Return the share of our draws below each quantile of the other sampler."""
    return (ours[:, None] < quantiles).mean(axis=0)


def chance(effective_theirs: float, effective_ours: float) -> Array:
    """Return the standard deviation of such shares if both samplers draw from one posterior."""
    q = np.array(QUANTILES)
    return np.sqrt(q * (1 - q) * (1 / effective_theirs + 1 / effective_ours))


def _shown(shares: Array, deviation: Array) -> str:
    off = np.abs(shares - QUANTILES)
    return " | ".join(
        f"**{100 * one:.0f}**" if far > max(OFF, SURELY * allowed) else f"{100 * one:.0f}"
        for one, far, allowed in zip(shares, off, deviation, strict=True)
    )


def slope_row(case: Case, kind: str, name: str, ours: str) -> str:
    """Return one company's line: quantiles of both samplers and the shares of our draws below NUTS's."""
    draws, weight = case.mixture(kind)
    theirs = weighted_quantiles(draws, weight)
    mine = case.facts[f"{ours}_slope"]
    own = float(case.facts["effective_given"] if kind == "given" else case.facts["effective"][1])
    shares = shares_below(mine, theirs)
    middle = np.quantile(mine, QUANTILES)
    told = [f"{one[2]:.4f} ({one[0]:.4f} to {one[4]:.4f})" for one in (theirs, middle)]
    allowed = chance(case.effective(kind), min(own, mine.size))
    return f"| {case.name} | {name} | {told[0]} | {told[1]} | {_shown(shares, allowed)} |"


def sign_row(case: Case) -> str | None:
    """Return what both say of no effect, help and harm, NUTS by its evidences; None where the channel has no lump."""
    names = ["nothing", *(f"{kind}-{one}" for kind in ("helps", "harms") for one in FAMILIES)]
    if case.facts["belief"][0] == 0 or not all(one in case.fits for one in names):
        return None
    log = np.log(case.facts["belief"])
    kinds = [np.logaddexp.reduce(case.families(kind)) for kind in ("helps", "harms")]
    log = log + np.array([case.fits["nothing"]["log_evidence"].mean(), *kinds])
    theirs = np.exp(log - np.logaddexp.reduce(log))
    apart = max(float(np.ptp(case.fits[one]["log_evidence"])) for one in names)
    pairs = " | ".join(f"{a:.3f} / {b:.3f}" for a, b in zip(theirs, case.facts["stated"], strict=True))
    return f"| {case.name} | {pairs} | {apart:.2f} |"


def family_rows(case: Case) -> list[str]:
    """Return, noise given, family by family: its mass in both, and the share furthest from its quantile."""
    log = case.families("given")
    mass = np.exp(log - np.logaddexp.reduce(log))
    rows = []
    for number, name in enumerate(FAMILIES):
        mine = case.facts["given_slope"][case.facts["given_family"] == number]
        if mine.size < 200:
            rows.append(
                f"| {case.name} | {name} | {mass[number]:.3f} / {mine.size / case.facts['given_slope'].size:.3f} | - | - |"
            )
            continue
        fit = case.fits[f"given-{name}"]
        shares = shares_below(mine, np.quantile(fit["slope"], QUANTILES))
        allowed = chance(
            float(fit["effective"]), float(case.facts["effective_given"]) * mine.size / case.facts["given_slope"].size
        )
        masses = f"{mass[number]:.3f} / {mine.size / case.facts['given_slope'].size:.3f}"
        worst = float(np.abs(shares - QUANTILES).max())
        sure = float((np.abs(shares - QUANTILES) / allowed).max())
        rows.append(f"| {case.name} | {name} | {masses} | {100 * worst:.1f} | {sure:.1f} |")
    return rows


def check_row(case: Case) -> str:
    """Return how far NUTS may be trusted here."""
    sampled = [one for one in case.fits.values() if "r_hat" in one]
    divergences = sum(int(one["divergences"]) for one in sampled)
    total = sum(one["slope"].size for one in sampled)
    worst = max(float(one["r_hat"]) for one in sampled)
    fewest = min(float(one["effective"]) for one in sampled if not np.isnan(one["effective"]))
    seconds = sum(float(one["cpu_seconds"]) for one in sampled)
    made = max(str(one["made"]) for one in sampled)
    return f"| {case.name} | {len(sampled)} | {divergences} of {total} | {worst:.3f} | {fewest:.0f} | {seconds:.0f} | {made} |"


def report(cases: list[Case]) -> str:
    """Return docs/nuts.md."""
    head = "| company | posterior | NUTS: median (5 % to 95 %) | ours | 5 | 25 | 50 | 75 | 95 |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- |"
    slopes = [
        slope_row(case, kind, name, ours)
        for case in cases
        for kind, name, ours in (
            ("helps", "as shipped", "helps"),
            ("helps", "answer of spend not taken off", "plain"),
            ("given", "noise given", "given"),
        )
        if all(f"{kind}-{one}" in case.fits for one in FAMILIES)
    ]
    signs = [row for row in map(sign_row, cases) if row]
    families = [
        row for case in cases if all(f"given-{one}" in case.fits for one in FAMILIES) for row in family_rows(case)
    ]
    versions = {str(one["versions"]) for case in cases for one in case.fits.values() if "versions" in one}
    seeds = {int(one["seed"]) for case in cases for one in case.fits.values() if "seed" in one}
    return "\n".join(
        [
            _HEAD,
            f"Versions: {', '.join(sorted(versions))}. Seeds: NUTS {sorted(seeds)}, ours 0. {len(cases)} of ten companies are fitted so far.\n",
            "## Marginal slope, where spend helps\n",
            _SLOPES,
            head,
            *slopes,
            "\n## Does spend do anything?\n",
            _SIGNS,
            "| company | no effect: NUTS / ours | helps | harms | chains apart in log evidence, most |\n| --- | --- | --- | --- | --- |",
            *signs,
            "\n## Family by family, noise given\n",
            _FAMILIES,
            "| company | family | mass: NUTS / ours | furthest share, points | in standard deviations |\n| --- | --- | --- | --- | --- |",
            *families,
            "\n## How far NUTS may be trusted\n",
            "| company | fits | divergences | worst r-hat | fewest effective draws of the slope | CPU seconds | made |\n| --- | --- | --- | --- | --- | --- | --- |",
            *map(check_row, cases),
            _FOUND,
        ]
    )


_HEAD = f"""# The posterior against a full NUTS fit

Ten made companies; the model of docs/channels.md 1.2 (normal) and of churn (Poisson, every disturbance sampled) was written anew for the
no-U-turn sampler (Hoffman & Gelman 2014), in an environment of its own: benchmarks/nuts/README.md. Level, trend, months, season, drift
and level shifts found are in it. NUTS cannot sample the lump at no effect nor the family, so each family and each sign has a fit of
its own, and bridge sampling (Meng & Wong 1996) weighs them. **Spreads of the noise**: continuous in NUTS (log-uniform half a step beyond
the ends of the product's grid) against the product's grid, for "as shipped"; equal and fixed in both, at the setting most of our draws have, for "noise given".
The slope is b g'(1), segments weighted by customers. A share in bold is more than {100 * OFF:.0f} points and {SURELY:.0f} standard deviations of chance off its quantile.
"""
_FOUND = """
## What was found

- **margin, helps**, before the mend told in docs/sbc.md: ours was 0.1306 (0.1091 to 0.1567), with 16, 30, 41, 53 and 71 % below NUTS's
  quantiles (with the noise given, even that wrong one, 4, 24, 48, 74 and 94 %): the right noise setting had been dropped, and a strong effect taken for drift. The interval was 2.3 times too wide.
- **churn, inside**: the true drift of 0.053 lies between two spreads of churn's grid, 0.03 and 0.08, and nearly every draw takes the upper;
  NUTS finds 0.062. Ours is wider by a fourth for it. Over 200 histories of such spreads, the regimes
  *between* of docs/sbc.md, slope, strength and carryover stay even: on average it costs nothing that can be seen.
"""
_SLOPES = """The share (%) of our draws below NUTS's 5, 25, 50, 75 and 95 % quantile: the same figures if both have one posterior.
"""
_SIGNS = """Ours as shipped, with 2,048 draws; NUTS by prior times evidence.
"""
_FAMILIES = """The test of the algorithm alone (expansion, importance sampling, strengths integrated), spreads being equal. Families that fewer than 200
of our draws have are left out.
"""


def main() -> None:
    text = report(read(Path(sys.argv[1])))
    OUT.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
