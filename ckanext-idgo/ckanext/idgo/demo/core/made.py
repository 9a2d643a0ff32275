"""One file the demonstration made, with the facts a resource carries."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

BBox = tuple[float, float, float, float]


@dataclass(frozen=True)
class Made:
    """``columns`` are ``{"name", "type"}`` (types of ``forms.core.facts``); ``extent`` is west, south, east,
    north in degrees, WGS 84; ``crs`` is ``EPSG:n``."""

    path: Path
    format: str
    mimetype: str
    encoding: str = ""
    crs: str = ""
    geometry_type: str = ""
    feature_count: int | None = None
    layers: tuple[str, ...] = ()
    columns: tuple[dict[str, str], ...] = ()
    extent: BBox | None = None

    def facts(self) -> dict[str, Any]:
        """The resource fields of ADR 0001, what is empty left out."""
        found = {
            "format": self.format,
            "mimetype": self.mimetype,
            "size": self.path.stat().st_size,
            "hash": "sha256:" + hashlib.sha256(self.path.read_bytes()).hexdigest(),
            "encoding": self.encoding,
            "crs": self.crs,
            "geometry_type": self.geometry_type,
            "feature_count": self.feature_count,
            "layers": list(self.layers),
            "columns": list(self.columns),
            "extent": list(self.extent) if self.extent else None,
        }
        return {name: value for name, value in found.items() if value not in ("", None, [])}


Maker = Callable[[Path], Made]
"""Writes one file into a folder."""


@dataclass(frozen=True)
class Resource:
    """``file`` is a key of ``files.makers``; ``access_tier`` empty: the dataset's."""

    name: str
    file: str
    access_tier: str = ""


@dataclass(frozen=True)
class Organization:
    """A real public body, by its name; its contacts are on example domains."""

    name: str
    title: str
    description: str
    territory: str

    @property
    def email(self) -> str:
        return f"contact@{self.name}.example"


@dataclass(frozen=True)
class Dataset:
    """The fields of ADR 0001; ``organization`` names an :class:`Organization`."""

    name: str
    title: str
    notes: str
    organization: str
    theme: str
    inspire_theme: str
    tags: tuple[str, ...]
    territory: tuple[str, ...]
    frequency: str
    license_id: str
    access_tier: str
    data_family: str
    resources: tuple[Resource, ...] = field(default_factory=tuple)
