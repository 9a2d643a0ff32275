"""Links whose data is not open: fetched by this server through the guarded client, never shown (issue 4).

Out goes what HTTP needs to fetch a part or a newer version; back comes what describes the bytes. No cookie,
no credential, no name or address passes either way, and none is written to the log.
"""

from __future__ import annotations

import errno
import logging
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Response, request

from ckanext.idgo.access.core.delivery import single_range
from ckanext.idgo.access.core.filenames import named_after
from ckanext.idgo.access.plugin import delivering
from ckanext.idgo.access.plugin.accounting import Account
from ckanext.idgo.access.plugin.bodies import Chunks
from ckanext.idgo.access.plugin.delivering import Failure
from ckanext.idgo.common.core.errors import ForbiddenUrl, IdgoError, TooLarge
from ckanext.idgo.common.plugin.client import guarded_client
from ckanext.idgo.common.plugin.http_body import mimetype_of

log = logging.getLogger(__name__)

_CONDITIONS = ("If-Range", "If-None-Match", "If-Modified-Since")
_RANGE = re.compile(r"bytes \d{1,18}-\d{1,18}/(\d{1,18}|\*)")
_VALIDATOR = re.compile(r'(W/)?"[\x21\x23-\x7e]{0,200}"|[A-Za-z0-9 ,:+-]{1,40}')


def respond(resource: Any, told: Account) -> Response:
    """The bytes behind the link of a ``model.Resource``: 200, 206, 304, 416; else raises ``Failure``.

    A HEAD asks like a GET and reads no body: many servers answer HEAD otherwise, or not at all.
    """
    name = named_after(str(resource.name or ""), str(resource.format or ""))
    opened = ExitStack()
    try:
        client = guarded_client(
            total_seconds=tk.config["ckanext.idgo.access.link_seconds"],
            max_bytes=tk.config["ckanext.idgo.access.link_max_bytes"],
        )
        limit = client.limits.max_bytes
        exchange = client.exchange("GET", str(resource.url or ""), _request_headers(), limit)
        _target, answer, chunks = opened.enter_context(exchange)
        return _passed_on(answer, _quiet(chunks, resource.id), opened.close, name, told)
    except IdgoError as error:
        opened.close()
        if error.params.get("status") == 416:
            return Response(status=416, headers={"X-Content-Type-Options": "nosniff"})
        log.info("The link of resource %s cannot be fetched: %s", resource.id, error.code)
        raise _failure(error) from None  # the error names the host
    except BaseException:
        opened.close()
        raise


def _request_headers() -> dict[str, str]:
    sent = {"Accept-Encoding": "identity"}
    given = request.headers.get("Range")
    if request.method == "GET" and single_range(given):
        sent["Range"] = str(given)
    for name in _CONDITIONS:
        value = request.headers.get(name)
        if value and _VALIDATOR.fullmatch(value):
            sent[name] = value
    return sent


def _passed_on(
    answer: Any, chunks: Iterator[bytes], release: Callable[[], None], name: str, told: Account
) -> Response:
    """The other server's answer, with the headers that describe bytes and nothing else."""
    encoded = (answer.getheader("Content-Encoding") or "identity").strip().lower() != "identity"
    part = answer.getheader("Content-Range") or ""
    asked_part = "Range" in _request_headers()
    if answer.status == 206 and (encoded or not asked_part or not _RANGE.fullmatch(part)):
        raise Failure(502, "origin-failed", _broken())
    if answer.status not in (200, 203, 206, 304):
        raise Failure(502, "origin-failed", _broken())
    status = 200 if answer.status == 203 else answer.status
    told = told.on(delivering.channel(status, "link"))
    if status == 304 or request.method != "GET":
        release()
        body: Any = b""
    else:
        body = delivering.stream(told, lambda done: Chunks(chunks, release, done))
    mimetype = mimetype_of({"content-type": answer.getheader("Content-Type") or ""})
    response = delivering.answer(body, status, name, mimetype)
    _describe(response, answer, part, encoded)
    return response


def _describe(response: Response, answer: Any, part: str, encoded: bool) -> None:
    for name in ("ETag", "Last-Modified"):
        value = answer.getheader(name) or ""
        if value and not encoded and _VALIDATOR.fullmatch(value):
            response.headers[name] = value
    response.headers.pop("Content-Length", None)
    length = answer.getheader("Content-Length") or ""
    if response.status_code != 304 and not encoded and re.fullmatch(r"\d{1,18}", length):
        response.headers["Content-Length"] = length
    if response.status_code == 206:
        response.headers["Content-Range"] = part
    if (answer.getheader("Accept-Ranges") or "").strip().lower() == "bytes" and not encoded:
        response.headers["Accept-Ranges"] = "bytes"


def _quiet(chunks: Iterator[bytes], resource_id: str) -> Iterator[bytes]:
    """A failure on the way ends the connection, so that nobody takes half a file for a whole one; what the
    error says of the other server goes nowhere."""
    try:
        yield from chunks
    except IdgoError as error:
        log.info("The link of resource %s broke off: %s", resource_id, error.code)
        code = error.code
    else:
        return
    raise ConnectionResetError(errno.ECONNRESET, code)


def _broken() -> str:
    return tk._("The server that holds this data does not give it. Its organisation can mend the link.")


def _failure(error: IdgoError) -> Failure:
    if error.code == "no-answer-in-time":
        sentence = tk._("The server that holds this data does not answer in time. Try again later.")
        return Failure(504, "origin-too-slow", sentence)
    if isinstance(error, TooLarge):
        return Failure(502, "origin-too-large", tk._("This data is too large to be fetched for you."))
    if isinstance(error, ForbiddenUrl):
        sentence = tk._("The link of this data leads where IDGO does not go. Its organisation can mend it.")
        return Failure(502, "origin-forbidden", sentence)
    return Failure(502, "origin-failed", _broken())
