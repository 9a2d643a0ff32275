"""What IDGO learns of a file by opening it (issue 3).

Plain data: every field can be written as JSON (``asdict``) and read back (``FileFacts.from_dict``).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

BBox = tuple[float, float, float, float]
"""West, south, east, north in degrees, WGS 84 longitude/latitude (``OGC:CRS84``)."""


@dataclass(frozen=True)
class Column:
    """One attribute of a table or layer; ``type``: ``string integer number boolean date datetime time
    binary list geometry``."""

    name: str
    type: str


@dataclass(frozen=True)
class Layer:
    """One table or layer of a file. ``crs`` is ``EPSG:n`` or None; ``extent`` is in WGS 84 whatever the
    layer's projection; ``feature_count`` counts rows where there is no geometry."""

    name: str
    columns: tuple[Column, ...] = ()
    feature_count: int | None = None
    geometry_type: str | None = None
    crs: str | None = None
    extent: BBox | None = None
    sample: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True)
class Finding:
    """Something the contributor should know. ``code`` is stable; ``template`` is an English sentence with
    named fields, translated at the edge (same rule as ``common.core.errors``); ``level``: ``info`` or
    ``warning`` (what blocks is an error, raised)."""

    level: str
    code: str
    template: str
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class FileFacts:
    """Facts of one deposited file. ``format`` is the catalogue's label (``SHP GPKG GeoJSON KML GML MIF TAB
    FlatGeobuf DXF CSV TSV XLSX XLS ODS GeoTIFF GTFS PDF PNG JPEG …``); ``hash`` is ``sha256:<hex>``;
    ``dates`` is the first and last day found in the data (ISO 8601)."""

    filename: str
    format: str
    mimetype: str
    size_bytes: int
    hash: str
    family: str  # "geographic" | "statistical" | "smart" | "document"
    encoding: str | None = None
    separator: str | None = None
    crs: str | None = None
    geometry_type: str | None = None
    feature_count: int | None = None
    extent: BBox | None = None
    layers: tuple[Layer, ...] = ()
    columns: tuple[Column, ...] = ()
    languages: tuple[str, ...] = ()
    dates: tuple[str, str] | None = None
    resolution_m: float | None = None
    findings: tuple[Finding, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> FileFacts:
        """Inverse of ``to_dict`` through JSON (lists become tuples again)."""

        def layer(d: dict[str, Any]) -> Layer:
            return Layer(
                **{
                    **d,
                    "columns": tuple(Column(**c) for c in d.get("columns", ())),
                    "extent": tuple(d["extent"]) if d.get("extent") else None,
                    "sample": tuple(d.get("sample", ())),
                }
            )

        pair = {
            "extent": tuple(data["extent"]) if data.get("extent") else None,
            "dates": tuple(data["dates"]) if data.get("dates") else None,
            "languages": tuple(data.get("languages", ())),
            "columns": tuple(Column(**c) for c in data.get("columns", ())),
            "layers": tuple(layer(d) for d in data.get("layers", ())),
            "findings": tuple(Finding(**f) for f in data.get("findings", ())),
        }
        return cls(**{**data, **pair})
