"""One pass over the bytes: checksum, and what the text readers need to choose an encoding."""

from __future__ import annotations

import codecs
import hashlib
from pathlib import Path

from ckanext.idgo.forms.core.inspect.model import ByteScan

_CHUNK_BYTES = 64 * 1024
_HIGH_SAMPLE_BYTES = 64 * 1024


def scan_bytes(path: Path, *, text: bool) -> ByteScan:
    """SHA-256 of the whole file; with ``text`` also UTF-8 validity, zero bytes, lines (constant memory)."""
    digest = hashlib.sha256()
    if not text:
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK_BYTES):
                digest.update(chunk)
        return ByteScan(digest.hexdigest())
    state = _TextState()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            digest.update(chunk)
            state.feed(chunk)
    return state.result(digest.hexdigest())


class _TextState:
    def __init__(self) -> None:
        self.decoder = codecs.getincrementaldecoder("utf-8")()
        self.utf8 = True
        self.zeros = self.run = self.longest = 0
        self.high: list[bytes] = []
        self.high_bytes = 0

    def feed(self, chunk: bytes) -> None:
        self.zeros += chunk.count(0)
        plain = chunk.isascii()
        self._measure_line(chunk)
        if self.utf8 and not (plain and not self.decoder.getstate()[0]):
            try:
                self.decoder.decode(chunk)
            except UnicodeDecodeError:
                self.utf8 = False
        if self.high_bytes < _HIGH_SAMPLE_BYTES and not plain:
            self._keep_high(chunk)

    def _measure_line(self, chunk: bytes) -> None:
        first = chunk.find(b"\n") if b"\n" in chunk else chunk.find(b"\r")
        if first < 0:
            self.run += len(chunk)
        else:
            self.longest = max(self.longest, self.run + first)
            self.run = len(chunk) - max(chunk.rfind(b"\n"), chunk.rfind(b"\r")) - 1
        self.longest = max(self.longest, self.run)

    def _keep_high(self, chunk: bytes) -> None:
        for line in chunk.splitlines():
            if not line.isascii():
                self.high.append(line[:2000])
                self.high_bytes += min(len(line), 2000)
                if self.high_bytes >= _HIGH_SAMPLE_BYTES:
                    return

    def result(self, sha256: str) -> ByteScan:
        if self.utf8:
            try:
                self.decoder.decode(b"", final=True)
            except UnicodeDecodeError:
                self.utf8 = False
        return ByteScan(sha256, self.utf8, self.zeros, b"\n".join(self.high), self.longest)
