"""How much of the machine an engine may take."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cxroi.environment import memory, seconds, whole_number

if TYPE_CHECKING:
    pass


@dataclass(frozen=True, kw_only=True)
class EngineSettings:
    """How much of the machine one engine may take; the environment can say otherwise.

    CXROI_MEMORY_LIMIT (such as 2GB), CXROI_THREADS, CXROI_SPILL_FOLDER, CXROI_QUERY_SECONDS.
    """

    memory_limit: str = "1GB"
    threads: int = 2
    spill_folder: Path | None = None
    query_seconds: float = (
        20.0  # and one more for every million rows, so that large data are not refused for their size
    )

    @classmethod
    def of_environment(cls, environment: Mapping[str, str] | None = None) -> EngineSettings:
        """Return the settings that the environment asks for; raises SettingError for one that cannot be meant."""
        asked = os.environ if environment is None else environment
        folder = asked.get("CXROI_SPILL_FOLDER")
        return cls(
            memory_limit=memory(asked, "CXROI_MEMORY_LIMIT", cls.memory_limit),
            threads=whole_number(asked, "CXROI_THREADS", cls.threads),
            spill_folder=Path(folder) if folder else None,
            query_seconds=seconds(asked, "CXROI_QUERY_SECONDS", cls.query_seconds),
        )

    def seconds_for(self, rows: int) -> float:
        """Return how long a query over so many rows may take."""
        return self.query_seconds + rows / 1e6
