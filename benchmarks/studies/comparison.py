"""Two engine variants on the same companies, as paired differences.

    python -m benchmarks.studies.comparison as_is-1024 spike_half-1024 [--reading default] [--out FILE]
    python -m benchmarks.studies.comparison 30d7727/as_is-1024 1c1e78b/as_is-1024

Names are folders of results: of the engine that runs, of any engine on the same made companies, or paths. Only companies that both have come through count; after ±: standard errors of
the mean difference over companies.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from benchmarks.simulation import GROUPS, REGIMES, Reading
from benchmarks.studies.calibration_report import SIDED, is_wrong
from benchmarks.studies.channels import engine_name, folder_of, world_folder
from benchmarks.studies.figures import Mean, Row, rows_of
from benchmarks.studies.made_companies import Result, read_results
from benchmarks.studies.one_company import Settings
from benchmarks.studies.targets import said

Pair = tuple[Row, Row]
_SCORES: Mapping[str, Callable[[Row], float]] = {
    "Brier, best above": lambda row: (row["p_best"] - (row["best"] > 100)) ** 2,
    "log score": lambda row: _log_score(row["p_best"], row["best"] > 100),
    "called": lambda row: float(row["call"] in SIDED),
    "wrong calls": lambda row: float(is_wrong(row)),
    "covered at 150 %": lambda row: float(row["covered_150"]),
    "width at 150 %": lambda row: row["width_150"],
    "verdict earns": lambda row: row["policies"]["verdict_optimum"][1],
    "in range": lambda row: row["policies"]["verdict_in_range"][1],
    "safe step": lambda row: row["policies"]["safe_step"][1],
}


def _log_score(p: float, so: bool) -> float:
    return -float(np.log(np.clip(p if so else 1 - p, 0.002, 1.0)))


def pairs_of(
    one: Mapping[str, Sequence[Result]], other: Mapping[str, Sequence[Result]], reading: str
) -> dict[str, list[Pair]]:
    """Return by regime the rows of the companies that both engines came through."""
    found = {}
    for regime in REGIMES:
        theirs = {result["seed"]: result for result in other.get(regime, ()) if "error" not in result}
        both = [(a, theirs[a["seed"]]) for a in one.get(regime, ()) if "error" not in a and a["seed"] in theirs]
        if both:
            rows = (rows_of([result[side] for result in both], reading) for side in (0, 1))
            found[regime] = list(zip(*rows, strict=True))
    return found


def comparison(pairs: Mapping[str, Sequence[Pair]], names: tuple[str, str]) -> str:
    """Return the comparison as a table: for each regime and group, each score of both and the second's less the first's."""
    out = [
        f"# {names[1]} against {names[0]}, on the same companies",
        "",
        "Each cell: the first's, the second's, and the second's less the first's. Brier and log score: lower is better.",
        "",
        f"| regime | companies | calls that changed | {' | '.join(_SCORES)} |",
        "| --- " * (len(_SCORES) + 3) + "|",
    ]
    for group in GROUPS:
        named = [name for name in pairs if REGIMES[name].group == group]
        out += [_line(name, pairs[name]) for name in named]
        if named:
            out.append(_line(f"**{group}**", [pair for name in named for pair in pairs[name]]))
    return "\n".join(out) + "\n"


def _line(name: str, pairs: Sequence[Pair]) -> str:
    changed = sum(a["call"] != b["call"] for a, b in pairs)
    cells = [_cell(pairs, score) for score in _SCORES.values()]
    return f"| {name} | {len(pairs)} | {changed} | {' | '.join(cells)} |"


def _cell(pairs: Sequence[Pair], score: Callable[[Row], float]) -> str:
    first, second = (np.array([score(pair[side]) for pair in pairs]) for side in (0, 1))
    return f"{first.mean():.3f}, {second.mean():.3f}: {said(Mean.of(second - first), 3)}"


def results_in(folder: Path) -> dict[str, list[Result]]:
    """Return the results of a folder by regime; raises FileNotFoundError where it has none."""
    found = {path.stem: list(read_results(path).values()) for path in sorted(folder.glob("*.jsonl"))}
    if not found:
        raise FileNotFoundError(f"No results in {folder}.")
    return found


def _folder(name: str) -> Path:
    """Return the folder that a name stands for."""
    places = (Path(name), folder_of(Settings(engine=engine_name())).parent / name, world_folder() / name)
    return next((place for place in places if place.is_dir()), places[1])


def main() -> None:
    """Print the comparison, or write it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs=2)
    parser.add_argument("--reading", choices=("default", *map(str, Reading)), default="default")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    folders = [_folder(name) for name in options.folders]
    one, other = (results_in(folder) for folder in folders)
    text = comparison(pairs_of(one, other, options.reading), (options.folders[0], options.folders[1]))
    if options.out is None:
        sys.stdout.write(text)
    else:
        options.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
