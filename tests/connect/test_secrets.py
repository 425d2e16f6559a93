"""A credential comes from the environment or from a file that its owner alone may read, and stands in no words."""

import base64
import os
from urllib.parse import quote

import pytest

from cxroi.connect.secrets import scrubbed, secret_of
from cxroi.errors import ConnectError
from tests.connect.world import CANARY


def kept(tmp_path, words, mode=0o600):
    path = tmp_path / "secrets.toml"
    path.write_text(words, encoding="utf-8")
    path.chmod(mode)
    return {"CXROI_SECRETS_FILE": str(path)}


def test_the_environment_first_then_the_file(tmp_path):
    environment = kept(tmp_path, 'CRM = "of the file"\nSHOP = { value = "s", hosts = ["shop.example"] }\n')
    assert secret_of("CRM", "a.example", environment) == "of the file"
    assert secret_of("CRM", "a.example", {**environment, "CXROI_SECRET_CRM": "first"}) == "first"
    assert secret_of("SHOP", "shop.example", environment) == "s" and secret_of("", "a.example", {}) == ""


def test_no_variable_but_one_meant_for_it_is_ever_read(tmp_path):
    with pytest.raises(ConnectError, match="no_credential"):
        secret_of("HOME", "a.example", {"HOME": "/root", "CRM": "x"})


def test_a_credential_goes_to_its_own_hosts_only(tmp_path):
    with pytest.raises(ConnectError, match="credential_elsewhere"):
        secret_of("SHOP", "evil.example", kept(tmp_path, 'SHOP = { value = "s", hosts = ["shop.example"] }'))


@pytest.mark.skipif(os.name != "posix", reason="rights of files are POSIX's")
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o620, 0o604])
def test_a_file_that_others_may_read_or_change_is_not_used(tmp_path, mode):
    with pytest.raises(ConnectError, match="secrets_rights"):
        secret_of("CRM", "a.example", kept(tmp_path, f'CRM = "{"x" * 9}"', mode))


@pytest.mark.parametrize("words", [f"CRM = {CANARY}", f"{CANARY}", f'CRM = "{CANARY}', "CRM = 5", "CRM = {}"])
def test_a_file_that_is_written_wrongly_tells_nothing_of_what_stands_in_it(tmp_path, words):
    with pytest.raises(ConnectError) as refused:
        secret_of("CRM", "a.example", kept(tmp_path, words))
    assert CANARY not in str(refused.value) and refused.value.__cause__ is None


@pytest.mark.parametrize(
    "written",
    [
        CANARY,
        quote(CANARY),
        quote(CANARY, safe=""),
        repr(CANARY),
        base64.b64encode(CANARY.encode()).decode(),
        CANARY.replace("\\", "\\\\").replace("'", "\\'"),
    ],
)
def test_words_of_a_driver_are_told_without_it_however_it_is_written(written):
    assert scrubbed(f"login failed with {written}!", CANARY).count("•••") >= 1
    assert written.strip("'\"") not in scrubbed(f"login failed with {written}!", CANARY)
