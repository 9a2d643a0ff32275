"""Features and pages of rows: in WGS 84, within their limits, honest about what is left out."""

from __future__ import annotations

import json

import pytest

from ckanext.idgo.forms.core.inspect import inspect_file
from ckanext.idgo.viewer.core.drawing import preview_geojson, preview_table


def csv_file(tmp_path, count):
    path = tmp_path / "a.csv"
    path.write_text("n;lat;lon\n" + "".join(f"{i};43.{i % 9}12345678;5.4\n" for i in range(count)), "utf-8")
    return path, inspect_file(path, "a.csv")


def test_points_of_a_table(tmp_path):
    path, facts = csv_file(tmp_path, 30)
    drawn = preview_geojson(path, "a.csv", facts)
    assert (drawn["total"], drawn["truncated"], len(drawn["features"])) == (30, False, 30)
    assert drawn["features"][1]["geometry"] == {"type": "Point", "coordinates": [5.4, 43.112346]}
    assert drawn["features"][1]["properties"]["n"] == "1"


def test_what_is_left_out_is_said(tmp_path):
    path, facts = csv_file(tmp_path, 300)
    few = preview_geojson(path, "a.csv", facts, max_features=10)
    assert (len(few["features"]), few["total"], few["truncated"]) == (10, 300, True)
    small = preview_geojson(path, "a.csv", facts, max_bytes=2000)
    assert small["truncated"]
    assert 0 < len(json.dumps(small["features"], ensure_ascii=False).encode()) <= 2000


def test_projected_layers_come_out_in_degrees(tmp_path):
    point = {"type": "Point", "coordinates": [892_390, 6_247_035]}
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::2154"}}
    feature = {"type": "Feature", "properties": {}, "geometry": point}
    path = tmp_path / "a.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "crs": crs, "features": [feature]}), "utf-8")
    drawn = preview_geojson(path, "a.geojson", inspect_file(path, "a.geojson"))
    assert drawn["features"][0]["geometry"]["coordinates"] == pytest.approx([5.37, 43.2965], abs=0.02)


def test_pages_of_a_table(tmp_path):
    path, facts = csv_file(tmp_path, 700)
    page = preview_table(path, "a.csv", facts, limit=3, offset=650)
    assert (page["total"], [r["n"] for r in page["rows"]]) == (700, ["650", "651", "652"])
    assert [c["name"] for c in page["columns"]] == ["n", "lat", "lon"]
    assert preview_table(path, "a.csv", facts, offset=700)["rows"] == []


@pytest.mark.realdata
@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("geo/IGNF__cartes.gouv.fr-documentation/DEPARTEMENT_shp.zip", 96),
        ("geo/IGNF__validator/19182_CC_20150517.zip", 19),
        ("geo/IGNF__validator/ZONE_URBA.gml", 66),
        ("geo/geonetwork__geonetwork-ui/eaux-baignades.xlsx", 14),
        ("mobility/ScoutHub__sentence_filter/sncf_export_gtfs_voyages_20241220.zip", 502),
    ],
)
def test_real_files(data_dir, name, count):
    path = data_dir / name
    facts = inspect_file(path, path.name)
    drawn = preview_geojson(path, path.name, facts)
    assert len(drawn["features"]) == drawn["total"] == count
    assert len(json.dumps(drawn, ensure_ascii=False, allow_nan=False).encode()) < 1_001_000
    assert preview_table(path, path.name, facts, limit=2)["columns"]
