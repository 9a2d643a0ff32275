"""The rows of delimited text by the block, split where splitting is proved to be what the csv module does.

The csv module makes a list of every row, which costs more than everything else a prefill does; a block of
text whose rows all have one width is one ``str.split`` instead, and its columns are slices. The proof is
exact and cheap (:func:`regular_cells`); where it fails, the csv module reads that block.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from operator import itemgetter
from typing import Any, Protocol, TextIO

Row = list[str]
BATCH_ROWS = 256
_BLOCK_CHARS = 48 * 1024  # what stays in the processor's cache once split
_LONGEST_BLOCK = 16 * _BLOCK_CHARS  # a line longer than this may hold a cell the csv module refuses


class Batch(Protocol):
    """Some rows that follow each other: their number, one column of them, the last of them."""

    def __len__(self) -> int: ...

    def column(self, index: int) -> Sequence[str]: ...

    def last(self) -> Row: ...


@dataclass(frozen=True)
class Cells:
    """Rows of ``width`` cells laid end to end, each followed by its line end as one cell more."""

    cells: list[str]
    width: int

    def __len__(self) -> int:
        return len(self.cells) // (self.width + 1)

    def column(self, index: int) -> Sequence[str]:
        return self.cells[index :: self.width + 1]

    def last(self) -> Row:
        start = (len(self) - 1) * (self.width + 1)
        return self.cells[start : start + self.width]

    def rows(self) -> list[Row]:
        """The same rows, one list each."""
        return [self.cells[at : at + self.width] for at in range(0, len(self.cells), self.width + 1)]


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
        cells = None
        if len(block) <= _LONGEST_BLOCK:
            cells = regular_cells(block, separator, width, quoted=quoting != csv.QUOTE_NONE)
        if cells is not None:
            yield cells
            continue
        lines = list(io.StringIO(block, newline=""))
        # A quoted cell may go on behind the block: the reader then takes lines of the stream itself.
        reader = csv.reader(chain(lines, stream), delimiter=separator, quoting=quoting)
        while (left := len(lines) - reader.line_num) > 0:
            yield list(islice(reader, min(BATCH_ROWS, left)))


def regular_cells(block: str, separator: str, width: int, *, quoted: bool = True) -> Cells | None:
    """The cells of ``block`` (whole lines), None where its rows may be anything but ``width`` plain cells.

    Every line end becomes a cell of its own: when each ``width + 1``-th cell is one and none is left over, no
    row is shorter or longer.
    """
    if "\r" in block:
        block = block.replace("\r\n", "\n")
    if not block.endswith("\n"):
        block += "\n"
    if quoted and '"' in block:
        block = _unquoted(block, separator)
    if not block or "\r" in block:
        return None
    cells = block.replace("\n", f"{separator}\n{separator}").split(separator)
    cells.pop()  # what follows the last line end
    lines = block.count("\n")
    if len(cells) != lines * (width + 1) or cells[width :: width + 1].count("\n") != lines:
        return None
    blank = separator * (width - 1) + "\n"
    if "" in cells[:: width + 1] and (block.startswith(blank) or f"\n{blank}" in block):
        return None
    return Cells(cells, width)


def _unquoted(block: str, separator: str) -> str:
    """``block`` without its quotation marks where each pair of them holds one whole plain cell, else ``""``.

    Taken two by two, the marks hold neither separator nor line end, and half of them follow one, half
    precede one: so the first of each pair opens a cell and the second closes it.
    """
    pieces = block.split('"')
    inside = "".join(pieces[1::2])
    if len(pieces) % 2 == 0 or separator in inside or "\n" in inside:
        return ""
    opening = block.count(f'{separator}"') + block.count('\n"') + block.startswith('"')
    closing = block.count(f'"{separator}') + block.count('"\n')
    return "".join(pieces) if opening == closing == len(pieces) // 2 else ""
