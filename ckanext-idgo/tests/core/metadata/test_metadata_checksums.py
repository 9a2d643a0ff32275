"""``hash`` of a resource, as a checksum that others can check."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.idgo.metadata.core.checksums import read_checksum


@given(st.binary(), st.sampled_from(["md5", "sha1", "sha224", "sha256", "sha384", "sha512"]))
def test_what_hashlib_gives_is_read_with_and_without_its_name(content, name):
    digest = hashlib.new(name, content).hexdigest()
    assert read_checksum(f"{name}:{digest}") == read_checksum(digest.upper()) == (name, digest)


@pytest.mark.parametrize(
    "text", ["", "sha256:", "sha256:abc", "sha256:" + "g" * 64, "md5:" + "a" * 64, "v1.2", None, 7]
)
def test_what_is_no_checksum_is_none(text):
    assert read_checksum(text) is None


def test_a_length_of_no_known_algorithm_names_none():
    assert read_checksum("abcd") == ("", "abcd")
