"""A password is kept so that nobody can read it back, and one that would soon be guessed is not kept at all."""

import pytest

from cxroi.access import passwords
from cxroi.errors import AccessError

GOOD = "correct horse battery"


def test_a_password_is_kept_by_argon2id_with_a_salt_of_its_own_and_fits_again():
    one, other = passwords.hashed(GOOD), passwords.hashed(GOOD)
    assert one.startswith("$argon2id$") and one != other and GOOD not in one
    assert passwords.fits(one, GOOD) and not passwords.fits(one, GOOD + " ") and not passwords.is_dated(one)


def test_what_two_keyboards_write_differently_is_one_password():
    assert passwords.fits(passwords.hashed("كلمة مرور é ١٢٣٤"), "كلمة مرور e\u0301 ١٢٣٤")


@pytest.mark.parametrize("kept", [None, "", "nonsense"])
def test_where_no_password_is_kept_nothing_fits_and_it_is_looked_at_all_the_same(kept, monkeypatch):
    looked = []

    class Hasher:
        def hash(self, password):
            return passwords.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(password)

        def verify(self, kept, password):
            looked.append(kept)
            return passwords.PasswordHasher().verify(kept, password)

    monkeypatch.setattr(passwords, "_HASHER", Hasher())
    assert not passwords.fits(kept, GOOD) and not passwords.fits(kept, "")
    assert len(looked) == 2


@pytest.mark.parametrize(
    ("password", "refusal"),
    [
        ("short", "access.password_length"),
        ("x" * 257, "access.password_length"),
        ("aaaabbbbaaaabbbb", "access.password_weak"),
        ("HUDA rides a horse", "access.password_weak"),
    ],
)
def test_a_password_that_would_soon_be_guessed_is_refused(password, refusal):
    with pytest.raises(AccessError) as refused:
        passwords.hashed(password, "huda")
    assert refused.value.id == refusal and password not in str(refused.value)
