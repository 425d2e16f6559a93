"""The sample company that the app shows before anything is uploaded: fictional, seeded, always marked illustrative."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet

from cxroi.errors import StoreError
from cxroi.shipped import shipped
from cxroi.store.files.durable import sha256
from cxroi.store.versions.version import Version
from cxroi.store.versions.workspace import Workspace

FOLDER = shipped("data", "sample")
NAME, CURRENCY = "Najd Home Services", "SAR"


def load_sample(workspace: Workspace, folder: Path = FOLDER, *, who: str = "") -> Version:
    """Publish the sample company as the current version and return it; data/sample/make_sample.py made its files."""
    staged = {path.stem: path for path in sorted(folder.glob("*.parquet"))}
    if not staged:
        raise StoreError("store.no_sample")
    sources = {
        table: {
            "file": path.name,
            "sha256": sha256(path),
            "currency": CURRENCY,
            "rows": pyarrow.parquet.read_metadata(path).num_rows,
        }
        for table, path in staged.items()
    }
    return workspace.publish(staged, sources=sources, who=who, illustrative=True)
