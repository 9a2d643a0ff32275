"""The one HTTP client that fetches addresses given by people, records and other systems (issue 3).

Rules in ``common.core.addresses``. What is done here, on sockets:

- the host is resolved once, every address it gives is checked, and the connection goes to a checked address
  (a name server that changes its answer afterwards changes nothing);
- redirects are followed by hand, each one through the same gates;
- connecting, each read and the whole exchange have a limit in seconds, and so have the bytes received and
  the bytes after decompression;
- no cookie, no credential, no proxy from the environment.

Errors: ``ForbiddenUrl``, ``TooLarge``, ``Unavailable`` (``common.core.errors``). Standard library only, so
that what happens to the socket can be read here.
"""

from __future__ import annotations

import hashlib
import http.client
import ipaddress
import os
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from urllib.parse import urljoin, urlsplit

from ckanext.idgo.common.core.addresses import Policy, Target, check_address, check_url
from ckanext.idgo.common.core.errors import N_, ForbiddenUrl, TooLarge, Unavailable
from ckanext.idgo.common.plugin.http_body import decoded, filename_of, mimetype_of

MAX_REDIRECTS = 5
MAX_ADDRESSES = 4
CHUNK_BYTES = 64 * 1024
REDIRECTS = (301, 302, 303, 307, 308)

Resolver = Callable[[str, int], list[str]]
"""Host and port → the IP addresses it resolves to; raises ``OSError`` when it does not."""


@dataclass(frozen=True)
class Limits:
    """Seconds and bytes. ``total_seconds`` covers redirects and body; ``max_bytes`` holds before and after
    decompression."""

    connect_seconds: float = 5.0
    read_seconds: float = 20.0
    total_seconds: float = 120.0
    max_bytes: int = 20 * 1024 * 1024


@dataclass(frozen=True)
class Response:
    """An answer below 400. ``headers`` has lower-case names; ``body`` is decompressed."""

    final_url: str
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def mimetype(self) -> str:
        return mimetype_of(self.headers)


@dataclass(frozen=True)
class Downloaded:
    """What was written: ``sha256`` in hex; ``filename`` is safe to show and to store, never a path."""

    final_url: str
    mimetype: str
    filename: str
    size_bytes: int
    sha256: str


def resolve(host: str, port: int) -> list[str]:
    """IP addresses of a host, in the system's order, without doubles."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class _Deadline:
    """Ends an exchange at its total time even while a read is blocked or fed one byte at a time."""

    def __init__(self, seconds: float) -> None:
        self.ends = time.monotonic() + seconds
        self.over = False
        self._socket: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def __enter__(self) -> _Deadline:
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._timer.cancel()

    def left(self) -> float:
        return max(0.001, self.ends - time.monotonic())

    def watch(self, sock: socket.socket) -> None:
        self._socket = sock
        if self.over:
            self._end()

    def _end(self) -> None:
        self.over = True
        if self._socket is not None:
            try:
                self._socket.shutdown(socket.SHUT_RDWR)
            except OSError:
                return  # closed in the meantime: the exchange is over either way


@dataclass
class GuardedClient:
    """``get``, ``head``, ``download`` and ``exchange`` under a policy. Safe to share between threads."""

    policy: Policy = field(default_factory=Policy)
    limits: Limits = field(default_factory=Limits)
    user_agent: str = "IDGO"
    resolver: Resolver = resolve

    def get(
        self, url: str, headers: Mapping[str, str] | None = None, max_bytes: int | None = None
    ) -> Response:
        """Fetch into memory. A 304 (conditional request) is an answer like another."""
        limit = self.limits.max_bytes if max_bytes is None else max_bytes
        sent = {"Accept-Encoding": "gzip, deflate", **(headers or {})}
        with self.exchange("GET", url, sent, limit) as (target, answer, chunks):
            return Response(target.url, answer.status, _headers(answer), b"".join(chunks))

    def head(self, url: str, headers: Mapping[str, str] | None = None) -> Response:
        """Headers only."""
        with self.exchange("HEAD", url, headers or {}, self.limits.max_bytes) as (target, answer, _):
            return Response(target.url, answer.status, _headers(answer), b"")

    def download(self, url: str, to_path: Path, max_bytes: int | None = None) -> Downloaded:
        """Fetch into ``to_path``, which appears only when it is whole; nothing is left after an error."""
        limit = self.limits.max_bytes if max_bytes is None else max_bytes
        partial = to_path.with_name(to_path.name + ".part")
        digest, size = hashlib.sha256(), 0
        try:
            with self.exchange("GET", url, {"Accept-Encoding": "identity"}, limit) as (
                target,
                answer,
                chunks,
            ):
                with partial.open("wb") as stream:
                    for chunk in chunks:
                        digest.update(chunk)
                        size += len(chunk)
                        stream.write(chunk)
                headers = _headers(answer)
            os.replace(partial, to_path)
        finally:
            partial.unlink(missing_ok=True)
        name = filename_of(headers, target.url)
        return Downloaded(target.url, mimetype_of(headers), name, size, digest.hexdigest())

    @contextmanager
    def exchange(
        self, method: str, url: str, headers: Mapping[str, str], max_bytes: int
    ) -> Iterator[tuple[Target, http.client.HTTPResponse, Iterator[bytes]]]:
        """The final answer after redirects and its decompressed chunks; closes the connection at the end.

        For whoever streams further (``get``, ``head`` and ``download`` are made of it): nothing is read
        ahead.
        """
        target = check_url(url, self.policy)
        with _Deadline(self.limits.total_seconds) as deadline:
            for _ in range(MAX_REDIRECTS + 1):
                connection = http.client.HTTPConnection(target.host, target.port)
                try:
                    with _translated(target, deadline):
                        answer = self._ask(connection, method, target, headers, deadline)
                    location = answer.getheader("Location")
                    if answer.status in REDIRECTS and location:
                        target = check_url(urljoin(target.url, location), self.policy)
                        continue
                    _check_answer(answer, target, max_bytes)
                    yield target, answer, self._chunks(answer, target, deadline, max_bytes)
                    return
                finally:
                    connection.close()
        raise Unavailable(
            "too-many-redirects", N_("“{host}” redirects too many times."), host=urlsplit(url).hostname
        )

    def _ask(
        self,
        connection: http.client.HTTPConnection,
        method: str,
        target: Target,
        headers: Mapping[str, str],
        deadline: _Deadline,
    ) -> http.client.HTTPResponse:
        connection.sock = self._connect(target, deadline)
        deadline.watch(connection.sock)
        parts = urlsplit(target.url)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        own = {"Host": target.authority, "User-Agent": self.user_agent, "Connection": "close"}
        connection.request(method, path, headers={"Accept": "*/*", **headers, **own})
        return connection.getresponse()

    def _connect(self, target: Target, deadline: _Deadline) -> socket.socket:
        """A socket to the first checked address that answers. ``OSError`` when none does."""
        failure: OSError = OSError("no address")
        for address in self._addresses(target, deadline)[:MAX_ADDRESSES]:
            try:
                sock = socket.create_connection(
                    (address, target.port), min(self.limits.connect_seconds, deadline.left())
                )
            except OSError as error:
                failure = error
                continue
            deadline.watch(sock)
            try:
                if target.scheme == "https":
                    sock = _tls_context().wrap_socket(sock, server_hostname=target.host)
                sock.settimeout(min(self.limits.read_seconds, deadline.left()))
            except OSError:
                sock.close()
                raise
            return sock
        raise failure

    def _addresses(self, target: Target, deadline: _Deadline) -> list[str]:
        """Every address of the host, all checked: one private among them refuses the host."""
        found = _in_time(lambda: self.resolver(target.host, target.port), deadline.left())
        for address in found:
            if not target.allowed:
                check_address(ipaddress.ip_address(address.split("%")[0]), target.host)
        return found

    def _chunks(
        self,
        answer: http.client.HTTPResponse,
        target: Target,
        deadline: _Deadline,
        max_bytes: int,
    ) -> Iterator[bytes]:
        def raw() -> Iterator[bytes]:
            received = 0
            while True:
                with _translated(target, deadline):
                    chunk = answer.read1(CHUNK_BYTES)
                    if not chunk and (deadline.over or answer.length):
                        raise http.client.IncompleteRead(b"", answer.length)
                if not chunk:
                    return
                received += len(chunk)
                if received > max_bytes:
                    raise _too_large(max_bytes)
                yield chunk

        with _translated(target, deadline):
            yield from decoded(raw(), answer.getheader("Content-Encoding"), max_bytes)


def _check_answer(answer: http.client.HTTPResponse, target: Target, max_bytes: int) -> None:
    if answer.status >= 400 or (answer.status >= 300 and answer.status != 304):
        raise Unavailable(
            "http-status",
            N_("“{host}” answered with error {status}."),
            host=target.host,
            status=answer.status,
        )
    if answer.length is not None and answer.length > max_bytes:
        raise _too_large(max_bytes)


def _too_large(max_bytes: int) -> TooLarge:
    return TooLarge(
        "answer-too-large",
        N_("What this address sends is larger than the limit of {limit_mb} MB."),
        limit_mb=round(max_bytes / 1_000_000, 1),
    )


def _headers(answer: http.client.HTTPResponse) -> dict[str, str]:
    return {name.lower(): value for name, value in answer.getheaders()}


@contextmanager
def _translated(target: Target, deadline: _Deadline) -> Iterator[None]:
    """Socket and protocol failures as ``Unavailable``, saying which."""
    try:
        yield
    except (ForbiddenUrl, TooLarge, Unavailable):
        raise
    except (OSError, http.client.HTTPException, ValueError) as error:
        if deadline.over or isinstance(error, TimeoutError):
            raise Unavailable(
                "no-answer-in-time", N_("“{host}” does not answer in time."), host=target.host
            ) from error
        if isinstance(error, socket.gaierror):
            raise Unavailable("unknown-host", N_("“{host}” is not found."), host=target.host) from error
        if isinstance(error, ssl.SSLError):
            raise Unavailable(
                "bad-certificate",
                N_("The secure connection to “{host}” cannot be trusted."),
                host=target.host,
            ) from error
        raise Unavailable(
            "broken-answer", N_("The connection to “{host}” failed or broke off."), host=target.host
        ) from error


def _in_time(work: Callable[[], list[str]], seconds: float) -> list[str]:
    """``work()`` in a thread, because ``getaddrinfo`` takes no time limit. Raises ``TimeoutError``."""
    box: list[list[str] | OSError] = []

    def run() -> None:
        try:
            box.append(work())
        except OSError as error:
            box.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if not box:
        raise TimeoutError("name resolution")
    if isinstance(box[0], OSError):
        raise box[0]
    return box[0]


def _tls_context() -> ssl.SSLContext:
    """Certificates as ``requests`` takes them: ``REQUESTS_CA_BUNDLE``, else the system's and Python's."""
    bundle = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("SSL_CERT_FILE")
    return ssl.create_default_context(cafile=bundle if bundle and Path(bundle).is_file() else None)
