"""From what a person types to a query that Solr cannot refuse.

Words are words whatever signs stand around them; quotes, ``AND OR NOT``, ``-word`` and ``field:value`` keep
their meaning where they are well formed, else they are read as text. So a stray quote, a bracket or an emoji
finds little, but never fails, and ``EPSG:2154`` is two words, not the field ``EPSG``.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

EVERYTHING = "*:*"
MAX_CHARACTERS = 1_000
MAX_PARTS = 60
"""A longer question is cut: no title has as many words, and Solr refuses more than 1 024 clauses."""

_NAMES = """id name title notes author author_email maintainer maintainer_email version license
license_id tags groups organization owner_org creator_user_id state private capacity type
dataset_type entity_type site_id url metadata_created metadata_modified indexed_ts title_string
res_name res_description res_format res_type text theme inspire_theme access_tier data_family
frequency territory territory_own harvest_source_id harvest_source_title guid identifier minx maxx
miny maxy"""
FIELDS = frozenset(_NAMES.split())
"""Fields a person may name in a query. Addresses of resources and stored documents are not among them: a
query on them would tell, one letter at a time, what is masked (design/access.md, rows 3 to 5)."""
FIELD_PREFIXES = ("extras_", "vocab_")

_SPECIAL = re.compile(r'([\\+\-!(){}\[\]^"~*?:/&|])')
_BLANK = re.compile(r"[\s\u0000-\u001f\u00a0\u200b\ufeff]+")

_VALUE = r"""(?P<value>
    "(?:[^"\\]|\\.)*"                                    # a phrase
  | [\[{]\s*[^\s\[\]{}"]+\s+TO\s+[^\s\[\]{}"]+\s*[\]}]   # a range
  | \((?:[^()"\\:/\[\]{}^~]|"[^"\\]*")+\)                # a group of words and phrases
  | [^\s()"\[\]{}:]+                                     # a word, perhaps with wildcards
)"""
_PART = re.compile(
    rf"""
    (?P<sign>[+\-!]?) (?P<field>[a-z][a-z0-9_]*) : {_VALUE} (?=[\s)]|$)
  | (?P<psign>[+\-]?) "(?P<phrase>[^"]*)"
  | (?P<operator>AND|OR|NOT|&&|\|\|)(?=[\s(]|$)
  | (?P<paren>[()])
  | (?P<wsign>[+\-]?) (?P<word>[^\s()"]+)
  | (?P<noise>.)
    """,
    re.VERBOSE,
)


@dataclass(frozen=True)
class SafeQuery:
    """``parts`` for edismax; ``advanced`` when they hold operators or fields (then the minimum-match rule
    must not apply: ``a OR b`` asks for one of the two)."""

    parts: tuple[str, ...]
    advanced: bool = False

    @property
    def text(self) -> str:
        """The query: every part."""
        return " ".join(self.parts)

    @property
    def some(self) -> str:
        """The query for any of the words, to be asked with a minimum-match rule; ``+word`` and ``-word`` keep
        their force. The operators are written because CKAN always asks Solr for ``q.op=AND``."""
        signed = [part for part in self.parts if part[0] in "+-"]
        return " ".join([" OR ".join(part for part in self.parts if part[0] not in "+-"), *signed])

    @property
    def can_relax(self) -> bool:
        """True for two plain words or more."""
        return not self.advanced and sum(part[0] not in "+-" for part in self.parts) > 1


def _escape(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)


def _escape_value(value: str) -> str:
    """A field's value, already of a known form; a bare word keeps its wildcards."""
    if value[0] in '"[{(':
        return value
    return re.sub(r"([\\+!^~/&|])", r"\\\1", value).replace("-", r"\-")


def _allowed(field: str, extra_fields: Collection[str]) -> bool:
    return field in FIELDS or field in extra_fields or field.startswith(FIELD_PREFIXES)


def _has_word(text: str) -> bool:
    return any(c.isalnum() for c in text)


def _part(found: re.Match[str], extra_fields: Collection[str]) -> tuple[str, str] | None:
    """(kind, text) of one element; None for what carries nothing."""
    if found["field"]:
        if _allowed(found["field"], extra_fields):
            return "field", f"{found['sign']}{found['field']}:{_escape_value(found['value'])}"
        return "word", _escape(f"{found['sign']}{found['field']}:{found['value']}")
    if found["phrase"] is not None:
        return (
            ("word", f'{found["psign"]}"{_escape(found["phrase"])}"') if _has_word(found["phrase"]) else None
        )
    if found["operator"]:
        return "operator", {"&&": "AND", "||": "OR"}.get(found["operator"], found["operator"])
    if found["paren"]:
        return "paren", found["paren"]
    if found["word"] and _has_word(found["word"]):
        return "word", found["wsign"] + _escape(found["word"])
    return None


def _balanced(parts: list[tuple[str, str]]) -> bool:
    """Parentheses that close, are not empty, and hold an operand beside each operator."""
    depth, before = 0, "open"
    for kind, text in parts:
        if kind == "paren" and text == "(":
            depth += 1
            before = "open"
        elif kind == "paren":
            depth -= 1
            if depth < 0 or before in ("open", "operator"):
                return False
            before = "operand"
        elif kind == "operator":
            if text != "NOT" and before in ("open", "operator"):
                return False
            before = "operator"
        else:
            before = "operand"
    return depth == 0 and before != "operator"


def _plain(parts: list[tuple[str, str]]) -> list[str]:
    """The same without structure: operators become the words they are, parentheses go."""
    return [text.lower() if kind == "operator" else text for kind, text in parts if kind != "paren"]


def safe_query(typed: str | None, extra_fields: Collection[str] = ()) -> SafeQuery:
    """An edismax query that says what ``typed`` says and cannot be a syntax error.

    ``extra_fields`` are further index fields that may be named (the option
    ``ckanext.idgo.catalogue.query_fields``). Nothing typed, or only signs, asks for everything.
    """
    text = _BLANK.sub(" ", typed or "").strip()[:MAX_CHARACTERS]
    if text in ("", "*", EVERYTHING, '""', "''"):
        return SafeQuery((EVERYTHING,))
    found = (_part(m, extra_fields) for m in _PART.finditer(text))
    parts = [part for part in found if part][:MAX_PARTS]
    if not any(kind in ("word", "field") for kind, _ in parts):
        return SafeQuery((EVERYTHING if _only_signs(text) else _escape(text),))
    structured = any(kind in ("operator", "paren") for kind, _ in parts)
    if structured and _balanced(parts):
        return SafeQuery(tuple(text for _, text in parts), advanced=True)
    advanced = any(kind == "field" for kind, _ in parts)
    return SafeQuery(tuple(_plain(parts)), advanced)


def _only_signs(text: str) -> bool:
    """Punctuation alone asks for nothing in particular; a symbol or emoji asks for something not there."""
    return all(ord(c) < 0x2100 for c in text)
