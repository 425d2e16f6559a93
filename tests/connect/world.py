"""What connections are tested against: a file of SQLite, and a server on this machine that answers as good and bad ones do."""

from __future__ import annotations

import gzip
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cxroi.connect.allowed import Allowed
from cxroi.connect.child import answered
from cxroi.connect.source import Source, read_source

CANARY = "c4nary' p@ss\\word%/+"  # as awkward to write in an address or a setting as a credential can be
CSV = "customer_id,joined_on,left_on,segment\nC-1,2024-01-05,2024-06-01,Homes\nC-2,2024-02-05,,فلل\nC-3,2024-03-05,,Homes\n"


def run_here(job, folder, limits, *, cancelled=None, progress=None, script=None, secret=""):
    """Do the work of the reading child in this process, in the place of `run_child`."""
    return [answered({**job, "memory": "256MB", "progress": None}, secret)]


def read(source: Source, allowed: Allowed, folder: Path, *, secret: str = "", **limits) -> dict:
    """Return the answer of a reading in this process."""
    job = {
        "source": vars(source),
        "allowed": vars(allowed),
        "folder": str(folder),
        **{"most_bytes": 1 << 20, "most_rows": None, "seconds": 5.0, "memory": "256MB", "progress": None},
        **limits,
    }
    return answered(job, secret)


def shop(path: Path, customers: int = 3) -> Path:
    """Write a file of SQLite with a table of customers."""
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("CREATE TABLE customer (id INTEGER, joined TEXT, left_on TEXT, fee REAL, note TEXT, picture BLOB)")
        rows = [
            (n, f"2024-0{1 + n % 9}-05", "2024-12-01" if n % 3 == 0 else None, n / 4, "ن") for n in range(customers)
        ]
        file.executemany("INSERT INTO customer VALUES (?, ?, ?, ?, ?, NULL)", rows)
    return path


class _Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.server.asked.append((self.path, dict(self.headers)))
        way, _, rest = self.path.lstrip("/").partition("/")
        if way == "to":  # /to/<address>
            return self._say(302, b"", Location=rest)
        if way == "private" and self.headers.get("Authorization") != f"Bearer {self.server.token}":
            return self._say(401, str(self.headers.get("Authorization")).encode())
        if way == "cut":
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            self.wfile.write(b"only this")
            self.close_connection = True
            return None
        if way == "packed":
            return self._say(200, gzip.compress(self.server.content), **{"Content-Encoding": "gzip"})
        if way == "endless":
            self.send_response(200)
            self.send_header("Connection", "close")
            self.end_headers()
            try:
                for _ in range(1000):
                    self.wfile.write(b"x" * 65536)
            except OSError:
                pass
            self.close_connection = True
            return None
        return self._say(200 if way != "gone" else 404, self.server.content)

    def _say(self, status, body, **headers):
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def publishing(content: str = CSV) -> Iterator[ThreadingHTTPServer]:
    """Serve on this machine until the end; `asked` holds every request, `content` is what every good link gives."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Answers)
    server.asked, server.token, server.content = [], CANARY.replace(" ", ""), content.encode()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def here(server: ThreadingHTTPServer, *more: str) -> Allowed:
    """Return what allows this server, and hosts beside it, without encryption."""
    hosts = (f"127.0.0.1:{server.server_port}", *more)
    return Allowed(hosts=hosts, unencrypted=hosts)


def link(server: ThreadingHTTPServer, path: str) -> Source:
    """Return the source of a path of this server."""
    return read_source(f"http://127.0.0.1:{server.server_port}/{path}")
