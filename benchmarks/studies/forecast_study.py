"""The forecast study: series whose future is known, and how often the product's intervals held it.

`python -m benchmarks.studies.forecast_study [--series 100]` writes docs/forecast.md. Nothing of the future is shown to the forecast.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from numpy.typing import NDArray

from cxroi.model.forecast.backtest import WINDOWS, MeasureKind
from cxroi.model.forecast.forecast import Forecast, alerts, forecast
from cxroi.model.statistics.proportion import proportion_interval

Array = NDArray[np.float64]
AHEAD = 12


@dataclass(frozen=True)
class World:
    """How a series comes about: `draw(random, months)` returns `months` of it; the last twelve are the future."""

    meaning: str
    draw: Callable[[np.random.Generator, int], Array]
    months: int = 36
    kind: MeasureKind = MeasureKind.AMOUNT


def _walk(random: np.random.Generator, months: int, step: float) -> Array:
    return np.cumsum(random.normal(0, step, months))


def _season(months: int, size: float) -> Array:
    return size * np.cos(2 * np.pi * np.arange(months) / 12)


def _money(logarithm: Array) -> Array:
    return 1000 * np.exp(logarithm)


def _retention(random: np.random.Generator, months: int) -> Array:
    kept = 1 / (1 + np.exp(-(3.5 + _walk(random, months, 0.05))))
    return random.binomial(5000, kept) / 5000


def _satisfaction(random: np.random.Generator, months: int) -> Array:
    level = np.clip(75 + 100 * _walk(random, months, 0.01), 40, 95)
    return 100 * random.binomial(80, level / 100) / 80


WORLDS = {
    "steady": World("a level and noise of 5 %", lambda r, n: _money(r.normal(0, 0.05, n))),
    "season": World(
        "a yearly season of 15 %, noise of 3 %", lambda r, n: _money(_season(n, 0.15) + r.normal(0, 0.03, n))
    ),
    "growth": World(
        "1 % more every month, noise of 3 %", lambda r, n: _money(0.01 * np.arange(n) + r.normal(0, 0.03, n))
    ),
    "walk": World("a random walk, 3 % a month", lambda r, n: _money(_walk(r, n, 0.03))),
    "walk and season": World(
        "a random walk, 2 % a month, on a season of 10 %", lambda r, n: _money(_walk(r, n, 0.02) + _season(n, 0.1))
    ),
    "break": World(
        "the level falls by 15 % for good, nine months before the end; noise of 3 %",
        lambda r, n: _money(-0.16 * (np.arange(n) >= n - AHEAD - 9) + r.normal(0, 0.03, n)),
    ),
    "few months": World("ten months of a random walk, 3 % a month", lambda r, n: _money(_walk(r, n, 0.03)), months=10),
    "long history": World(
        "six years of a random walk, 2 % a month, on a season of 10 %",
        lambda r, n: _money(_walk(r, n, 0.02) + _season(n, 0.1)),
        months=72,
    ),
    "retention": World("5,000 customers, retention that wanders", _retention, kind=MeasureKind.RATE),
    "satisfaction": World("80 answers a month, satisfaction that wanders", _satisfaction, kind=MeasureKind.SCORE),
}


@dataclass(frozen=True)
class Seen:
    """One series: per window whether the interval held, own and floor's error; and alerts that came true or did not."""

    held: tuple[bool | None, ...]  # None where the forecast refused to look so far
    error: tuple[float, ...]
    floor_error: tuple[float, ...]
    right: int
    wrong: int
    surprised: int


def study_one(world: World, seed: int) -> Seen:
    """Forecast one series and look at what came."""
    series = world.draw(np.random.default_rng(seed), world.months + AHEAD)
    past, future = series[: world.months], series[world.months :]
    found = forecast(past, kind=world.kind)
    factors = [months if world.kind is MeasureKind.AMOUNT else 1 for months in WINDOWS]
    truth = [future[:months].mean() * factor for months, factor in zip(WINDOWS, factors, strict=True)]
    told = {window.months: window.value for window in found.windows}
    values = [told.get(months) for months in WINDOWS]
    floor = np.resize(past[-12:], AHEAD) if world.months >= 12 else np.full(AHEAD, past[-1])
    warned = alerts([found])
    right = [_came_true(found, alert.kind, alert.months, truth) for alert in warned if alert.kind != "surprise"]
    return Seen(
        held=tuple(None if v is None else v.low <= t <= v.high for v, t in zip(values, truth, strict=True)),
        error=tuple(np.nan if v is None else abs(v.mid - t) for v, t in zip(values, truth, strict=True)),
        floor_error=tuple(
            abs(floor[:m].mean() * factor - t) for m, factor, t in zip(WINDOWS, factors, truth, strict=True)
        ),
        right=sum(right),
        wrong=len(right) - sum(right),
        surprised=sum(alert.kind == "surprise" for alert in warned),
    )


def _came_true(found: Forecast, kind: str, months: int, truth: list[float]) -> bool:
    place = WINDOWS.index(months)
    before = next(window.year_before for window in found.windows if window.months == months)
    assert before is not None  # an alert against last year needs one
    return (truth[place] > before) == (kind == "rising")


HEADER = """# Forecast: how often its intervals hold

Series are simulated, their last twelve months kept from the forecast. A 90 % interval should hold about 90 % of the time; a
figure whose own 95 % interval (Wilson) lies outside 85 to 95 % is marked **so**. "Error" is the mean absolute error against that of the
seasonal-naive floor (the last month where there is no year), below 1 is better. Alerts of a rise or fall against last year are
counted as they came true or not; a surprise (the last month outside the interval known a month before) should come to one
series in ten where nothing happens. Regenerate with `make study`.

| world | series | month holds | quarter holds | year holds | error: month | quarter | year | alerts came true | did not | surprises |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
"""


def report(seen: dict[str, list[Seen]]) -> str:
    """Return docs/forecast.md."""
    lines, missed = [HEADER.rstrip("\n")], list[str]()
    for name, found in seen.items():
        n = len(found)
        held = [_mean_held([one.held[w] for one in found]) for w in range(len(WINDOWS))]
        error = [
            "–"
            if held[w] is None
            else f"{np.mean([one.error[w] for one in found]) / np.mean([one.floor_error[w] for one in found]):.2f}"
            for w in range(len(WINDOWS))
        ]
        counts = [sum(getattr(one, kind) for one in found) for kind in ("right", "wrong", "surprised")]
        lines.append(
            f"| {name} | {n} | {' | '.join(_share(share, n) for share in held)} | {' | '.join(error)} | {' | '.join(map(str, counts))} |"
        )
        missed += [
            f"- *{name}*: intervals of the {window} are too {'wide' if share > 0.9 else 'narrow'}, they hold {share:.0%}."
            for window, share in zip(("month", "quarter", "year"), held, strict=True)
            if share is not None and _misses(share, n)
        ]
    lines += ["", "## What misses its target", "", *(missed or ["Nothing."]), "", "## The worlds"]
    lines += ["", *(f"- *{name}*: {WORLDS[name].meaning}; {WORLDS[name].months} months." for name in seen)]
    return "\n".join(lines) + "\n"


def _misses(share: float, n: int) -> bool:
    low, high = proportion_interval(share * n, n)
    return high < 0.85 or low > 0.95


def _mean_held(held: list[bool | None]) -> float | None:
    told = [one for one in held if one is not None]
    return sum(told) / len(told) if told else None


def _share(share: float | None, n: int) -> str:
    if share is None:
        return "refused"
    return f"**{share:.0%}**" if _misses(share, n) else f"{share:.0%}"


def main() -> None:
    """Run the study and write the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--series", type=int, default=100)
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[2] / "docs" / "forecast.md")
    options = parser.parse_args()
    seen = {name: [study_one(world, seed) for seed in range(options.series)] for name, world in WORLDS.items()}
    options.out.write_text(report(seen), encoding="utf-8")
    print(options.out.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
