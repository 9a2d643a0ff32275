"""The start of an XML file, read as text and never parsed: its root element, and whether it has a DOCTYPE.

No format accepted here needs a DOCTYPE, and both XML bombs and external entities begin with one: it is
refused before any parser sees the file.
"""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from ckanext.idgo.forms.core.inspect.messages import error

_SKIP = re.compile(r"\s+|<\?.*?\?>|<!--.*?-->", re.DOTALL)
_ROOT = re.compile(r"<([^\s<>/!?]+)([^<>]*)")
_DECLARED = re.compile(rb"""<\?xml[^>]*encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")


class Root(NamedTuple):
    """``name`` without prefix, ``namespace`` or an empty text, ``head`` the decoded start."""

    name: str
    namespace: str
    head: str


def decode_head(head: bytes) -> str:
    """The start of an XML file as text, by byte order mark or declared encoding."""
    if head.startswith(codecs.BOM_UTF8):
        return head[3:].decode("utf-8", "replace")
    for mark, name in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if head.startswith(mark):
            return head[2:].decode(name, "replace")
    if head.startswith(b"<\0"):
        return head.decode("utf-16-le", "replace")
    if head.startswith(b"\0<"):
        return head.decode("utf-16-be", "replace")
    declared = _DECLARED.match(head.lstrip())
    try:
        return head.decode(declared.group(1).decode() if declared else "utf-8", "replace")
    except LookupError:
        return head.decode("latin-1")


def root_of(head: bytes) -> Root | None:
    """The root of ``head`` when it is XML, else None; raises ``UnreadableFile`` ``xml_doctype``."""
    text = decode_head(head)
    position = 0
    while match := _SKIP.match(text, position):
        position = match.end()
    rest = text[position : position + 65536]
    if rest[:9].upper() == "<!DOCTYPE":
        if re.match(r"<!DOCTYPE\s+html", rest, re.IGNORECASE):
            return Root("html", "", rest)
        raise error("xml_doctype")
    if rest.startswith("<!--") or rest.startswith("<?"):
        raise error("xml_broken")  # a comment longer than what was read: nobody writes that in good faith
    match = _ROOT.match(rest)
    if not match:
        return None
    prefix, _, name = match.group(1).rpartition(":")
    attribute = f"xmlns:{prefix}" if prefix else "xmlns"
    space = re.search(rf"""(?<![\w:]){re.escape(attribute)}\s*=\s*["']([^"']*)["']""", match.group(2))
    return Root(name, space.group(1) if space else "", rest)
