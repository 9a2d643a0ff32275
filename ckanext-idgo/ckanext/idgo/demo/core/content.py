"""The datasets of the demonstration, read from ``datasets.yaml``: three families, three tiers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from ckanext.idgo.common.core.territories import Territories
from ckanext.idgo.demo.core.made import BBox, Dataset, Resource

TABLE = Path(__file__).with_name("datasets.yaml")


def datasets(path: Path = TABLE) -> tuple[Dataset, ...]:
    """Every dataset, in the order they are created."""
    table = yaml.safe_load(path.read_text(encoding="utf-8"))
    return tuple(_dataset(raw, table["notices"]) for raw in table["datasets"])


def extent(dataset: Dataset, territories: Territories) -> BBox | None:
    """The box around the dataset's territories."""
    return territories.bbox(dataset.territory)


def _dataset(raw: dict[str, Any], notices: dict[str, str]) -> Dataset:
    return Dataset(
        **{
            **raw,
            "notes": raw["notes"].format(**notices),
            "tags": tuple(raw["tags"]),
            "territory": tuple(raw["territory"]),
            "resources": tuple(Resource(**resource) for resource in raw["resources"]),
        }
    )
