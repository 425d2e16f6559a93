"""Where published files lie that tests read and the project does not carry; a test whose file is absent skips."""

import os
from pathlib import Path

SHARED = Path(os.environ.get("CXROI_SHARED", Path(__file__).parents[2] / "shared"))
