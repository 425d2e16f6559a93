import pytest

from cxroi.access.roles import ROLES, ensure_role, may
from cxroi.errors import AccessError


def test_each_role_may_do_what_those_before_it_may_and_nothing_of_those_after():
    for place, role in enumerate(ROLES):
        assert [may(role, needed) for needed in ROLES] == [at <= place for at in range(len(ROLES))]


def test_a_role_that_does_not_exist_is_refused_and_the_others_named():
    with pytest.raises(AccessError, match=r"viewer, editor, finance, administrator"):
        ensure_role("owner")
