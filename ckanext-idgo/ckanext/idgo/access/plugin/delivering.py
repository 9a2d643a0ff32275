"""What stored files and links share: headers, the limits of a stream, the failures a person is told."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Response, request
from werkzeug.wsgi import wrap_file

from ckanext.idgo.access.core.delivery import Delivery, Version, delivery
from ckanext.idgo.access.core.filenames import attachment
from ckanext.idgo.access.plugin.accounting import Account
from ckanext.idgo.access.plugin.bodies import CHUNK_BYTES, Done, FileSlice, Places

#: Of this process.
places = Places()


class Failure(Exception):
    """The bytes cannot be given: an HTTP ``status``, a stable ``code``, and a translated ``sentence``."""

    def __init__(self, status: int, code: str, sentence: str, retry_seconds: int = 0) -> None:
        super().__init__(code)
        self.status, self.code, self.sentence, self.retry_seconds = status, code, sentence, retry_seconds


def asked(version: Version) -> Delivery:
    """What this request asks of what is there."""
    headers = {name.lower(): value for name, value in request.headers.items()}
    return delivery(request.method, headers, version)


def answer(body: Any, status: int, name: str, mimetype: str) -> Response:
    """A response that is saved, never shown: file name, type as declared, no sniffing, nothing run."""
    response = Response(body, status, mimetype=mimetype, direct_passthrough=True)
    response.headers["Content-Disposition"] = attachment(name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def bare(found: Delivery, version: Version) -> Response:
    """The answers without a file: 304, 412, 416."""
    response = Response(status=found.status)
    response.headers.pop("Content-Type", None)
    response.headers["X-Content-Type-Options"] = "nosniff"
    if found.status == 416:
        response.headers["Content-Range"] = f"bytes */{version.size_bytes}"
    describe(response, version)
    return response


def describe(response: Response, version: Version) -> None:
    response.headers["ETag"] = version.etag
    if version.last_modified:
        response.headers["Last-Modified"] = version.last_modified
    response.headers["Accept-Ranges"] = "bytes"


def measure(response: Response, found: Delivery, version: Version) -> None:
    response.headers["Content-Length"] = str(found.length_bytes)
    if found.status == 206:
        response.headers["Content-Range"] = f"bytes {found.start}-{found.end}/{version.size_bytes}"


def channel(status: int, whole: str) -> str:
    return "range" if status == 206 else whole


def take_place() -> Callable[[], None]:
    """A place among the streams of this process; gives what to call to leave it. Raises ``Failure`` (503).

    A reader who takes nothing for ``ckanext.idgo.access.stall_seconds`` is cut off: without that, a few dozen
    of them would hold every thread.
    """
    if not places.take(int(tk.config["ckanext.idgo.access.max_streams"])):
        sentence = tk._("Many downloads are under way. Try again in a minute.")
        raise Failure(503, "too-many-downloads", sentence, retry_seconds=60)
    sock = request.environ.get("gunicorn.socket")
    if sock is None:
        return places.leave
    sock.settimeout(float(tk.config["ckanext.idgo.access.stall_seconds"]))

    def leave() -> None:
        places.leave()
        if sock.fileno() >= 0:
            sock.settimeout(None)

    return leave


def stream(told: Account, opened: Callable[[Done], Any]) -> Any:
    """The body that ``opened`` makes, with a place of its own and its end told; b"" for a HEAD."""
    if request.method != "GET":
        return b""
    leave = take_place()
    try:
        return opened(told.then(leave))
    except BaseException:  # whatever stopped it, no stream will ever leave the place
        leave()
        raise


def of_file(part: FileSlice) -> Iterable[bytes]:
    """The server's own wrapper, which uses ``sendfile`` where it can."""
    return wrap_file(request.environ, part, CHUNK_BYTES)  # type: ignore[arg-type]
