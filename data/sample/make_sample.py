"""Make the sample company: Najd Home Services, a fictional subscription for home care, 36 months to September 2026.

    python data/sample/make_sample.py [FOLDER]

Everything is drawn from one seed, and the truth is written here as constants, so that a test can ask whether the engine
finds it. Nothing describes a real company or person.

What it costs to serve a customer is of the size that is published. A handled contact: USD 8 to 15 by phone and 3 to 8 by chat or
e-mail (averages in contact-centre guides of 2024 to 2026; Gartner's much quoted mean of live channels is USD 8.01); here SAR 30 (USD 8).
A technician sent once more: USD 150 to 500 a "truck roll" in North American field service; here SAR 500 (USD 133), since wages are
lower. Contacts: 5 % of orders or active customers a month is usual, 8 to 15 % where disputes are common; here 5 to 6 %, of which three
in eight send a technician again. Together about SAR 11 a customer and month: 2 % of revenue, and more than half of CX spend.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
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
MONTHS, TODAY = 36, slice(24, 36)  # today is the mean of the last twelve months
CURRENCY = "SAR"


@dataclass(frozen=True)
class Segment:
    """One segment: its customers at the start, price, share of it that goes in variable cost, and CX spend."""

    name: str
    prefix: str
    customers: int
    joins_per_month: float
    price: float  # SAR a month, the middle one
    variable_cost_rate: float
    spend_per_customer: float  # SAR a month, today, without what is booked for the company
    programme: tuple[float, ...]  # what all lines have in common, one value for every four months
    contacts_per_month: float  # today


SEGMENTS = (
    Segment("Apartments", "A", 11400, 309, 220, 0.40, 6.2, (0.4, 0.5, 1.4, 1.7, 1.5, 0.7, 0.8, 1.2, 1.0), 0.040),
    Segment("Villas", "V", 7800, 138, 520, 0.38, 13.0, (1.5, 1.4, 0.4, 0.4, 0.9, 1.7, 1.1, 0.8, 1.1), 0.050),
    Segment("Small offices", "O", 3600, 72, 900, 0.50, 26.0, (0.7, 1.7, 1.7, 0.8, 0.3, 0.4, 1.2, 1.0, 0.8), 0.057),
    Segment("Property managers", "P", 2200, 36, 1400, 0.63, 80.0, (0.5, 0.3, 0.7, 1.3, 1.8, 1.3, 0.6, 1.2, 1.2), 0.095),
)


@dataclass(frozen=True)
class Line:
    """One investment line: where it is booked, what today's spend on it buys (the truth), and how it was spent."""

    name: str
    category: str
    touchpoint: str
    owner: str
    share: dict[str, float]  # of a segment's own spend today, by segment; of nothing where it is not named
    keeps: float  # log that it takes off monthly churn, against no spend at all
    spares: float  # log that it takes off contacts per customer, against no spend at all
    budget: float  # for every riyal spent
    promised: float | None = None  # points of annual retention
    began: int = 0  # months from the first
    paused: dict[str, tuple[int, int]] = field(default_factory=dict)  # months in which a segment went without
    follows: float = 1.0  # power of the programme of its segment in it
    swing: float = 0.45  # spread of the log of its own steps


LINES = (
    Line(
        *("Technician punctuality", "process", "Home visit", "Operations"),
        share={"Apartments": 0.46, "Villas": 0.36, "Small offices": 0.78, "Property managers": 0.37},
        **{"keeps": 0.38, "spares": 0.25, "budget": 1.01, "promised": 1.5},
    ),
    Line(
        *("Contact centre coaching", "training", "Contact centre", "Customer care"),
        share={"Apartments": 0.14, "Villas": 0.12, "Small offices": 0.22, "Property managers": 0.11},
        **{"keeps": 0.05, "spares": 0.6, "budget": 1.02, "promised": 1.0},
        **{"follows": 0.8, "swing": 0.6},
    ),
    Line(
        *("Customer app", "technology", "App", "Digital"),
        share={"Apartments": 0.24, "Villas": 0.22},
        **{"keeps": 0.08, "spares": 0.0, "budget": 0.97, "promised": 0.5, "began": 8},
    ),
    Line(
        *("Service recovery vouchers", "compensation", "Complaint", "Customer care"),
        share={"Apartments": 0.16, "Property managers": 0.52},
        **{"keeps": 0.0, "spares": 0.0, "budget": 0.86, "promised": 1.0, "began": 12},
        paused={"Apartments": (20, 24)},
        **{"follows": 0.5, "swing": 0.6},
    ),
    Line(
        *("Welcome calls", "people", "Onboarding", "Customer care"),
        share={"Villas": 0.30},
        **{"keeps": 0.13, "spares": 0.0, "budget": 1.04, "promised": 1.0, "began": 16},
        **{"follows": 0.0, "swing": 0.1},
    ),
)
# Booked for the company, not for a segment: SAR a month and customer, bought nothing that shows.
SHARED_LINE = ("Voice of the customer", "research", "All", "Marketing")
SHARED_SPEND = 1.05
ADVERTISING = ("Advertising", "Sales", 390_000.0)  # beside CX: SAR a month
ADVERTISING_PATH = (0.8, 0.8, 1.2, 1.0, 0.7, 1.1, 1.3, 0.9, 1.0)  # one value for every four months
TRUE_JOINS_ELASTICITY = 0.3  # of new customers to advertising
LAUNCH_COSTS = ((5, 120_000.0), (6, 150_000.0), (7, 110_000.0))  # building the app: month, SAR
LAUNCH_BUDGET = 0.8

# The truth. Churn in month t of segment s: h_s * season_t * event_st * exp(-reach_s * sum_l keeps_l * (g(r_slt) - 1)), contacts per customer
# the same with spares_l and without a reach; g(r) = (1 - exp(-TRUE_CURVATURE * r)) / (1 - exp(-TRUE_CURVATURE)) and r_slt =
# TRUE_CARRYOVER * r_sl(t-1) + (1 - TRUE_CARRYOVER) * spend per customer on the line / today's spend per customer on it.
TRUE_SHAPE = "exponential"
TRUE_CURVATURE = 1.2
TRUE_CARRYOVER = 0.3
TRUE_REACH = {"Apartments": 1.0, "Villas": 1.0, "Small offices": 1.0, "Property managers": 0.55}
TRUE_MONTHLY_CHURN = {"Apartments": 0.027, "Villas": 0.0165, "Small offices": 0.019, "Property managers": 0.015}


@dataclass(frozen=True)
class Event:
    """Something that happened: by how much it moved churn, contacts and what customers say while it lasted, and the price for good."""

    what: str
    kind: str
    month: int
    months: int
    segment: str | None  # everywhere
    churn: float = 1.0
    contacts: float = 1.0
    mood: float = 0.0
    price: float = 1.0


EVENTS = (
    Event("App and phone lines down", "outage", 13, 1, None, churn=1.12, contacts=1.6, mood=-0.8),
    Event("Prices up 6 %", "price", 22, 3, "Small offices", churn=1.25, contacts=1.1, mood=-0.4, price=1.06),
)

REGIONS = ("Riyadh", "Jeddah", "Dammam", "Qassim")
CHANNELS = ("App", "Phone", "Website", "Partner")
TOUCHPOINTS = ("Home visit", "Contact centre", "App", "Onboarding", "Complaint")
STAGES = {"Home visit": "Use", "Contact centre": "Support", "App": "Use", "Onboarding": "Join", "Complaint": "Support"}
TOUCHPOINT_LIFT = {"Home visit": -0.3, "Contact centre": -0.1, "App": 0.2, "Onboarding": 0.4, "Complaint": -0.9}
MOOD_BOUGHT = 1.3  # of an answer about a touchpoint, by all that is spent on it today
# How much sadder about a touchpoint is who leaves within three months.
LEAVERS_MOOD = {"Home visit": -0.9, "Contact centre": -0.7, "App": -0.3, "Onboarding": -0.7, "Complaint": -0.3}

# Contacts: topic, its touchpoint, share, and how often a technician is sent once more.
TOPICS = (
    ("Late visit", "Home visit", 0.30, 0.40),
    ("Repair again", "Home visit", 0.28, 0.90),
    ("Billing question", "Contact centre", 0.27, 0.0),
    ("App problem", "App", 0.15, 0.0),
)
HANDLE_MINUTES = {"App": 7.0, "Phone": 11.0, "Website": 8.0}  # the mean, by channel of the contact
COST_PER_MINUTE, COST_PER_VISIT = 3.2, 500.0  # SAR, all in

COMMENTS = {
    ("Home visit", "good", "en"): (
        "The technician came on time and was polite",
        "Fixed at the first visit",
        "Arrived in the slot I chose and cleaned up after the work",
    ),
    ("Home visit", "bad", "en"): (
        "Waited two hours for the technician",
        "The technician was late again and came without the part",
        "Second visit for the same repair",
    ),
    ("Home visit", "good", "ar"): (
        "الفني وصل في الموعد وكان محترم",
        "تم الإصلاح من أول زيارة",
        "الفني ملتزم بالوقت ونظيف في شغله",
    ),
    ("Home visit", "bad", "ar"): (
        "انتظرت الفني أكثر من ساعتين",
        "الفني تأخر مرة ثانية وما كانت معه القطعة",
        "نفس العطل رجع بعد يومين",
    ),
    ("Contact centre", "good", "en"): ("The agent solved it in one call", "Quick answer and a clear explanation"),
    ("Contact centre", "bad", "en"): (
        "Had to explain the problem three times",
        "Twenty minutes on hold and no answer",
    ),
    ("Contact centre", "good", "ar"): ("الموظفة حلت المشكلة من أول مكالمة", "رد سريع وتعامل راقي"),
    ("Contact centre", "bad", "ar"): ("شرحت المشكلة ثلاث مرات وما انحلت", "انتظرت على الخط عشرين دقيقة بدون رد"),
    ("App", "good", "en"): ("Booking in the app is easy", "I can see in the app when the technician arrives"),
    ("App", "bad", "en"): ("The app logs me out every time", "Could not pay the invoice in the app"),
    ("App", "good", "ar"): ("الحجز من التطبيق سهل وسريع", "أقدر أتابع وصول الفني من التطبيق"),
    ("App", "bad", "ar"): ("التطبيق يعلق وما يفتح", "ما قدرت أدفع الفاتورة من التطبيق"),
    ("Onboarding", "good", "en"): ("The welcome call explained everything", "The service started within a day"),
    ("Onboarding", "bad", "en"): ("Nobody told me what the plan covers", "The contract came a week late"),
    ("Onboarding", "good", "ar"): ("مكالمة الترحيب وضحت لي كل شيء", "الاشتراك بدأ في نفس اليوم"),
    ("Onboarding", "bad", "ar"): ("ما أحد شرح لي وش تغطي الباقة", "العقد وصل متأخر أسبوع"),
    ("Complaint", "good", "en"): ("They called back the same day and apologised", "The repair was done again for free"),
    ("Complaint", "bad", "en"): (
        "A voucher does not fix the leak",
        "The invoice was wrong again",
        "My complaint was closed without a call",
    ),
    ("Complaint", "good", "ar"): ("اتصلوا في نفس اليوم واعتذروا", "أعادوا الإصلاح بدون مقابل"),
    ("Complaint", "bad", "ar"): (
        "القسيمة ما تصلح التسريب",
        "الفاتورة غلط للمرة الثانية",
        "أغلقوا الشكوى بدون ما يتصلون",
    ),
}
MIXED = {
    ("Home visit", "good"): "الـ technician محترم و on time",
    ("Home visit", "bad"): "الـ technician تأخر again",
    ("Contact centre", "good"): "very good خدمة العملاء",
    ("Contact centre", "bad"): "الـ call center ما يردون",
    ("App", "good"): "الـ app سهل و easy",
    ("App", "bad"): "الـ app يعلق كل مرة, please fix",
    ("Onboarding", "good"): "الـ welcome call ممتازة",
    ("Onboarding", "bad"): "ما فهمت الـ plan",
    ("Complaint", "good"): "تم الحل بسرعة thanks",
    ("Complaint", "bad"): "الـ voucher ما يحل المشكلة",
}
ADDED = {
    ("good", "en"): ("", "", ". Thank you", ". Good value for the price", ". Will recommend"),
    ("bad", "en"): ("", "", ". I am thinking of leaving", ". Third time this year", ". Too expensive for this"),
    ("good", "ar"): ("", "", "، شكرًا لكم", "، والسعر مناسب", "، أنصح فيهم"),
    ("bad", "ar"): ("", "", "، أفكر ألغي الاشتراك", "، ثالث مرة هذه السنة", "، والسعر غالي على هذه الخدمة"),
}
AFTER_A_RISE = {"en": ". The price went up and the service did not", "ar": "، رفعوا السعر والخدمة نفسها"}
SPOKEN = {"ar": 0.58, "en": 0.34}  # the rest mixes both
SPOKE, MISTYPED = 0.12, 0.15  # share of answers with words, and of those with a slip


def main(folder: Path) -> None:
    """Write one Parquet file a table into `folder`."""
    for name, table in sample_tables().items():
        plain = {"customer_id"} & set(table.column_names) if name != "orders" else set()  # ids that seldom come twice
        pq.write_table(
            table,
            folder / f"{name}.parquet",
            compression="zstd",
            compression_level=19,
            use_dictionary=[column for column in table.column_names if column not in plain],
            column_encoding=dict.fromkeys(plain, "DELTA_BYTE_ARRAY"),
        )


def sample_tables() -> dict[str, pa.Table]:
    """Return every table of the sample company, the same each time."""
    rng = np.random.default_rng(SEED)
    season = usual_season() + rng.normal(0, 0.02, MONTHS)
    people = [_customers(segment, season, rng) for segment in SEGMENTS]
    customers = {name: np.concatenate([p[name] for p in people]) for name in people[0]}
    made = (_customers_table, _orders_table, _costs_table, _contacts_table, _surveys_table)
    tables = {
        make.__name__[1:-6]: make(customers, np.random.default_rng([SEED, place])) for place, make in enumerate(made)
    }
    return {**tables, "initiatives": _initiatives_table()}


def usual_season() -> NDArray[np.float64]:
    """Return by how much churn of each month is above its usual level, which is 1."""
    return 1 + 0.12 * np.sin(2 * np.pi * (np.arange(MONTHS) + 2) / 12)


def line_levels() -> dict[str, NDArray[np.float64]]:
    """Return the planned spend per customer on each line as a ratio to today's, (segments, months), 0 where there is none: what a
    segment's lines have in common, times steps at times of the line's own."""
    rng, levels = np.random.default_rng([SEED, 100]), {}
    for line in LINES:
        levels[line.name] = np.zeros((len(SEGMENTS), MONTHS))
        for s, segment in enumerate(SEGMENTS):
            length = int(rng.integers(4, 8))
            own = np.exp(rng.normal(0, line.swing, MONTHS // length + 2))
            shift = int(rng.integers(0, length))
            level = np.repeat(segment.programme, 4) ** line.follows * np.repeat(own, length)[shift:][:MONTHS]
            level[: line.began] = 0
            level[slice(*line.paused.get(segment.name, (0, 0)))] = 0
            levels[line.name][s] = level / level[TODAY].mean() if segment.name in line.share else 0
    return levels


def gained(level: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what spend at each month's level buys of what today's buys, g(r) with its carryover; months are the last axis."""
    carried, now = np.empty_like(level), level[..., 0]
    for month in range(level.shape[-1]):
        now = TRUE_CARRYOVER * now + (1 - TRUE_CARRYOVER) * level[..., month]
        carried[..., month] = now
    return (1 - np.exp(-TRUE_CURVATURE * carried)) / (1 - np.exp(-TRUE_CURVATURE))


def bought(what: str) -> NDArray[np.float64]:
    """Return the log that all lines together take off churn ("keeps") or contacts ("spares") beyond today's, (segments, months)."""
    levels = line_levels()
    there = {line.name: np.array([[s.name in line.share] for s in SEGMENTS]) for line in LINES}
    return sum(getattr(line, what) * there[line.name] * (gained(levels[line.name]) - 1) for line in LINES)


def true_slope(what: str, segment: Segment, lines: tuple[Line, ...] = LINES) -> float:
    """Return what the next unit of spend on lines takes off the log of churn ("keeps") or contacts ("spares"), in shares of today's spend."""
    reach = TRUE_REACH[segment.name] if what == "keeps" else 1.0
    at_today = TRUE_CURVATURE * np.exp(-TRUE_CURVATURE) / (1 - np.exp(-TRUE_CURVATURE))
    return reach * at_today * sum(getattr(line, what) for line in lines if segment.name in line.share)


def true_uplift(line: Line) -> float:
    """Return the points of annual retention that a line brought, on average over its segments' customers since it began."""
    churn = {s.name: true_churn(s, usual_season())[line.began :] for s in SEGMENTS if s.name in line.share}
    gain = gained(line_levels()[line.name])[:, line.began :].mean(axis=1)
    size = {s.name: s.customers for s in SEGMENTS}
    points = {
        s.name: (1 - churn[s.name].mean()) ** 12
        - (1 - churn[s.name].mean() * np.exp(TRUE_REACH[s.name] * line.keeps * gain[n])) ** 12
        for n, s in enumerate(SEGMENTS)
        if s.name in line.share
    }
    return 100 * sum(size[name] * one for name, one in points.items()) / sum(size[name] for name in points)


def moved_by_events(what: str, start: float = 1.0) -> NDArray[np.float64]:
    """Return what events did to churn, contacts, price or mood, (segments, months): factors, or with a start of 0 a sum."""
    moved = np.full((len(SEGMENTS), MONTHS), start)
    for event in EVENTS:
        months = slice(event.month, MONTHS if what == "price" else event.month + event.months)
        rows = [s for s, segment in enumerate(SEGMENTS) if event.segment in (None, segment.name)]
        size = getattr(event, what)
        moved[rows, months] = moved[rows, months] + size if start == 0 else moved[rows, months] * size
    return moved


def true_churn(segment: Segment, season: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the monthly churn probability that the truth implies for the planned spend."""
    s = SEGMENTS.index(segment)
    kept = TRUE_REACH[segment.name] * bought("keeps")[s]
    return TRUE_MONTHLY_CHURN[segment.name] * season * moved_by_events("churn")[s] * np.exp(-kept)


def true_contacts(segment: Segment) -> NDArray[np.float64]:
    """Return the contacts per customer and month that the truth implies for the planned spend."""
    s = SEGMENTS.index(segment)
    return segment.contacts_per_month * moved_by_events("contacts")[s] * np.exp(-bought("spares")[s])


def _customers(segment: Segment, season: NDArray[np.float64], rng: Generator) -> dict[str, NDArray]:
    """Draw every customer of one segment: the month of joining and leaving, counted from the first (MONTHS: stayed)."""
    before = -1 - np.minimum(rng.geometric(TRUE_MONTHLY_CHURN[segment.name], segment.customers), 60)
    joins = rng.poisson(segment.joins_per_month * np.repeat(ADVERTISING_PATH, 4) ** TRUE_JOINS_ELASTICITY)
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


def _first_day(month: int) -> date:
    return _days(np.array([month]), np.array([0]))[0].astype(date)


def _customers_table(customers: dict[str, NDArray], rng: Generator) -> pa.Table:
    size = customers["id"].size
    left_on = _days(customers["left"], customers["left_day"])
    last = np.minimum(customers["left"], MONTHS - 1)
    return pa.table(
        {
            "customer_id": pa.array(customers["id"]),
            "joined_on": pa.array(_days(customers["joined"], customers["joined_day"])),
            "left_on": pa.array(left_on, mask=customers["left"] == MONTHS),
            "segment": _names([s.name for s in SEGMENTS], customers["segment"]),
            "region": _names(REGIONS, rng.choice(4, size, p=[0.5, 0.25, 0.15, 0.1])),
            "channel": _names(CHANNELS, rng.choice(4, size, p=[0.4, 0.25, 0.2, 0.15])),
            "monthly_revenue": _money(customers["price"] * moved_by_events("price")[customers["segment"], last]),
        }
    )


def _orders_table(customers: dict[str, NDArray], rng: Generator) -> pa.Table:
    """Return one invoice a month for every customer, on the day of joining, from the month after it until leaving."""
    start = np.maximum(customers["joined"] + 1, 0)
    end = np.minimum(customers["left"], MONTHS - 1)
    invoices = np.maximum(end - start + 1, 0)
    who = np.repeat(np.arange(invoices.size), invoices)
    month = start[who] + np.arange(who.size) - np.repeat(np.cumsum(invoices) - invoices, invoices)
    rate = np.array([s.variable_cost_rate for s in SEGMENTS])[customers["segment"]]
    cost = np.round(customers["price"] * rate * np.exp(rng.normal(0, 0.05, rate.size)), 2)
    price = customers["price"][who] * moved_by_events("price")[customers["segment"][who], month]
    # the day of the invoice never lies after the day of leaving
    day = np.minimum(customers["joined_day"], customers["left_day"])
    return pa.table(
        {
            "customer_id": pa.array(customers["id"][who]),
            "ordered_on": pa.array(_days(month, day[who])),
            "amount": _money(price),
            "variable_cost": _money(cost[who]),
        }
    )


def _costs_table(customers: dict[str, NDArray], rng: Generator) -> pa.Table:
    """Return the ledger: a line, a segment and a month each, what is booked for the company, and what the app cost to build."""
    rows, levels = [], line_levels()
    for month in range(MONTHS):
        active = [
            int(np.sum((customers["segment"] == s) & (customers["joined"] < month) & (customers["left"] >= month)))
            for s in range(len(SEGMENTS))
        ]
        for s, segment in enumerate(SEGMENTS):
            for line in LINES:
                per_customer = segment.spend_per_customer * line.share.get(segment.name, 0.0)
                spent = active[s] * per_customer * levels[line.name][s, month] * np.exp(rng.normal(0, 0.03))
                if spent:
                    where = (line.name, line.category, line.touchpoint, segment.name, line.owner)
                    rows.append((month, spent, line.budget, *where, "opex", True, False))
        spent = sum(active) * SHARED_SPEND * np.exp(rng.normal(0, 0.1))
        rows.append((month, spent, 1.03, *SHARED_LINE[:3], None, SHARED_LINE[3], "opex", True, False))
        spent = ADVERTISING[2] * np.repeat(ADVERTISING_PATH, 4)[month] * np.exp(rng.normal(0, 0.03))
        rows.append(
            (month, spent, 1.0, ADVERTISING[0], "acquisition", None, None, ADVERTISING[1], "opex", False, False)
        )
    rows += [
        (month, spent, LAUNCH_BUDGET, "Customer app", "technology", "App", None, "Digital", "capex", True, True)
        for month, spent in LAUNCH_COSTS
    ]
    month, amount, budgeted, name, category, touchpoint, segment_name, owner, kind, is_cx, one_off = zip(
        *rows, strict=True
    )
    spent = np.round(np.array(amount), 2)
    budget = np.round(spent * np.array(budgeted) * np.exp(rng.normal(0, 0.04, spent.size)), -2)
    return pa.table(
        {
            "period": pa.array([_first_day(one) for one in month], pa.date32()),
            "amount": _money(spent),
            "initiative": pa.array(name),
            "category": pa.array(category),
            "kind": pa.array(kind),
            "touchpoint": pa.array(touchpoint),
            "segment": pa.array(segment_name, pa.string()),
            "owner": pa.array(owner),
            "currency": pa.array([CURRENCY] * len(rows)),
            "budget_amount": _money(budget),
            "is_cx": pa.array(is_cx),
            "one_off": pa.array(one_off),
        }
    )


def _contacts_table(customers: dict[str, NDArray], rng: Generator) -> pa.Table:
    """Return support contacts, fewer and more often solved at once where coaching was paid for; each costs its minutes, and a second visit."""
    who, month = _draw_active(customers, np.stack([true_contacts(s) for s in SEGMENTS]), rng)
    size, day = who.size, rng.integers(0, 28, who.size)
    topic, channel = rng.choice(len(TOPICS), size, p=[t[2] for t in TOPICS]), rng.choice(3, size, p=[0.4, 0.45, 0.15])
    again = rng.random(size) < np.array([t[3] for t in TOPICS])[topic]
    usual = np.array([HANDLE_MINUTES[name] for name in CHANNELS[:3]])[channel]
    minutes = np.clip(np.round(usual * rng.gamma(4, 0.25, size)), 2, 45)
    coached = bought("spares")[customers["segment"][who], month]
    solved = rng.random(size) < np.clip(0.86 - 0.3 * again + 0.3 * coached, 0.05, 0.98)
    return pa.table(
        {
            "opened_on": pa.array(_days(month, day)),
            "customer_id": pa.array(customers["id"][who]),
            "channel": _names(CHANNELS, channel),
            "topic": _names([t[0] for t in TOPICS], topic),
            "touchpoint": _names([t[1] for t in TOPICS], topic),
            "cost": _money(minutes * COST_PER_MINUTE + again * COST_PER_VISIT),
            "handle_minutes": pa.array(minutes),
            "resolved_first_time": pa.array(solved),
        }
    )


def _surveys_table(customers: dict[str, NDArray], rng: Generator) -> pa.Table:
    """Return answers whose level follows what is spent on their touchpoint, and is lower in the last months before leaving."""
    who, month = _draw_active(customers, np.full((len(SEGMENTS), MONTHS), 0.028), rng)
    size, segment = who.size, customers["segment"][who]
    touchpoint = rng.choice(len(TOUCHPOINTS), size, p=[0.4, 0.2, 0.2, 0.1, 0.1])
    soon_gone = (customers["left"][who] - month <= 3) & (customers["left"][who] < MONTHS)
    mood = (
        np.array([TOUCHPOINT_LIFT[name] for name in TOUCHPOINTS])[touchpoint]
        + MOOD_BOUGHT * paid_for()[touchpoint, segment, month]
        + np.array([LEAVERS_MOOD[name] for name in TOUCHPOINTS])[touchpoint] * soon_gone
        + moved_by_events("mood", 0.0)[segment, month]
        + rng.normal(0, 1, size)
    )
    metric = rng.choice(3, size, p=[0.5, 0.35, 0.15])
    nps, csat = np.clip(np.round(7.9 + 1.7 * mood), 0, 10), np.clip(np.round(3.9 + 0.8 * mood), 1, 5)
    ces = np.clip(np.round(5.0 + 1.1 * mood), 1, 7)
    dearer = moved_by_events("price")[segment, month] > 1
    spoke = rng.random(size) < SPOKE
    said = [
        _comment(TOUCHPOINTS[t], "good" if m > 0 else "bad", bool(d), rng) if s else (None, None)
        for t, m, d, s in zip(touchpoint, mood, dearer, spoke, strict=True)
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


def paid_for() -> NDArray[np.float64]:
    """Return what spend on each touchpoint bought beyond today's, in shares of today's, (touchpoints, segments, months)."""
    levels, there = line_levels(), np.array([[[s.name in line.share] for s in SEGMENTS] for line in LINES])
    by_touchpoint = {line.touchpoint: (gained(levels[line.name]) - 1) * there[n] for n, line in enumerate(LINES)}
    return np.stack([by_touchpoint[name] for name in TOUCHPOINTS])


def _comment(touchpoint: str, tone: str, dearer: bool, rng: Generator) -> tuple[str, str]:
    """Return what a customer wrote, and the language of most of it."""
    which = rng.random()
    language = "ar" if which < SPOKEN["ar"] else "en" if which < sum(SPOKEN.values()) else ""
    if not language:
        return MIXED[touchpoint, tone], "ar"
    choice, added = COMMENTS[touchpoint, tone, language], ADDED[tone, language]
    words = choice[rng.integers(len(choice))] + (
        AFTER_A_RISE[language] if dearer and tone == "bad" and rng.random() < 0.5 else added[rng.integers(len(added))]
    )
    return (_slip(words, language, rng) if rng.random() < MISTYPED else words), language


def _slip(words: str, language: str, rng: Generator) -> str:
    """Return words with a slip of the hand: letters that changed places, or Arabic as people type it in haste."""
    if language == "ar" and rng.random() < 0.6:
        return words.replace("ة", "ه").replace("أ", "ا").replace("إ", "ا")
    places = [n for n in range(len(words) - 2) if words[n : n + 2].isalpha() and words[n] != words[n + 1]]
    at = places[rng.integers(len(places))]
    return words[:at] + words[at + 1] + words[at] + words[at + 2 :]


def _initiatives_table() -> pa.Table:
    began = [*((line.began, line.share) for line in LINES), (0, {})]
    return pa.table(
        {
            "name": pa.array([*(line.name for line in LINES), SHARED_LINE[0]]),
            "starts_on": pa.array([_first_day(month) for month, _ in began], pa.date32()),
            "segment": pa.array([_named(share) for _, share in began], pa.string()),
            "touchpoint": pa.array([*(line.touchpoint for line in LINES), SHARED_LINE[2]]),
            "promised_uplift_pp": pa.array([*(line.promised for line in LINES), None]),
            "owner": pa.array([*(line.owner for line in LINES), SHARED_LINE[3]]),
            "status": pa.array(["running"] * len(began)),
        }
    )


def _named(share: dict[str, float]) -> str | None:
    """Return the segments that an initiative is for, None where it is for all."""
    return None if len(share) in (0, len(SEGMENTS)) else "; ".join(share)


def _draw_active(customers: dict[str, NDArray], rate: NDArray[np.float64], rng: Generator) -> tuple[NDArray, NDArray]:
    """Draw events of active customers, at a rate by segment and month; return who and in which month."""
    drawn = []
    for month in range(MONTHS):
        active = (customers["joined"] < month) & (customers["left"] > month)
        drawn.append(np.flatnonzero(active & (rng.random(active.size) < rate[customers["segment"], month])))
    return np.concatenate(drawn), np.repeat(np.arange(MONTHS), [d.size for d in drawn])


def _names(names: tuple[str, ...] | list[str], index: NDArray) -> pa.Array:
    return pa.array(np.array(names)[index])


def _money(amounts: NDArray[np.float64]) -> pa.Array:
    return pa.array([Decimal(round(a * 1000)).scaleb(-3) for a in amounts.tolist()], pa.decimal128(18, 3))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
