"""JSON read piece by piece: the elements of one long array never sit in memory together.

The standard decoder does the parsing (``raw_decode``); this module only feeds it a sliding window of text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ckanext.idgo.forms.core.inspect.encoding import open_name
from ckanext.idgo.forms.core.inspect.messages import error
from ckanext.idgo.forms.core.inspect.model import MIB

_CHUNK = 256 * 1024
_SPACE = re.compile(r"[ \t\r\n\0]*")


class JsonStream:
    """A cursor over a JSON text. ``saw_nan`` tells whether NaN or Infinity was met."""

    def __init__(self, path: Path, encoding: str, max_value_bytes: int) -> None:
        self._stream = path.open("r", encoding=open_name(encoding), errors="replace", newline="")
        self._buffer, self._position, self._gone, self._ended = "", 0, 0, False
        self._max = max_value_bytes
        self.saw_nan = False
        self._decoder = json.JSONDecoder(parse_constant=self._constant)

    def close(self) -> None:
        self._stream.close()

    def _constant(self, name: str) -> float:
        self.saw_nan = True
        return float(name.replace("Infinity", "inf"))

    def _more(self, size: int = _CHUNK) -> bool:
        chunk = self._stream.read(size)
        if not chunk:
            self._ended = True
            return False
        self._gone += self._position
        self._buffer = self._buffer[self._position :] + chunk
        self._position = 0
        return True

    def peek(self) -> str:
        """The next significant character, an empty text at the end."""
        while True:
            match = _SPACE.match(self._buffer, self._position)
            self._position = match.end() if match else self._position
            if self._position < len(self._buffer):
                return self._buffer[self._position]
            if not self._more():
                return ""

    def take(self, expected: str) -> bool:
        """Step over ``expected`` when it is the next significant character."""
        if self.peek() != expected:
            return False
        self._position += 1
        return True

    def require(self, expected: str) -> None:
        if not self.take(expected):
            raise self._problem()

    def _problem(self) -> Exception:
        if self.peek() == "":
            return error("json_truncated")
        return error("json_broken", position=self._gone + self._position)

    def value(self) -> Any:
        """Decode the value that comes next, reading on as far as it needs."""
        self.peek()
        size = _CHUNK
        while True:
            try:
                value, end = self._decoder.raw_decode(self._buffer, self._position)
            except json.JSONDecodeError as problem:
                if not self._extend(size):
                    if self._cut_off(problem):
                        raise error("json_truncated") from problem
                    raise error("json_broken", position=self._gone + problem.pos) from problem
                size = min(size * 2, 8 * MIB)
                continue
            except RecursionError as problem:
                raise error("json_too_deep") from problem
            except ValueError as problem:  # an integer of thousands of digits
                raise error("json_broken", position=self._gone + self._position) from problem
            if end == len(self._buffer) and not self._ended and self._extend(size):
                continue  # a number may go on in the next chunk
            self._position = end
            return value

    def _extend(self, size: int) -> bool:
        if len(self._buffer) - self._position > self._max:
            raise error("json_too_large", limit_mb=self._max // MIB)
        return not self._ended and self._more(size)

    def _cut_off(self, problem: json.JSONDecodeError) -> bool:
        rest = self._buffer[problem.pos :].strip()
        return not rest or problem.msg.startswith("Unterminated string")

    def elements(self) -> Iterator[Any]:
        """The elements of the array that starts here, one at a time."""
        self.require("[")
        if self.take("]"):
            return
        while True:
            yield self.value()
            if self.take("]"):
                return
            self.require(",")

    def members(self) -> Iterator[str]:
        """The keys of the object that starts here; the caller reads each value before the next key."""
        self.require("{")
        if self.take("}"):
            return
        while True:
            if self.peek() != '"':
                raise self._problem()
            yield self.value()
            if self.take("}"):
                return
            self.require(",")

    def finish(self) -> None:
        """Nothing may follow the document."""
        if self.peek() != "":
            raise error("json_broken", position=self._gone + self._position)
