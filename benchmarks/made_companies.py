"""A study on made companies: regimes by seeds, run in processes, kept a line each, and begun again where it stopped."""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import Any

Result = dict[str, Any]  # what one company came to, with its "regime" and "seed"


def asked(about: str | None, name: str, regimes: Sequence[str], companies: int, processes: int) -> argparse.Namespace:
    """Return the command line of the study `name`, whose report is docs/`name`.md."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--companies", type=int, default=companies)
    parser.add_argument("--regimes", default=",".join(regimes))
    parser.add_argument("--processes", type=int, default=processes)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / f"cxroi-{name}")
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "docs" / f"{name}.md")
    return parser.parse_args()


def run(study_one: Callable[[str, int], Result], options: argparse.Namespace) -> dict[str, list[Result]]:
    """Run what is missing and return, by regime, the results of the seeds from 0 on without a gap.

    Only those: what is finished beyond a gap may be the companies that are quick to study.
    """
    options.folder.mkdir(parents=True, exist_ok=True)
    regimes = options.regimes.split(",")
    done = {regime: _read(options.folder, regime) for regime in regimes}
    jobs = [(regime, seed) for seed in range(options.companies) for regime in regimes if seed not in done[regime]]
    with ProcessPoolExecutor(options.processes) as pool:
        for finished in as_completed([pool.submit(study_one, *job) for job in jobs]):
            result = finished.result()
            done[result["regime"]][result["seed"]] = result
            with (options.folder / f"{result['regime']}.jsonl").open("a", encoding="utf-8") as file:
                file.write(json.dumps(result) + "\n")
    return {regime: without_gap(found) for regime, found in done.items()}


def without_gap(found: dict[int, Result]) -> list[Result]:
    """Return the results of seeds 0, 1, 2, ... up to the first that is missing.

    >>> without_gap({0: {"seed": 0}, 1: {"seed": 1}, 3: {"seed": 3}})
    [{'seed': 0}, {'seed': 1}]
    """
    first_missing = next(seed for seed in range(len(found) + 1) if seed not in found)
    return [found[seed] for seed in range(first_missing)]


def _read(folder: Path, regime: str) -> dict[int, Result]:
    path = folder / f"{regime}.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return {result["seed"]: result for result in map(json.loads, lines)}
