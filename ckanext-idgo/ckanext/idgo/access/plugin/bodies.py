"""Bodies that say at their end how much of them was sent, whoever reads them and however it ends.

Read outside any request: the session and the request's context are gone, nothing of the database is held.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

CHUNK_BYTES = 64 * 1024

Done = Callable[[int], None]
"""Called once with the number of bytes sent."""


class FileSlice:
    """A part of a file, as a file: a server with ``sendfile`` gives it to the kernel without reading it.

    ``socket.sendfile`` moves the file to where it came (``seek``), also when the reader hung up: that, and
    what is ``read`` where there is no ``sendfile``, tells what was sent.
    """

    def __init__(self, path: Path, start: int, length_bytes: int, done: Done) -> None:
        self._file = path.open("rb", buffering=0)
        self._file.seek(start)
        self._start, self._end, self._reached, self._done = start, start + length_bytes, start, done
        self._finished = False

    def fileno(self) -> int:
        return self._file.fileno()

    def read(self, size: int = -1) -> bytes:
        left = self._end - self._file.tell()
        part = self._file.read(min(size, left) if size >= 0 else left) if left > 0 else b""
        self._reached = max(self._reached, self._file.tell())
        if not part:
            self._finish()
        return part

    def seek(self, position: int, whence: int = 0) -> int:
        found = self._file.seek(position, whence)
        self._reached = max(self._reached, min(found, self._end))
        return found

    def tell(self) -> int:
        return self._file.tell()

    def close(self) -> None:
        self._finish()
        self._file.close()

    def _finish(self) -> None:
        if not self._finished:
            self._finished = True
            self._done(self._reached - self._start)


class Chunks:
    """Chunks that come from elsewhere; one counts when the next is asked for, so when it was sent.

    ``release`` lets go of where they come from, before ``done``.
    """

    def __init__(self, source: Iterator[bytes], release: Callable[[], None], done: Done) -> None:
        self._source, self._release, self._done = source, release, done
        self._sent = self._last = 0
        self._finished = False

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        self._sent += self._last
        self._last = 0
        try:
            chunk = next(self._source)
        except BaseException:  # StopIteration too: whatever it is, the stream is over
            self.close()
            raise
        self._last = len(chunk)
        return chunk

    def close(self) -> None:
        if not self._finished:
            self._finished = True
            self._release()
            self._done(self._sent)


class Places:
    """How many streams one process may hold at a time: the other threads are for pages."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken = 0

    def take(self, most: int) -> bool:
        with self._lock:
            if self._taken >= most:
                return False
            self._taken += 1
            return True

    def leave(self) -> None:
        with self._lock:
            self._taken -= 1
