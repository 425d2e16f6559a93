"""Make the sample company: Najd Home Services, a fictional subscription for home care, 36 months to September 2026.

    python data/sample/make_sample.py [FOLDER]

Everything is drawn from one seed, and the truth is written here as constants, so that a test can ask whether the engine
finds it. Nothing describes a real company or person.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.random import Generator
from numpy.typing import NDArray

SEED = 20261008
FIRST_MONTH = np.datetime64("2023-10")
MONTHS = 36
CURRENCY = "SAR"

# The truth. Churn in month t of segment s: h_s * season_t * exp(-(U_s(r_t) - U_s(1))) with
# U_s(r) = TRUE_STRENGTH[s] * (1 - exp(-TRUE_CURVATURE * r)) / (1 - exp(-TRUE_CURVATURE)) and
# r_t = TRUE_CARRYOVER * r_{t-1} + (1 - TRUE_CARRYOVER) * spend per customer / today's spend per customer.
TRUE_SHAPE = "exponential"
TRUE_CURVATURE = 1.2
TRUE_CARRYOVER = 0.3
TRUE_STRENGTH = {"Apartments": 0.62, "Villas": 0.67, "Small offices": 0.64, "Property managers": 0.35}
TRUE_MONTHLY_CHURN = {"Apartments": 0.027, "Villas": 0.017, "Small offices": 0.019, "Property managers": 0.016}


@dataclass(frozen=True)
class Segment:
    """One segment: its customers at the start, price, share of it that goes in variable cost, and CX spend."""

    name: str
    prefix: str
    customers: int
    joins_per_month: float
    price: float  # SAR a month, the middle one
    variable_cost_rate: float
    spend_per_customer: float  # SAR a month, today
    spend_path: tuple[float, ...]  # of today's, one value for every four months
    contacts_per_month: float


SEGMENTS = (
    Segment("Apartments", "A", 11400, 309, 220, 0.40, 6.6, (0.4, 0.5, 1.4, 1.7, 1.5, 0.7, 0.8, 1.2, 1.0), 0.040),
    Segment("Villas", "V", 7800, 138, 520, 0.38, 13.8, (1.5, 1.4, 0.4, 0.4, 0.9, 1.7, 1.1, 0.8, 1.1), 0.050),
    Segment("Small offices", "O", 3600, 72, 900, 0.50, 28.0, (0.7, 1.7, 1.7, 0.8, 0.3, 0.4, 1.2, 1.0, 0.8), 0.055),
    Segment("Property managers", "P", 2200, 36, 1400, 0.48, 68.0, (0.5, 0.3, 0.7, 1.3, 1.8, 1.3, 0.6, 1.2, 1.2), 0.100),
)

# Six investment lines: category, touchpoint, owner, share of CX spend.
LINES = (
    ("Technician punctuality", "process", "Home visit", "Operations", 0.28),
    ("Contact centre coaching", "training", "Contact centre", "Customer care", 0.22),
    ("Customer app", "technology", "App", "Digital", 0.20),
    ("Welcome calls", "people", "Onboarding", "Customer care", 0.14),
    ("Service recovery vouchers", "compensation", "Complaint", "Customer care", 0.10),
    ("Voice of the customer", "research", "All", "Marketing", 0.06),
)
SHARED_LINES = {"Voice of the customer"}  # booked for the company, not for a segment
# Lines that began later: their first month, and where (None: everywhere). Spend as a whole does not change with them, and
# what it buys does not depend on the line, so that the truth above is that of every line.
BEGAN = {"Customer app": (8, None), "Welcome calls": (16, "Villas"), "Service recovery vouchers": (24, None)}

REGIONS = ("Riyadh", "Jeddah", "Dammam", "Qassim")
CHANNELS = ("App", "Phone", "Website", "Partner")
TOPICS = {
    "Late visit": "Home visit",
    "Billing question": "Contact centre",
    "App problem": "App",
    "Repair again": "Home visit",
}
TOUCHPOINTS = ("Home visit", "Contact centre", "App", "Onboarding", "Complaint")
STAGES = {"Home visit": "Use", "Contact centre": "Support", "App": "Use", "Onboarding": "Join", "Complaint": "Support"}
TOUCHPOINT_LIFT = {"Home visit": -0.3, "Contact centre": -0.1, "App": 0.2, "Onboarding": 0.4, "Complaint": -0.9}
COMMENTS = {
    "good": (
        ("The technician came on time and was polite.", "en"),
        ("Booking in the app is easy.", "en"),
        ("Fixed at the first visit.", "en"),
        ("الفني وصل في الموعد وكان متعاونًا.", "ar"),
        ("حجز الموعد من التطبيق سهل وسريع.", "ar"),
        ("خدمة ممتازة وسعر مناسب.", "ar"),
    ),
    "bad": (
        ("Waited two hours for the technician.", "en"),
        ("I had to explain the problem three times.", "en"),
        ("The invoice was wrong again.", "en"),
        ("تأخر الفني عن الموعد أكثر من ساعتين.", "ar"),
        ("اتصلت ثلاث مرات ولم تُحل المشكلة.", "ar"),
        ("الفاتورة غير صحيحة للمرة الثانية.", "ar"),
    ),
}


def main(folder: Path) -> None:
    """Write one Parquet file a table into `folder`."""
    for name, table in sample_tables().items():
        pq.write_table(table, folder / f"{name}.parquet", compression="zstd", compression_level=19)


def sample_tables() -> dict[str, pa.Table]:
    """Return every table of the sample company, the same each time."""
    rng = np.random.default_rng(SEED)
    season = 1 + 0.12 * np.sin(2 * np.pi * (np.arange(MONTHS) + 2) / 12) + rng.normal(0, 0.02, MONTHS)
    people = [_customers(segment, season, rng) for segment in SEGMENTS]
    customers = {name: np.concatenate([p[name] for p in people]) for name in people[0]}
    return {
        "customers": _customers_table(customers, rng),
        "orders": _orders_table(customers, rng),
        "costs": _costs_table(customers, rng),
        "contacts": _contacts_table(customers, rng),
        "surveys": _surveys_table(customers, rng),
        "initiatives": _initiatives_table(),
    }


def spend_ratio(segment: Segment) -> NDArray[np.float64]:
    """Return the planned spend per customer of each month as a ratio to today's, whose last twelve months average 1."""
    steps = np.repeat(segment.spend_path, MONTHS // len(segment.spend_path))
    return steps / np.mean(steps[-12:])


def true_churn(segment: Segment, season: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the monthly churn probability that the truth implies for the planned spend."""
    ratio, carried, level = spend_ratio(segment), np.empty(MONTHS), spend_ratio(segment)[0]
    for month in range(MONTHS):
        level = TRUE_CARRYOVER * level + (1 - TRUE_CARRYOVER) * ratio[month]
        carried[month] = level
    bought = TRUE_STRENGTH[segment.name] * (1 - np.exp(-TRUE_CURVATURE * carried)) / (1 - np.exp(-TRUE_CURVATURE))
    return TRUE_MONTHLY_CHURN[segment.name] * season * np.exp(-(bought - TRUE_STRENGTH[segment.name]))


def _customers(segment: Segment, season: NDArray[np.float64], rng: Generator) -> dict[str, NDArray]:
    """Draw every customer of one segment: the month of joining and leaving, counted from the first (MONTHS: stayed)."""
    before = -1 - np.minimum(rng.geometric(TRUE_MONTHLY_CHURN[segment.name], segment.customers), 60)
    joins = rng.poisson(segment.joins_per_month * (1 + 0.1 * np.sin(np.arange(MONTHS) / 5)))
    joined = np.concatenate([before, np.repeat(np.arange(MONTHS), joins)])
    left = np.full(joined.size, MONTHS)
    for month, churn in enumerate(true_churn(segment, season)):
        at_risk = (joined < month) & (left == MONTHS)
        left[at_risk & (rng.random(joined.size) < churn)] = month
    order = np.argsort(joined, kind="stable")
    size = joined.size
    return {
        "id": np.array([f"{segment.prefix}{number:06d}" for number in range(1, size + 1)]),
        "segment": np.full(size, SEGMENTS.index(segment)),
        "joined": joined[order],
        "left": left[order],
        "joined_day": rng.integers(0, 28, size),
        "left_day": rng.integers(0, 28, size),
        "price": np.round(segment.price * np.exp(rng.normal(0, 0.2, size)) / 5) * 5,
    }


def _days(month: NDArray, day: NDArray) -> NDArray:
    """Return the dates of days counted from 0 in months counted from the first."""
    return (FIRST_MONTH + month.astype("timedelta64[M]")).astype("datetime64[D]") + day.astype("timedelta64[D]")


def _customers_table(customers: dict[str, NDArray], rng: Generator) -> pa.Table:
    size = customers["id"].size
    left_on = _days(customers["left"], customers["left_day"])
    return pa.table(
        {
            "customer_id": pa.array(customers["id"]),
            "joined_on": pa.array(_days(customers["joined"], customers["joined_day"])),
            "left_on": pa.array(left_on, mask=customers["left"] == MONTHS),
            "segment": _names([s.name for s in SEGMENTS], customers["segment"]),
            "region": _names(REGIONS, rng.choice(4, size, p=[0.5, 0.25, 0.15, 0.1])),
            "channel": _names(CHANNELS, rng.choice(4, size, p=[0.4, 0.25, 0.2, 0.15])),
            "monthly_revenue": _money(customers["price"]),
        }
    )


def _orders_table(customers: dict[str, NDArray], rng: Generator) -> pa.Table:
    """Return one invoice a month for every customer, on the day of joining, from the month after it until leaving."""
    start = np.maximum(customers["joined"] + 1, 0)
    end = np.minimum(customers["left"], MONTHS - 1)
    invoices = np.maximum(end - start + 1, 0)
    who = np.repeat(np.arange(invoices.size), invoices)
    nth = np.arange(who.size) - np.repeat(np.cumsum(invoices) - invoices, invoices)
    rate = np.array([s.variable_cost_rate for s in SEGMENTS])[customers["segment"]]
    cost = np.round(customers["price"] * rate * np.exp(rng.normal(0, 0.05, rate.size)), 2)
    # the day of the invoice never lies after the day of leaving
    day = np.minimum(customers["joined_day"], customers["left_day"])
    return pa.table(
        {
            "customer_id": pa.array(customers["id"][who]),
            "ordered_on": pa.array(_days(start[who] + nth, day[who])),
            "amount": _money(customers["price"][who]),
            "variable_cost": _money(cost[who]),
        }
    )


def _costs_table(customers: dict[str, NDArray], rng: Generator) -> pa.Table:
    rows, mix, direct = [], _line_mix(), [line for line in LINES if line[0] not in SHARED_LINES]
    for month in range(MONTHS):
        period = _days(np.array([month]), np.array([0]))[0].astype(date)
        shared = {name: 0.0 for name in SHARED_LINES}
        for number, segment in enumerate(SEGMENTS):
            active = np.sum(
                (customers["segment"] == number) & (customers["joined"] < month) & (customers["left"] >= month)
            )
            spend = active * segment.spend_per_customer * spend_ratio(segment)[month]
            amount = {line[0]: spend * line[4] * np.exp(rng.normal(0, 0.03)) for line in LINES}
            shared["Voice of the customer"] += amount.pop("Voice of the customer")
            parts = _divided(sum(np.round(list(amount.values()), 2)), mix[number, :, month])
            for (name, category, touchpoint, owner, _), part in zip(direct, parts, strict=True):
                if part:
                    rows.append((period, part, name, category, touchpoint, segment.name, owner, False))
        for name, category, touchpoint, owner, _ in LINES:
            if name in SHARED_LINES:
                rows.append((period, shared[name], name, category, touchpoint, None, owner, False))
    rows.append((date(2024, 6, 1), 380_000.0, "Customer app", "technology", "App", None, "Digital", True))
    period, amount, name, category, touchpoint, segment_name, owner, one_off = (
        list(c) for c in zip(*rows, strict=True)
    )
    spent = np.round(np.array(amount), 2)
    every = (
        MONTHS * (len(SEGMENTS) * len(direct) + len(SHARED_LINES)) + 1
    )  # what is drawn later does not depend on BEGAN
    budget = np.round(spent * np.exp(rng.normal(0.01, 0.06, every)[: spent.size]), -2)
    return pa.table(
        {
            "period": pa.array(period, pa.date32()),
            "amount": _money(spent),
            "initiative": pa.array(name),
            "category": pa.array(category),
            "kind": pa.array(["opex"] * len(rows)),
            "touchpoint": pa.array(touchpoint),
            "segment": pa.array(segment_name, pa.string()),
            "owner": pa.array(owner),
            "currency": pa.array([CURRENCY] * len(rows)),
            "budget_amount": _money(budget),
            "is_cx": pa.array([True] * len(rows)),
            "one_off": pa.array(one_off),
        }
    )


def _line_mix() -> NDArray[np.float64]:
    """Return the weight of every line that a segment pays for, (segments, lines, months): in steps at times of its own."""
    rng, mix = np.random.default_rng(SEED + 1), np.zeros((len(SEGMENTS), len(LINES) - len(SHARED_LINES), MONTHS))
    for s, segment in enumerate(SEGMENTS):
        for n, (name, *_, share) in enumerate(line for line in LINES if line[0] not in SHARED_LINES):
            length = int(rng.integers(4, 8))
            steps = np.exp(rng.normal(0, 0.5, MONTHS // length + 2))
            mix[s, n] = share * np.repeat(steps, length)[rng.integers(0, length) :][:MONTHS]
            first, place = BEGAN.get(name, (0, None))
            mix[s, n, :first] = 0.0
            mix[s, n] *= 2.0 * (place == segment.name) if place else 1.0
    return mix


def _divided(total: float, weight: NDArray[np.float64]) -> NDArray[np.float64]:
    """Divide an amount by weights, in whole cents that add up to it."""
    parts = np.round(total * weight / weight.sum(), 2)
    parts[weight.argmax()] += total - parts.sum()
    return np.round(parts, 2)


def _contacts_table(customers: dict[str, NDArray], rng: Generator) -> pa.Table:
    who, month = _draw_active(customers, np.array([s.contacts_per_month for s in SEGMENTS]), rng)
    size = who.size
    topic, day = rng.choice(len(TOPICS), size, p=[0.35, 0.3, 0.15, 0.2]), rng.integers(0, 28, size)
    return pa.table(
        {
            "opened_on": pa.array(_days(month, day)),
            "customer_id": pa.array(customers["id"][who]),
            "channel": _names(CHANNELS, rng.choice(3, size, p=[0.4, 0.45, 0.15])),
            "topic": _names(list(TOPICS), topic),
            "touchpoint": _names(list(TOPICS.values()), topic),
            "cost": _money(np.round(rng.gamma(6, 5.5, size) / 5) * 5 + 10),
            "resolved_first_time": pa.array(rng.random(size) < 0.72),
        }
    )


def _surveys_table(customers: dict[str, NDArray], rng: Generator) -> pa.Table:
    """Return answers whose level follows the spend of the month, and is lower in the last half year before leaving."""
    who, month = _draw_active(customers, np.full(len(SEGMENTS), 0.028), rng)
    size = who.size
    touchpoint = rng.choice(len(TOUCHPOINTS), size, p=[0.4, 0.2, 0.2, 0.1, 0.1])
    ratio = np.stack([spend_ratio(s) for s in SEGMENTS])[customers["segment"][who], month]
    soon_gone = (customers["left"][who] - month <= 6) & (customers["left"][who] < MONTHS)
    lift = np.array([TOUCHPOINT_LIFT[name] for name in TOUCHPOINTS])[touchpoint]
    mood = 0.4 * (ratio - 1) + lift - 0.9 * soon_gone + rng.normal(0, 1, size)
    metric = rng.choice(3, size, p=[0.5, 0.35, 0.15])
    nps, csat = np.clip(np.round(7.9 + 1.7 * mood), 0, 10), np.clip(np.round(3.9 + 0.8 * mood), 1, 5)
    ces = np.clip(np.round(5.0 + 1.1 * mood), 1, 7)
    spoke = rng.random(size) < 0.12
    said = [
        COMMENTS["good" if m > 0 else "bad"][rng.integers(6)] if s else (None, None)
        for m, s in zip(mood, spoke, strict=True)
    ]
    return pa.table(
        {
            "answered_on": pa.array(_days(month, rng.integers(0, 28, size))),
            "score": pa.array(np.select([metric == 0, metric == 1], [nps, csat], ces)),
            "metric": _names(("nps", "csat", "ces"), metric),
            "customer_id": pa.array(customers["id"][who]),
            "touchpoint": _names(TOUCHPOINTS, touchpoint),
            "journey_stage": _names([STAGES[name] for name in TOUCHPOINTS], touchpoint),
            "channel": _names(CHANNELS, rng.choice(3, size, p=[0.5, 0.3, 0.2])),
            "comment": pa.array([words for words, _ in said], pa.string()),
            "language": pa.array([language for _, language in said], pa.string()),
            "scale_max": pa.array(np.select([metric == 0, metric == 1], [10.0, 5.0], 7.0)),
        }
    )


def _initiatives_table() -> pa.Table:
    return pa.table(
        {
            "name": pa.array([line[0] for line in LINES]),
            "starts_on": pa.array([_began(line[0])[0] for line in LINES], pa.date32()),
            "segment": pa.array([_began(line[0])[1] for line in LINES], pa.string()),
            "touchpoint": pa.array([line[2] for line in LINES]),
            "promised_uplift_pp": pa.array([1.5, 1.0, 0.8, 2.0, 0.4, None]),
            "owner": pa.array([line[3] for line in LINES]),
            "status": pa.array(["running"] * len(LINES)),
        }
    )


def _began(line: str) -> tuple[date, str | None]:
    month, place = BEGAN.get(line, (0, None))
    return _days(np.array([month]), np.array([0]))[0].astype(date), place


def _draw_active(
    customers: dict[str, NDArray], rate_by_segment: NDArray[np.float64], rng: Generator
) -> tuple[NDArray, NDArray]:
    """Draw events of active customers month by month; return who and in which month."""
    drawn = []
    rate = rate_by_segment[customers["segment"]]
    for month in range(MONTHS):
        active = (customers["joined"] < month) & (customers["left"] > month)
        drawn.append(np.flatnonzero(active & (rng.random(rate.size) < rate)))
    return np.concatenate(drawn), np.repeat(np.arange(MONTHS), [d.size for d in drawn])


def _names(names: tuple[str, ...] | list[str], index: NDArray) -> pa.Array:
    return pa.array(np.array(names)[index])


def _money(amounts: NDArray[np.float64]) -> pa.Array:
    return pa.array([Decimal(round(a * 1000)).scaleb(-3) for a in amounts.tolist()], pa.decimal128(18, 3))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
