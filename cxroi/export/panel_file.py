"""The panel, one row per month and segment, as a file; a segment's name is nothing live."""

from __future__ import annotations

import io

from cxroi.live_text import inert
from cxroi.model.company.panel import Panel


def panel_csv(panel: Panel) -> bytes:
    """Return the panel as CSV."""
    frame = panel.to_frame()
    frame["segment"] = frame["segment"].map(lambda name: inert(str(name)))
    written: str = frame.to_csv(index=False, date_format="%Y-%m-%d")
    return written.encode()


def panel_parquet(panel: Panel) -> bytes:
    """Return the panel as Parquet."""
    out = io.BytesIO()
    panel.to_frame().to_parquet(out, index=False)
    return out.getvalue()
