"""Blocks of delimited text split without the csv module, where that is proved to give the same cells."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress
from operator import not_

Row = list[str]
_BYTES = bytes(range(256))


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


def split_block(block: str, separator: str, width: int, *, quoted: bool = True) -> list[Cells | list[Row]]:
    """The rows of ``block`` (whole lines, not in the middle of a quoted cell), in any order; ``[]`` where
    they may be anything but ``width`` cells, or a blank one is among them. ``quoted``: marks quote."""
    if "\r" in block:
        block = block.replace("\r\n", "\n")
        if "\r" in block:
            return []
    if not block.endswith("\n"):
        block += "\n"
    cells = _regular_cells(block, separator, width, quoted)
    if cells is not None:
        return [cells]
    return _apart(block, separator, width) if quoted and '"' in block else []


def _regular_cells(block: str, separator: str, width: int, quoted: bool) -> Cells | None:
    """Every line end becomes a cell of its own: when each ``width + 1``-th cell is one and none is left over,
    no row is shorter or longer."""
    if quoted and '"' in block:
        block = _uniform(block, separator) or _unquoted(block, separator)
        if not block:
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
    return "".join(pieces) if _marks_at_ends(block, separator, len(pieces) - 1) else ""


def _uniform(block: str, separator: str) -> str:
    """The same where the same columns are quoted in every line: quicker with many marks.

    Nothing but separators, marks and line ends kept, every line is the first one, in which a cell holds two
    marks or none.
    """
    raw = block.encode("utf-8", "surrogatepass")
    rest = _BYTES.translate(None, f'{separator}"\n'.encode())
    first = raw[: raw.index(b"\n") + 1].translate(None, rest)
    if not set(first[:-1].split(separator.encode())) <= {b"", b'""'}:
        return ""
    lines, marks = raw.count(b"\n"), first.count(b'"')
    if not marks or raw.translate(None, rest) != first * lines:
        return ""
    ends = first.startswith(b'"'), first.endswith(b'"\n')
    if not _marks_at_ends(block, separator, marks * lines, ends):
        return ""
    return raw.translate(None, b'"').decode("utf-8", "surrogatepass")


def _marks_at_ends(block: str, separator: str, marks: int, ends: tuple[bool, bool] = (True, True)) -> bool:
    """Whether half of the ``marks`` follow a separator or line end, and half precede one; ``ends`` says
    whether the first and the last cell of a line may hold any (counting is what costs)."""
    opening, closing = block.count(f'{separator}"'), block.count(f'"{separator}')
    if ends[0]:
        opening += block.count('\n"') + block.startswith('"')
    if ends[1]:
        closing += block.count('"\n')
    return opening == closing == marks / 2


def _apart(block: str, separator: str, width: int) -> list[Cells | list[Row]]:
    """The lines that have the separators of ``width`` plain cells split as such, the others read by the csv
    module: each of them has to be one whole row for that, so that no line begins inside a quoted cell."""
    lines = block.split("\n")
    lines.pop()
    fits = [line.count(separator) == width - 1 for line in lines]
    plain, other = list(compress(lines, fits)), list(compress(lines, map(not_, fits)))
    if not plain or not other:
        return []
    try:
        rows = list(csv.reader(other, delimiter=separator, strict=True))
    except csv.Error:
        return []
    if len(rows) != len(other) or set(map(len, rows)) != {width} or not all(map(any, rows)):
        return []
    cells = _regular_cells("\n".join(plain) + "\n", separator, width, quoted=True)
    return [cells, rows] if cells is not None else []
