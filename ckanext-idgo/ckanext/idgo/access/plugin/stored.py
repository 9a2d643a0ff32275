"""Uploads: from a folder by the kernel, from elsewhere in chunks, or by a server that does it better."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import ckan.plugins.toolkit as tk
import file_keeper as fk
from ckan.lib import signals, uploader
from file_keeper.default.adapters.fs import FsStorage
from flask import Response, request

from ckanext.idgo.access.core.delivery import Delivery, Version
from ckanext.idgo.access.plugin import delivering
from ckanext.idgo.access.plugin.accounting import Account
from ckanext.idgo.access.plugin.bodies import CHUNK_BYTES, Chunks, Done, FileSlice

NOTHING = (fk.exc.MissingFileError, fk.exc.LocationError, tk.ValidationError, FileNotFoundError)


@dataclass(frozen=True)
class Held:
    """An upload where it lies: in a folder (``place`` is its path), or in a storage that is not one."""

    name: str
    mimetype: str
    location: fk.Location
    version: Version
    place: Path | fk.Storage


def respond(resource: Any, told: Account) -> Response:
    """The upload of a ``model.Resource``: 200, 206, 304, 404, 412, 416, or a way to another server."""
    try:
        held = _find(resource)
        found = delivering.asked(held.version)
        if found.status in (304, 412, 416):
            return delivering.bare(found, held.version)
        if request.method == "GET":
            signals.resource_download.send(resource.id)  # CKAN's own, for extensions that count
        told = told.on(delivering.channel(found.status, "file"))
        return _handed_over(held, found, told) or _streamed(held, found, told)
    except NOTHING:
        return tk.abort(404, tk._("No download is available"))


def is_there(resource_id: str) -> bool:
    """Does an upload lie where this resource's would, whether or not there is such a resource?"""
    nobody = SimpleNamespace(id=resource_id, url="file", mimetype=None, last_modified=None, created=None)
    try:
        _find(nobody)
    except NOTHING:
        return False
    return True


def _find(resource: Any) -> Held:
    upload: Any = uploader.get_resource_uploader(
        {"id": resource.id, "url": resource.url, "url_type": "upload"}
    )
    place = upload.get_path(resource.id)
    name = str(resource.url or "").rsplit("/", 1)[-1]
    mimetype = str(resource.mimetype or "") or "application/octet-stream"
    storage = getattr(upload, "storage", None)
    if isinstance(storage, fk.Storage) and not isinstance(storage, FsStorage):
        return Held(name, mimetype, place, _version_elsewhere(storage, place, resource), storage)
    if isinstance(storage, FsStorage):
        path, location = Path(storage.full_path(place)), str(place)
    else:  # CKAN's older uploader: the folder of ``ckan.storage_path``, an absolute path
        path = Path(place)
        location = "/".join(path.parts[-3:])
    return Held(name, mimetype, fk.Location(location), _version_of(path), path)


def _version_of(path: Path) -> Version:
    facts = os.stat(path)
    # nginx' own form where nginx will give the bytes, so that both mean the same file.
    instant = int(facts.st_mtime) if _prefix() else facts.st_mtime_ns
    etag = f'"{instant:x}-{facts.st_size:x}"'
    return Version(facts.st_size, etag, datetime.fromtimestamp(int(facts.st_mtime), timezone.utc))


def _version_elsewhere(storage: fk.Storage, place: fk.Location, resource: Any) -> Version:
    size = storage.size(place)
    changed = resource.last_modified or resource.created
    modified = changed.replace(tzinfo=timezone.utc) if changed else None
    return Version(size, f'"{modified.timestamp() if modified else 0:.6f}-{size:x}"', modified)


def _prefix() -> str:
    return str(tk.config["ckanext.idgo.access.x_accel_prefix"] or "")


def _handed_over(held: Held, found: Delivery, told: Account) -> Response | None:
    """The way to nginx or to the storage itself, where the operator set one; a HEAD is answered here."""
    if request.method != "GET":
        return None
    seconds = int(tk.config["ckanext.idgo.access.presigned_seconds"])
    if isinstance(held.place, Path):
        if not _prefix():
            return None
        response = delivering.answer(b"", 200, held.name, held.mimetype)
        response.headers["X-Accel-Redirect"] = _internal(held.location)
    elif seconds > 0 and (url := _signed(held.place, held, seconds)):
        response = Response(status=302, headers={"Location": url})
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        request.environ["__no_cache__"] = True  # else CKAN adds "public": the address is somebody's
    else:
        return None
    told.tell(found.length_bytes)
    return response


def _internal(location: str) -> str:
    """The operator's prefix and the place below it. Raises ``FileNotFoundError`` for one that climbs out."""
    parts = location.split("/")
    if any(part in ("", ".", "..") for part in parts):
        raise FileNotFoundError(location)
    return f"{_prefix().rstrip('/')}/{quote(location)}"


def _signed(storage: fk.Storage, held: Held, seconds: int) -> str | None:
    if storage.supports(fk.Capability.LINK_TEMPORARY):
        return storage.temporary_link(fk.FileData(held.location, size=held.version.size_bytes), seconds)
    if storage.supports(fk.Capability.SIGNED):
        return storage.signed("download", seconds, held.location)
    return None


def _streamed(held: Held, found: Delivery, told: Account) -> Response:
    elsewhere = None if isinstance(held.place, Path) else held.place
    if elsewhere and found.status == 206 and not elsewhere.supports(fk.Capability.RANGE):
        found = Delivery(200, 0, held.version.size_bytes)  # the field may be ignored: a whole file answers
        told = told.on("file")
    body = delivering.stream(told, lambda done: _open(held, found, done))
    response = delivering.answer(body, found.status, held.name, held.mimetype)
    delivering.describe(response, held.version)
    delivering.measure(response, found, held.version)
    return response


def _open(held: Held, found: Delivery, done: Done) -> Any:
    if isinstance(held.place, Path):
        return delivering.of_file(FileSlice(held.place, found.start, found.length_bytes, done))
    data = fk.FileData(held.location, size=held.version.size_bytes)
    if found.status == 206:
        source: Any = held.place.range(data, found.start, found.end + 1)
    else:
        source = held.place.stream(data)
    return Chunks(_chunks(source, found.length_bytes), getattr(source, "close", _nothing), done)


def _nothing() -> None:
    """What an iterable without ``close`` has to let go of."""


def _chunks(source: Any, length_bytes: int) -> Iterator[bytes]:
    """Never more than was announced (adapters differ on whether a range's end is in it), and in reasonable
    pieces: some storages iterate by the kilobyte."""
    left = length_bytes
    pieces = iter(lambda: source.read(CHUNK_BYTES), b"") if hasattr(source, "read") else iter(source)
    for piece in pieces:
        yield piece[:left]
        left -= len(piece)
        if left <= 0:
            return
