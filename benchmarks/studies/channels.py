"""The study of companies whose CX spend pays in several ways, on whole companies: docs/channels-study.md.

    python -m benchmarks.studies.channels [--companies 250] [--regimes known,hard,joins_acquisition] [--processes 2] [--minutes 60]
                                          [--variant as_is] [--draws 1024] [--no-refits] [--segments] [--reading default]

Regimes are named one by one or by group (known, confounded, hard, others). Companies run one seed of every regime after another and are kept
a line each; a study that was stopped goes on where it was, and `--companies 0` reports on what is finished. Results of another engine,
variant, number of draws or made world stand in a folder of their own, so that nothing is counted together that does not belong together.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # one company a core

import subprocess
import tempfile
import zlib
from collections import Counter
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.simulation import GROUPS, REGIMES, Reading, company_of, lived, recorded, truth_of
from benchmarks.studies import made_companies
from benchmarks.studies.one_company import ROW_FORMAT, Settings, study
from benchmarks.studies.report import plot, report
from benchmarks.studies.variants import VARIANTS

NAME, COMPANIES = "channels-study", 250


def main() -> None:
    """Run what is missing and write the report."""
    parser = made_companies.parser_of(__doc__, NAME, tuple(GROUPS), companies=COMPANIES, processes=2)
    parser.add_argument("--variant", choices=tuple(VARIANTS), default="as_is", help="an engine to try")
    parser.add_argument("--draws", type=int, default=Settings.draws)
    parser.add_argument(
        "--no-refits", action="store_true", help="without the refits behind the checks: quicker, and not the product"
    )
    parser.add_argument(
        "--segments", action="store_true", help="rows of segments too, for calibration clustered by company"
    )
    parser.add_argument("--reading", choices=("default", *map(str, Reading)), default="default")
    parser.set_defaults(folder=None, out=None)
    options = parser.parse_args()
    options.regimes = ",".join(regimes_named(options.regimes))
    settings = Settings(options.variant, options.draws, not options.no_refits, options.segments, engine_name())
    own = options.folder is None
    options.folder = folder_of(settings) if own else options.folder
    results = made_companies.run(partial(study, settings=settings), options)
    as_it_is = own and settings == Settings(segments=settings.segments, engine=settings.engine)
    out = options.out or (made_companies.DOCS / f"{NAME}.md" if as_it_is else options.folder / "report.md")
    write(results, settings, out, options.reading)
    print(f"Results: {options.folder}. Report: {out}.")


def write(
    results: dict[str, list[made_companies.Result]], settings: Settings, out: Path, reading: str = "default"
) -> None:
    """Write the report and its plot."""
    out.write_text(report(results, about(results, settings), reading), encoding="utf-8")
    out.with_suffix(".svg").write_text(plot(results, reading), encoding="utf-8")


def about(results: dict[str, list[made_companies.Result]], settings: Settings) -> str:
    """Return with what was measured: engine, draws, companies and seconds."""
    fine = [one for some in results.values() for one in some if "error" not in one]
    engines = Counter(one["engine"] for one in fine)
    readings = ", ".join(sorted({one["default"] for one in fine})) or "none"
    seconds = float(np.mean([one["seconds"] for one in fine])) if fine else 0.0
    sizes = sorted({len(some) for some in results.values()})
    spread = f"{sizes[0]}" if len(sizes) == 1 else f"{sizes[0]} to {sizes[-1]}"
    checks = "with" if settings.refits else "without"
    return (
        f"Measured on {len(fine)} companies ({spread} of each of {len(results)} regimes), variant `{settings.variant}` "
        f"({VARIANTS[settings.variant].about}), {settings.draws:,} draws, {checks} the refits behind the checks, "
        f"engine {', '.join(f'{name} ({count})' for name, count in engines.most_common())}; "
        f"the product's own reading: {readings}; {seconds:.2f} s of processor time a company."
    )


def regimes_named(asked: str) -> list[str]:
    """Return the regimes of names and groups separated by commas, in the order of the study; raises ValueError for another name."""
    named = set(asked.split(","))
    unknown = named - set(REGIMES) - set(GROUPS)
    if unknown:
        raise ValueError(f"No such regime: {', '.join(sorted(unknown))}. There are {', '.join((*GROUPS, *REGIMES))}.")
    return [name for name, one in REGIMES.items() if name in named or one.group in named]


def folder_of(settings: Settings) -> Path:
    """Return where results are kept that may be counted together: of one made world, one engine and one way of asking it."""
    changed = [settings.variant, f"{settings.draws}", *(["no-refits"] if not settings.refits else [])]
    changed += ["segments"] if settings.segments else []
    return world_folder() / settings.engine / "-".join(changed)


def world_folder() -> Path:
    """Return the folder of all engines' results on the companies as they are made now."""
    return Path(tempfile.gettempdir()) / f"cxroi-{NAME}-{made_world():08x}"


def made_world() -> int:
    """Return a number that changes when any company, its truth, or what is written down of it does."""
    found = [str(ROW_FORMAT)]
    for regime in REGIMES:
        history = lived(company_of(regime, 0))
        panel, truth = recorded(history), truth_of(history)
        worth = truth.value(np.array([0.0, 150.0]), Reading.LIFE).sum() / truth.spent.sum()
        found.append(
            f"{panel.cx_spend.sum():.6g} {panel.contribution_margin.sum():.6g} {panel.customers_lost.sum():.6g} {worth:.5g}"
        )
    return zlib.crc32("\n".join(found).encode())


def engine_name() -> str:
    """Return the last commit of the engine, and where it was changed since, a number that changes with its sources."""
    root, parts = Path(__file__).parents[2], ("cxroi/model", "cxroi/questions", "data/assumptions.toml")

    def git(*words: str) -> str:
        done = subprocess.run(["git", *words, "--", *parts], cwd=root, capture_output=True, text=True, check=False)
        return done.stdout.strip()

    commit = git("log", "-1", "--format=%h")
    if commit and not git("status", "--porcelain"):
        return commit
    paths = sorted(path for part in parts for path in [root / part, *(root / part).glob("**/*.py")] if path.is_file())
    return f"{commit or 'unknown'}-{zlib.crc32(b''.join(path.read_bytes() for path in paths)):08x}"


if __name__ == "__main__":
    main()
