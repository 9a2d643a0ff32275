"""Words of the notices: data an administrator may change, filled in without running anything.

``schemas/notices/<kind>.yaml`` holds, per language, ``subject`` and ``body``: lines in which ``{dataset}``
quotes a fact. A line that quotes a fact nobody gave is left out; the subject is its first line that can be
said, so the last one quotes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from string import Formatter
from typing import Any

import yaml

from ckanext.idgo.common.core.errors import N_, BadInput
from ckanext.idgo.common.core.paths import schemas_dir
from ckanext.idgo.notices.core.facts import one_line
from ckanext.idgo.notices.core.kinds import FACTS

MAX_LINES, MAX_LINE, MAX_SUBJECT = 20, 500, 150
ALWAYS_THERE = frozenset({"site"})


@dataclass(frozen=True)
class Words:
    """Words of one kind in one language, line by line."""

    subject: tuple[str, ...]
    body: tuple[str, ...]

    def as_text(self) -> dict[str, str]:
        return {"subject": "\n".join(self.subject), "body": "\n".join(self.body)}


def from_text(subject: str, body: str) -> Words:
    """Words as typed in the editor: one line each, empty lines dropped."""
    return Words(_lines(subject), _lines(body))


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in str(text).splitlines() if line.strip())


@cache
def shipped(kind: str, language: str) -> Words:
    """The words that come with IDGO. Raises ``KeyError`` for a kind or language that has none."""
    if kind not in FACTS:
        raise KeyError(kind)
    given = _read(kind)[language]
    return Words(tuple(given["subject"]), tuple(given["body"]))


@cache
def frame(language: str) -> dict[str, str]:
    """What stands around every mail: greeting, links, why it was sent."""
    return dict(_read("_mail")[language])


def _read(name: str) -> dict[str, Any]:
    path = schemas_dir() / "notices" / f"{name}.yaml"
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def quoted(line: str) -> list[str]:
    """Names of the facts a line quotes. Raises ``BadInput`` for anything but ``{name}``."""
    return [name for _, name in _parts(line) if name is not None]


def _parts(line: str) -> list[tuple[str, str | None]]:
    """(literal, name or None) in order. ``string.Formatter`` only reads: nothing is looked up or called."""
    try:
        parsed = list(Formatter().parse(line))
    except ValueError as error:
        raise BadInput("words-braces", N_("A brace is not closed in “{line}”."), line=line) from error
    parts = []
    for literal, name, specification, conversion in parsed:
        plain = name is None or (name.isidentifier() and not specification and not conversion)
        if not plain:
            raise BadInput("words-braces", N_("Write a fact as its name in braces, in “{line}”."), line=line)
        parts.append((literal, name))
    return parts


def check(words: Words, kind: str) -> None:
    """Raises ``BadInput`` unless these words can always be said for this kind."""
    if not words.subject or not words.body:
        raise BadInput("words-empty", N_("A notice has a subject and a text."))
    if len(words.subject) + len(words.body) > MAX_LINES:
        raise BadInput("words-long", N_("A notice has at most {n} lines."), n=MAX_LINES)
    for line in (*words.subject, *words.body):
        if len(line) > MAX_LINE:
            raise BadInput("words-long", N_("A line has at most {n} letters."), n=MAX_LINE)
        unknown = sorted(set(quoted(line)) - FACTS[kind])
        if unknown:
            raise BadInput("words-fact", N_("Nobody gives the fact “{name}” here."), name=unknown[0])
    for part, name in ((words.subject[-1], "subject"), (words.body, "body")):
        lines = (part,) if isinstance(part, str) else part
        if not any(set(quoted(line)) <= ALWAYS_THERE for line in lines):
            raise BadInput(
                f"words-{name}",
                N_("The last line of the subject, and one line of the text, quote no fact: facts may lack."),
            )


def fill(line: str, facts: Mapping[str, str]) -> str | None:
    """The line with its facts, on one line; None when a fact is missing."""
    parts = _parts(line)
    if any(name is not None and not facts.get(name) for _, name in parts):
        return None
    return one_line("".join(text + (facts[name] if name else "") for text, name in parts), 2000)


def subject(words: Words, facts: Mapping[str, str]) -> str:
    """The first line that can be said."""
    return one_line(_said(words.subject, facts)[0], MAX_SUBJECT)


def body(words: Words, facts: Mapping[str, str]) -> list[str]:
    """The lines that can be said."""
    return _said(words.body, facts)


def _said(lines: Sequence[str], facts: Mapping[str, str]) -> list[str]:
    return [said for said in (fill(line, facts) for line in lines) if said]
