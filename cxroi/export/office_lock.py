"""A workbook or a deck that opens with a password only."""

from __future__ import annotations

import io


def office_locked(content: bytes, password: str) -> bytes:
    """Return an Office file encrypted (AES, as Office does it): whoever has the password opens it, nobody else."""
    from msoffcrypto.format.ooxml import OOXMLFile

    out = io.BytesIO()
    OOXMLFile(io.BytesIO(content)).encrypt(password, out)
    return out.getvalue()
