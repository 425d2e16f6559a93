"""Amounts written in thousands or millions: found in the titles, asked about once, multiplied out exactly."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING

from cxroi.intake.layout.grid import tidy
from cxroi.intake.report import Finding, IntakeRequest, Severity
from cxroi.money.currencies import written_codes

if TYPE_CHECKING:
    pass

FACTORS = {"units": Decimal(1), "thousands": Decimal(1_000), "millions": Decimal(1_000_000)}
_WORDS = {
    "thousands": re.compile(
        r"['’]000s?\b|\b000['’]?s\b|\bin thousands?\b|\bthousands of\b|\bin k\b|بال?[آا]لاف|ب[آا]لاف|ب[أا]لوف", re.I
    ),
    "millions": re.compile(
        r"\bin millions?\b|\bmillions of\b|['’]000['’]?,?000\b|\((?:(?:"
        + "|".join(written_codes())
        + r") )?(?:m|mn|mio)\)|"
        r"بالملايين|بملايين|بالمليون",
        re.I,
    ),
}


def named_in(texts: Iterable[str]) -> tuple[str, str] | None:
    """Return what amounts are written in by the titles and headings, with the words that say so.

    >>> named_in(["Cost report 2025", "All figures in SAR '000"]), named_in(["Budget 2025"]), named_in(["المبالغ بالآلاف"])
    (('thousands', "All figures in SAR '000"), None, ('thousands', 'المبالغ بالآلاف'))
    """
    for text in map(tidy, texts):
        for name in ("millions", "thousands"):
            if _WORDS[name].search(text):
                return name, text[:80]
    return None


def question(texts: Iterable[str], request: IntakeRequest) -> list[Finding]:
    """Return the question whether amounts are to be multiplied, where the file says so and the person has not answered."""
    found = named_in(texts)
    if found is None or request.amounts_in in FACTORS:
        return []
    facts = {"unit": found[0], "words": found[1], "factor": f"{FACTORS[found[0]]:,f}"}
    return [Finding(id="finding.header.magnitude", severity=Severity.QUESTION, facts=facts)]


def factor(request: IntakeRequest) -> Decimal:
    """Return what one written unit of money is worth."""
    return FACTORS.get(request.amounts_in or "units", Decimal(1))
