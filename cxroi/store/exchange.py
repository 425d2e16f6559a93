"""What one unit of a currency is worth in another, in steps from month to month."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, kw_only=True, eq=False)
class RateTable(Mapping[str, Decimal]):
    """Rates into one currency. Each holds from its month to the next one; as a mapping it gives the newest.

    >>> rates = RateTable(steps={"EUR": (("2025-01", Decimal("4.0")), ("2025-03", Decimal("4.2")))})
    >>> rates["EUR"], rates.at("EUR", "2025-02"), rates.at("EUR", "2024-12")
    (Decimal('4.2'), Decimal('4.0'), None)
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

    def only(self, currencies: Collection[str]) -> RateTable:
        """Return the rates of some currencies."""
        return RateTable(steps={code: steps for code, steps in self.steps.items() if code in currencies})


def as_table(rates: Mapping[str, Decimal]) -> RateTable:
    """Return rates that hold in every month as a table of steps, and such a table as it is."""
    if isinstance(rates, RateTable):
        return rates
    return RateTable(steps={code: (("", worth),) for code, worth in rates.items()})
