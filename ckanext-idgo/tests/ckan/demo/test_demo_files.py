"""The files of the demonstration, read back by other programs than the one that wrote them (issue 3)."""

from __future__ import annotations

import csv
import json
import zipfile
from datetime import datetime, timezone
from pathlib import Path

import openpyxl
import pyogrio
import pytest
import rasterio

from ckanext.idgo.common.core.territories import Territories, share_inside
from ckanext.idgo.demo.core import content, files, series
from ckanext.idgo.demo.core.made import Made

NOW = datetime(2026, 11, 24, 15, 42, tzinfo=timezone.utc)
TERRITORIES = Territories.load()
DATASETS = content.datasets()
FILES = sorted({r.file for d in DATASETS for r in d.resources})


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Made]:
    folder = tmp_path_factory.mktemp("demo")
    makers = files.makers(TERRITORIES, NOW)
    return {name: makers[name](folder) for name in FILES}


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_what_its_facts_say(made: dict[str, Made], name: str) -> None:
    facts = made[name].facts()
    assert facts["size"] > 0
    assert facts["hash"].startswith("sha256:")
    region = TERRITORIES.bbox(["region:93"])
    assert region is not None
    assert share_inside(tuple(facts["extent"]), region) > 0.9


def test_vectors_open_with_the_facts_they_claim(made: dict[str, Made]) -> None:
    vectors = [m for n, m in made.items() if n.endswith((".geojson", ".gpkg", ".fgb"))]
    assert len(vectors) == 7
    for one in vectors:
        info = pyogrio.read_info(one.path)
        assert info["features"] == one.feature_count
        assert (info["crs"] == one.crs) or one.crs == "EPSG:4326"
        assert info["geometry_type"] == one.geometry_type
        assert [c["name"] for c in one.columns] == list(info["fields"])
    assert pyogrio.read_info(made["emprises-communes.gpkg"].path)["features"] == 946
    west, south, east, north = pyogrio.read_info(made["emprises-communes.gpkg"].path)["total_bounds"]
    assert 700_000 < west < east < 1_100_000
    assert 6_100_000 < south < north < 6_500_000


def test_tables_hold_the_facts(made: dict[str, Made]) -> None:
    with made["population-communes.csv"].path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter=";"))
    assert len(rows) == 946
    arles = next(r for r in rows if r["code_insee"] == "13004")
    assert (arles["population"], arles["departement"]) == ("51811", "Bouches-du-Rhône")
    sheet = openpyxl.load_workbook(made["population-communes.xlsx"].path, read_only=True).worksheets[0]
    assert sum(1 for _ in sheet.iter_rows()) == 947


def test_the_grid_counts_every_commune_once(made: dict[str, Made]) -> None:
    with rasterio.open(made["mailles-5km.tif"].path) as raster:
        assert int(raster.read(1).sum()) == 946
        assert raster.crs.to_epsg() == 2154


def test_drawings_are_a_page_and_a_picture(made: dict[str, Made]) -> None:
    pdf = made["carte.pdf"].path.read_bytes()
    assert pdf.startswith(b"%PDF-1.4")
    start = int(pdf.rsplit(b"startxref\n", 1)[1].split(b"\n")[0])
    assert pdf[start:].startswith(b"xref")
    assert pdf.count(b" c f") == 946
    with pytest.warns(rasterio.errors.NotGeoreferencedWarning), rasterio.open(made["carte.png"].path) as png:
        assert (png.width, png.height, png.driver) == (1200, 900, "PNG")
    assert {p.suffix for p in made["carte.png"].path.parent.iterdir()} >= {".png"}
    assert not made["carte.png"].path.with_name("carte.png.aux.xml").exists()


def test_series_are_deterministic_end_now_and_say_they_are_simulated(
    made: dict[str, Made], tmp_path: Path
) -> None:
    document = json.loads(made["debits-simules.json"].path.read_text(encoding="utf-8"))
    assert document["avertissement"] == series.NOTICE
    assert document["mesures"][-1]["horodatage"] == "2026-11-24T15:00+00:00"
    assert len(document["mesures"]) == 3 * 168
    assert all(m["station"].startswith("DEMO-") for m in document["mesures"])
    again = files.makers(TERRITORIES, NOW)["debits-simules.csv"](tmp_path)
    assert again.path.read_bytes() == made["debits-simules.csv"].path.read_bytes()
    with zipfile.ZipFile(made["navette-fictive.zip"].path) as archive:
        assert set(archive.namelist()) >= {
            "agency.txt",
            "stops.txt",
            "routes.txt",
            "trips.txt",
            "stop_times.txt",
        }
        assert "fictif" in archive.read("stops.txt").decode()
