"""Small loopback servers that misbehave, one behaviour a path."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

BODY = "Défibrillateurs".encode()


class Handler(BaseHTTPRequestHandler):
    """``seen`` holds the requests' Host headers and paths, in order."""

    protocol_version = "HTTP/1.1"
    seen: list[tuple[str, str]]
    redirects: dict[str, str]

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""

    def do_HEAD(self) -> None:
        self._answer(200, BODY, {"Content-Type": "text/csv"})

    def do_GET(self) -> None:
        self.seen.append((self.headers["Host"], self.path))
        if self.path in self.redirects:
            self._answer(302, b"", {"Location": self.redirects[self.path]})
        else:
            getattr(self, self.path.strip("/").replace("-", "_") or "plain")()

    def _answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def plain(self) -> None:
        name = "attachment; filename=\"x.csv\"; filename*=UTF-8''../d%C3%A9fib.csv"
        self._answer(200, BODY, {"Content-Type": "text/csv; charset=utf-8", "Content-Disposition": name})

    def zipped(self) -> None:
        self._answer(200, gzip.compress(BODY), {"Content-Encoding": "gzip"})

    def bomb(self) -> None:
        self._answer(200, gzip.compress(b"\0" * 5_000_000), {"Content-Encoding": "gzip"})

    def damaged(self) -> None:
        self._answer(200, gzip.compress(BODY)[:-6], {"Content-Encoding": "gzip"})

    def brotli(self) -> None:
        self._answer(200, b"x", {"Content-Encoding": "br"})

    def missing(self) -> None:
        self._answer(404, b"no", {})

    def unchanged(self) -> None:
        self.send_response(304)
        self.end_headers()

    def announced_large(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "99999999")
        self.end_headers()

    def announced_short(self) -> None:
        self._answer(200, BODY + b"more", {"Content-Length": str(len(BODY))})
        self.close_connection = True

    def cut(self) -> None:
        self._answer(200, BODY, {"Content-Length": str(len(BODY) + 100)})
        self.close_connection = True

    def chunked(self) -> None:
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for part in (BODY[:4], BODY[4:]):
            self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
        self.wfile.write(b"0\r\n\r\n")

    def endless(self) -> None:
        self.send_response(200)
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        self._pour(b"x" * 8192, 0)

    def dripping_body(self) -> None:
        self.send_response(200)
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        self._pour(b"x", 0.05)

    def dripping_headers(self) -> None:
        self.close_connection = True
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        self._pour(b"x", 0.05)

    def silent(self) -> None:
        time.sleep(2)

    def _pour(self, piece: bytes, pause_seconds: float) -> None:
        ends = time.monotonic() + 3
        try:
            while time.monotonic() < ends:
                self.wfile.write(piece)
                self.wfile.flush()
                time.sleep(pause_seconds)
        except OSError:
            return  # the client has had enough: that is the test


@contextmanager
def serving(
    redirects: dict[str, str] | None = None, wrap: Callable[[socket.socket], socket.socket] | None = None
) -> Iterator[tuple[int, list[tuple[str, str]]]]:
    """A server on a free loopback port: the port, and what it saw."""
    seen: list[tuple[str, str]] = []
    handler = type("Own", (Handler,), {"seen": seen, "redirects": redirects or {}})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    if wrap:
        server.socket = wrap(server.socket)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.server_address[1], seen
    finally:
        server.shutdown()
        server.server_close()
