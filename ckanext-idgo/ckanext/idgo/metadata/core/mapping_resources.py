"""Resources of a dataset: formats, addresses, kind of spatial representation."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from ckanext.idgo.metadata.core.build import clean, code
from ckanext.idgo.metadata.core.model.citation import OnlineResource
from ckanext.idgo.metadata.core.model.distribution import DigitalTransferOptions, Distribution, Format
from ckanext.idgo.metadata.core.model.values import Text
from ckanext.idgo.metadata.core.vocabulary import WORDS

Resources = Sequence[Mapping[str, Any]]

RASTERS = frozenset({"geotiff", "tiff", "jpeg2000", "jp2", "ecw", "asc", "png", "jpeg", "cog"})
TABLES = frozenset({"csv", "tsv", "xlsx", "xls", "ods", "gtfs"})
SERVICES = frozenset({"wms", "wfs", "wmts", "wcs", "csw", "ogc api features", "ogc api"})
_LONE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_PROTOCOLS = {"wms": "OGC:WMS", "wfs": "OGC:WFS", "wmts": "OGC:WMTS", "wcs": "OGC:WCS", "csw": "OGC:CSW"}


def address(url: object) -> str:
    """An address with what a URI cannot hold percent-encoded (``xs:anyURI``, INSPIRE 1.8)."""
    whole = _LONE_PERCENT.sub("%25", clean(url))
    before, hash_sign, fragment = whole.partition("#")
    safe = "%/:=&?~+!$,;'@()*"
    return quote(before, safe=safe) + hash_sign + quote(fragment, safe=safe)


def formats(resources: Resources) -> tuple[Format, ...]:
    """Formats of the files, each once, locked ones included; the version is not known (2.6)."""
    names = [clean(r.get("format")) for r in resources]
    return tuple(
        Format(name=Text(name), version=Text(None, nil_reason="unknown"))
        for name in dict.fromkeys(names)
        if name and name.lower() not in SERVICES
    )


def raster_or_vector(resources: Resources, family: str) -> tuple[str, ...]:
    """Codes of MD_SpatialRepresentationTypeCode (2.4), without repetition."""
    found = [_kind(r) for r in resources]
    known = tuple(dict.fromkeys(kind for kind in found if kind))
    return known or {"statistical": ("textTable",), "geographic": ("vector",)}.get(family, ())


def _kind(resource: Mapping[str, Any]) -> str:
    name = clean(resource.get("format")).lower()
    if name in RASTERS:
        return "grid"
    if clean(resource.get("geometry_type")):
        return "vector"
    return "textTable" if name in TABLES else ""


def distribution(resources: Resources, page: str, title: str, lang: str) -> Distribution:
    """Formats, then the address of every resource that has one, and the dataset's page (1.8: a locator is
    there even when every file is locked)."""
    options = tuple(_transfer(r) for r in resources if clean(r.get("url")))
    landing = OnlineResource(
        linkage=address(page),
        protocol=Text("WWW:LINK-1.0-http--link"),
        name=Text(WORDS[lang]["page"]),
        function=code("CI_OnLineFunctionCode", "information"),
    )
    return Distribution(
        distribution_format=formats(resources),
        transfer_options=(*options, DigitalTransferOptions(on_line=(landing,))),
    )


def _transfer(resource: Mapping[str, Any]) -> DigitalTransferOptions:
    name, description = clean(resource.get("name")), clean(resource.get("description"))
    kind = clean(resource.get("format")).lower()
    downloads = resource.get("url_type") == "upload" or (bool(kind) and kind not in (*SERVICES, "html"))
    default = "WWW:DOWNLOAD-1.0-http--download" if downloads else "WWW:LINK-1.0-http--link"
    online = OnlineResource(
        linkage=address(resource["url"]),
        # A service that is not open is reached through our own download route: nothing to ask for tiles.
        protocol=Text(default if resource.get("url_type") == "upload" else _PROTOCOLS.get(kind, default)),
        application_profile=Text(clean(resource.get("format"))) if kind else None,
        name=Text(name) if name else None,
        description=Text(description) if description else None,
        function=code("CI_OnLineFunctionCode", "download" if downloads else "information"),
    )
    return DigitalTransferOptions(transfer_size=_megabytes(resource.get("size")), on_line=(online,))


def _megabytes(size_bytes: object) -> Decimal | None:
    """ISO 19115 counts in megabytes."""
    text = clean(size_bytes)
    return (
        (Decimal(text) / 1_000_000).quantize(Decimal("0.001")) if text.isdigit() and text.isascii() else None
    )
