"""Letters are read from all the bytes of a file; a guess is said, a doubtful one is asked."""

from __future__ import annotations

import pytest

from cxroi.errors import UploadError
from tests.intake.reading import Reading

WORDS = {
    "french": "Libellé;Montant\nCafé à emporter;12\nForêt où ça pousse;3\nGarçon naïf;4\n",
    "german": "Größe;Betrag\nMüller & Söhne;1\nÄrger über Maße;2\n",
    "spanish": "Año;Importe\nEspañol mañana;1\n¿Cuánto acción?;2\n",
    "polish": "Nazwa;Kwota\nŁódź gęślą jaźń;1\nZażółć;2\n",
    "polish, in brief": "Nazwa;Kwota\nŁódź gęślą jaźń;1\n",
    "czech": "Název;Částka\nPříliš žluťoučký kůň;1\nÚpěl ďábelské ódy;2\n",
    "hungarian": "Név;Összeg\nÁrvíztűrő tükörfúrógép;1\n",
    "turkish": "Açıklama;Tutar\nÇağrı merkezi eğitimi;1\nMüşteri sadakati, İstanbul şubesi;2\n",
    "icelandic": "Lýsing;Upphæð\nÞjónustuver á Akureyri;1\nÁnægja viðskiptavina;2\n",
    "arabic": "الفئة;المبلغ\nرواتب الموظفين;1\nتدريب الفريق؛ أول;2\n",
}
HOMES = [
    *((word, code) for word in ("french", "german", "spanish") for code in ("cp1252", "latin-1")),
    *((word, "cp1250") for word in ("polish", "polish, in brief", "czech", "hungarian", "german")),
    ("turkish", "cp1254"),
    ("icelandic", "cp1252"),
    ("arabic", "cp1256"),
    *((word, code) for word in WORDS for code in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be")),
]


@pytest.mark.parametrize(("language", "codec"), HOMES)
def test_letters_come_back_from_every_encoding_their_language_is_written_in(
    language: str, codec: str, read: Reading
) -> None:
    text = WORDS[language]
    table = read(text.encode(codec))
    first, *rest = [line.split(";") for line in text.strip().split("\n")]
    assert list(table.source.headings) == first
    assert table.rows == rest
    plain = codec in ("utf-8", "utf-8-sig")
    assert any(id.startswith("finding.encoding") for id in table.finding_ids()) != plain


def test_utf_16_has_carriage_returns_too(read: Reading) -> None:
    assert read("a,amount\r\nx,1\r\n".encode("utf-16")).rows == [["x", "1"]]


def test_an_encoding_that_a_person_names_is_taken(read: Reading) -> None:
    assert read(WORDS["french"].encode("cp1252"), encoding="windows-1250").source.headings[0] == "Libellé"
    assert read("Straße;amount\nx;2\n".encode("cp1252"), encoding="windows-1252").source.headings[0] == "Straße"


def test_an_encoding_that_does_not_fit_or_does_not_exist_is_refused(read: Reading) -> None:
    with pytest.raises(UploadError, match=r"reader\.encoding_wrong"):
        read(b"a;b\nx\x81;2\n", encoding="windows-1252")
    with pytest.raises(UploadError, match=r"reader\.encoding_unknown"):
        read(b"a;b\n1;2\n", encoding="klingon")


def test_two_readings_that_both_make_words_are_asked_about(read: Reading) -> None:
    """0xE8 is è in western Europe and č east of it; one word cannot tell."""
    asked = read(b"nom;montant\nm\xe8re;1\n").finding("finding.encoding.rival")
    assert {asked["example"], asked["rival_example"]} == {"mère", "mčre"}


def test_an_abbreviation_with_a_capital_within_is_no_damage(read: Reading) -> None:
    """SAP in German heads its columns "HWähr" and "Wert/BWähr", often the only letters beyond a-z."""
    table = read("Buchungsdatum;Betrag in Hauswährung;HWähr;Wert/BWähr\n01.02.2024;1,5;EUR;2\n".encode("cp1252"))
    assert table.source.headings[1:] == ("Betrag in Hauswährung", "HWähr", "Wert/BWähr") and not table.source.faults


@pytest.mark.parametrize("bad", [b"\xff\xfe\xfa", b"\xc3\x28", b"\xf0\x9f\x98"])
def test_bytes_that_are_no_letters_mark_their_row_and_leave_the_others(bad: bytes, read: Reading) -> None:
    good = "".join(f"عميل {i},{i}\n" for i in range(30)).encode()
    table = read(b"name,amount\n" + good + b"ab" + bad + b",7\n")
    assert [(fault.row, fault.column, fault.reason) for fault in table.source.faults] == [
        (32, "name", "reject.cell.bad_character")
    ]
    assert len(table.rows) == 31


def test_bytes_that_a_guessed_code_page_lacks_mark_their_row_too(read: Reading) -> None:
    text = "".join(f"Zażółć gęślą jaźń {i};{i}\n" for i in range(20)).encode("cp1250")
    table = read(b"nazwa;kwota\n" + text + b"a\x81b;7\n")
    assert [(fault.row, fault.reason) for fault in table.source.faults] == [(22, "reject.cell.bad_character")]


def test_a_zero_byte_marks_its_cell(read: Reading) -> None:
    table = read(b"name,amount\nab\0c,1\nx,2\n")
    assert [(fault.row, fault.reason) for fault in table.source.faults] == [(2, "reject.cell.nul")]
    assert table.rows[0][0] == "ab\ufffdc"
