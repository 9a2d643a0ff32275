"""What the readers of every family share: limits, the file being read, what a reader found."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from ckanext.idgo.forms.core.facts import Finding, Layer

MIB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Bounds of one inspection (issue 3: 2 GB per file, ``ckan.max_resource_size``)."""

    max_bytes: int = 2 * 1024 * MIB
    max_uncompressed_bytes: int = 8 * 1024 * MIB
    max_members: int = 10_000
    max_ratio: float = 300.0
    """Uncompressed over compressed, judged only above ``ratio_from_bytes``: text often shrinks 50 times,
    deflate cannot exceed 1032."""
    ratio_from_bytes: int = 64 * MIB
    max_layers: int = 200
    max_columns: int = 20_000
    max_json_value_bytes: int = 128 * MIB
    sample_rows: int = 20


@dataclass(frozen=True)
class ByteScan:
    """What one pass over the bytes tells: ``sha256`` in hexadecimal, whether they are valid UTF-8, zero
    bytes, a sample of the lines that hold bytes above 127, the longest run without a line end."""

    sha256: str
    utf8: bool = True
    zero_bytes: int = 0
    high_sample: bytes = b""
    longest_line_bytes: int = 0


@dataclass(frozen=True)
class Source:
    """The file under inspection. ``filename`` is what the contributor called it, never used as a path."""

    path: Path
    filename: str
    size_bytes: int
    limits: Limits
    head: bytes = b""
    scan: ByteScan = field(default_factory=lambda: ByteScan(""))
    assume_crs: str | None = None

    @property
    def stem(self) -> str:
        name = self.filename.replace("\\", "/").rsplit("/", 1)[-1]
        return (name.rsplit(".", 1)[0] or name).encode("utf-8", "replace").decode()  # lone surrogates out

    @property
    def extension(self) -> str:
        name = self.filename.replace("\\", "/").rsplit("/", 1)[-1]
        return name.rsplit(".", 1)[-1].lower() if "." in name else ""


@dataclass
class Content:
    """What a reader found. ``texts`` feed the language heuristic; ``container`` is what wrapped it."""

    format: str
    family: str
    layers: list[Layer] = field(default_factory=list)
    encoding: str | None = None
    separator: str | None = None
    findings: list[Finding] = field(default_factory=list)
    dates: tuple[str, str] | None = None
    resolution_m: float | None = None
    texts: list[str] = field(default_factory=list)
    container: str | None = None
    crs: str | None = None
    """Set only by rasters and tables without layers of their own."""
