"""Files that are wholly there or not at all: copied, hashed and flushed to the disk before anything names them."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb

from cxroi.errors import StoreError
from cxroi.store.files.access import for_owner

_FULL = {errno.ENOSPC, errno.EDQUOT}
_DENIED = {errno.EROFS, errno.EACCES, errno.EPERM}


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file's content, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def place(source: Path, target: Path, *, link: bool) -> None:
    """Put `source` at `target`: a second name for the same bytes where `link` and the disk allow, else a copy."""
    if link:
        with contextlib.suppress(OSError):
            os.link(source, target)
            return
    shutil.copyfile(source, target)
    target.chmod(0o600)


def flush(path: Path) -> None:
    """Wait until a file or a folder is on the disk, names included."""
    if os.name != "posix" and path.is_dir():
        return  # other systems keep folders themselves and cannot open one to flush it
    handle = os.open(path, os.O_RDONLY if os.name == "posix" else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write(path: Path, content: bytes) -> None:
    """Write a new file and flush it."""
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    path.chmod(0o600)


def swap(path: Path, content: bytes) -> None:
    """Replace a small file in one step: a reader meets the old content or the new, never a mixture."""
    new = path.with_name(f".{path.name}-{os.getpid()}-{time.monotonic_ns()}")
    try:
        write(new, content)
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)
    flush(path.parent)


def remove(folder: Path) -> None:
    """Remove a folder: first its name, in one step, then its bytes; what a crash leaves over is swept later."""
    doomed = folder.with_name(f".gone-{folder.name}")
    if folder.exists():
        folder.replace(doomed)
        flush(folder.parent)
    shutil.rmtree(doomed, ignore_errors=True)


@contextlib.contextmanager
def said_plainly() -> Iterator[None]:
    """Turn what the operating system refuses into a sentence of ours, without a path."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise StoreError("store.disk_full") from error
        if error.errno in _DENIED:
            raise StoreError("store.read_only") from error
        raise StoreError("store.disk_failed") from error
    except duckdb.IOException as error:
        raise StoreError("store.disk_full" if "No space left" in str(error) else "store.disk_failed") from error


@contextlib.contextmanager
def locked(path: Path, *, seconds: float) -> Iterator[None]:
    """Hold the one writer's lock of a workspace, over threads and processes; it is free again when its holder dies."""
    with open(path, "ab", opener=for_owner) as file:
        _wait_for(file.fileno(), seconds)
        try:
            yield
        finally:
            release(file.fileno())


def _wait_for(handle: int, seconds: float) -> None:
    until = time.monotonic() + seconds
    while not try_lock(handle):
        if time.monotonic() >= until:
            raise StoreError("store.busy")
        time.sleep(0.02)


if os.name == "posix":
    import fcntl

    def try_lock(handle: int) -> bool:
        """Take the lock of an open file unless somebody holds it; it is free again when its holder dies."""
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def release(handle: int) -> None:
        """Let go of a lock."""
        fcntl.flock(handle, fcntl.LOCK_UN)

else:  # pragma: no cover
    import msvcrt  # type: ignore[import-not-found,unused-ignore]

    def try_lock(handle: int) -> bool:
        """Take the lock of an open file unless somebody holds it; it is free again when its holder dies."""
        try:
            os.lseek(handle, 0, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        except OSError:
            return False
        return True

    def release(handle: int) -> None:
        """Let go of a lock."""
        os.lseek(handle, 0, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)  # type: ignore[attr-defined,unused-ignore]
