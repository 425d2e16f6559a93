"""Exchange rates of a load: what a person gives for this file, and what the workspace keeps, by month where it says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from cxroi.errors import UploadError
from cxroi.intake.report import IntakeRequest


@dataclass(frozen=True, kw_only=True)
class Rates:
    """What one unit of a currency is worth, in steps: each rate holds from its month ("" from the beginning) to the next."""

    steps: Mapping[str, Sequence[tuple[str, Decimal]]]  # by currency, months ascending

    @property
    def currencies(self) -> frozenset[str]:
        """Return the currencies that have a rate."""
        return frozenset(self.steps)

    def since(self, currency: str) -> str:
        """Return the first month with a rate, "" where one holds from the beginning."""
        return self.steps[currency][0][0]

    def sql(self, currency: str, day: str | None) -> str:
        """Return SQL for the rate on a day; the newest rate where rows have no day."""
        steps = self.steps[currency]
        newest = f"{steps[-1][1]:f}::DECIMAL(18,8)"
        if day is None or len(steps) == 1:
            return newest
        later = " ".join(
            f"WHEN {day} >= DATE '{month}-01' THEN {rate:f}::DECIMAL(18,8)" for month, rate in steps[:0:-1]
        )
        return f"(CASE {later} ELSE {steps[0][1]:f}::DECIMAL(18,8) END)"

    def said(self, currency: str, base: str) -> str:
        """Return the rates of a currency in a line.

        >>> Rates(steps={"EUR": (("", Decimal("4")), ("2025-01", Decimal("4.1")))}).said("EUR", "SAR")
        '1 EUR = 4 SAR, 4.1 SAR (2025-01)'
        """
        steps = [f"{rate:f} {base}" + (f" ({month})" if month else "") for month, rate in self.steps[currency]]
        more = f", ... ({len(steps)})" if len(steps) > 4 else ""
        return f"1 {currency} = " + ", ".join(steps[:4]) + more


def rates_of(request: IntakeRequest, base: str | None) -> Rates:
    """Return the rates into `base`: those given for this file come before those that the workspace keeps."""
    kept = [(c.upper(), month, rate) for c, to, month, rate in request.kept_rates if to.upper() == base]
    given = {currency.upper(): rate for currency, rate in request.rates}
    steps: dict[str, list[tuple[str, Decimal]]] = {c: [("", _number(c, rate))] for c, rate in given.items()}
    for currency, month, rate in sorted(kept):
        if currency not in given:
            steps.setdefault(currency, []).append((month, _number(currency, rate)))
    return Rates(steps=steps)


def _number(currency: str, rate: str) -> Decimal:
    try:
        value = Decimal(rate)
    except InvalidOperation as error:
        raise UploadError("upload.rate", currency=currency, rate=rate) from error
    if not value.is_finite() or value <= 0:
        raise UploadError("upload.rate", currency=currency, rate=rate)
    return value
