"""Which encoding a French text is in.

UTF-8 is proved, not guessed (the whole file was decoded). Among single-byte encodings the one is kept under
which bytes above 127 read as French: accented letters beside letters, typographic signs at word borders.
"""

from __future__ import annotations

import codecs

from ckanext.idgo.forms.core.inspect.model import ByteScan

_LETTERS = set("éèêëàâäçùûüôöîïÿœæÉÈÊËÀÂÄÇÙÛÜÔÖÎÏŒÆñÑáíóúß")
_SIGNS = set("€°«»’‘“”–—…·§²³µ№  ")
_CANDIDATES = ("windows-1252", "iso-8859-15", "macintosh", "cp850")
"""In order of preference where two read equally well; Windows-1252 holds all that Latin-1 can print."""


def detect_encoding(head: bytes, scan: ByteScan) -> str:
    """IANA name, lower case: ``utf-8 utf-16 utf-16le utf-16be windows-1252 iso-8859-15 macintosh cp850``."""
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    wide = _wide(head)
    if wide:
        return wide
    if scan.utf8:
        return "utf-8"
    return single_byte(scan.high_sample)


def single_byte(sample: bytes) -> str:
    """The single-byte encoding under which ``sample`` (lines with high bytes) reads best as French."""
    scores = {name: _score(sample, name) for name in _CANDIDATES}
    best = max(scores.values())
    return next(name for name in _CANDIDATES if scores[name] == best)


def open_name(encoding: str) -> str:
    """Python's codec for a detected encoding: a byte order mark is never data."""
    return "utf-8-sig" if encoding == "utf-8" else encoding


def _wide(head: bytes) -> str | None:
    sample = head[:4096]
    if len(sample) < 4:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if odd > 0.6 * half and even < 0.05 * half:
        return "utf-16le"
    if even > 0.6 * half and odd < 0.05 * half:
        return "utf-16be"
    return None


def _score(sample: bytes, name: str) -> float:
    text = sample.decode(name, "replace")
    score = 0.0
    for index, char in enumerate(text):
        if char < "\x80":
            continue
        if char in _LETTERS:
            near = text[max(0, index - 1) : index] + text[index + 1 : index + 2]
            fits = any(c.isalpha() for c in near)
            upper_inside = char.isupper() and any(c.islower() for c in text[max(0, index - 1) : index])
            if upper_inside:
                score -= 1.0  # "clÈ" is "clé" read in the wrong encoding
            else:
                score += (0.5 if char.isupper() else 1.0) if fits else -0.2
        elif char in _SIGNS:
            score += 0.4
        else:
            score -= 1.0
    return score
