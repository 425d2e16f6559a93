"""A seeded corpus of files that go wrong in as many ways as people find, each with the outcome that it must have."""

from __future__ import annotations

import gzip
import io
import random
import zipfile
from dataclasses import dataclass, field
from typing import Any

import xlsxwriter

HEAD = "customer_id,ordered_on,amount"


@dataclass(frozen=True)
class Bad:
    """One file: what it is called, its bytes, what is asked, and what must come of it."""

    label: str
    content: bytes
    outcome: str
    message: str = ""
    name: str = "file.csv"
    request: dict[str, Any] = field(default_factory=dict)
    loaded: int | None = None
    rejected: int | None = None


def corpus(seed: int = 20261121) -> list[Bad]:
    """Return the same files every time."""
    rng = random.Random(seed)
    good = [
        f"C{rng.randrange(900):03d},2025-{rng.randrange(1, 13):02d}-{rng.randrange(1, 29):02d},{rng.randrange(1, 99999) / 100:.2f}"
        for _ in range(60)
    ]
    return [*_whole(good), *_rows(good, rng), *_questions(rng), *_workbooks()]


def _text(*lines: str, encoding: str = "utf-8") -> bytes:
    return ("\n".join(lines) + "\n").encode(encoding)


def _whole(good: list[str]) -> list[Bad]:
    def no(label: str, content: bytes, message: str, name: str = "file.csv", **request: Any) -> Bad:
        return Bad(label, content, "refused", message, name, request)

    body = _text(HEAD, *good)
    return [
        no("nothing", b"", "upload.empty"),
        no("only line ends", b"\n\r\n\n", "upload.empty"),
        no("only a mark", b"\xef\xbb\xbf", "upload.empty"),
        no("only headings", _text(HEAD), "upload.header_only"),
        no("headings and blank lines", _text(HEAD, "", "", ""), "upload.header_only"),
        no("another table asked for", body, "upload.missing_column", table="surveys"),
        no("a table that does not exist", body, "upload.unknown_table", table="invoices"),
        no("a heading twice", _text(HEAD + ",amount", *(f"{row},1" for row in good)), "reader.duplicate_heading"),
        no("headings of no table", _text("colour,size", "red,3", "blue,4"), "upload.not_recognised"),
        no("the amounts left out", _text("customer_id,ordered_on,colour", "A,2025-01-02,red"), "upload.missing_column", table="orders"),
        no("JSON called csv", b'{"orders": [{"customer_id": "A", "amount": 1}]}', "reader.content_mismatch"),
        no("PDF called csv", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", "reader.content_mismatch"),
        no("PNG called csv", b"\x89PNG\r\n\x1a\n" + bytes(64), "reader.content_mismatch"),
        no("a workbook called csv", _workbook([["customer_id", "ordered_on", "amount"], ["A", "2025-01-02", 1]]), "reader.content_mismatch"),
        no("text called xlsx", body, "reader.content_mismatch", "file.xlsx"),
        no("a cut workbook", _workbook([["a"], ["b"]])[:900], "reader.damaged", "file.xlsx"),
        no("a cut parquet", b"PAR1" + bytes(100), "reader.damaged", "file.parquet"),
        no("a cut gzip", gzip.compress(body)[:-20], "reader.damaged", "file.csv.gz"),
        no("a zip of nothing known", _zip({"readme.txt": b"hello"}), "", "file.xlsx"),
        no("an archive with a DTD", _zip({"xl/workbook.xml": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "[Content_Types].xml": b"<Types/>"}), "", "file.xlsx"),
        no("501 columns", _text(",".join(f"c{i}" for i in range(501)), ",".join("1" for _ in range(501))), "reader.too_many_columns"),
        no("a line of two megabytes", _text(HEAD, "A,2025-01-02," + "9" * 2_000_000), "reader.line_too_long"),
        no("a quotation mark that never closes", _text(HEAD, *good[:5], 'A,"2025-01-02,5', *good[5:]), "reader.open_quote"),
        no("a heading that is not there", body, "upload.no_such_heading", mapping=(("amount", "price"),)),
        no("a column that is not ours", body, "upload.no_such_column", mapping=(("colour", "amount"),)),
        no("a control total that is not met", body, "upload.control_total", control_total="1.00"),
        no("a control total in words", body, "upload.control_total_unreadable", control_total="a lot"),
        no("rates that are no numbers", _text("period,amount,currency", "2025-01,1,SAR", "2025-01,1,USD"), "upload.rate", currency="SAR", rates=(("USD", "much"),)),
        no("a rule for a column that is not there", _text("period,amount", "2025-01,1"), "upload.ledger_rule", ledger_rules=(("note", "x", "cx"),)),
        no("every date unreadable", _text(HEAD, *(row.replace("2025-", "soon-") for row in good)), "upload.nothing_left", table="orders"),
        no("a tenth unreadable", _text(HEAD, *good, *["A,2025-01-02,much"] * 7), "upload.too_many_rejects"),
        no("an encoding nobody knows", body, "reader.encoding_unknown", encoding="klingon"),
        no("not the encoding that was said", "customer_id,ordered_on,amount\nÄ,2025-01-02,1\n".encode("cp1252"), "reader.encoding_wrong", encoding="utf-8"),
        no("a header row beyond the end", body, "reader.header_row", header_row=500),
    ]  # fmt: skip


def _rows(good: list[str], rng: random.Random) -> list[Bad]:
    """One bad row somewhere among sixty good ones: put aside, and everything else is loaded."""
    faults = [
        "A,2025-01-02,n/a", "A,2025-01-02,#REF!", "A,2025-01-02,NaN", "A,2025-01-02,-inf", "A,2025-01-02,1e400",
        "A,2025-01-02,9999999999999999", "A,2025-01-02,", "A,2025-01-02,TRUE", "A,2025-01-02,1.2.3", "A,2025-01-02,12-34",
        "A,2025-01-02,five", "A,2025-01-02,--5", "A,2025-01-02,0x1F", "A,2025-01-02,1_000", "A,2025-13-02,5",
        "A,2025-02-30,5", "A,0000-00-00,5", "A,1900-02-29,5", "A,1899-12-31,5", "A,2200-01-01,5", "A,tomorrow,5",
        "A,,5", ",2025-01-02,5", "\u200f,2025-01-02,5", "\u00a0,2025-01-02,5", "A,2025-01-02", "A", "A,2025-01-02,5,6,7",
    ]  # fmt: skip
    found = []
    for fault in faults:
        place = rng.randrange(1, len(good))
        content = _text(HEAD, *good[:place], fault, *good[place:])
        found.append(Bad(f"row: {fault}", content, "loaded_with_rejects", loaded=len(good), rejected=1))
    return found


def _questions(rng: random.Random) -> list[Bad]:
    both = [f"A;0{rng.randrange(1, 10)}/0{rng.randrange(1, 10)}/2025;5,50" for _ in range(30)]
    thousands = [f"A;2025-01-02;{rng.randrange(1, 999)}.{rng.randrange(100, 1000)}" for _ in range(30)]
    mixed = ["A;2025-01-02;1.234,56", "B;2025-01-02;1,234.56"] * 10
    head = HEAD.replace(",", ";")

    def asks(label: str, *lines: str, **request: Any) -> Bad:
        return Bad(label, _text(*lines), "refused", "upload.question", request=request)

    return [
        asks("03/04 everywhere", head, *(row for row in both if len(set(row.split(";")[1].split("/")[:2])) == 2)),
        asks("1.234 everywhere", head, *thousands),
        asks("both decimals in one column", head, *mixed),
        asks("both date orders in one column", head, *["A;13/01/2025;5", "A;01/13/2025;5"] * 10),
        asks("Hijri years that nobody named", head, *[f"A;1446-0{m}-01;5" for m in range(1, 10)]),
        asks("scores of nobody knows what", "answered_on,score,customer_id", "2025-01-02,0,A", "2025-01-03,10,B"),
        asks("tenure without its day", "customer_id,tenure", "A,12", "B,3"),
        asks("two currencies in a column", "period,amount,currency", "2025-01,1,SAR", "2025-02,2,EUR"),
        asks("two currencies in the cells", "period;amount", "2025-01;SAR 1", "2025-02;€ 2"),
        asks("not the currency that was said", "period;amount", "2025-01;EUR 1", "2025-02;EUR 2", currency="SAR"),
    ]


def _workbook(rows: list[list[Any]], sheets: int = 1) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    for _ in range(sheets):
        sheet = book.add_worksheet()
        for place, row in enumerate(rows):
            sheet.write_row(place, 0, row)
    book.close()
    return out.getvalue()


def _workbooks() -> list[Bad]:
    rows = [["customer_id", "ordered_on", "amount"], *[[f"C{i}", f"2025-01-{i + 1:02d}", 10.5] for i in range(28)]]
    truth = [*rows, ["C1", "2025-01-02", True]]
    words = [*rows, ["C1", "2025-01-02", "ten"]]
    return [
        Bad(
            "a truth value as an amount", _workbook(truth), "loaded_with_rejects", name="f.xlsx", loaded=28, rejected=1
        ),
        Bad("a word as an amount", _workbook(words), "loaded_with_rejects", name="f.xlsx", loaded=28, rejected=1),
        Bad("an empty workbook", _workbook([]), "refused", "upload.empty", "f.xlsx"),
        Bad(
            "a sheet that is not there",
            _workbook(rows),
            "refused",
            "reader.no_such_sheet",
            "f.xlsx",
            {"sheet": "Costs"},
        ),
    ]


def _zip(entries: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return out.getvalue()
