"""One file, as a page can draw it."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from ckanext.idgo.common.core.errors import BadInput
from ckanext.idgo.forms.core.inspect import Limits, inspect_safely
from ckanext.idgo.viewer.core.preview import MAX_FEATURES, MAX_ROWS, preview, sketch_of
from ckanext.idgo.viewer.core.sketch import LAYER_COLOURS


def _points(count: int) -> dict:
    features = [
        {
            "type": "Feature",
            "properties": {"nom": f"Borne {i}", "débit": i / 2},
            "geometry": {"type": "Point", "coordinates": [4.6 + i / 10_000, 43.7]},
        }
        for i in range(count)
    ]
    return {"type": "FeatureCollection", "features": features}


def test_points_are_a_map_with_their_properties(tmp_path: Path) -> None:
    path = tmp_path / "bornes.geojson"
    path.write_text(json.dumps(_points(3)), encoding="utf-8")
    shown = preview(path, "bornes.geojson")
    assert (shown["kind"], shown["total"], shown["truncated"]) == ("map", 3, False)
    first = shown["geojson"]["features"][0]
    assert first["properties"] == {"nom": "Borne 0", "débit": 0.0}
    assert first["geometry"]["coordinates"] == [4.6, 43.7]


def test_a_crowd_is_cut_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "foule.geojson"
    path.write_text(json.dumps(_points(MAX_FEATURES + 10)), encoding="utf-8")
    shown = preview(path, "foule.geojson")
    assert len(shown["geojson"]["features"]) == MAX_FEATURES
    assert (shown["total"], shown["truncated"]) == (MAX_FEATURES + 10, True)


def test_a_french_table_is_a_table(tmp_path: Path) -> None:
    path = tmp_path / "budget.csv"
    lines = ["chapitre;libellé;montant"] + [f"{i};Dépense n° {i};{i},5" for i in range(MAX_ROWS + 50)]
    path.write_text("\n".join(lines), encoding="cp1252")
    shown = preview(path, "budget.csv")
    assert shown["kind"] == "table"
    assert shown["columns"] == ["chapitre", "libellé", "montant"]
    assert (len(shown["rows"]), shown["total"]) == (MAX_ROWS, MAX_ROWS + 50)


def test_a_picture_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "vide.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("lisez-moi.md", "rien")
    with pytest.raises(BadInput):
        preview(path, "vide.zip")


@pytest.mark.realdata
@pytest.mark.parametrize(
    ("name", "kind", "total"),
    [
        ("geo/IGNF__validator/83044_SUP_INT1_20160130_Var.zip", "map", 1),
        ("geo/IGNF__cartes.gouv.fr-documentation/installation.gpkg", "map", 966),
        ("geo/geonetwork__geonetwork-ui/eaux-baignades.xlsx", "map", 14),
    ],
)
def test_real_files_are_drawn_in_degrees(data_dir: Path, name: str, kind: str, total: int) -> None:
    path = data_dir / name
    shown = preview(path, path.name)
    assert (shown["kind"], shown["total"]) == (kind, total)
    if kind == "map":
        for feature in shown["geojson"]["features"][:50]:
            assert all(
                -180 <= x <= 180 and -90 <= y <= 90 for x, y in _positions(feature["geometry"]["coordinates"])
            )
    json.dumps(shown)


def _positions(node: object) -> list:
    if isinstance(node, (list, tuple)) and node and isinstance(node[0], (int, float)):
        return [node]
    return [p for child in node for p in _positions(child)]  # type: ignore[union-attr]


def _layers(path: Path) -> None:
    """A GeoPackage in Lambert-93: a layer of two points, a layer of one area."""
    import pyogrio
    import shapely

    layers = {
        "bornes": ("Point", shapely.points([[833_000, 6_280_000], [834_000, 6_281_000]])),
        "zone": ("Polygon", [shapely.box(830_000, 6_279_000, 836_000, 6_284_000)]),
    }
    for name, (kind, shapes) in layers.items():
        wkb, more = shapely.to_wkb(shapes), {"append": path.is_file()}
        pyogrio.raw.write(path, wkb, [], [], geometry_type=kind, crs="EPSG:2154", layer=name, **more)


def test_every_layer_with_a_place_is_sketched_in_its_colour(tmp_path: Path) -> None:
    path = tmp_path / "plan.gpkg"
    _layers(path)
    facts = inspect_safely(path, "plan.gpkg", Limits())
    svg = sketch_of(path, "plan.gpkg", facts, {"features": []})
    assert svg is not None
    assert svg.count("<circle") == 2
    assert svg.count("<path") == 1
    assert all(colour in svg for colour in LAYER_COLOURS[:2])
    assert LAYER_COLOURS[2] not in svg


def test_what_has_no_place_is_not_sketched(tmp_path: Path) -> None:
    path = tmp_path / "budget.csv"
    path.write_text("chapitre;montant\n1;2\n", "utf-8")
    assert (
        sketch_of(path, "budget.csv", inspect_safely(path, "budget.csv", Limits()), {"features": []}) is None
    )


@pytest.mark.realdata
def test_a_raster_is_sketched_as_its_footprint(data_dir: Path) -> None:
    path = sorted(data_dir.rglob("DSM/*.tif"))[0]
    svg = sketch_of(path, path.name, inspect_safely(path, path.name, Limits()), {"features": []})
    assert svg is not None
    assert "stroke-dasharray" in svg
