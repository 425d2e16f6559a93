"""What was made for a download stays until the browser has fetched it, whoever else is using the app.

Streamlit makes a file when its button is pressed, and removes what no page shows when two more runs have ended, of any
reader: with some people at work that is at once, and a press is lost.
"""

from __future__ import annotations

import threading
import time

from streamlit.runtime import memory_media_file_storage
from streamlit.runtime.media_file_storage import MediaFileKind
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage

KEPT_SECONDS = 60.0


class PatientStorage(MemoryMediaFileStorage):  # type: ignore[misc]
    """Streamlit's files in memory, each kept for a while after nobody shows it any longer."""

    def __init__(self, media_endpoint: str) -> None:
        super().__init__(media_endpoint)
        self._leaving: dict[str, float] = {}  # by file: when nobody showed it any longer
        self._changing = threading.Lock()

    def load_and_get_id(
        self, path_or_data: str | bytes, mimetype: str, kind: MediaFileKind, filename: str | None = None
    ) -> str:
        """Add a file and return its id; one that was about to leave stays."""
        with self._changing:
            self._sweep()
            file_id: str = super().load_and_get_id(path_or_data, mimetype, kind, filename)
            self._leaving.pop(file_id, None)
        return file_id

    def delete_file(self, file_id: str) -> None:
        """Let a file go, and remove those whose time is over."""
        with self._changing:
            self._leaving.setdefault(file_id, time.monotonic())
            self._sweep()

    def _sweep(self) -> None:
        over = time.monotonic() - KEPT_SECONDS
        for file_id in [file_id for file_id, since in self._leaving.items() if since <= over]:
            del self._leaving[file_id]
            super().delete_file(file_id)


def keep_downloads() -> None:
    """Have the server that starts next keep its files so; Streamlit asks for no storage of ours."""
    memory_media_file_storage.MemoryMediaFileStorage = PatientStorage
