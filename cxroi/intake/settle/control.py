"""Hold what was loaded against the total that it must reach: the person's, or that of the file's own total row."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from cxroi.errors import UploadError
from cxroi.intake.report import Finding, Severity

MAIN_MONEY = {"costs": "amount", "orders": "amount", "monthly": "cx_spend", "contacts": "cost"}
_CENT = Decimal("0.005")  # half a cent: what counts as meeting a total to the cent


def held_against(
    total: str, loaded: Decimal, column: str, *, explained: str | None = None, binding: bool = True
) -> Finding:
    """Return what is to be said of the sum of a column and the total that it should reach.

    >>> held_against("1,234.50", Decimal("1234.500"), "Amount").id
    'finding.total_met'

    Raises UploadError `upload.control_total` where a `binding` total is missed and nobody explains by what.
    """
    aim = exact(total)
    facts = {"column": column, "total": f"{aim:f}", "loaded": f"{loaded:f}", "difference": f"{loaded - aim:f}"}
    if abs(loaded - aim) < _CENT:
        return Finding(id="finding.total_met", severity=Severity.NOTE, facts=facts)
    if explained:
        facts["why"] = explained[:300]
        return Finding(id="finding.difference_explained", severity=Severity.FLAG, facts=facts)
    if binding:
        raise UploadError("upload.control_total", **facts)
    return Finding(id="finding.total_missed", severity=Severity.FLAG, facts=facts)


def exact(text: str) -> Decimal:
    """Return a control total that a person typed, with or without grouping commas.

    >>> exact("1,234.50")
    Decimal('1234.50')
    """
    try:
        total = Decimal(text.replace(",", "").replace(" ", "").strip())
    except InvalidOperation as error:
        raise UploadError("upload.control_total_unreadable", value=text) from error
    if not total.is_finite():
        raise UploadError("upload.control_total_unreadable", value=text)
    return total
