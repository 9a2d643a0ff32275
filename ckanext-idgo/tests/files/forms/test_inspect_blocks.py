"""Splitting blocks of text gives what the csv module gives, whatever the text (``inspect.blocks``)."""

from __future__ import annotations

import csv
import io
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.idgo.forms.core.inspect.blocks import read_blocks
from ckanext.idgo.forms.core.inspect.location import Box
from ckanext.idgo.forms.core.inspect.model import Limits
from ckanext.idgo.forms.core.inspect.splitting import Cells, split_block
from ckanext.idgo.forms.core.inspect.table import scan_table

CELLS = st.one_of(
    st.sampled_from(
        ["", "a", "12", "4.5", '"a"', '""', '"a;b"', '"a\nb"', '"a""b"', 'a"b', '"', '"a"b', " ", "é"]
    ),
    st.text(alphabet='a;"\n\r 1é\x0b\u2028', max_size=5),
)
UNIFORM = st.lists(
    st.tuples(st.sampled_from(['"b"', '""', '"é"', '"a;b"', '"""', '"b" ']), st.just("1"), st.just('"c"')),
    max_size=9,
)
REGULAR = st.lists(
    st.lists(st.sampled_from(["a", "", '"b"', "1", '""']), min_size=3, max_size=3), max_size=12
)
ROWS = st.one_of(UNIFORM, REGULAR, st.lists(st.lists(CELLS, min_size=1, max_size=4), max_size=12))
ENDS = st.sampled_from(["\n", "\r\n", "\r", "\n\n"])


def by_csv(text: str, quoting: int) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";", quoting=quoting))  # type: ignore[arg-type]


@given(
    ROWS,
    ENDS,
    st.booleans(),
    st.integers(1, 4),
    st.integers(1, 40),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_NONE]),
)
def test_blocks_are_the_rows_of_the_csv_module(rows, end, closed, width, block_chars, quoting):
    text = end.join(";".join(row) for row in rows) + (end if closed else "")
    stream = io.StringIO(text, newline="")
    found = []
    for batch in read_blocks(stream, ";", quoting, width, block_chars):
        if isinstance(batch, Cells):
            rows_of_batch = batch.rows()
            assert len(batch) == len(rows_of_batch)
            assert batch.last() == rows_of_batch[-1]
            assert [list(batch.column(i)) for i in range(width)] == [
                [r[i] for r in rows_of_batch] for i in range(width)
            ]
            assert all(map(any, rows_of_batch))
            found += rows_of_batch
        else:
            found += batch
    assert sorted(found) == sorted(by_csv(text, quoting))  # the rows of one block come in any order


@pytest.mark.parametrize("text", ["a;b\nc;d\n", 'a;"b"\r\n"c";d\r\n', '"";b\n"c";""', "a;b"])
def test_plain_blocks_are_split_and_not_parsed(text):
    [cells] = split_block(text, ";", 2)
    assert isinstance(cells, Cells)
    assert cells.rows() == by_csv(text, csv.QUOTE_MINIMAL)


def test_a_few_rows_with_separators_in_them_leave_the_others_split():
    text = 'a;b\n"c;d";e\nf;"g"\n'
    cells, rows = split_block(text, ";", 2)
    assert isinstance(cells, Cells)
    assert cells.rows() == [["a", "b"], ["f", "g"]]
    assert rows == [["c;d", "e"]]


LINES = st.lists(
    st.one_of(
        st.tuples(st.integers(0, 99999).map(str), st.floats(43, 44).map(lambda v: f"{v:.4f}"), st.just("x")),
        st.sampled_from(
            [("", "", ""), ("7",), ("1", "2", "3", "4"), ('"7"', '"43.5"', '"a\nb"'), ("8", "nan", "y"), ()]
        ),
    ),
    max_size=60,
)


@given(LINES, st.integers(10, 90))
def test_a_scan_by_blocks_is_a_scan_by_rows(lines, block_chars):
    head = [(str(i), "43.5", "x") for i in range(600)]
    text = "id;lat;nom\n" + "".join(";".join(line) + "\n" for line in [*head, *lines])
    limits = Limits()
    plain = scan_table(csv.reader(io.StringIO(text, newline=""), delimiter=";"), limits)
    stream = io.StringIO(text, newline="")
    reader = csv.reader(stream, delimiter=";")
    blocks = scan_table(
        reader, limits, lambda width: read_blocks(stream, ";", csv.QUOTE_MINIMAL, width, block_chars)
    )
    for name in ("names", "rows", "ragged", "box", "dates"):
        assert getattr(blocks, name) == getattr(plain, name), name
    assert plain.rows == 600 + sum(1 for line in lines if any(line))


NUMBERS = st.one_of(
    st.floats(-200, 200).map(lambda v: f"{v:.3f}"),
    st.floats(10, 99).map(str),
    st.sampled_from(
        ["", "nan", "inf", "4,5", "10", "1e1", "12.", ".5", "1.2.3", "x", "１２.5", "-", "007.5"]
    ),
)


@given(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1), st.booleans())
def test_the_box_of_columns_is_the_box_of_their_pairs(pairs, degrees):
    together, one_by_one = Box(), Box()
    together.add_columns([x for x, _ in pairs], [y for _, y in pairs], degrees)
    for x, y in pairs:
        one_by_one._add_pair(x, y, degrees)
    assert together == one_by_one
    assert together.bounds is None or all(map(math.isfinite, together.bounds))
