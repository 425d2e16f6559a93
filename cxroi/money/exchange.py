"""What one unit of a currency is worth in another, in steps from month to month."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

_SAID = 4  # steps that a sentence names


def is_rate(worth: Decimal) -> bool:
    """Return whether one unit of a currency can be worth so much in another.

    >>> is_rate(Decimal("3.75")), is_rate(Decimal("0")), is_rate(Decimal("NaN"))
    (True, False, False)
    """
    return worth.is_finite() and worth > 0


@dataclass(frozen=True, kw_only=True, eq=False)
class RateTable(Mapping[str, Decimal]):
    """Rates into one currency. Each holds from its month to the next one; as a mapping it gives the newest.

    >>> rates = RateTable(steps={"EUR": (("2025-01", Decimal("4.0")), ("2025-03", Decimal("4.2")))})
    >>> rates["EUR"], rates.at("EUR", "2025-02"), rates.at("EUR", "2024-12"), rates.since("EUR")
    (Decimal('4.2'), Decimal('4.0'), None, '2025-01')
    """

    steps: Mapping[str, Sequence[tuple[str, Decimal]]]  # by currency: ("2025-03", or "" for all before), ascending

    def __getitem__(self, currency: str) -> Decimal:
        return self.steps[currency][-1][1]

    def __iter__(self) -> Iterator[str]:
        return iter(self.steps)

    def __len__(self) -> int:
        return len(self.steps)

    def at(self, currency: str, month: str) -> Decimal | None:
        """Return the rate in a month ("2025-03"), None where the first one begins later."""
        return next((worth for since, worth in reversed(self.steps[currency]) if since <= month), None)

    def since(self, currency: str) -> str:
        """Return the first month with a rate, "" where one holds from the beginning."""
        return self.steps[currency][0][0]

    def only(self, currencies: Collection[str]) -> RateTable:
        """Return the rates of some currencies."""
        return RateTable(steps={code: steps for code, steps in self.steps.items() if code in currencies})

    def sql(self, currency: str, day: str | None) -> str:
        """Return SQL for the rate on a day, an expression; for the newest rate where there is none. The first holds before its month too."""
        steps = self.steps[currency]
        if day is None or len(steps) == 1:
            return f"{steps[-1][1]:f}::DECIMAL(18,8)"
        later = " ".join(
            f"WHEN {day} >= DATE '{month}-01' THEN {worth:f}::DECIMAL(18,8)" for month, worth in steps[:0:-1]
        )
        return f"(CASE {later} ELSE {steps[0][1]:f}::DECIMAL(18,8) END)"

    def said(self, currency: str, base: str) -> str:
        """Return the rates of a currency in a line.

        >>> RateTable(steps={"EUR": (("", Decimal("4")), ("2025-01", Decimal("4.1")))}).said("EUR", "SAR")
        '1 EUR = 4 SAR, 4.1 SAR (2025-01)'
        """
        steps = [f"{worth:f} {base}" + (f" ({month})" if month else "") for month, worth in self.steps[currency]]
        more = f", ... ({len(steps)})" if len(steps) > _SAID else ""
        return f"1 {currency} = " + ", ".join(steps[:_SAID]) + more


def as_table(rates: Mapping[str, Decimal]) -> RateTable:
    """Return rates that hold in every month as a table of steps, and such a table as it is."""
    if isinstance(rates, RateTable):
        return rates
    return RateTable(steps={code: (("", worth),) for code, worth in rates.items()})
