"""Events need a day each, which one of two columns may give, and cannot end before they begin."""

from __future__ import annotations

from dataclasses import replace

from cxroi.intake.settle.plan import Plan


def with_days(plan: Plan) -> Plan:
    """Return the plan in which a row without a day, or with an end before its start, is put aside."""
    cells = {cell.target: cell for cell in plan.cells}
    begins = [cells[name] for name in ("starts_on", "happened_on") if name in cells]
    first = f"coalesce({', '.join(cell.value for cell in begins)})"
    told = replace(begins[0], problems=(*begins[0].problems, ("reject.missing", f"{first} IS NULL")), sound="")
    cells[told.target] = told
    if "ends_on" in cells:
        end = cells["ends_on"]
        early = ("reject.ends_before_start", f"coalesce({end.value} < {first}, false)")
        cells["ends_on"] = replace(end, problems=(*end.problems, early), sound="")
    return replace(plan, cells=tuple(cells.values()))
