"""How something shown is computed, as JSON."""

from __future__ import annotations

from typing import Any

from cxroi.view.share.computed import ComputedView


def computed_json(view: ComputedView) -> dict[str, Any]:
    """Return formulas, assumptions (as the Method page words them) and the names of queries."""
    names = ("assumption", "value", "range", "grade", "source", "date", "who")
    return {
        "formulas": [
            {"id": one.id, "title": one.title, "meaning": one.meaning, "latex": one.latex, "source": one.source}
            for one in view.formulas
        ],
        "assumptions": [
            dict(zip(names, row, strict=True)) | {"of": table.title} for table in view.assumptions for row in table.rows
        ],
        "queries": list(view.queries),
    }
