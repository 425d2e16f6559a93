"""A scenario as a short text for the address of a page, and back: every assumption by a stable id, never pickled.

The text is `<version>.<id>_<value>~<id>_<value>~...~end`, in characters that an address keeps as they are. An empty
value means "what the evidence says". The last field tells a whole link from one that was cut short on its way.
"""

from __future__ import annotations

import math
import re
from dataclasses import MISSING, dataclass, fields

from cxroi.errors import LinkError, ScenarioError
from cxroi.model.scenario import ZERO_WAS_DEFAULT, Scenario

VERSION = 2
LONGEST = 1_000  # characters; a real link has about 150
_END = "end"
_BETWEEN = "!"  # of several numbers in one field
_NUMBER = re.compile(r"-?\d{1,17}(\.\d{1,25})?(e-?\d{1,3})?", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)

# An id stays for ever: it is in links that people have sent. A new assumption takes a new id.
IDS = {
    "il": "investment_level_percent",
    "ru": "retention_uplift_pp",
    "sc": "support_cost_change_percent",
    "hm": "horizon_months",
    "dr": "annual_discount_rate",
    "hn": "hurdle_net_return",
    "cm": "contribution_margin_rate",
    "oc": "one_off_cost",
    "su": "spend_uplift_percent",
    "rs": "referral_share_of_benefit",
    "sa": "staff_attrition_saving_per_year",
    "nc": "new_customers_per_month",
    "br": "benefit_risk_adjustment_rate",
    "cr": "cost_risk_adjustment_rate",
    "mr": "materiality_rate",
    "cu": "currency",
    "rv": "residual_value_months",
    "fq": "first_quarters_percent",
}
_FIRST = 16  # how many there were at first: a link of that time is whole without those added since, at their default
_DEFAULT = {field.name: field.default for field in fields(Scenario) if field.default is not MISSING}
_WHOLE = {field.name for field in fields(Scenario) if "int" in str(field.type)}
_OPTIONAL = {name for name, value in _DEFAULT.items() if value is None}


@dataclass(frozen=True, kw_only=True)
class Link:
    """What a link says: a scenario that is always valid, and what had to be mended to get it (None: nothing)."""

    scenario: Scenario
    problem: LinkError | None = None


def write_link(scenario: Scenario) -> str:
    """Return `scenario` as text for an address.

    >>> write_link(Scenario(investment_level_percent=120.0, currency="SAR"))[:23]
    '2.il_120~ru_~sc_~hm_36~'
    """
    parts = [f"{id}_{_written(getattr(scenario, name))}" for id, name in IDS.items()]
    return f"{VERSION}." + "~".join([*parts, _END])


def _written(value: float | str | tuple[float, ...] | None) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple):
        return _BETWEEN.join(_written(one) for one in value)
    if isinstance(value, str):
        return value
    return repr(value + 0.0).removesuffix(".0").replace("e+", "e")  # + 0.0 turns -0.0 into 0.0


def read_link(text: str) -> Link:
    """Return the scenario in `text`, or the nearest valid one together with what was wrong; never raises.

    >>> read_link(write_link(Scenario(retention_uplift_pp=2.5))).scenario.retention_uplift_pp
    2.5
    >>> read_link("9.il_120~zz_1~end").problem.id
    'link.newer'
    """
    version, _, body = text[:LONGEST].partition(".")
    if not re.fullmatch(r"\d{1,4}", version, re.ASCII) or len(text) > LONGEST:
        return Link(scenario=Scenario(), problem=LinkError("link.unreadable"))
    pairs = [part.partition("_")[::2] for part in body.split("~")]
    if int(version) < 2:
        pairs = [(id, "" if IDS.get(id) in ZERO_WAS_DEFAULT and value == "0" else value) for id, value in pairs]
    read = {IDS[id]: _read(IDS[id], value) for id, value in pairs if id in IDS}
    ids, known = [id for id, _ in pairs], [*IDS]
    whole = ids in [[*known[:count], _END] for count in range(_FIRST, len(known) + 1)] and MISSING not in read.values()
    scenario, mended = _nearest({name: value for name, value in read.items() if value is not MISSING})
    return Link(scenario=scenario, problem=_problem(int(version), whole, mended))


def _read(name: str, value: str) -> object:
    """Return the value of one field, or MISSING when it cannot be one."""
    if name == "currency":
        return value if not value or _CURRENCY.fullmatch(value) else MISSING
    if name == "first_quarters_percent":
        levels = [_read("investment_level_percent", one) for one in value.split(_BETWEEN)] if value else []
        return MISSING if MISSING in levels or None in levels else tuple(levels)
    if not value:
        return None if name in _OPTIONAL else MISSING
    if not _NUMBER.fullmatch(value):
        return MISSING
    number = float(value)
    if not math.isfinite(number):
        return MISSING
    return (int(number) if number.is_integer() else MISSING) if name in _WHOLE else number


def _nearest(values: dict[str, object]) -> tuple[Scenario, LinkError | None]:
    """Return the valid scenario nearest to `values`, and what had to be mended; a slip in the discount rate has no nearest."""
    mended = None
    for _ in range(2 * len(IDS)):  # each round mends one assumption, or drops it
        try:
            return Scenario(**values), mended  # type: ignore[arg-type]
        except ScenarioError as error:
            slip = error.id == "scenario.annual_rate"
            mended = (
                LinkError("link.annual_rate", given=error.facts["given"])
                if slip
                else mended or LinkError("link.out_of_range")
            )
            name = str(error.facts.get("name", "retention_uplift_pp"))  # only an uplift can contradict another value
            value = values.pop(name, None)
            inside = _clamped(value, error.facts.get("low"), error.facts.get("high"))
            if inside is not None and inside != value:
                values[name] = inside
    return Scenario(), mended


def _clamped(value: object, low: object, high: object) -> float | None:
    if isinstance(value, int | float) and isinstance(low, int | float) and isinstance(high, int | float):
        return type(value)(min(max(value, low), high))
    return None


def _problem(version: int, whole: bool, mended: LinkError | None) -> LinkError | None:
    if version > VERSION:
        return LinkError("link.newer", version=str(version), known=str(VERSION))
    if not whole or version < 1:
        return LinkError("link.damaged")
    return mended
