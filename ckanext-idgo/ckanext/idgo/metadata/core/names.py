"""Namespaces of ISO 19139 and how its names are written here: ``gmd:CI_Citation`` in our code,
``{http://www.isotc211.org/2005/gmd}CI_Citation`` (Clark's notation) for lxml."""

from __future__ import annotations

from functools import lru_cache
from types import MappingProxyType

NAMESPACES = MappingProxyType(
    {
        "gmd": "http://www.isotc211.org/2005/gmd",
        "gco": "http://www.isotc211.org/2005/gco",
        "gmx": "http://www.isotc211.org/2005/gmx",
        "gmi": "http://www.isotc211.org/2005/gmi",
        "srv": "http://www.isotc211.org/2005/srv",
        "gts": "http://www.isotc211.org/2005/gts",
        "gss": "http://www.isotc211.org/2005/gss",
        "gsr": "http://www.isotc211.org/2005/gsr",
        "gml": "http://www.opengis.net/gml/3.2",
        "xlink": "http://www.w3.org/1999/xlink",
        "xs": "http://www.w3.org/2001/XMLSchema",
        "xsi": "http://www.w3.org/2001/XMLSchema-instance",
    }
)
OLD_GML = "http://www.opengis.net/gml"
"""GML 3.0 and 3.1: what the first edition of ISO 19139's schemas used."""

CODELISTS = "http://standards.iso.org/iso/19139/resources/gmxCodelists.xml#"
"""Catalogue of the ISO code lists; ``http``, as INSPIRE TG 2.2.1 and the official suites write it."""

LANGUAGES = "http://www.loc.gov/standards/iso639-2/"
"""Code list of ``gmd:LanguageCode`` (TG requirement C.5)."""

_PREFIXES = {uri: prefix for prefix, uri in NAMESPACES.items()}


@lru_cache(maxsize=4096)
def clark(name: str) -> str:
    """``gmd:title`` → ``{http://www.isotc211.org/2005/gmd}title``. A name without prefix, or
    already in Clark's notation, stays as it is."""
    if name.startswith("{"):
        return name
    prefix, colon, local = name.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}" if colon else name


@lru_cache(maxsize=4096)
def prefixed(tag: str) -> str:
    """Inverse of :func:`clark`; a name of a foreign namespace stays in Clark's notation."""
    if not tag.startswith("{"):
        return tag
    uri, local = tag[1:].split("}", 1)
    return f"{_PREFIXES[uri]}:{local}" if uri in _PREFIXES else tag
