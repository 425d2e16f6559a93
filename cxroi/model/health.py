"""Health checks: a measure, a threshold, and what to do when it is not met."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """How a check came out; a failed one caps the verdict at "not enough evidence"."""

    PASS = "pass"
    REVIEW = "review"
    FAIL = "fail"


@dataclass(frozen=True, kw_only=True)
class HealthCheck:
    """One check. Its name, advice and what it measures are worded under `health.<check>.*` in the text catalogues."""

    check: str
    status: Status
    measure: float | None
    threshold: float | None
