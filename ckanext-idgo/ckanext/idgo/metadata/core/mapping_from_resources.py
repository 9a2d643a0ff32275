"""From the distribution of a record to the resources of a dataset."""

from __future__ import annotations

import re
from typing import Any

from ckanext.idgo.metadata.core.build import clean
from ckanext.idgo.metadata.core.model.citation import OnlineResource
from ckanext.idgo.metadata.core.model.distribution import Format
from ckanext.idgo.metadata.core.model.values import Text, known, known_all
from ckanext.idgo.metadata.core.record import Record

_EPSG = re.compile(r"EPSG[:/]+(?:[\d.]*[:/])?(\d{4,6})\b|^(\d{4,6})$", re.IGNORECASE)
_PROTOCOLS = ("WMS", "WFS", "WMTS", "WCS", "CSW")


def text_of(value: Any) -> str:
    """The clean text of a property, empty when it has none."""
    return clean(value.value) if isinstance(value, Text) else ""


def resources(record: Record) -> list[dict[str, Any]]:
    """One resource per online address; its format is said by the address or, if there is one, the record."""
    distribution = known(record.distribution_info)
    formats = known_all(distribution.distribution_format) if distribution else ()
    names = [text_of(f.name) for f in formats if isinstance(f, Format) and text_of(f.name)]
    systems = _all_crs(record)
    found = []
    for online in record.online_resources():
        url = known(online.linkage)
        if not url or not url.lower().startswith(("http://", "https://", "ftp://")):
            continue
        if url.endswith(f"/dataset/{record.identifier}"):
            continue  # the dataset's own page, which records of ours carry
        resource = {
            "url": url,
            "name": text_of(online.name),
            "description": text_of(online.description),
            "format": _format(online, names),
            "crs": systems[0] if len(systems) == 1 else "",
        }
        found.append({key: value for key, value in resource.items() if value})
    return found


def _format(online: OnlineResource, names: list[str]) -> str:
    protocol = text_of(online.protocol).upper()
    for service in _PROTOCOLS:
        if service in protocol.replace(":", " ").replace("-", " ").split():
            return service
    profile = text_of(online.application_profile)
    if profile in names:
        return profile
    function = known(online.function)
    downloads = "DOWNLOAD" in protocol or (function is not None and function.value == "download")
    return names[0] if downloads and len(names) == 1 else ""


def _all_crs(record: Record) -> list[str]:
    """``EPSG:n`` of every reference system that is one, whatever way it is written."""
    found = []
    for system in known_all(record.reference_system_info):
        identifier = known(system.reference_system_identifier)
        code = identifier.code if identifier else None
        text = f"{code.href or ''} {text_of(code)}".strip() if isinstance(code, Text) else ""
        match = _EPSG.search(text)
        if match:
            found.append(f"EPSG:{match[1] or match[2]}")
    return list(dict.fromkeys(found))
