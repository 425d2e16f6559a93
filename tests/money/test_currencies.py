"""Every word for a currency, in cells and in headings: whatever is taken from a cell is known or asked about."""

from __future__ import annotations

import random

import duckdb
import pytest

from cxroi.intake.columns.conventions import macros
from cxroi.money.currencies import (
    codes,
    entries,
    is_code,
    meaning,
    plain_codes,
    together,
    word_of,
    written_codes,
)
from cxroi.money.written import parted, word_in, words_in

WORDS = list(dict.fromkeys(entry.word for entry in entries()))
HOSTILE = ["DEM", "XYZ", "Quatloo", "SARX", "xSAR", "S A R", "الف", "كيلو", "kg", "pcs", "%%", "€€", "$$", "SAR SAR", "ريالين", "دب", "جرام", "R", "E", "e", "Q", "A$$", "US", "درهمان؟", "''", "';--", "\\", "(", "SAR;", "٪", "k", "m", "ألف ريال", "'SAR'"]  # fmt: skip
AMOUNTS = [
    "{} 1,200.50",
    "{}1,200.50",
    "1,200.50 {}",
    "1,200.50{}",
    "-{} 7",
    "({} 7)",
    "(7 {})",
    "7 {}-",
    "{} -7",
    "{} .5",
]


@pytest.fixture(scope="module")
def engine() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(config={"threads": 1})
    connection.execute(macros())
    return connection


def read(engine: duckdb.DuckDBPyConnection, cells: list[str]) -> list[tuple[str, str, str | None, str | None, str]]:
    """Return each cell as SQL reads it: plain, without its words, as a number with a point and with a comma, and the words."""
    engine.execute("CREATE OR REPLACE TABLE cells AS SELECT unnest(?) AS v", [cells])
    return engine.execute(
        "SELECT plain_text(v), without_currency(plain_text(v)), read_number(v, '.'), read_number(v, ','), currency_words(plain_text(v)) FROM cells"
    ).fetchall()


def test_every_word_of_the_table_is_taken_from_a_cell_and_told(engine: duckdb.DuckDBPyConnection) -> None:
    cells = [(word, form.format(word)) for word in WORDS for form in AMOUNTS]
    for (word, cell), (_, _, point, _, said) in zip(cells, read(engine, [cell for _, cell in cells]), strict=True):
        assert point is not None and said, cell
        assert word_of(said) is not None and set(word_of(said).codes) & set(word_of(word).codes), cell


def test_whatever_is_taken_from_a_cell_is_known_or_unclear_and_nothing_else_is_taken(
    engine: duckdb.DuckDBPyConnection,
) -> None:
    draw = random.Random(9)
    letters = [*"SARUDEKWQ$€£¥ريالدهمنس.ج ك'%-()/ "]
    odd = ["".join(draw.choice(letters) for _ in range(draw.randrange(1, 6))) for _ in range(3_000)]
    cells = [form.format(word) for word in [*HOSTILE, *odd, *WORDS[::7]] for form in AMOUNTS]
    for cell, (plain, left, point, comma, said) in zip(cells, read(engine, cells), strict=True):
        letters_left = [letter for letter in plain if letter.isalpha() or letter in "$€£¥"]
        if letters_left and not (point is None and comma is None):
            assert said and word_of(said) is not None, cell
        if not said:
            assert left == plain, cell


def test_sql_and_python_take_the_same_from_every_cell(engine: duckdb.DuckDBPyConnection) -> None:
    draw = random.Random(10)
    alphabet = [*WORDS, *HOSTILE, *"0123456789.,-+() '%·", " ", "\u00a0", "\u200f", "\n"]
    cells = ["".join(draw.choice(alphabet) for _ in range(draw.randrange(1, 7))) for _ in range(6_000)]
    cells += [form.format(word) for word in [*WORDS, *HOSTILE] for form in AMOUNTS]
    for plain, left, _, _, said in read(engine, cells):
        rest, word = parted(plain)
        assert rest == left, plain
        assert (word.written if word else "") == said or (word and together([word, word_of(said)]) == word), plain


@pytest.mark.parametrize(
    "code",
    ["MAD", "TND", "IQD", "LBP", "DZD", "SDG", "EGP", "JOD", "KWD", "BHD", "OMR", "QAR", "AED", "SAR", "YER", "LYD", "SYP", "TRY", "USD", "EUR"],
)  # fmt: skip
def test_the_currencies_of_an_arabic_reader_are_known_in_both_scripts(code: str) -> None:
    spoken = [entry.word for entry in entries() if entry.codes == (code,)]
    assert any(word_of(w).code == code and w.isascii() for w in spoken)
    arabic = [w for w in spoken if any("\u0621" <= letter <= "\u064a" for letter in w)]
    assert arabic and all(word_of(word).code == code for word in arabic)
    assert all(word_in(f"المبلغ ({word})").code == code for word in arabic)


@pytest.mark.parametrize(
    "word, code",
    [
        ("ريالات سعودية", "SAR"), ("بالريال السعودي", "SAR"), ("ر.س.", "SAR"), ("ر . س", None), ("S.R.", "SAR"), ("دراهم", None),
        ("الدرهم الاماراتي", "AED"), ("د.إ", "AED"), ("د.أ", "JOD"), ("د.ا", None), ("دينار أردنى", "JOD"), ("US Dollars", "USD"), ("دولارات أميركية", "USD"), ("$", None), ("¥", None),
        ("£", None), ("ريال", None), ("دينار", None), ("جنيه", None), ("جنيهات مصرية", "EGP"), ("try", None), ("TRY", "TRY"), ("cny", "CNY"),
        ("SEK", "SEK"), ("KZT", "KZT"), ("DEM", None),
    ],
)  # fmt: skip
def test_a_word_names_one_currency_or_is_unclear(word: str, code: str | None) -> None:
    found = word_of(word)
    assert (found.code if found else None) == code


@pytest.mark.parametrize(
    "heading, expected",
    [
        ("amount (TRY)", {"TRY"}), ("amount (CNY)", {"CNY"}), ("amount (SEK)", {"SEK"}), ("amount (CAD)", {"CAD"}), ("amount_usd", {"USD"}),
        ("Cost €", {"EUR"}), ("Net amount SEK", {"SEK"}), ("AmountUSD", {"USD"}), ("المبلغ بالدولار الأمريكي", {"USD"}),
        ("المبلغ (ر.س)", {"SAR"}), ("Amount (in SAR '000)", {"SAR"}), ("Amount [KZT]", {"KZT"}), ("Price in Saudi riyals", {"SAR"}),
        ("USD to SAR", None), ("All customers", None), ("TOP TEN", None), ("Try again", None), ("IRR %", None), ("Deals won", None),
        ("SR No", None), ("LE code", None), ("Order date", None), ("نسبة الرضا", None), ("Amount (all)", None),
    ],
)  # fmt: skip
def test_a_heading_names_a_currency_and_other_words_are_none(heading: str, expected: set[str] | None) -> None:
    word = word_in(heading)
    assert (set(word.codes) if word else None) == expected


@pytest.mark.parametrize(
    "heading", ["Amount $", "Amount (ريال)", "المبلغ بالريال", "Cost in pounds", "Betrag (kr)", "Amount (¥)"]
)
def test_a_shared_word_in_a_heading_is_unclear(heading: str) -> None:
    assert len(word_in(heading).codes) > 1


def test_a_title_speaks_of_money_only_where_it_gives_a_unit() -> None:
    assert words_in("Dollar General: orders of 2025", prose=True) == ()
    assert len(word_in("All figures in riyals", prose=True).codes) > 1
    assert word_in("المبالغ بالريال السعودي", prose=True).code == "SAR"


def test_the_table_is_sound() -> None:
    assert set(written_codes()) <= codes() and plain_codes() <= codes() and {"SAR", "USD"} <= plain_codes()
    assert all(is_code(code) for entry in entries() for code in entry.codes)
    meant: dict[str, set[tuple[str, ...]]] = {}
    for entry in entries():
        meant.setdefault(entry.form, set()).add(entry.codes)
    assert not {form: said for form, said in meant.items() if len(said) > 1}


RIYAL, DOLLAR = word_of("ريال"), word_of("$")


@pytest.mark.parametrize(
    "word, known, expected",
    [
        (RIYAL, {"company": {"SAR"}}, "SAR"),
        (RIYAL, {"company": {"USD"}}, None),
        (RIYAL, {"file": {"QAR"}}, "QAR"),
        (RIYAL, {"file": {"QAR"}, "company": {"SAR"}}, None),
        (RIYAL, {"file": {"QAR", "USD"}, "heading": "OMR", "company": {"SAR"}}, "OMR"),
        (RIYAL, {"told": "YER", "heading": "OMR"}, "YER"),
        (RIYAL, {}, None),
        (DOLLAR, {"company": {"SAR"}}, None),
        (DOLLAR, {"told": "SAR"}, None),
        (DOLLAR, {"answers": {DOLLAR.key: "CAD"}, "told": "USD"}, "CAD"),
    ],
)
def test_the_rule_for_an_unclear_word(word, known, expected) -> None:
    assert meaning(word, **{"answers": {}, **known}) == expected
