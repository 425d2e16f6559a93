"""Passwords: what is good enough, and how one is kept so that nobody can read it back (argon2id, RFC 9106)."""

from __future__ import annotations

import secrets
import threading
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from cxroi.errors import AccessError

LEAST, MOST = 12, 256  # signs
_LEAST_DIFFERENT = 5
_HASHER = PasswordHasher()  # 64 MiB, three passes: the second choice of RFC 9106, for where memory is shared
_AT_ONCE = threading.BoundedSemaphore(
    2
)  # each takes its 64 MiB: a crowd of guesses waits, and does not take the memory of all


def hashed(password: str, name: str = "") -> str:
    """Return what is kept of a new password; raises AccessError for one that would soon be guessed."""
    plain = _normal(password)
    if not LEAST <= len(plain) <= MOST:
        raise AccessError("access.password_length", least=LEAST, most=MOST)
    if len(set(plain)) < _LEAST_DIFFERENT or (name and name.casefold() in plain.casefold()):
        raise AccessError("access.password_weak", different=_LEAST_DIFFERENT)
    with _AT_ONCE:
        return _HASHER.hash(plain)


def fits(kept: str | None, password: str) -> bool:
    """Return whether a password is the one that is kept. Where none is, it takes as long and fits never."""
    plain, nobodys = _normal(password)[: MOST + 1], _nobodys()
    with _AT_ONCE:
        try:
            return _HASHER.verify(kept or nobodys, plain) and bool(kept)
        except (VerificationError, InvalidHashError):
            return False


def is_dated(kept: str) -> bool:
    """Return whether a password was kept with less work than is asked for today."""
    return _HASHER.check_needs_rehash(kept)


def _normal(password: str) -> str:
    """Return one spelling of what keyboards write in several."""
    return unicodedata.normalize("NFKC", password)


@cache
def _nobodys() -> str:
    return _HASHER.hash(secrets.token_hex(16))
