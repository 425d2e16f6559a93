"""A study on made companies: regimes by seeds, run in processes, kept a line each, and begun again where it stopped."""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from itertools import islice
from pathlib import Path
from typing import Any

Result = dict[str, Any]  # what one company came to, with its "regime" and "seed"
Job = tuple[str, int]
DOCS = Path(__file__).parents[2] / "docs"


def parser_of(
    about: str | None, name: str, regimes: Sequence[str], companies: int, processes: int
) -> argparse.ArgumentParser:
    """Return the command line that every study has; the report of the study `name` is docs/`name`.md."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--companies", type=int, default=companies, help="of each regime; 0 reports on what is finished"
    )
    parser.add_argument("--regimes", default=",".join(regimes))
    parser.add_argument("--processes", type=int, default=processes)
    parser.add_argument("--minutes", type=float, default=None, help="begin no company after so many")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / f"cxroi-{name}")
    parser.add_argument("--out", type=Path, default=DOCS / f"{name}.md")
    return parser


def asked(about: str | None, name: str, regimes: Sequence[str], companies: int, processes: int) -> argparse.Namespace:
    """Return what was asked on the command line of the study `name`."""
    return parser_of(about, name, regimes, companies, processes).parse_args()


def run(study_one: Callable[[str, int], Result], options: argparse.Namespace) -> dict[str, list[Result]]:
    """Run what is missing, one seed of every regime after another, and return by regime the results of seeds without a gap.

    Only those: what is finished beyond a gap may be the companies that are quick to study. A result with an "error" is kept for the
    report and tried again the next time.
    """
    options.folder.mkdir(parents=True, exist_ok=True)
    regimes = options.regimes.split(",")
    done = {regime: read_results(options.folder / f"{regime}.jsonl") for regime in regimes}
    jobs = [
        (regime, seed)
        for seed in range(options.companies)
        for regime in regimes
        if "error" in done[regime].get(seed, {"error": "missing"})
    ]
    for result in _finished(study_one, jobs, options):
        done[result["regime"]][result["seed"]] = result
        _append(options.folder / f"{result['regime']}.jsonl", result)
    return {regime: without_gap(found) for regime, found in done.items()}


def _finished(
    study_one: Callable[[str, int], Result], jobs: list[Job], options: argparse.Namespace
) -> Iterator[Result]:
    """Yield results as they come; few jobs wait at a time, so that all regimes are equally far when the time is over."""
    minutes = getattr(options, "minutes", None)
    until = float("inf") if minutes is None else time.monotonic() + 60 * minutes
    queue = iter(jobs)
    with ProcessPoolExecutor(options.processes) as pool:
        running = {pool.submit(study_one, *job) for job in islice(queue, 2 * options.processes)}
        while running:
            finished, running = wait(running, return_when=FIRST_COMPLETED)
            for _ in finished if time.monotonic() < until else ():
                job = next(queue, None)
                if job is not None:
                    running.add(pool.submit(study_one, *job))
            for one in finished:
                yield one.result()


def without_gap(found: dict[int, Result]) -> list[Result]:
    """Return the results of seeds 0, 1, 2, ... up to the first that is missing.

    >>> without_gap({0: {"seed": 0}, 1: {"seed": 1}, 3: {"seed": 3}})
    [{'seed': 0}, {'seed': 1}]
    """
    first_missing = next(seed for seed in range(len(found) + 1) if seed not in found)
    return [found[seed] for seed in range(first_missing)]


def read_results(path: Path) -> dict[int, Result]:
    """Return the results of one regime by seed, the last of each; a line cut off when the study was killed is left out."""
    found: dict[int, Result] = {}
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else []:
        try:
            result = json.loads(line)
        except json.JSONDecodeError:
            continue
        found[result["seed"]] = result
    return found


def _append(path: Path, result: Result) -> None:
    cut_off = path.exists() and path.stat().st_size > 0 and path.read_bytes()[-1:] != b"\n"
    with path.open("a", encoding="utf-8") as file:
        file.write("\n" * cut_off + json.dumps(result) + "\n")
