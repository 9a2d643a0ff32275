"""Search hits marked in a text: what was typed and what is shown may differ by accents, case and plural."""

from __future__ import annotations

import re
import unicodedata

from markupsafe import Markup, escape

_WORD = re.compile(r"[^\W_]+")
_ELIDED = {
    "l",
    "d",
    "j",
    "n",
    "s",
    "t",
    "c",
    "m",
    "qu",
    "de",
    "du",
    "des",
    "la",
    "le",
    "les",
    "et",
    "en",
    "au",
}


def folded(text: str) -> str:
    """Lower case without accents, letter for letter (same length as ``text`` in NFC)."""
    out = []
    for letter in text:
        base = unicodedata.normalize("NFD", letter)[0].lower()
        out.append(base if len(base) == 1 else letter)
    return "".join(out)


def _stem(word: str) -> str:
    plain = folded(word)
    if len(plain) > 3 and plain.endswith(("s", "x")):
        plain = plain[:-1]
    return plain


def mark_hits(text: str, query: str) -> Markup:
    """``text`` escaped, with ``<mark>`` around the words that ``query`` asks for; never any other tag."""
    text = unicodedata.normalize("NFC", text or "")
    stems = {_stem(w) for w in _WORD.findall(query or "") if folded(w) not in _ELIDED}
    if not stems:
        return escape(text)
    parts: list[Markup] = []
    end = 0
    for match in _WORD.finditer(text):
        if _stem(match.group()) in stems:
            parts += [escape(text[end : match.start()]), Markup("<mark>%s</mark>") % match.group()]
            end = match.end()
    return Markup("").join([*parts, escape(text[end:])])
