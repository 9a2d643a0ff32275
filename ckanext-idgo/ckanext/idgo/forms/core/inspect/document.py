"""Documents and pictures, recognised by their first bytes; of a picture only the header is read."""

from __future__ import annotations

from ckanext.idgo.forms.core.inspect.messages import finding
from ckanext.idgo.forms.core.inspect.model import Content, Source
from ckanext.idgo.forms.core.inspect.pixels import check_png

_ENDS = {"PDF": b"%%EOF", "PNG": b"IEND\xaeB`\x82", "JPEG": b"\xff\xd9"}
_TAIL_BYTES = 2048


def read_document(source: Source, format_name: str) -> Content:
    """A document: its format, and a warning when its closing mark is missing."""
    if format_name == "PNG":
        check_png(source)
    content = Content(format_name, "document")
    mark = _ENDS.get(format_name)
    if mark:
        with source.path.open("rb") as stream:
            stream.seek(max(0, source.size_bytes - _TAIL_BYTES))
            if mark not in stream.read():
                content.findings.append(finding("truncated_image", format=format_name))
    return content
