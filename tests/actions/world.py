"""What tests of changes look at: a small table of customers, and every file of a workspace with its bytes."""

from tests.store.tables import parquet

NOT_DATA = ("alive", "spill", "writer.lock")


def customers(path, *ids):
    """Write customers of one segment who joined on one day."""
    return parquet(
        path, "customers", [{"customer_id": id, "joined_on": "2025-01-01", "segment": "Homes"} for id in ids]
    )


def tree(workspace):
    """Return the bytes of everything in a workspace that is data or a setting, by its place."""
    files = (path for path in workspace.folder.rglob("*") if path.is_file())
    inside = ((path.relative_to(workspace.folder), path) for path in files)
    return {
        str(place): path.read_bytes()
        for place, path in inside
        if place.parts[0] not in NOT_DATA and not place.name.startswith("state.sqlite-")
    }
