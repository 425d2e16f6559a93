"""What a segment is called that has no name of its own: once for panel, counts, figures and words."""

from __future__ import annotations

import pandas as pd

WHOLE, UNASSIGNED = "all", "unassigned"


def named_segments(segments: pd.Series) -> pd.Series:
    """Name what has no segment: `WHOLE` where nothing has one, `UNASSIGNED` where others do.

    >>> named_segments(pd.Series(["Homes", None])).tolist(), named_segments(pd.Series([None])).tolist()
    (['Homes', 'unassigned'], ['all'])
    """
    return segments.astype("object").fillna(WHOLE if segments.isna().all() else UNASSIGNED)
