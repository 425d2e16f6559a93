"""A file is what its name says, small enough unpacked, and whole; anything else is refused before a reader opens it."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import pyarrow as pa
import pytest

from cxroi.errors import UploadError
from cxroi.intake.readers.container import Limits
from cxroi.intake.readers.source import read_source
from cxroi.intake.report import IntakeRequest
from tests.intake.reading import Reading
from tests.intake.workbooks import edited, ods, xls, xlsb, xlsx

ROWS = [["period", "category", "amount"], ["2025-01", "people", 10], ["2025-02", "people", 20.5]]
TEXT = "period,amount\n2025-01,10\n2025-02,20\n"


def refusal(content: bytes, name: str, tmp_path: Path, limits: Limits | None = None) -> UploadError:
    path = tmp_path / "upload"
    path.write_bytes(content)
    with pytest.raises(UploadError) as refused:
        read_source(path, name, IntakeRequest(), tmp_path, limits)
    return refused.value


@pytest.mark.parametrize(
    "content",
    [b"", b"\xef\xbb\xbf", b"\n\n\r\n", b"\xff\xfe", b" \t \n"],
    ids=["nothing", "only a mark", "only line ends", "only a wide mark", "only spaces"],
)
def test_a_file_with_nothing_in_it_is_empty(content: bytes, tmp_path: Path) -> None:
    assert refusal(content, "a.csv", tmp_path).id == "upload.empty"


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b'{"period": "2025-01", "amount": 3}', "a.csv"),
        (b'[{"period": "2025-01"}]', "a.csv"),
        (b"%PDF-1.7\n%\xe2\xe3", "a.csv"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a.csv"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "a.xlsx"),
        (b"PAR1" + bytes(20) + b"PAR1", "a.csv"),
        (b"SQLite format 3\0", "a.csv"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "a.csv"),
        (b"<?xml version='1.0'?><Workbook/>", "a.xls"),
        (TEXT.encode(), "a.xlsx"),
        (TEXT.encode(), "a.parquet"),
        (xlsx(ROWS), "a.csv"),
        (xlsx(ROWS), "a.xls"),
        (xls(ROWS), "a.xlsx"),
        (ods(ROWS), "a.xlsx"),
        (xlsb(ROWS), "a.xlsx"),
        (gzip.compress(TEXT.encode(), mtime=0), "a.csv"),
        (TEXT.encode(), "a.csv.gz"),
    ],
)
def test_content_that_is_not_what_the_name_says_is_refused(content: bytes, name: str, tmp_path: Path) -> None:
    assert refusal(content, name, tmp_path).id == "reader.content_mismatch"


def test_an_ending_that_has_no_reader_is_refused_with_those_that_have(tmp_path: Path) -> None:
    error = refusal(TEXT.encode(), "a.docx", tmp_path)
    assert error.id == "reader.unsupported" and ".ods" in str(error.facts["known"])


@pytest.mark.parametrize("name", ["../../etc/passwd.csv", "a\\b.csv", "a[1]*.csv", "تكاليف 2025.csv", "=cmd.csv"])
def test_a_name_is_never_a_path(name: str, read: Reading) -> None:
    assert read(TEXT, name).column("amount") == ["10", "20"]


@pytest.mark.parametrize("kind", [xlsx, ods, xlsb, xls])
def test_every_kind_of_workbook_gives_the_same_cells(kind: object, read: Reading) -> None:
    table = read(kind(ROWS), f"costs.{kind.__name__}")  # type: ignore[operator, attr-defined]
    assert table.source.headings == ("period", "category", "amount")
    assert table.rows == [["2025-01", "people", "10"], ["2025-02", "people", "20.5"]]
    assert table.numbers == [2, 3] and table.source.mixed_numbers == (2,)


@pytest.mark.parametrize("ending", [".gz", ".zst"])
def test_packed_text_is_unpacked(ending: str, read: Reading) -> None:
    packed = gzip.compress(TEXT.encode()) if ending == ".gz" else pa.compress(TEXT.encode(), "zstd", asbytes=True)
    assert read(packed, f"costs.csv{ending}").column("amount") == ["10", "20"]


@pytest.mark.parametrize("ending", [".gz", ".zst"])
def test_a_packed_bomb_is_stopped_at_the_limit(ending: str, tmp_path: Path) -> None:
    bomb = b"1,2\n" * 2_000_000
    packed = gzip.compress(bomb) if ending == ".gz" else pa.compress(bomb, "zstd", asbytes=True)
    error = refusal(packed, f"a.csv{ending}", tmp_path, Limits(unpacked_bytes=1 << 20))
    assert error.id == "reader.too_large_unpacked"
    assert (tmp_path / "unpacked").stat().st_size <= 2 << 20


def test_a_file_that_unpacks_a_hundred_times_is_a_bomb_below_the_limit_too(tmp_path: Path) -> None:
    packed = gzip.compress(b"1,2\n" * 2_000_000)
    assert refusal(packed, "a.csv.gz", tmp_path, Limits(ratio_from=1 << 20)).id == "reader.too_large_unpacked"


def test_a_cut_off_archive_is_damaged(tmp_path: Path) -> None:
    packed = gzip.compress(TEXT.encode() * 5000)
    assert refusal(packed[:-20], "a.csv.gz", tmp_path).id == "reader.damaged"
    assert refusal(b"\x1f\x8bgarbage", "a.csv.gz", tmp_path).id == "reader.damaged"
    assert refusal(xlsx(ROWS)[:-50], "a.xlsx", tmp_path).id == "reader.damaged"
    zstd = pa.compress(TEXT.encode() * 5000, "zstd", asbytes=True)
    assert refusal(zstd[: len(zstd) // 2], "a.csv.zst", tmp_path).id == "reader.damaged"


def test_only_text_may_be_packed(tmp_path: Path) -> None:
    assert refusal(gzip.compress(xlsx(ROWS)), "a.xlsx.gz", tmp_path).id == "reader.packed_kind"


def test_a_workbook_that_unpacks_beyond_the_limit_is_refused(tmp_path: Path) -> None:
    bomb = edited(xlsx(ROWS), lambda part: part, more={"xl/media/a.bin": bytes(3 << 20)})
    assert refusal(bomb, "a.xlsx", tmp_path, Limits(workbook_bytes=2 << 20)).id == "reader.too_large_unpacked"


def test_a_size_that_lies_is_noticed(tmp_path: Path) -> None:
    """The directory claims 40 bytes for a part of 3 MB; a reader that believes it is surprised, the counter is not."""
    bomb = bytearray(edited(xlsx(ROWS), lambda part: part, more={"xl/media/a.bin": bytes(3 << 20)}))
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = bomb.rfind(mark)
        bomb[at + offset : at + offset + 4] = (40).to_bytes(4, "little")
    assert refusal(bytes(bomb), "a.xlsx", tmp_path).id == "reader.damaged"


def test_too_many_parts_twice_the_same_name_and_passwords_are_refused(tmp_path: Path) -> None:
    many = edited(xlsx(ROWS), lambda part: part, more={f"xl/media/{i}.bin": b"" for i in range(2_000)})
    assert refusal(many, "a.xlsx", tmp_path).id == "reader.too_many_entries"
    with pytest.warns(UserWarning, match="Duplicate name"):
        twice = edited(xlsx(ROWS), lambda part: part, more={"xl/worksheets/sheet1.xml": b"<worksheet/>"})
    assert refusal(twice, "a.xlsx", tmp_path).id == "reader.unsafe"
    locked = bytearray(xlsx(ROWS))
    at = locked.find(b"PK\x01\x02")
    locked[at + 8] |= 1
    assert refusal(bytes(locked), "a.xlsx", tmp_path).id == "reader.password"
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600)
    assert refusal(ole, "a.xlsx", tmp_path).id == "reader.password"


@pytest.mark.parametrize("codec", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_however_it_is_written(codec: str, tmp_path: Path) -> None:
    lol = f'<?xml version="1.0" encoding="{codec}"?><!DOCTYPE a [<!ENTITY b "ha">]><worksheet><sheetData/></worksheet>'
    assert refusal(edited(xlsx(ROWS), lambda _: lol.encode(codec)), "a.xlsx", tmp_path).id == "reader.unsafe"


def test_an_ordinary_archive_is_no_workbook(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("costs.csv", TEXT)
    assert refusal(out.getvalue(), "a.xlsx", tmp_path).id == "reader.content_mismatch"
