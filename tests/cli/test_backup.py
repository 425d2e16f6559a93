"""A workspace that came back from a backup answers as the one that was backed up, to the byte, and its trail is whole."""

import json

import pytest

from cxroi.cli import main
from tests.cli.test_names import imported
from tests.json_schemas import fits

pytestmark = pytest.mark.usefixtures("files_read_here")


def asked(capsys, *line):
    capsys.readouterr()
    assert main(list(line)) == 0
    return capsys.readouterr().out


def test_the_verdict_is_the_same_to_the_byte_and_the_trail_is_whole(tmp_path, capsys):
    here = imported(tmp_path, ["Homes", "Offices"])
    file, there = str(tmp_path / "b.zip"), ["--workspace", str(tmp_path / "again")]
    asked(capsys, "rates", "--set", "EUR=4", "--to", "SAR", "--source", "bank", *here)
    before = asked(capsys, "evaluate", "--json", *here)
    assert "2 lines" in asked(capsys, "restore-backup", "--look", *written(capsys, file, here))
    told = json.loads(asked(capsys, "restore-backup", file, "--json", *there))
    fits(told)
    assert told["restored"] and told["audit_whole"]
    assert asked(capsys, "evaluate", "--json", *there) == before
    lines = json.loads(asked(capsys, "audit", "--json", *there))["lines"]
    assert [line["what"] for line in lines[-2:]] == ["rate", "restored from backup"]
    assert main(["restore-backup", file, *there]) == 1 and "--replace" not in capsys.readouterr().out
    assert main(["restore-backup", file, "--replace", "--language", "ar", *there]) == 0


def written(capsys, file, here):
    fits(json.loads(asked(capsys, "backup", file, "--json", *here)))
    return [file]
