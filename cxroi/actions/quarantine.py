"""An uploaded file on its way in: alone in a private folder, under a made-up name, and what the system refuses said plainly."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cxroi.errors import UploadError

COPIED_BELOW = 256 << 20  # bytes; a larger file is read where it lies, and refused if it changes meanwhile


@contextmanager
def private(folder: Path) -> Iterator[Path]:
    """Keep a folder for one upload; it is gone afterwards, whatever happens."""
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def secured(path: Path, folder: Path) -> Path:
    """Return the file under a made-up name in its folder, or where it lies when it is too large to be copied."""
    with said_plainly():
        if not path.is_file():
            raise UploadError("upload.no_such_file", file=shown_name(path.name))
        size = path.stat().st_size
        if size == 0:
            raise UploadError("upload.empty")
        if size >= COPIED_BELOW:
            return path.absolute()
        safe = folder / "upload"
        descriptor = os.open(safe, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with path.open("rb") as source, os.fdopen(descriptor, "wb") as target:
            shutil.copyfileobj(source, target, 1 << 20)
        return safe


@contextmanager
def said_plainly() -> Iterator[None]:
    """Turn what the operating system refuses into a sentence of ours, without a path."""
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        raise UploadError("upload.no_room" if full else "upload.not_readable") from error


def content_hash(path: Path) -> str:
    """Return what a file is known again by: the SHA-256 of its bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def shown_name(name: str) -> str:
    """Return the last part of a file name, cut to 100 characters and without anything that is not to be printed."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(sign for sign in last if sign.isprintable())[:100] or "file"
