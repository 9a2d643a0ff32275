"""What an HTTP answer carries: its bytes decompressed within a limit, its media type, a safe file name."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping
from email.message import Message
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from ckanext.idgo.common.core.errors import N_, TooLarge, Unavailable

STEP_BYTES = 256 * 1024
MAX_NAME_LENGTH = 150
_EXTENDED_NAME = re.compile(r"filename\*\s*=\s*utf-8'[^']*'([^;\s]+)", re.IGNORECASE)
_WINDOWS_BITS = {"gzip": 31, "x-gzip": 31, "deflate": 15}


def decoded(chunks: Iterator[bytes], encoding: str | None, max_bytes: int) -> Iterator[bytes]:
    """The chunks decompressed, never more than ``max_bytes`` in all (a bomb is stopped while it grows).

    Raises ``TooLarge``; ``Unavailable`` for an encoding that was not asked for or broken data.
    """
    name = (encoding or "identity").strip().lower()
    if name in ("identity", ""):
        yield from chunks
        return
    if name not in _WINDOWS_BITS:
        raise Unavailable("unknown-encoding", N_("The answer is compressed in an unknown way."))
    decoder = zlib.decompressobj(_WINDOWS_BITS[name])
    produced = 0
    try:
        for chunk in chunks:
            pending = chunk
            while pending:
                piece = decoder.decompress(pending, STEP_BYTES)
                pending = decoder.unconsumed_tail
                produced += len(piece)
                if produced > max_bytes:
                    raise TooLarge(
                        "answer-too-large",
                        N_("What this address sends is larger than the limit of {limit_mb} MB."),
                        limit_mb=round(max_bytes / 1_000_000, 1),
                    )
                if piece:
                    yield piece
                if decoder.eof:
                    break
    except zlib.error as error:
        raise Unavailable("broken-encoding", N_("The answer is compressed but damaged.")) from error
    if not decoder.eof:
        raise Unavailable("broken-encoding", N_("The answer is compressed but damaged."))


def mimetype_of(headers: Mapping[str, str]) -> str:
    """Media type without its parameters; ``application/octet-stream`` when none is given."""
    given = headers.get("content-type", "").split(";")[0].strip().lower()
    return given if re.fullmatch(r"[\w.+-]+/[\w.+-]+", given) else "application/octet-stream"


def filename_of(headers: Mapping[str, str], url: str) -> str:
    """The name the server gives (RFC 6266), else the last part of the address, made safe; ``download`` when
    neither says anything."""
    disposition = headers.get("content-disposition", "")
    extended = _EXTENDED_NAME.search(disposition)
    message = Message()
    message["Content-Disposition"] = disposition
    named = unquote(extended.group(1)) if extended else message.get_filename()
    given = named or unquote(urlsplit(url).path)
    last = PurePosixPath(given.replace("\\", "/")).name
    kept = "".join(c for c in last if c.isprintable() and c not in '<>:"|?*').strip(" .")
    stem, dot, suffix = kept.rpartition(".")
    if len(kept) > MAX_NAME_LENGTH:
        kept = f"{stem[: MAX_NAME_LENGTH - len(suffix) - 1]}.{suffix}" if dot else kept[:MAX_NAME_LENGTH]
    return kept[:MAX_NAME_LENGTH] or "download"
