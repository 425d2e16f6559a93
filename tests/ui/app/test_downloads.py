"""A file that was made for a download is there until it is fetched, whoever else is at work."""

import pytest
from streamlit import App
from streamlit.runtime import memory_media_file_storage
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.media_file_storage import MediaFileStorageError
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage

from cxroi.ui.app import downloads
from cxroi.ui.app.downloads import KEPT_SECONDS, PatientStorage, keep_downloads


@pytest.fixture
def clock(monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(downloads.time, "monotonic", lambda: now[0])
    return now


def pressed(storage):
    """Return a manager in which a download was made, and its file, as the button's press leaves it."""
    manager = MediaFileManager(storage)
    made = manager.execute_deferred(manager.add_deferred(lambda: b"rows", "text/csv", "0.1", "rows.csv"))
    return manager, made.rsplit("/", 1)[1]


def others_are_served(manager):
    """End two runs of other pages: the first marks what no page shows, the second removes it."""
    for _ in range(2):
        manager.remove_orphaned_files()


def test_streamlits_own_storage_loses_it_when_other_readers_are_served():
    storage = MemoryMediaFileStorage("/media")
    manager, name = pressed(storage)
    others_are_served(manager)
    with pytest.raises(MediaFileStorageError):  # when this no longer fails, ours is not needed any more
        storage.get_file(name)


def test_it_is_kept_while_it_may_still_be_fetched_and_not_for_ever(clock):
    storage = PatientStorage("/media")
    manager, name = pressed(storage)
    others_are_served(manager)
    assert storage.get_file(name).content == b"rows"
    clock[0] += KEPT_SECONDS
    storage.load_and_get_id(b"other", "text/csv", storage.get_file(name).kind)
    with pytest.raises(MediaFileStorageError):
        storage.get_file(name)


def test_one_that_is_made_again_does_not_leave_with_the_first(clock):
    storage = PatientStorage("/media")
    manager, name = pressed(storage)
    others_are_served(manager)
    clock[0] += KEPT_SECONDS - 1
    manager.execute_deferred(manager.add_deferred(lambda: b"rows", "text/csv", "0.1", "rows.csv"))
    clock[0] += 2
    storage.load_and_get_id(b"other", "text/csv", storage.get_file(name).kind)
    assert storage.get_file(name).content == b"rows"


def test_the_server_of_the_app_keeps_its_files_so(monkeypatch, tmp_path):
    monkeypatch.setattr(memory_media_file_storage, "MemoryMediaFileStorage", MemoryMediaFileStorage)  # put back after
    keep_downloads()
    (tmp_path / "page.py").write_text("")
    runtime = App(str(tmp_path / "page.py"))._create_runtime()
    assert isinstance(runtime.media_file_mgr._storage, PatientStorage)
