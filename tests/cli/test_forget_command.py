"""What the terminal says of a customer to be forgotten: a receipt only where it is true."""

import json

import pytest

from cxroi.cli import main
from cxroi.store.versions.workspace import Workspace
from cxroi.text import LANGUAGES, Text
from tests.actions.world import customers
from tests.store.tables import parquet


@pytest.fixture
def folder(tmp_path):
    workspace = Workspace.open(tmp_path / "w")
    aside = tmp_path / "r.csv"
    aside.write_text("row,customer,reason\n7,C-1,date\n8,c-1,date\n")
    staged = {"customers": customers(tmp_path / "k.parquet", "C-1", "C-2")}
    workspace.publish(staged, sources={}, rejects={"customers": aside})
    comment = {"answered_on": "2025-02-01", "score": "9", "customer_id": "C-2", "comment": "as C-1 says"}
    workspace.publish({"surveys": parquet(tmp_path / "s.parquet", "surveys", [comment])}, sources={})
    return workspace.folder


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("number", "id"), [("C-9", "nobody"), ("c-2", "nobody_written_otherwise"), ("", "nobody")])
def test_nobody_forgotten_is_a_refusal(folder, capsys, language, number, id):
    assert main(["forget", number, "--workspace", str(folder), "--language", language]) == 1
    out = capsys.readouterr()
    assert not out.out and out.err.strip() == Text(language)(f"store.{id}", near="C-2")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_receipt_counts_rows_put_aside_and_names_the_texts_that_stay(folder, capsys, language):
    assert main(["forget", "C-1", "--workspace", str(folder), "--language", language]) == 0
    out, text = capsys.readouterr().out, Text(language)
    assert text("cli.forgotten", count=2) in out and text("versions.receipt.kept_out", count=1) in out
    assert text("versions.receipt.mentions", count=2) in out
    assert "surveys.comment: 1" in out and "customers: 1" in out and "C-1" not in out


def test_a_version_that_cannot_be_read_is_named_deleted_and_then_everybody_can_be_forgotten(folder, capsys):
    first = Workspace.open(folder).versions()[-1]
    (first.folder / "manifest.json").write_bytes(b"{}")
    given = ["--json", "--workspace", str(folder)]
    assert main(["forget", "C-1", *given]) == 1
    told = json.loads(capsys.readouterr().out)["error"]
    assert told["id"] == "store.forget_unreadable" and f"delete {first.id}" in told["message"]
    assert main(["delete", first.id, *given]) == 0
    capsys.readouterr()
    assert main(["forget", "C-1", *given]) == 0
    assert json.loads(capsys.readouterr().out)["rows_removed"] == {"customers": 1, "surveys": 0}
