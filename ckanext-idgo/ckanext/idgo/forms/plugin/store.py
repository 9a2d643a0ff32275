"""Bytes of deposits on disk: ``<storage>/idgo-deposits/<deposit>/<upload>``; the file's length is the offset.

Nothing about an upload is held in memory, so a restart of the server loses nothing. One writer at a time
through a lock of the operating system, which dies with its process.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, BinaryIO

import ckan.lib.uploader as uploader
from ckan.lib import files

from ckanext.idgo.common.core.errors import N_, NotThere, TooLarge
from ckanext.idgo.common.core.sizes import Size
from ckanext.idgo.forms.core.deposit_tus import ChecksumError, LockedError
from ckanext.idgo.forms.plugin import config

BLOCK_BYTES = 1024 * 1024


def _uuid(value: str) -> str:
    """Only what is an identifier becomes part of a path."""
    try:
        return str(uuid.UUID(value))
    except ValueError as error:
        raise NotThere("upload-unknown", N_("This upload does not exist.")) from error


def path_of(deposit_id: str, upload_id: str) -> Path:
    return config.deposits_dir() / _uuid(deposit_id) / _uuid(upload_id)


def create(deposit_id: str) -> str:
    """A new, empty upload; gives its identifier."""
    upload_id = str(uuid.uuid4())
    path = path_of(deposit_id, upload_id)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.touch(exist_ok=False, mode=0o600)
    return upload_id


def received_bytes(deposit_id: str, upload_id: str) -> int:
    """How many bytes are held. Raises ``NotThere`` for an upload that does not exist."""
    try:
        return path_of(deposit_id, upload_id).stat().st_size
    except FileNotFoundError as error:
        raise NotThere("upload-unknown", N_("This upload does not exist.")) from error


@contextmanager
def _exclusive(path: Path) -> Iterator[BinaryIO]:
    try:
        stream = path.open("r+b")
    except FileNotFoundError as error:
        raise NotThere("upload-unknown", N_("This upload does not exist.")) from error
    with stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise LockedError("upload-locked", N_("This file is already being received.")) from error
        yield stream


def append(
    deposit_id: str,
    upload_id: str,
    source: IO[bytes],
    offset: int,
    room_bytes: int,
    check: tuple[hashlib._Hash, bytes] | None = None,
) -> int:
    """Write what ``source`` gives at ``offset``, at most ``room_bytes``; gives the new offset.

    What arrived before a connection broke stays. Raises ``LockedError`` while another request writes,
    ``TooLarge`` for more than was announced and ``ChecksumError`` (nothing kept) for other bytes than those.
    """
    with _exclusive(path_of(deposit_id, upload_id)) as target:
        if target.seek(0, os.SEEK_END) != offset:
            raise LockedError("upload-locked", N_("This file is already being received."))
        written = 0
        try:
            for block in iter(lambda: source.read(BLOCK_BYTES), b""):
                if written + len(block) > room_bytes:
                    target.truncate(offset)
                    raise TooLarge(
                        "file-longer",
                        N_("More bytes came than the {size} announced."),
                        size=Size(offset + room_bytes),
                    )
                target.write(block)
                written += len(block)
                if check:
                    check[0].update(block)
            if check and check[0].digest() != check[1]:
                target.truncate(offset)
                raise ChecksumError("tus-checksum-mismatch", N_("The bytes received are not those sent."))
        finally:
            target.flush()
            os.fsync(target.fileno())
        return offset + written


def receive_whole(deposit_id: str, source: BinaryIO) -> tuple[str, int]:
    """A file sent in one piece (the form without JavaScript, a fetched address); its identifier and size."""
    upload_id = create(deposit_id)
    try:
        size = append(deposit_id, upload_id, source, 0, config.max_bytes())
    except TooLarge as error:
        remove(deposit_id, upload_id)
        raise TooLarge(
            "file-too-large",
            N_("The file is larger than the limit of {limit}. Cut it, or give its address instead."),
            limit=Size(config.max_bytes()),
        ) from error
    return upload_id, size


def adopt(deposit_id: str, path: Path) -> tuple[str, int]:
    """Take a file that is already on this disk (fetched from an address) into the deposit."""
    upload_id = create(deposit_id)
    target = path_of(deposit_id, upload_id)
    shutil.move(str(path), target)
    return upload_id, target.stat().st_size


def keep_copy(deposit_id: str, resource: dict[str, Any]) -> str | None:
    """A copy of a resource's present file, so that replacing it can be undone; None for a link.

    Where CKAN keeps files in a folder it is a hard link: nothing is copied, and CKAN replaces a file by
    renaming a new one over it. Elsewhere (S3, …) the bytes are streamed.
    """
    if resource.get("url_type") != "upload":
        return None
    upload_id = create(deposit_id)
    target = path_of(deposit_id, upload_id)
    held = uploader.get_resource_uploader(dict(resource))
    location = held.get_path(resource["id"])
    storage = getattr(held, "storage", None)
    if storage is None:
        target.unlink()
        _link_or_copy(Path(location), target)
        return upload_id
    with target.open("wb") as stream:
        for block in storage.stream(files.FileData(files.Location(location))):
            stream.write(block)
    return upload_id


def _link_or_copy(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError as error:
        if error.errno not in (errno.EXDEV, errno.EPERM, errno.EMLINK):
            raise
        shutil.copyfile(source, target)


def remove(deposit_id: str, upload_id: str) -> None:
    path_of(deposit_id, upload_id).unlink(missing_ok=True)


def remove_all(deposit_id: str) -> None:
    """Every file of a deposit. A folder that is not there is already removed."""
    folder = config.deposits_dir() / _uuid(deposit_id)
    if folder.is_dir():
        shutil.rmtree(folder)
