"""Work beside the pages: found again by its key, told how far it is, stopped when asked."""

import threading

from cxroi.errors import UploadError
from cxroi.text import LANGUAGES, Text
from cxroi.ui.app.progress import progress_words
from cxroi.ui.app.work import Work, begin, drop, drop_ended, find


def test_the_same_key_finds_the_work_that_runs_and_its_end():
    gate, key = threading.Event(), ("test", "same")
    work = begin(key, lambda cancelled, tell: gate.wait(10) and "done", name="a.csv", size=10)
    assert begin(key, lambda cancelled, tell: "other", name="b.csv", size=10) is work and work.running
    gate.set()
    assert work.wait(10) and find(key).result == "done"
    drop(key)
    assert find(key) is None


def test_running_work_cannot_be_dropped_but_stopped():
    key, begun = ("test", "stop"), threading.Event()

    def until_told(cancelled, tell):
        begun.set()
        while not cancelled():
            threading.Event().wait(0.01)
        raise UploadError("upload.child_cancelled")

    work = begin(key, until_told, name="a.csv", size=10)
    begun.wait(10)
    drop(key)
    assert find(key) is work
    work.stop()
    assert work.wait(10) and work.error.id == "upload.child_cancelled" and not work.running


def test_all_that_ended_is_forgotten_and_what_runs_goes_on():
    gate, ended, runs = threading.Event(), ("test", "ended"), ("test", "runs")
    begin(ended, lambda cancelled, tell: "C-7", name="a.csv", size=10).wait(10)
    begin(runs, lambda cancelled, tell: gate.wait(10), name="b.csv", size=10)
    drop_ended()
    assert find(ended) is None and find(runs).running
    gate.set()


def test_what_was_not_foreseen_ends_the_work_with_a_sentence():
    work = begin(("test", "bad"), lambda cancelled, tell: 1 / 0, name="a.csv", size=10)
    assert work.wait(10)
    assert all(work.id in Text(language).error(work.error) for language in LANGUAGES)


def test_the_share_never_goes_back():
    work = Work(name="a.csv", size=100)
    shares = iter((0.4, 0.2, 1.7))
    work.run(lambda cancelled, tell: [tell(share) for share in shares][:0])
    assert work.share == 1.0


def test_bytes_rows_rate_and_time_left_are_told():
    work = Work(name="a.csv", size=100 << 20, rows=1_000_000, share=0.25)
    work.started -= 10
    words = progress_words(work, Text("en"))
    assert words == "25 MB of 100 MB · 250,000 of 1,000,000 rows · 2.5 MB a second · about 30 seconds left"


def test_no_time_is_guessed_before_there_is_a_rate():
    assert progress_words(Work(name="a.csv", size=1 << 20), Text("en")) == "0 KB of 1 MB"
