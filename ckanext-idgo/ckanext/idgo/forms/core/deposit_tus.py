"""tus 1.0.0 (https://tus.io/protocols/resumable-upload): core, creation, termination, checksum; what is
pure of it: reading headers and saying what is wrong with a request."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from ckanext.idgo.common.core.errors import N_, BadInput, Conflict, IdgoError, TooLarge
from ckanext.idgo.common.core.sizes import Size

VERSION = "1.0.0"
EXTENSIONS = "creation,termination,checksum"
CHECKSUMS = ("sha256", "sha1")
CONTENT_TYPE = "application/offset+octet-stream"
MAX_FILENAME_LENGTH = 200


class TusVersionError(IdgoError):
    """The client speaks another version of the protocol."""

    status = 412


class TusTypeError(IdgoError):
    status = 415


class ChecksumError(IdgoError):
    """The bytes received are not those announced (tus: 460)."""

    status = 460


class LockedError(IdgoError):
    """Another request is writing the same upload."""

    status = 423


def check_version(header: str | None) -> None:
    if header != VERSION:
        raise TusVersionError("tus-version", N_("This server speaks tus {version}."), version=VERSION)


def whole_number(header: str | None, name: str) -> int:
    """A header that must be a whole number of bytes."""
    if header is None or not header.isascii() or not header.isdigit() or len(header) > 18:
        raise BadInput("tus-header", N_("The header {name} must be a number of bytes."), name=name)
    return int(header)


def check_length(length_bytes: int, limit_bytes: int) -> None:
    """Raises ``TooLarge`` above the limit, before anything is read, and ``BadInput`` for an empty file."""
    if length_bytes > limit_bytes:
        raise TooLarge(
            "file-too-large",
            N_("The file is {size} and the limit is {limit}. Cut it, or give its address instead."),
            size=Size(length_bytes),
            limit=Size(limit_bytes),
        )
    if length_bytes == 0:
        raise BadInput("file-empty", N_("The file is empty: there is nothing to publish."))


def check_offset(asked: int, held: int) -> None:
    if asked != held:
        raise Conflict(
            "tus-offset",
            N_("The upload is at byte {held}, not {asked}: ask where it is and go on from there."),
            held=held,
            asked=asked,
        )


def metadata(header: str | None) -> dict[str, str]:
    """``Upload-Metadata``: comma-separated ``key base64``, values in UTF-8."""
    found: dict[str, str] = {}
    for pair in (header or "").split(","):
        key, _, encoded = pair.strip().partition(" ")
        if not key:
            continue
        try:
            found[key] = base64.b64decode(encoded, validate=True).decode("utf-8")
        except ValueError as error:  # not base 64, not ASCII, or not UTF-8
            raise BadInput("tus-metadata", N_("The header Upload-Metadata cannot be read.")) from error
    return found


def file_name(given: str | None) -> str:
    """The last part of the name, without what a path or a screen would interpret; ``fichier`` for none."""
    last = (given or "").replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(c for c in last if c.isprintable()).strip().strip(".")
    if len(kept) > MAX_FILENAME_LENGTH:
        stem, dot, extension = kept.rpartition(".")
        kept = f"{stem[: MAX_FILENAME_LENGTH - len(extension) - 1]}{dot}{extension}"[-MAX_FILENAME_LENGTH:]
    return kept or "fichier"


def checksum(header: str | None) -> tuple[Any, bytes] | None:
    """The hash to feed with the chunk's bytes, and its expected digest; None when none was sent."""
    if not header:
        return None
    algorithm, _, encoded = header.partition(" ")
    if algorithm not in CHECKSUMS:
        raise BadInput("tus-checksum", N_("Unknown checksum “{name}”."), name=algorithm[:20])
    try:
        expected = base64.b64decode(encoded, validate=True)
    except ValueError as error:  # not base 64, or not even ASCII
        raise BadInput("tus-checksum", N_("Unknown checksum “{name}”."), name=algorithm[:20]) from error
    return hashlib.new(algorithm, usedforsecurity=False), expected
