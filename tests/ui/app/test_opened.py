"""One version is open for all questions of one state of the data; the one before is closed once nobody reads it any longer."""

from cxroi.questions import OpenVersion
from cxroi.ui.app.opened import opened
from tests.made_customers import months, publish


def test_questions_of_the_same_data_share_one_version_and_the_one_before_is_closed_after_its_last_reader(
    tmp_path, monkeypatch
):
    closed = []
    monkeypatch.setattr(OpenVersion, "close", lambda data: closed.append(data))
    folder = publish(tmp_path / "w", **months())
    keys = [f"{folder}\n{next((folder / 'snapshots').iterdir()).name}\n{rates}" for rates in ("", "EUR=4")]
    with opened(keys[0]) as first:
        with opened(keys[0]) as again, opened(keys[1]) as other:
            assert again is first and other is not first
        assert first not in closed
    assert first in closed and other not in closed
