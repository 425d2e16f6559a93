"""What changes versions: use one again, go back to a whole one, delete one, forget a customer in all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from cxroi.access.roles import ADMINISTRATOR, EDITOR
from cxroi.actions.person import Person, needs
from cxroi.actions.trail import Trail
from cxroi.errors import StoreError
from cxroi.store.files.state_copy import mend
from cxroi.store.state.records import CUSTOMER_FORGOTTEN
from cxroi.store.versions.one_customer import HeldOfCustomer, held_of_customer
from cxroi.store.versions.version import TableVersion, Version
from cxroi.store.versions.workspace import Workspace

MOST_MONTHS = 600  # that comments may be kept


@dataclass(frozen=True, kw_only=True)
class Deleted:
    """What a person can file after a version was deleted; `recorded` says whether the audit trail holds a line of it."""

    at: datetime
    version: str
    number: int
    rows_removed: Mapping[str, int]
    sha256: Mapping[str, list[str]]
    recorded: bool = True
    what: str = field(default="version", init=False)


@dataclass(frozen=True, kw_only=True)
class Forgotten:
    """What a person can file after a customer was forgotten, or comments of long ago; it does not name anybody.

    `rows_removed` are by table, once a distinct file; `kept_out_removed` rows that had been put aside; `mentions` the
    texts that still hold the customer's number, by "table.column" ("table" for rows put aside).
    """

    at: datetime
    rows_removed: Mapping[str, int]
    kept_out_removed: int
    versions_replaced: Mapping[str, str]
    mentions: Mapping[str, int]
    recorded: bool = True
    what: str = "customer"


def as_receipt(done: Deleted | Forgotten) -> dict[str, Any]:
    """Return a receipt as plain values, as it is shown and downloaded."""
    return {**asdict(done), "at": done.at.isoformat(timespec="seconds")}


@needs(EDITOR)
def restore(workspace: Workspace, version_id: str, *, who: Person) -> Version:
    """Make an earlier version current again, as a new version with the same bytes."""
    trail = Trail.open(workspace, who)
    wanted, before = workspace.version(version_id), trail.in_use()
    version = workspace.restore(wanted.id, who=who.signature)
    trail.write("restored", version=version.id, before=before, restored=wanted.id)
    return version


@needs(EDITOR)
def repair(workspace: Workspace, *, who: Person) -> Version:
    """Go back to the newest version whose every byte is right, also where the trail is damaged itself.

    Raises StoreError `store.not_recorded` where that was done and could not be written down.
    """
    version = workspace.repair()
    if not Trail.attempt(workspace, who, "repaired", version=version.id):
        raise StoreError("store.not_recorded")
    return version


@needs(ADMINISTRATOR)
def start_empty(workspace: Workspace, *, who: Person) -> tuple[str, ...]:
    """Set every version aside, whole or not, and begin without data; return the ids that were set aside.

    Raises StoreError `store.not_recorded` where that was done and could not be written down.
    """
    gone = workspace.start_empty()
    if not Trail.attempt(workspace, who, "started empty", set_aside=list(gone)):
        raise StoreError("store.not_recorded")
    return gone


@needs(ADMINISTRATOR)
def mend_state(workspace: Workspace, version: Version, *, who: Person) -> None:
    """Put the copy of the settings that lies in a version in the place of lost or broken ones, which are kept aside."""
    aside = mend(workspace.folder, version.folder)
    Trail.attempt(
        workspace, who, "settings mended", version=version.id, set_aside=None if aside is None else aside.name
    )


@needs(ADMINISTRATOR)
def delete_version(workspace: Workspace, version_id: str, *, who: Person) -> Deleted:
    """Remove a version that is not current; its bytes are gone unless another version holds the same file.

    Of one that cannot be read, named by its id or number, the receipt says nothing but that it is gone.
    """
    Trail.open(workspace, who)
    tables = _tables_of(workspace, version_id)
    gone = workspace.delete(version_id)
    rows = {name: table.rows for name, table in tables.items()}
    return Deleted(
        at=datetime.now(UTC),
        version=gone,
        number=int(gone.partition("-")[0]),
        rows_removed=rows,
        sha256={name: list(table.sha256) for name, table in tables.items()},
        recorded=Trail.attempt(workspace, who, "deleted version", version=gone, rows_removed=rows),
    )


def _tables_of(workspace: Workspace, version_id: str) -> Mapping[str, TableVersion]:
    try:
        return workspace.version(version_id).tables
    except StoreError:  # not there, as the deletion will say, or unreadable
        return {}


@needs(ADMINISTRATOR)
def disclose_customer(workspace: Workspace, customer_id: str, *, who: Person) -> HeldOfCustomer:
    """Return everything that is kept of one customer, for whoever asks what that is; the trail says that it was asked, and not of whom.

    Raises StoreError where nobody has this number, and where a version cannot be read: what it holds cannot be known.
    """
    if not customer_id.strip():
        raise StoreError("store.nobody")
    trail = Trail.open(workspace, who)
    found = held_of_customer(workspace.whole_versions("store.disclose_unreadable"), customer_id.strip())
    trail.write("disclosed customer", rows={name: len(rows) for name, rows in found.tables.items()})
    return found


@needs(ADMINISTRATOR)
def forget_customer(workspace: Workspace, customer_id: str, *, who: Person) -> Forgotten:
    """Remove one customer from every version, bytes included, also where the trail is damaged: the receipt then says so.

    Raises StoreError, and has removed nothing, where a version cannot be read or nobody has this number.
    """
    if not customer_id.strip():
        raise StoreError("store.nobody")
    done = workspace.forget_customer(customer_id.strip())
    return Forgotten(
        at=done.at,
        rows_removed=done.rows_removed,
        kept_out_removed=done.kept_out_removed,
        versions_replaced=done.versions_replaced,
        mentions=done.mentions,
        recorded=Trail.attempt(
            workspace,
            who,
            CUSTOMER_FORGOTTEN,
            rows_removed=dict(done.rows_removed),
            kept_out_removed=done.kept_out_removed,
            versions_replaced=dict(done.versions_replaced),
        ),
    )


@needs(ADMINISTRATOR)
def forget_comments(workspace: Workspace, months: int, *, today: date | None = None, who: Person) -> Forgotten:
    """Empty what customers wrote more than so many months ago in every version; their answers stay, and where there is nothing nothing is written.

    Raises StoreError, and has removed nothing, for months that cannot be meant and where a version cannot be read.
    """
    if not 1 <= months <= MOST_MONTHS:
        raise StoreError("store.comment_months", most=MOST_MONTHS)
    day = (today or date.today()).replace(day=1)
    place = 12 * day.year + day.month - 1 - months
    before = date(place // 12, place % 12 + 1, 1)
    trail = Trail.open(workspace, who)
    done = workspace.forget_comments(before)
    facts: dict[str, Any] = {
        "rows_removed": dict(done.rows_removed),
        "kept_out_removed": done.kept_out_removed,
        "versions_replaced": dict(done.versions_replaced),
    }
    if done.versions_replaced:
        trail.write("deleted comments", before=before.isoformat(), **facts)
    return Forgotten(at=done.at, mentions={}, what="comments", **facts)
