"""Words that nobody writes by chance, and every disguise in which they could come back."""

from __future__ import annotations

import base64
import binascii
import gzip
import html
import io
import re
import secrets
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{16,}={0,2}")
_HEX = re.compile(rb"(?:[0-9a-fA-F]{2}){12,}")
_ESCAPE = re.compile(rb"\\u00([0-9a-fA-F]{2})|\\x([0-9a-fA-F]{2})")
_MOST_BYTES = 20_000_000


@dataclass
class Canaries:
    """``words``: word → (what it hides in, the actors who may read it)."""

    words: dict[str, tuple[str, frozenset[str]]] = field(default_factory=dict)

    def new(self, place: str, *actors: str) -> str:
        word = f"zq{secrets.token_hex(6)}"
        self.words[word] = (place, frozenset(actors))
        return word

    def found(self, actor: str, sent: bytes) -> list[str]:
        """Where the words come from that ``sent`` has and ``actor`` may not."""
        here: set[str] = set()
        for form in forms(sent):
            lower = form.lower()
            here |= {word for word in self.words if word.encode() in lower or word[::-1].encode() in lower}
        return sorted(self.words[word][0] for word in here if actor not in self.words[word][1])


def _unescaped(sent: bytes) -> bytes:
    return _ESCAPE.sub(lambda m: bytes([int(m[1] or m[2], 16)]), sent)


def _entities(sent: bytes) -> bytes:
    return html.unescape(sent.decode("latin-1")).encode("utf-8")


def _unpacked(sent: bytes) -> Iterator[bytes]:
    if sent[:2] == b"\x1f\x8b":
        yield gzip.decompress(sent)
    if sent[:1] == b"\x78":
        try:
            yield zlib.decompressobj().decompress(sent, _MOST_BYTES)
        except zlib.error:
            return
    if sent[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(sent)) as archive:
            for name in archive.namelist():
                yield name.encode() + b"\n" + archive.read(name)


def _decoded(sent: bytes) -> Iterator[bytes]:
    """Runs of base64 (both alphabets) and of hexadecimal digits, each decoded."""
    for run in _BASE64.findall(sent):
        text = run.rstrip(b"=").translate(bytes.maketrans(b"-_", b"+/"))
        for start in range(4):  # a run may begin with letters that are not of it
            part = text[start:]
            try:
                yield base64.b64decode(part[: len(part) // 4 * 4])
                tail = part + b"=" * (-len(part) % 4)
                yield base64.b64decode(tail)
            except binascii.Error:
                continue
    for run in _HEX.findall(sent):
        yield bytes.fromhex(run.decode())


def forms(sent: bytes) -> Iterator[bytes]:
    """``sent``, and what it may be the disguise of."""
    seen = sent[:_MOST_BYTES]
    yield seen
    yield unquote_to_bytes(seen)
    yield unquote_to_bytes(unquote_to_bytes(seen))
    yield _unescaped(seen)
    yield _entities(seen)
    yield seen.replace(b"\0", b"")  # UTF-16 and UTF-32 of letters
    yield from _unpacked(seen)
    if len(seen) < 500_000:
        yield from _decoded(seen)
