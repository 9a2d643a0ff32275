"""The small catalogue the tests of this folder ask."""

from __future__ import annotations

import json
from typing import Any

from ckan.tests import helpers

PLUGINS = "idgo idgo_access idgo_metadata idgo_forms idgo_catalogue idgo_viewer activity scheming_datasets"


def square(west: float, south: float, east: float, north: float) -> str:
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return json.dumps({"type": "Polygon", "coordinates": [ring]})


# name → fields. Titles are short on purpose: each holds the form of a word that a test asks for.
DATASETS: dict[str, dict[str, Any]] = {
    "captages": {
        "title": "Captages d’eau potable de la Métropole",
        "tags": ["débroussaillement", "eau potable"],
        "theme": "environnement-et-climat",
        "territory": ["departement:13"],
        "spatial": square(4.2, 43.1, 5.8, 43.9),
        "resources": [
            {"url": "http://data.example/captages.csv", "format": "csv", "name": "Points de captage"}
        ],
        "frequency": "annually",
        "license_id": "lov2",
    },
    "eaux": {"title": "QUALITÉ DES EAUX DE BAIGNADE", "territory": ["region:93"], "inspire_theme": "hy"},
    "leau": {
        "title": "Police de (l'eau)",
        "territory": ["commune:13004"],
        "spatial": square(4.4, 43.3, 5.0, 43.7),
    },
    "ecoles": {
        "title": "Écoles élémentaires",
        "territory": ["commune:06088"],
        "spatial": square(7.1, 43.6, 7.3, 43.8),
    },
    "reseaux": {"title": "Réseaux de chaleur", "data_family": "geographic"},
    "oeuvres": {"title": "Œuvres d'art de l’espace public", "notes": "Cœur de ville"},
    "ppri": {"title": "Zonage PPRI-84 révisé", "notes": "Livré en EPSG:2154", "access_tier": "restricted"},
    "bdtopo": {"title": "BD TOPO extrait", "notes": "Commune 13004"},
    "scot": {"title": "SCoT du Pays d'Arles", "notes": "Document d'urbanisme"},
    "zones": {"title": "zones d'activités", "tags": ["Économie"]},
    "neuf": {"title": "9 communes du littoral", "tags": ["littoral"]},
    "dix": {"title": "10 communes du littoral", "tags": ["littoral"]},
    "monde": {"title": "Trait de côte mondial", "spatial": square(-180, -90, 180, 90)},
}


def add(owner_org: str, name: str, fields: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Create one dataset through the API, as the site's owner."""
    given = {
        "access_tier": "open",
        "notes": "",
        **fields,
        "tags": [{"name": tag} for tag in fields.get("tags", [])],
    }
    context = {"user": "administration-exemple", "ignore_auth": True}
    return helpers.call_action("package_create", context, name=name, owner_org=owner_org, **{**given, **more})
