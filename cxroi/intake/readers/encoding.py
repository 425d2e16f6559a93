"""Settle how the letters of a text file are written, from all its bytes, and hand on a UTF-8 file."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cxroi.errors import UploadError
from cxroi.intake.report import Finding, Severity

CHUNK = 1 << 20
EVIDENCE_BYTES = 16 << 20
MOST_WORDS = 2_000
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Letters beyond a-z of languages that people keep accounts in, by the code page that their files come in.
_ALPHABETS = {  # of two that explain the bytes equally well the first is meant
    "windows-1256": ("ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىيپچژگـًٌٍَُِّْ،؛؟",),
    "windows-1253": ("αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ",),
    "windows-1252": (
        "àâçéèêëîïôùûüœæÿ",
        "äöüß",
        "áéíóúñü",
        "áâãàçéêíóôõúü",
        "àèéìòù",
        "åäöé",
        "åæøé",
        "áðéíóúýþæö",
        "éëïóöüè",
    ),
    "windows-1254": ("çğıİöşüâî",),
    "windows-1251": ("абвгдежзийклмнопрстуфхцчшщъыьэюяё", "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя"),
    "windows-1250": ("ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "ăâîşţ", "čćđšž"),
}
_SCRIPTS = {"windows-1253", "windows-1251"}  # of letters that no Latin one stands among in a word
_SIGNS = set("€…„“”‘’–—•«»°§ªº¿¡£©®™\u00a0\u200c\u200d\u200e\u200f·×÷±²³½¼¢¥%‰")
_STRANGE = re.compile(rb"[A-Za-z]*[\x80-\xff][A-Za-z\x80-\xff]*")
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, kw_only=True)
class Encoding:
    """How a text file is written: a codec, the bytes of its mark, and whether it took a guess."""

    codec: str
    mark: int = 0
    damaged: bool = False  # holds, or may hold, bytes that are no letters: they become U+FFFD and mark their rows
    findings: tuple[Finding, ...] = ()

    @property
    def is_plain(self) -> bool:
        """Return whether the bytes can be read as UTF-8 where they lie."""
        return self.codec == "utf-8" and not self.mark and not self.damaged


def settle_encoding(path: Path, asked: str | None = None) -> Encoding:
    """Return the encoding of the text file at `path`: its mark, UTF-8 if every byte fits, else the likeliest code page.

    An encoding that the person names is taken. A guess is always a finding; one that another reading rivals is a
    question.
    """
    with path.open("rb") as file:
        head = file.read(EVIDENCE_BYTES)
    for mark, codec in _MARKS:
        if head.startswith(mark):
            if codec != "utf-8":
                return Encoding(codec=codec, mark=len(mark), findings=(_note(codec, head[len(mark) :]),))
            return Encoding(codec=codec, mark=len(mark)) if _is_utf8(path) else _damaged(len(mark))
    if asked:
        codec = _known(asked)
        if codec == "utf-8" and not _is_utf8(path):
            raise UploadError("reader.encoding_wrong", encoding=codec)
        return Encoding(codec=codec)
    wide = _wide(head[:65536])
    if wide:
        return Encoding(codec=wide, findings=(_note(wide, head),))
    if _is_utf8(path):
        return Encoding(codec="utf-8")
    if _mostly_utf8(head):
        return _damaged()
    return _code_page(head)


def write_utf8(path: Path, encoding: Encoding, work: Path) -> Path:
    """Return a UTF-8 copy below `work` without mark; bytes that are no letters become U+FFFD where damage is known."""
    target = work / "utf8.txt"
    decoder = codecs.getincrementaldecoder(encoding.codec)("replace" if encoding.damaged else "strict")
    try:
        with path.open("rb") as source, target.open("w", encoding="utf-8", newline="") as out:
            source.seek(encoding.mark)
            while chunk := source.read(CHUNK):
                out.write(decoder.decode(chunk))
            out.write(decoder.decode(b"", final=True))
    except (UnicodeDecodeError, UnicodeEncodeError) as error:
        raise UploadError("reader.encoding_wrong", encoding=encoding.codec) from error
    return target


def _known(asked: str) -> str:
    try:
        return codecs.lookup(asked.strip().lower().replace("windows-", "cp")).name
    except LookupError:
        raise UploadError("reader.encoding_unknown", encoding=asked[:40]) from None


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                if not (chunk.isascii() and not decoder.getstate()[0]):
                    decoder.decode(chunk)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _wide(head: bytes) -> str | None:
    """Return the UTF-16 that zero bytes on one side betray: digits and separators have them even in Arabic text."""
    zeros = [head[side::2].count(0) for side in (0, 1)]
    if sum(zeros) < 0.05 * len(head) or len(head) < 4:
        return None
    if min(zeros) > 0.1 * max(zeros):
        return None
    return "utf-16-le" if zeros[1] > zeros[0] else "utf-16-be"


def _mostly_utf8(head: bytes) -> bool:
    good = sum(1 for character in head.decode("utf-8", "ignore") if character > "\x7f")
    bad = head.decode("utf-8", "replace").count("\ufffd") - head.count("\ufffd".encode())
    return good >= 10 * max(bad, 1)


def _code_page(head: bytes) -> Encoding:
    high = bytes(sorted({byte for byte in head if byte > 127}))
    words = Counter(_STRANGE.findall(head)).most_common(MOST_WORDS)
    scored = sorted(
        ((_fit(words, codec, letters), codec) for codec, sets in _ALPHABETS.items() for letters in sets),
        key=lambda one: -one[0],
    )
    best_fit, best = scored[0]
    if best_fit < 0.75 and sum(count for _, count in words) <= max(20, len(head) // 4000):
        return _damaged()  # a few bytes that no language explains
    if best == "windows-1252" and any(byte in high for byte in b"\x81\x8d\x8f\x90\x9d"):
        best = "latin-1"
    rivals = [codec for fit, codec in scored if codec != best and fit > best_fit - 0.1 and _differ(high, best, codec)]
    certain = best_fit > 0.6 and not rivals
    finding = _note(best, head, Severity.NOTE if certain else Severity.QUESTION, rivals[0] if rivals else "")
    return Encoding(codec=_known(best), damaged=True, findings=(finding,))


def _damaged(mark: int = 0) -> Encoding:
    finding = Finding(id="finding.encoding.damaged", severity=Severity.FLAG)
    return Encoding(codec="utf-8", mark=mark, damaged=True, findings=(finding,))


def _fit(words: Sequence[tuple[bytes, int]], codec: str, letters: str) -> float:
    """Return the share of the characters beyond ASCII in these words that this language in this code page explains.

    A capital inside a word, and an Arabic letter glued to a Latin one, explain nothing.
    """
    alphabet = set(letters) | set(letters.upper())
    good = total = 0.0
    for raw, count in words:
        text = raw.decode(codec, "replace")
        for character in text:
            if character > "\x7f" and not character.isalpha():
                good += 0.5 * count * (character in _SIGNS)
                total += count * (0.5 if character in _SIGNS else 1)
        for word in _WORD.findall(text):
            outside = [character for character in word if character > "\x7f"]
            total += count * len(outside)
            if _is_plausible(word, len(outside), codec):
                good += count * sum(character in alphabet for character in outside)
    return good / total if total else 0.0


def _is_plausible(word: str, outside: int, codec: str) -> bool:
    if codec == "windows-1256":
        return outside == len(word) > 1
    capitals = not word.isupper() and any(c.isupper() and c > "\x7f" for c in word[1:])  # "BWähr" is a word of ledgers
    if codec in _SCRIPTS:
        return not capitals and outside == len(word) > 1 and "ς" not in word[:-1]
    return not capitals and (outside <= 0.67 * len(word) + 1 if len(word) > 1 else word.islower())


def _differ(high: bytes, one: str, other: str) -> bool:
    return high.decode(one, "replace") != high.decode(other, "replace")


def _note(codec: str, head: bytes, severity: Severity = Severity.NOTE, rival: str = "") -> Finding:
    """Word what was chosen with the first line that shows it."""
    facts = {"encoding": codec, "example": _example(head, codec)}
    if rival:
        facts |= {"rival": rival, "rival_example": _example(head, rival)} | _told_apart(head, codec, rival)
        return Finding(id="finding.encoding.rival", severity=severity, facts=facts)
    return Finding(
        id="finding.encoding.guess" if severity is Severity.QUESTION else "finding.encoding.chosen",
        severity=severity,
        facts=facts,
    )


def _told_apart(head: bytes, codec: str, rival: str) -> dict[str, str]:
    """Return the first word that the two readings spell differently, in both; nothing where they part words otherwise."""
    read = (_WORD.findall(head[: 1 << 20].decode(one, "replace")) for one in (codec, rival))
    return next(
        ({"example": one[:40], "rival_example": other[:40]} for one, other in zip(*read, strict=False) if one != other),
        {},
    )


def _example(head: bytes, codec: str) -> str:
    text = head[: 1 << 20].decode(codec, "replace")
    return next((word for word in _WORD.findall(text) if not word.isascii()), text[:20])[:40]
