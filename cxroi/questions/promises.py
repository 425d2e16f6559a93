"""Promises: what each initiative promised, what it has brought against what would have been without it, and what it cost."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from cxroi.model.company.panel import Panel
from cxroi.model.response.realised import Initiative, PromiseStatus, Realised, judged, realised
from cxroi.model.response.shrinkage import Shrunk, programme_earned
from cxroi.model.statistics.uncertainty import Draws, Interval
from cxroi.questions.data import OpenVersion
from cxroi.questions.evidence import Evidence
from cxroi.questions.gathering import evidence_of
from cxroi.questions.register import read_channel_priors

if TYPE_CHECKING:
    import pandas as pd

_TAGS = ("owner", "status", "cx_level")
_SEPARATORS = re.compile(r"[,;،؛/|]")


@dataclass(frozen=True, kw_only=True)
class Promise:
    """One initiative: what was found, and the money that went into it until the last complete month, against its budget.

    None where the ledger does not name the initiative, or has no budget for it. `shrunk` is what is left of it among the others of its
    programme, the winner's curse taken off: by that it is told and judged; None where it could not be measured. Owner, status and level
    (1 to 5 of Gartner's pyramid) are as they were uploaded, "" where they were not.
    """

    realised: Realised
    spent: float | None
    budget: float | None
    shrunk: Shrunk | None = None
    owner: str = ""
    status: str = ""
    cx_level: str = ""

    @property
    def finding(self) -> PromiseStatus:
        """Return what can be said of the promise."""
        return self.realised.finding if self.shrunk is None else judged(self.shrunk.probability_kept)


@dataclass(frozen=True, kw_only=True)
class LevelResult:
    """The initiatives of a level of Gartner's pyramid ("" of none), how many of them could be measured, and their money so far.

    `spent` is what the ledger names (None: none of them), `measured_spent` that of the measured ones (None: of one of them it is not known),
    `earned` what these have brought, as in the programme, so that levels add up to it in every draw.
    """

    level: str
    names: tuple[str, ...]
    measured: int
    spent: float | None
    measured_spent: float | None
    earned: Interval | None


@dataclass(frozen=True, kw_only=True)
class Programme:
    """All initiatives together; money undiscounted, so far.

    `earned` is what the measured ones have brought, those of each group of `counted_once` as one; `spent` what they cost (None where the ledger does
    not name one of them, see `spend_unknown`), `net` the first less the second, `promised` in all (None where one promised no money).
    """

    promises: tuple[Promise, ...]
    earned: Interval | None
    spread: Interval | None = None
    spent: float | None = None
    net: Interval | None = None
    probability_paid: float | None = None
    promised: float | None = None
    counted_once: tuple[tuple[str, ...], ...] = ()
    spend_unknown: tuple[str, ...] = ()
    unmeasured_spent: float = 0.0  # that went into those that could not be measured, as far as the ledger names it
    levels: tuple[LevelResult, ...] = ()  # from the lowest, what has none last; nothing where no initiative has one


_ENDS = ("low", "mid", "high")


def gather_promises(data: OpenVersion, evidence: Evidence) -> tuple[Promise, ...]:
    """Return every initiative of an opened version, whose `evidence` this is, with what it has brought; none where none were uploaded."""
    return gather_programme(data, evidence).promises


def gather_programme(data: OpenVersion, evidence: Evidence) -> Programme:
    """Return every initiative with what is left of it among the others, and what all of them have earned together."""
    return data.kept("promises", lambda: programme_of(_read_promises(data, evidence)))


def _read_promises(data: OpenVersion, evidence: Evidence) -> tuple[Promise, ...]:
    from cxroi.store.panel.lines import read_initiative_money, read_initiatives

    account = data.frame.account
    ledger = None if account is None else read_initiative_money(data.engine, account, data.how["rates"])
    return promises_of(evidence, read_initiatives(data.engine), ledger)


def ask_programme(data: OpenVersion) -> Programme:
    """Return every initiative of a version, and all of them together."""
    return gather_programme(data, evidence_of(data))


def programme_of(promises: tuple[Promise, ...]) -> Programme:
    """Return the programme of some promises, each as it is among the others."""
    drawn = {place: one.realised.draws for place, one in enumerate(promises) if one.realised.draws is not None}
    measured = [promises[place] for place in drawn]
    levels = _levels(promises)
    if not drawn:
        told = tuple(_level_result(level, promises, [], None) for level in levels)
        return Programme(promises=promises, earned=None, levels=told)
    groups = _beside([one.realised for one in measured])
    parts = [[place for place, one in enumerate(measured) if one.cx_level == level] for level in levels]
    earned = programme_earned(list(drawn.values()), groups, parts)
    spent = _all_spent(measured)
    shrunk = dict(zip(drawn, earned.shrunk, strict=True))
    names = [one.realised.initiative.name for one in measured]
    return Programme(
        promises=tuple(replace(one, shrunk=shrunk.get(place)) for place, one in enumerate(promises)),
        earned=earned.value,
        spread=earned.spread,
        spent=spent,
        net=None if spent is None else Interval(**{end: getattr(earned.value, end) - spent for end in _ENDS}),
        probability_paid=None if spent is None else float(np.mean(np.array(earned.draws) > spent)),
        promised=_promised(measured),
        counted_once=tuple(tuple(names[place] for place in group) for group in groups if len(group) > 1),
        unmeasured_spent=float(sum(one.spent or 0.0 for place, one in enumerate(promises) if place not in drawn)),
        levels=tuple(
            _level_result(level, promises, [measured[place] for place in part], value if part else None)
            for level, part, value in zip(levels, parts, earned.parts, strict=True)
        ),
        spend_unknown=tuple(name for name, one in zip(names, measured, strict=True) if one.spent is None),
    )


def _levels(promises: tuple[Promise, ...]) -> list[str]:
    """Return the levels that initiatives have, from the lowest, "" last where some have none; nothing where none has one."""
    named = sorted({one.cx_level for one in promises if one.cx_level})
    return [*named, ""] if named and any(not one.cx_level for one in promises) else named


def _level_result(
    level: str, promises: tuple[Promise, ...], measured: list[Promise], earned: Interval | None
) -> LevelResult:
    own = [one for one in promises if one.cx_level == level]
    known = [one.spent for one in own if one.spent is not None]
    return LevelResult(
        level=level,
        names=tuple(one.realised.initiative.name for one in own),
        measured=len(measured),
        spent=float(sum(known)) if known else None,
        measured_spent=_all_spent(measured) if measured else None,
        earned=earned,
    )


def _all_spent(measured: list[Promise]) -> float | None:
    """Return what went into initiatives together; None where the ledger does not name one of them."""
    spends = [one.spent for one in measured]
    return None if None in spends else float(sum(one for one in spends if one is not None))


def _promised(measured: list[Promise]) -> float | None:
    """Return the money that was promised by those that are measured; None where any of them promised none."""
    values = [one.realised.initiative.promised_value for one in measured]
    return None if None in values else float(sum(one for one in values if one is not None))


def _beside(found: list[Realised]) -> list[list[int]]:
    """Return the initiatives in groups of those that began about then in the same place, directly or by way of others."""
    place = {one.initiative.name: at for at, one in enumerate(found)}
    group = list(range(len(found)))
    for at, one in enumerate(found):
        for name in one.beside:
            if name in place:
                first, second = group[at], group[place[name]]
                group = [min(first, second) if each in (first, second) else each for each in group]
    return [[at for at, own in enumerate(group) if own == each] for each in sorted(set(group))]


def promises_of(evidence: Evidence, rows: pd.DataFrame, ledger: pd.DataFrame | None) -> tuple[Promise, ...]:
    """Return the promises, each measured alone, of rows as `initiative_rows` has them, with `ledger` as `read_initiative_money` returns it."""
    segments = tuple(segment.segment for segment in evidence.baseline.segments)
    records = rows.to_dict("records")
    initiatives = tuple(_initiative(row, segments, ledger) for row in records)
    tags = {str(row["name"]): {tag: _said(row.get(tag)) for tag in _TAGS} for row in records}
    last = evidence.panel.months[evidence.panel.complete_months][-1]
    return tuple(
        Promise(
            realised=found,
            spent=_sum(ledger, found, "amount", last),
            budget=_sum(ledger, found, "budget", last),
            **tags[found.initiative.name],  # type: ignore[arg-type]
        )
        for found in realised(
            evidence.panel,
            initiatives,
            _own_spend(evidence.panel, initiatives, ledger),
            channels=read_channel_priors(),
        )
    )


def _own_spend(panel: Panel, initiatives: tuple[Initiative, ...], ledger: pd.DataFrame | None) -> dict[str, Draws]:
    """Return what the ledger says was spent on each initiative it names, by segment and month; what is shared, by customers."""
    if ledger is None:
        return {}
    place = {name.casefold(): row for row, name in enumerate(panel.segments)}
    start = np.nan_to_num(panel.customers_at_start)
    by_customers = start / np.maximum(start.sum(axis=0), 1e-12)
    spend = {}
    for one in initiatives:
        own = ledger[ledger["name"] == one.name.casefold()]
        months = (own["month"].to_numpy().astype("datetime64[M]") - panel.months[0]).astype(int)
        cells = np.zeros(panel.cx_spend.shape)
        for month, segment, amount in zip(months, own["segment"], own["amount"], strict=True):
            if 0 <= month < panel.months.size:
                row = None if _missing(segment) else place.get(str(segment).casefold())
                cells[slice(None) if row is None else row, month] += (
                    amount * by_customers[:, month] if row is None else amount
                )
        if len(own):
            spend[one.name] = cells
    return spend


def _initiative(row: dict, segments: tuple[str, ...], ledger: pd.DataFrame | None) -> Initiative:
    uplift, value = row["promised_uplift_pp"], row["promised_value"]
    return Initiative(
        name=str(row["name"]),
        starts_on=_day(row["starts_on"]),
        ends_on=_day(row["ends_on"]),
        segments=_segments(row, segments, ledger),
        promised_uplift_pp=None if _missing(uplift) else float(uplift),
        promised_value=None if _missing(value) else float(value),
    )


def _segments(row: dict, known: tuple[str, ...], ledger: pd.DataFrame | None) -> tuple[str, ...]:
    """Return where an initiative works: as it says itself, else the segments that the ledger names with it, else everywhere."""
    folded = {name.casefold(): name for name in known}
    said = row["segment"]
    if not _missing(said):
        parts = [str(said)] if str(said).casefold() in folded else _SEPARATORS.split(str(said))
        named = tuple(folded.get(part.strip().casefold(), part.strip()) for part in parts if part.strip())
        return () if set(named) == set(known) else named
    if ledger is None:
        return ()
    own = ledger[ledger["name"] == str(row["name"]).casefold()]["segment"]
    if own.empty or own.isna().any():
        return ()
    named = tuple(sorted({folded[name.casefold()] for name in own if name.casefold() in folded}))
    return () if set(named) == set(known) else named


def _sum(ledger: pd.DataFrame | None, found: Realised, column: str, last: np.datetime64) -> float | None:
    if ledger is None:
        return None
    own = ledger[(ledger["name"] == found.initiative.name.casefold()) & (ledger["month"] <= last)]
    total = float(own[column].sum())
    return total if total or (column == "amount" and len(own)) else None


def _said(value: object) -> str:
    return value if isinstance(value, str) else ""


def _missing(value: object) -> bool:
    return value is None or value != value or str(value) == "NaT"


def _day(value: object) -> np.datetime64 | None:
    return None if _missing(value) else np.datetime64(str(value)[:10], "D")
