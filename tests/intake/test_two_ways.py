"""A large text file is read in one fast pass where nothing speaks against it, and to the same account as with every care."""

import random

import pytest

from cxroi.intake import parse
from cxroi.intake.readers import source
from tests.intake.loading import load_path

PLAIN = {
    "customer_id": lambda draw: f"C{draw.randrange(40):03d}",
    "order_id": lambda draw: f"O{draw.randrange(10**6)}",
    "ordered_on": lambda draw: f"202{draw.randrange(4, 6)}-{draw.randrange(1, 13):02d}-{draw.randrange(1, 29):02d}",
    "amount": lambda draw: f"{draw.randrange(10**5) / 100:.2f}",
    "channel": lambda draw: draw.choice(["web", "shop", "call centre", "متجر"]),
}
ODD = {
    "customer_id": [" C7", "C8 ", "\u200fC9", "NULL", "000", "C'1", "", "  "],
    "order_id": ["O 1", "", '"O""2"', '"O,3"', '"O\n4"', '"O5\n"', " "],
    "ordered_on": ["2025-13-40", "31/12/2025", "2025-01-02 10:00", "1889-01-01", "", "n/a", "never", "2025-1-5"],
    "amount": ["1,5", "12.3456", "-7", "n/a", "", "1e3", "1.234", "nan", "9999999999999999", "12 ", "SAR 5", "1234"],
    "channel": ["", " x ", "a  b", "\tweb", "x\u00a0"],
}


def written(path, seed):
    """Write orders of which, by seed, none, a few or many cells are odd, in one column or in all."""
    draw = random.Random(seed)
    share = draw.choice([0.0, 0.002, 0.002, 0.02])
    columns = draw.sample(list(PLAIN), draw.randrange(1, 4))
    numbers = (lambda d: str(d.randrange(900))) if draw.random() < 0.2 else PLAIN["amount"]
    quoted = draw.random() < 0.3

    def cell(name):
        if name in columns and draw.random() < share:
            return draw.choice(ODD[name])
        text = numbers(draw) if name == "amount" else PLAIN[name](draw)
        return f'"{text}"' if quoted and name != "amount" else text

    lines = (",".join(map(cell, PLAIN)) for _ in range(draw.choice([300, 3000])))
    path.write_text(",".join(PLAIN) + "\n" + "\n".join(lines) + draw.choice(["", "\n"]), encoding="utf-8")
    return path


@pytest.fixture
def ways(monkeypatch):
    """Every text file is a large one here; what is returned tells which way each was read."""
    taken = []
    fast = parse._Load.fast

    def tell(load):
        report = fast(load)
        taken.append("fast" if report is not None else "careful")
        return report

    monkeypatch.setattr(source, "LARGE_BYTES", 0)
    monkeypatch.setattr(parse._Load, "fast", tell)
    return taken


def test_random_files_come_out_alike_both_ways(tmp_path, monkeypatch, ways):
    for seed in range(12):  # all that forty bring up: every outcome, reason, finding and way is among these
        path = written(tmp_path / f"{seed}.csv", seed)
        quick = load_path(path, tmp_path / f"{seed}-quick")
        with monkeypatch.context() as patched:
            patched.setattr(parse._Load, "fast", lambda load: None)
            slow = load_path(path, tmp_path / f"{seed}-slow")
        for fact in ("outcome", "message", "rows_read", "rows_loaded", "rows_rejected", "totals", "mapping", "rejects"):
            assert getattr(quick.report, fact) == getattr(slow.report, fact), (seed, fact)
        if quick.report.parquet or slow.report.parquet:
            assert quick.rows() == slow.rows(), seed
    assert 3 < ways.count("fast") < 12


WORDS = ["SAR", "ر.س", "ريال", "$", "US$", "CAD", "دينار", "TRY", "CNY", "kr", "Quatloo", "try", "الف", "USD 5 SAR"]


def with_words(path, seed):
    """Write orders of which a few or many amounts have a word beside them, or the heading has one, by seed."""
    draw = random.Random(seed)
    words, share = draw.sample(WORDS, draw.randrange(1, 3)), draw.choice([0.002, 0.02, 1.0])
    heading = draw.choice(["amount"] * 5 + ["amount ($)", "amount (SAR)", "المبلغ (ريال)", "amount (TRY)"])

    def amount():
        number = f"{draw.randrange(10**5) / 100:.2f}"
        return draw.choice(["{} {}", "{}{}"]).format(draw.choice(words), number) if draw.random() < share else number

    lines = (f"C{draw.randrange(40)},2025-01-{draw.randrange(1, 29):02d},{amount()}" for _ in range(600))
    path.write_text(f"customer_id,ordered_on,{heading}\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_both_ways_say_the_same_of_every_word_for_a_currency(tmp_path, monkeypatch, ways):
    outcomes = set()
    for seed in (5, 7, 8, 15, 17, 18, 19, 20, 23):  # all that the first twenty-four bring up
        path = with_words(tmp_path / f"{seed}.csv", seed)
        request = random.Random(seed).choice([{}, {"held_currencies": (("costs", "SAR"),)}, {"currency": "USD"}])
        quick = load_path(path, tmp_path / f"{seed}-quick", **request)
        with monkeypatch.context() as patched:
            patched.setattr(parse._Load, "fast", lambda load: None)
            slow = load_path(path, tmp_path / f"{seed}-slow", **request)
        for fact in ("outcome", "message", "rows_loaded", "rows_rejected", "totals", "currency", "rejects", "findings"):
            assert getattr(quick.report, fact) == getattr(slow.report, fact), (seed, fact)
        outcomes.add(quick.report.message)
    assert outcomes >= {"upload.question", "upload.loaded", "upload.loaded_with_rejects"}
    assert "fast" in ways
