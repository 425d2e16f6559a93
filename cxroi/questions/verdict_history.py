"""What the verdict was with each version of the data, kept beside it when it was given, and why it is another one than before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast

from cxroi.errors import CxroiError
from cxroi.model.decision.verdict import Call
from cxroi.questions.data import OpenVersion, open_version
from cxroi.questions.evidence import default_scenario
from cxroi.questions.gathering import evidence_of
from cxroi.questions.judgement import judgement_of
from cxroi.store.versions import derived
from cxroi.store.versions.version import Version
from cxroi.store.versions.workspace import Workspace

_FILE = "verdicts"  # beside each version; plain values, so that a later program can read them
_MOST = 12  # of one version
FIGURES = ("months", "customers", "monthly_churn_rate", "margin_per_customer_month", "cx_spend_per_month")
_MOVED = 0.02  # of a figure, from where on its change is named
_SETTINGS = ("rates", "sharing", "booked", "margin")


@dataclass(frozen=True, kw_only=True)
class MovedFigure:
    """A figure of the data that is another one than at the verdict before; by name of `FIGURES`."""

    name: str
    before: float
    after: float


@dataclass(frozen=True, kw_only=True)
class PastVerdict:
    """One verdict as it was given: of version `version` (loaded at `loaded_at`), over `horizon_months`; `probability` is that of the side it names.

    `why`: what differs from the verdict before: "first", "data", "rates", "sharing", "booked", "margin", "horizon", "program"; `figures` names
    what moved in the data.
    """

    version: str
    number: int
    loaded_at: datetime
    illustrative: bool
    call: Call
    probability: float
    more_pays: float
    grade: str
    horizon_months: int
    currency: str
    gain: float
    why: tuple[str, ...]
    figures: tuple[MovedFigure, ...]


@dataclass(frozen=True, kw_only=True)
class VerdictHistory:
    """The verdicts, the newest first, and the numbers of versions that nobody was told a verdict of."""

    verdicts: tuple[PastVerdict, ...]
    not_told: tuple[int, ...]


def ask_verdict_history(data: OpenVersion, fill: bool = False) -> VerdictHistory:
    """Return the verdicts of every version of the workspace, that of the opened one noted now.

    `fill` works out what is missing of the others, with today's program and settings; slow. A version without a verdict (not enough data)
    stays among those not told.
    """
    note_verdict(data)
    workspace = Workspace.open(data.version.folder.parents[1])
    versions = workspace.versions()
    if fill:
        for version in versions:
            if not _read(version):
                _note_other(workspace, version)
    told: list[tuple[Version, Mapping[str, Any]]] = []
    for version in sorted(versions, key=lambda one: one.number):
        told += [(version, entry) for entry in _read(version)]
    verdicts = [
        _past(version, entry, told[place - 1][1] if place else None) for place, (version, entry) in enumerate(told)
    ]
    return VerdictHistory(
        verdicts=tuple(reversed(verdicts)), not_told=tuple(one.number for one in versions if not _read(one))
    )


def note_verdict(data: OpenVersion) -> None:
    """Keep the verdict of the default scenario beside the version, unless the last one kept says the same of the same."""
    entry = _entry(data)
    kept = _read(data.version)
    if kept and _says(kept[-1]) == _says(entry):  # a later program that comes to the same has nothing to tell
        derived.keep(data.version, _FILE, kept)  # the newest of its files: what is kept of a version is cut by age
        return
    derived.keep(data.version, _FILE, (*kept, entry)[-_MOST:])


def _says(entry: Mapping[str, Any]) -> dict[str, Any]:
    rounded = {name: f"{entry[name]:.2g}" for name in ("probability", "more_pays", "gain")}
    return {**entry, **rounded, "program": None}


def _note_other(workspace: Workspace, version: Version) -> None:
    try:
        with open_version(version.folder.parents[1], version.id) as data:
            note_verdict(data)
    except CxroiError:
        return  # an earlier version need not have been enough for a verdict


def _entry(data: OpenVersion) -> dict[str, Any]:
    evidence = evidence_of(data)
    scenario = default_scenario(evidence)
    verdict, whole = judgement_of(evidence, scenario).bare_verdict(None), evidence.baseline.whole
    sides = verdict.stated
    probability = {Call.UNDER_INVESTED: sides.best_above, Call.OVER_INVESTED: sides.best_below}.get(verdict.call)
    return {
        "call": verdict.call.value,
        "probability": float(max(sides.best_above, sides.best_below) if probability is None else probability),
        "more_pays": float(sides.more_pays),
        "grade": verdict.grade.value,
        "horizon_months": int(scenario.horizon_months),
        "currency": evidence.panel.currency,
        "gain": float(verdict.gain_from_acting_now),
        "program": data.program,
        "settings": {name: data.settings[name] for name in _SETTINGS},
        "figures": {
            "months": float(evidence.panel.months.size),
            "customers": float(whole.customers),
            "monthly_churn_rate": float(whole.monthly_churn_rate.mid),
            "margin_per_customer_month": float(whole.contribution_margin_per_customer_month),
            "cx_spend_per_month": float(whole.cx_spend_per_month),
        },
    }


def _read(version: Version) -> tuple[dict[str, Any], ...]:
    """Return the verdicts that were kept beside a version; none where they cannot be read."""
    found = derived.read(version, _FILE)
    if not isinstance(found, tuple):
        return ()
    whole = (one for one in found if isinstance(one, dict) and one.get("call") in {call.value for call in Call})
    return tuple(cast("dict[str, Any]", one) for one in whole)


def _past(version: Version, entry: Mapping[str, Any], before: Mapping[str, Any] | None) -> PastVerdict:
    told = PastVerdict(
        version=version.id,
        number=version.number,
        loaded_at=version.created_at,
        illustrative=version.illustrative,
        call=Call(entry["call"]),
        probability=entry["probability"],
        more_pays=entry["more_pays"],
        grade=entry["grade"],
        horizon_months=entry["horizon_months"],
        currency=entry["currency"],
        gain=entry["gain"],
        why=("first",),
        figures=(),
    )
    if before is None:
        return told
    figures = _moved(before["figures"], entry["figures"])
    why = [
        *(["data"] if figures else []),
        *(name for name in _SETTINGS if before["settings"].get(name) != entry["settings"].get(name)),
        *(name for name in ("horizon",) if before["horizon_months"] != entry["horizon_months"]),
        *(["program"] if before["program"] != entry["program"] else []),
    ]
    return replace(told, why=tuple(why) or ("same",), figures=figures)


def _moved(before: Mapping[str, float], after: Mapping[str, float]) -> tuple[MovedFigure, ...]:
    """Return the figures that moved, the one that moved most first."""
    pairs = [(name, before.get(name, 0.0), after.get(name, 0.0)) for name in FIGURES]
    moved = [(abs(new / old - 1) if old else 1.0, name, old, new) for name, old, new in pairs if new != old]
    named = [MovedFigure(name=name, before=old, after=new) for by, name, old, new in sorted(moved, reverse=True) if by]
    large = [one for one in named if one.before == 0 or abs(one.after / one.before - 1) >= _MOVED]
    return tuple(large or named[:1])
