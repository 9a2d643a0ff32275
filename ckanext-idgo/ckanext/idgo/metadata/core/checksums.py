"""The checksum of a file, from the ``hash`` of its resource: ``sha256:<hex>``, as an inspection writes it."""

from __future__ import annotations

import re
from typing import NamedTuple

_HEX = re.compile(r"(?:[0-9a-fA-F]{2})+")
_DIGITS = {"md5": 32, "sha1": 40, "sha224": 56, "sha256": 64, "sha384": 96, "sha512": 128}
_ALGORITHMS = {digits: name for name, digits in _DIGITS.items()}


class Checksum(NamedTuple):
    """``algorithm``: an SPDX name in lower case (``sha256``), empty where nothing tells; ``value``: hex."""

    algorithm: str
    value: str


def read_checksum(text: object) -> Checksum | None:
    """``None`` where the text is not a checksum: CKAN lets anybody write anything into ``hash``.

    Without a prefix the length tells the algorithm, as far as the usual ones go.
    """
    if not isinstance(text, str):
        return None
    prefix, colon, rest = text.strip().rpartition(":")
    algorithm = prefix.lower().replace("-", "")
    if not _HEX.fullmatch(rest) or (colon and _DIGITS.get(algorithm) != len(rest)):
        return None
    return Checksum(algorithm or _ALGORITHMS.get(len(rest), ""), rest.lower())
