"""Servers that hold the data of links: one of memory for the matrix, one of sockets for the proxy's tests."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from access_world import canary

from ckanext.idgo.common.plugin.http import Limits


class _Answer:
    status = 200

    def getheader(self, name: str) -> str | None:
        return {"Content-Type": "text/csv", "Set-Cookie": "canurlzzopen=1"}.get(name)


class Remembered:
    """A guarded client that finds ``https://donnees.example/…zz<tier>.csv`` without a network."""

    limits = Limits()

    def __init__(self, **_limits: Any) -> None:
        """Limits are of no use here."""

    @contextmanager
    def exchange(self, method: str, url: str, headers: Any, max_bytes: int) -> Iterator[Any]:
        tier = url.rsplit("zz", 1)[-1].removesuffix(".csv")
        yield url, _Answer(), iter([canary("canbytes", tier).encode()])


BODY = bytes(range(256)) * 1000


class Origin(BaseHTTPRequestHandler):
    """One behaviour a path; ``seen`` keeps the headers of every request."""

    protocol_version = "HTTP/1.1"
    seen: list[dict[str, str]]

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""

    def do_GET(self) -> None:
        self.seen.append({name.lower(): value for name, value in self.headers.items()})
        getattr(self, self.path.strip("/").split(".")[0])()

    def _send(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        given = {"Content_Length": str(len(body)), "Content_Type": "text/html", **headers}
        for name, value in given.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def whole(self) -> None:
        hop = {"Set_Cookie": "session=secret", "X_Backend": "interne.example", "Keep_Alive": "timeout=9"}
        named = {"Content_Disposition": 'attachment; filename="parcelles_confidentielles.csv"'}
        self._send(200, BODY, ETag='"v1"', Accept_Ranges="bytes", Location="/ailleurs", **hop, **named)

    def parts(self) -> None:
        asked = self.headers.get("Range")
        if self.headers.get("If-None-Match") == '"v1"':
            self.send_response(304)
            self.send_header("ETag", '"v1"')
            self.end_headers()
        elif not asked:
            self.whole()
        elif asked == "bytes=999999-":
            self._send(416, b"", Content_Range=f"bytes */{len(BODY)}")
        else:
            first, last = (int(text) for text in asked.removeprefix("bytes=").split("-"))
            self._send(206, BODY[first : last + 1], Content_Range=f"bytes {first}-{last}/{len(BODY)}")

    def zipped(self) -> None:
        self._send(200, gzip.compress(BODY), Content_Encoding="gzip")

    def cut(self) -> None:
        self._send(200, BODY[:1000], Content_Length=str(len(BODY)))
        self.close_connection = True

    def slow(self) -> None:
        time.sleep(3)
        self._send(200, b"late")

    def large(self) -> None:
        self._send(200, b"x" * 2_000_000)

    def broken(self) -> None:
        self._send(500, b"stack trace of interne.example")

    def inside(self) -> None:
        self._send(302, b"", Location="http://169.254.169.254/latest/meta-data/")


@contextmanager
def origin() -> Iterator[tuple[str, list[dict[str, str]]]]:
    """``host:port`` of a running one, and what it has seen."""
    handler = type("Handler", (Origin,), {"seen": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_address[1]}", handler.seen
    finally:
        server.shutdown()
        server.server_close()


class Proxied:
    """What ``requests`` would bring from ``https://donnees.example/…zz<tier>.csv``."""

    status_code = 200

    def __init__(self, url: str, **_options: Any) -> None:
        self.tier = url.rsplit("zz", 1)[-1].removesuffix(".csv")
        self.headers = {"content-type": "text/csv"}

    def raise_for_status(self) -> None:
        """Always well."""

    def iter_content(self, chunk_size: int) -> Iterator[bytes]:
        yield canary("canbytes", self.tier).encode()
