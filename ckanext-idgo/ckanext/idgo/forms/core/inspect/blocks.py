"""The rows of delimited text by the block, split where splitting is proved to be what the csv module does.

The csv module makes a list of every row, which costs more than everything else a prefill does; a block of
text whose rows all have one width is one ``str.split`` instead, and its columns are slices. The proof is
exact and cheap (``splitting``); where it fails, the csv module reads that block.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from operator import itemgetter
from typing import Any, Protocol, TextIO

from ckanext.idgo.forms.core.inspect.splitting import Cells, Row, split_block

BATCH_ROWS = 256
_BLOCK_CHARS = 48 * 1024  # what stays in the processor's cache once split
_LONGEST_BLOCK = 16 * _BLOCK_CHARS  # a line longer than this may hold a cell the csv module refuses


class Batch(Protocol):
    """Some rows that follow each other: their number, one column of them, the last of them."""

    def __len__(self) -> int: ...

    def column(self, index: int) -> Sequence[str]: ...

    def last(self) -> Row: ...


@dataclass(frozen=True)
class Rows:
    """Rows as the csv module (or a worksheet) gives them, none narrower than what is asked of them."""

    rows: list[Row]

    def __len__(self) -> int:
        return len(self.rows)

    def column(self, index: int) -> Sequence[str]:
        return list(map(itemgetter(index), self.rows))

    def last(self) -> Row:
        return self.rows[-1]


def row_batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    """``rows`` in lists of :data:`BATCH_ROWS`."""
    while batch := list(islice(rows, BATCH_ROWS)):
        yield batch


def read_blocks(
    stream: TextIO, separator: str, quoting: Any, width: int, block_chars: int = _BLOCK_CHARS
) -> Iterator[Cells | list[Row]]:
    """What is left of ``stream`` (opened with ``newline=""``, at the start of a row): :class:`Cells` where
    every row of a block has ``width`` cells and none is blank, else rows of the csv module. Raises
    ``csv.Error`` as that module does."""
    while block := stream.read(block_chars) + stream.readline():
        if len(block) <= _LONGEST_BLOCK:
            split = split_block(block, separator, width, quoted=quoting != csv.QUOTE_NONE)
            if split:
                yield from split
                continue
        lines = list(io.StringIO(block, newline=""))
        # A quoted cell may go on behind the block: the reader then takes lines of the stream itself.
        reader = csv.reader(chain(lines, stream), delimiter=separator, quoting=quoting)
        while (left := len(lines) - reader.line_num) > 0:
            yield list(islice(reader, min(BATCH_ROWS, left)))
