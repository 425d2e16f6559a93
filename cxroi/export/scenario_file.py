"""A kept scenario as a file that can be read, changed by hand and brought into another workspace."""

from __future__ import annotations

import json
from dataclasses import asdict

from cxroi.model.kept_scenario import FILE_FORMAT, IMPORTED, SavedScenario, figures_facts, slides_facts


def scenario_file(saved: SavedScenario) -> bytes:
    """Return a scenario as it stands, as JSON. What says who saved it when, and its id here, is for readers: it is not brought in again."""
    kept, last = saved.kept, saved.last
    facts = {
        "scenario_format": FILE_FORMAT,
        "name": kept.name,
        "note": kept.note,
        "saved": {"id": saved.id, "revision": last.number, "at": last.at.isoformat(), "who": last.who},
        "asked": asdict(kept.scenario),
        "made_on": {
            "data_version": kept.data_version,
            "rests_on": {name: value for name, value in kept.rests_on.items() if name != IMPORTED},
        },
        "figures": figures_facts(kept.figures),
        "slides": slides_facts(kept.slides),
    }
    return (json.dumps(facts, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode()
