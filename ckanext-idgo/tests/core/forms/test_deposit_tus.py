"""Resumable upload: headers are read strictly, limits are said before a byte is read."""

from __future__ import annotations

import base64
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.idgo.common.core.errors import BadInput, Conflict, TooLarge
from ckanext.idgo.common.core.sizes import Size
from ckanext.idgo.forms.core import deposit_tus as tus


def test_the_limit_is_named() -> None:
    with pytest.raises(TooLarge) as refused:
        tus.check_length(3 * 1024**3, 2 * 1024**3)
    assert refused.value.params == {"size": 3 * 1024**3, "limit": 2 * 1024**3}
    assert "3\u00a0GB" in str(refused.value)
    tus.check_length(2 * 1024**3, 2 * 1024**3)


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(BadInput) as refused:
        tus.check_length(0, 10)
    assert refused.value.code == "file-empty"


@pytest.mark.parametrize("header", [None, "", "-1", "1.5", "1e3", "٣", "9" * 19])
def test_only_a_number_of_bytes_is_one(header: str | None) -> None:
    with pytest.raises(BadInput):
        tus.whole_number(header, "Upload-Length")


def test_an_offset_that_is_not_held_is_a_conflict() -> None:
    tus.check_offset(5, 5)
    with pytest.raises(Conflict):
        tus.check_offset(4, 5)


@given(st.dictionaries(st.from_regex(r"[a-z]{1,8}", fullmatch=True), st.text(max_size=20), max_size=4))
def test_metadata_in_any_script_comes_back(values: dict[str, str]) -> None:
    header = ",".join(f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in values.items())
    assert tus.metadata(header) == values


@pytest.mark.parametrize("header", ["filename !!", "filename /w==", "filename éé"])
def test_metadata_that_cannot_be_read_is_refused(header: str) -> None:
    with pytest.raises(BadInput):
        tus.metadata(header)


@given(st.text())
def test_a_file_name_is_never_a_path(given_name: str) -> None:
    name = tus.file_name(given_name)
    assert name
    assert len(name) <= tus.MAX_FILENAME_LENGTH
    assert not set(name) & set("/\\\x00\n")
    assert name not in (".", "..")


def test_file_names_keep_their_extension() -> None:
    assert tus.file_name("C:\\données\\Écoles d'Arles.csv") == "Écoles d'Arles.csv"
    assert tus.file_name("../../etc/passwd") == "passwd"
    assert tus.file_name("x" * 400 + ".geojson").endswith(".geojson")


def test_checksum_is_of_a_known_kind() -> None:
    digest = hashlib.sha256(b"abc").digest()
    found = tus.checksum("sha256 " + base64.b64encode(digest).decode())
    assert found is not None
    found[0].update(b"abc")
    assert found[0].digest() == found[1]
    assert tus.checksum(None) is None
    for wrong in ("md5 AAAA", "sha256 !!"):
        with pytest.raises(BadInput):
            tus.checksum(wrong)


@pytest.mark.parametrize(
    ("size", "french", "english"),
    [
        (0, "0\u00a0octets", "0\u00a0bytes"),
        (1024, "1\u00a0ko", "1\u00a0kB"),
        (1536, "1,5\u00a0ko", "1.5\u00a0kB"),
        (2 * 1024**3, "2\u00a0Go", "2\u00a0GB"),
        (43 * 1024, "43\u00a0ko", "43\u00a0kB"),
    ],
)
def test_a_size_is_said_in_the_reader_s_language(size: int, french: str, english: str) -> None:
    assert (Size(size).said("fr"), Size(size).said("en")) == (french, english)
    assert f"{Size(size)}" == english


@pytest.mark.parametrize("header", ["sha1 éé", "sha1 \u0663"])
def test_a_checksum_that_cannot_be_read_is_refused(header: str) -> None:
    with pytest.raises(BadInput):
        tus.checksum(header)
