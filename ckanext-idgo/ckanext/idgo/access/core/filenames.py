"""The name a file is saved under (RFC 6266, RFC 8187)."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

MAX_LENGTH = 150
_FORBIDDEN = re.compile(r'[<>:"|?*\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]')
_EXTENSION = re.compile(r"[a-z0-9]{1,8}")
#: Formats as they are written in a sheet, and the extension of what is behind.
_EXTENSIONS = {"shp": "zip", "shapefile": "zip", "esri shapefile": "zip", "geopackage": "gpkg"}


def safe_name(name: str) -> str:
    """The last part of a name, without what a file system or a reader would misread; never empty."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(c for c in _FORBIDDEN.sub("", last) if c.isprintable()).strip(" .")
    stem, dot, extension = kept.rpartition(".")
    if len(kept) > MAX_LENGTH:
        room = MAX_LENGTH - len(extension) - 1
        kept = f"{stem[:room]}.{extension}" if dot and room > 0 else kept[:MAX_LENGTH]
    return kept or "download"


def named_after(title: str, format_name: str) -> str:
    """A name from a resource's title and format, for data whose own file name must not be told."""
    word = format_name.strip().lower()
    extension = _EXTENSIONS.get(word, word)
    # A slash in a title ("eau/assainissement") is not a folder.
    stem = safe_name(title.replace("/", "-").replace("\\", "-"))
    if not _EXTENSION.fullmatch(extension) or stem.lower().endswith(f".{extension}"):
        return stem
    return safe_name(f"{stem}.{extension}")


def attachment(name: str) -> str:
    """``Content-Disposition`` for a name of any script: plain ASCII for old readers, UTF-8 for all others."""
    safe = safe_name(name)
    plain = unicodedata.normalize("NFKD", safe).encode("ascii", "ignore").decode("ascii")
    plain = re.sub(r"[^A-Za-z0-9 ._()+,=@-]", "_", plain).strip(" .") or "download"
    header = f'attachment; filename="{plain}"'
    if plain == safe:
        return header
    return f"{header}; filename*=UTF-8''{quote(safe, safe='!#$&+-.^_`|~')}"
