"""Exchange rates of a load: what a person gives for this file, and what the workspace keeps, by month where it says so."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from cxroi.errors import UploadError
from cxroi.intake.report import IntakeRequest
from cxroi.money.exchange import RateTable, is_rate


def rates_of(request: IntakeRequest, base: str | None) -> RateTable:
    """Return the rates into `base`: those given for this file come before those that the workspace keeps."""
    kept = [(c.upper(), month, rate) for c, to, month, rate in request.kept_rates if to.upper() == base]
    given = {currency.upper(): rate for currency, rate in request.rates}
    steps: dict[str, list[tuple[str, Decimal]]] = {c: [("", _number(c, rate))] for c, rate in given.items()}
    for currency, month, rate in sorted(kept):
        if currency not in given:
            steps.setdefault(currency, []).append((month, _number(currency, rate)))
    return RateTable(steps=steps)


def _number(currency: str, rate: str) -> Decimal:
    try:
        value = Decimal(rate)
    except InvalidOperation as error:
        raise UploadError("upload.rate", currency=currency, rate=rate) from error
    if not is_rate(value):
        raise UploadError("upload.rate", currency=currency, rate=rate)
    return value
