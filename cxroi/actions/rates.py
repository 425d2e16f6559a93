"""Exchange rates: read from whatever a person types, pastes or files in one way, then kept or forgotten."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from cxroi.access.roles import FINANCE
from cxroi.actions.person import Person, needs
from cxroi.actions.trail import Trail
from cxroi.errors import StoreError, UploadError
from cxroi.money.currencies import is_code
from cxroi.money.exchange import is_rate
from cxroi.store.state.records import KINDS, RATE_MONTH, Rate
from cxroi.store.versions.workspace import Workspace
from cxroi.text.typed import plain_digits

COLUMNS = ("currency", "reporting", "worth", "from_month", "kind", "source")
_DAY = re.compile(r"(\d{4}-\d\d)-\d\d", re.ASCII)
_ONE_OF_TWO = re.compile(r"[1-9]\d{0,2},\d{3}", re.ASCII)  # 89,500 is 89500 to one reader and 89.5 to another
_HEADINGS = {
    "currency": {"currency", "code", "العملة", "عملة"},
    "worth": {"rate", "worth", "exchange rate", "السعر", "سعر الصرف"},
    "from_month": {"from", "from month", "from_month", "month", "date", "الشهر", "من شهر"},
    "kind": {"kind", "النوع"},
}


@dataclass(frozen=True, kw_only=True)
class TypedRate:
    """One rate, read and found right."""

    currency: str
    reporting: str
    worth: Decimal
    from_month: str = ""
    kind: str = ""
    source: str

    @property
    def key(self) -> tuple[str, str, str]:
        """Return what no two rates may share."""
        return self.currency, self.reporting, self.from_month


def read_month(words: str) -> str | None:
    """Return the month that is written ("2025-03"; one of its days will do), "" for none, None where it is no month."""
    month = _DAY.sub(r"\1", plain_digits(words))
    return month if RATE_MONTH.fullmatch(month) else None


def read_rates(rows: Sequence[Mapping[str, Any]], source: str, *, first_row: int = 1) -> tuple[TypedRate, ...]:
    """Return the rates that rows of text say, by the names of COLUMNS; rows without a word are passed over.

    Digits may be Latin, Arabic or Persian; the decimal mark a point, ٫, or a comma that cannot be a thousands mark; a
    month may be given by one of its days. `source` is where those come from that do not say it.

    >>> read_rates([{"currency": "eur", "reporting": "SAR", "worth": "٤٫٠٥"}], "typed in")[0].worth
    Decimal('4.05')

    Raises StoreError `rates.wrong_*`, `rates.no_number`, `rates.unclear` or `rates.twice`, with the number of the first row that is wrong.
    """
    found: dict[tuple[str, str, str], TypedRate] = {}
    for number, row in enumerate(rows, first_row):
        cell = {name: str(row.get(name) or "").strip() for name in COLUMNS}
        if not any(cell.values()):
            continue
        rate = _read(cell, source, number)
        if rate.key in found:
            raise StoreError("rates.twice", row=number)
        found[rate.key] = rate
    return tuple(found.values())


def rates_in_file(path: Path, reporting: str, source: str, *, kind: str = "") -> tuple[TypedRate, ...]:
    """Return the rates into `reporting` of a CSV file with the columns currency and rate, and perhaps from and kind.

    `kind` is that of the rows which do not say theirs. Raises UploadError for a file that holds no such table, and
    StoreError as `read_rates` does, rows counted as a spreadsheet shows them.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            head, *records = list(csv.reader(file)) or [[]]
    except (OSError, UnicodeDecodeError) as error:
        raise UploadError("upload.no_such_file", file=str(path)) from error
    names = [next((name for name, words in _HEADINGS.items() if h.strip().casefold() in words), "") for h in head]
    if not {"currency", "worth"} <= set(names):
        raise UploadError("rates.columns", file=path.name, found=", ".join(head)[:200])
    rows = []
    for record in records:
        said = {name: cell.strip() for name, cell in zip(names, record, strict=False) if name and cell.strip()}
        rows.append({"reporting": reporting, "kind": kind, **said} if said else {})
    return read_rates(rows, source, first_row=2)


@needs(FINANCE)
def keep_rates(workspace: Workspace, rates: Sequence[TypedRate], *, who: Person) -> None:
    """Keep these rates, each in place of the one for the same currencies and month."""
    _change(Trail.open(workspace, who), rates, ())


@needs(FINANCE)
def drop_rates(
    workspace: Workspace, currency: str, reporting: str, from_month: str | None = None, *, who: Person
) -> int:
    """Forget the rate of one month, or every rate of a currency, and return how many there were."""
    trail = Trail.open(workspace, who)
    doomed = [
        rate
        for rate in map(_typed, trail.state.known_rates())
        if (rate.currency, rate.reporting) == (currency, reporting) and from_month in (None, rate.from_month)
    ]
    _change(trail, (), doomed)
    return len(doomed)


@needs(FINANCE)
def replace_rates(workspace: Workspace, known: Sequence[Rate], wanted: Sequence[TypedRate], *, who: Person) -> None:
    """Keep a table as it was changed by a person who saw `known`: what is new or other is kept, what is gone forgotten."""
    keys = {rate.key for rate in wanted}
    doomed = [rate for rate in map(_typed, known) if rate.key not in keys]
    _change(Trail.open(workspace, who), wanted, doomed)


def _change(trail: Trail, wanted: Sequence[TypedRate], doomed: Sequence[TypedRate]) -> None:
    """Forget some rates and keep others, with a line for each that changes."""
    known = {rate.key: rate for rate in map(_typed, trail.state.known_rates())}
    for rate in doomed:
        if trail.state.forget_rate(*rate.key):
            trail.write("rate dropped", **_facts(rate))
    for rate in wanted:
        if known.get(rate.key) != rate:
            trail.state.set_rate(
                rate.currency,
                rate.reporting,
                rate.worth,
                source=rate.source,
                from_month=rate.from_month,
                kind=rate.kind,
            )
            trail.write("rate", **_facts(rate))


def _facts(rate: TypedRate) -> dict[str, str]:
    return {field.name: str(getattr(rate, field.name)) for field in fields(rate)}


def _typed(rate: Rate) -> TypedRate:
    return TypedRate(**{name: getattr(rate, name) for name in COLUMNS})


def _read(cell: Mapping[str, str], source: str, row: int) -> TypedRate:
    currency, reporting = (cell[name].upper() for name in ("currency", "reporting"))
    if not is_code(currency) or not is_code(reporting) or currency == reporting:
        raise StoreError("rates.wrong_code", row=row)
    month = read_month(cell["from_month"])
    if month is None:
        raise StoreError("rates.wrong_month", row=row)
    if (kind := cell["kind"].lower()) not in KINDS:
        raise StoreError("rates.wrong_kind", row=row, kind=cell["kind"], kinds=", ".join(filter(None, KINDS)))
    return TypedRate(
        currency=currency,
        reporting=reporting,
        worth=_worth(cell["worth"], row),
        from_month=month,
        kind=kind,
        source=cell["source"] or source,
    )


def _worth(words: str, row: int) -> Decimal:
    plain = plain_digits(words)
    if _ONE_OF_TWO.fullmatch(plain):
        raise StoreError("rates.unclear", row=row, worth=words)
    if "." not in plain and plain.count(",") == 1:
        plain = plain.replace(",", ".")
    try:
        worth = Decimal(plain)
    except InvalidOperation as error:
        raise StoreError("rates.no_number", row=row, worth=words) from error
    if not is_rate(worth):
        raise StoreError("rates.wrong_worth", row=row, worth=words)
    return worth
