# ruff: noqa: E501  (tables and documents read better on one line)
"""Every file of the real data's geographic, statistical and mobility folders, against a table of what is true.

The table was checked against GDAL (``test_agrees_with_gdal``), the csv module (``test_agrees_with_csv``) and by eye.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from ckanext.idgo.common.core.errors import IdgoError
from ckanext.idgo.forms.core.inspect import inspect_file
from ckanext.idgo.forms.core.inspect.crs import REGION

pytestmark = pytest.mark.realdata
FOLDERS = ("geo", "raster", "stats", "mobility", "iot", "ods")

# path, format (or "!" and the code of the refusal), projection, geometry, count, extent in WGS 84
# fmt: off
EXPECTED = [
    ("geo/IGNF__cartes.gouv.fr-documentation/DEPARTEMENT_shp.zip", "SHP", "EPSG:2154", "Polygon", 96, (-5.522, 41.304, 10.7, 51.089)),
    ("geo/IGNF__cartes.gouv.fr-documentation/croquis.geojson", "GeoJSON", "EPSG:4326", "Polygon", 8, (2.421, 48.842, 2.427, 48.844)),
    ("geo/IGNF__cartes.gouv.fr-documentation/ecoregions.sld", "!unsupported_format", None, None, None, None),
    ("geo/IGNF__cartes.gouv.fr-documentation/installation.csv", "CSV", "EPSG:4326", "Point", 3288, (5.272, 46.27, 7.116, 47.989)),
    ("geo/IGNF__cartes.gouv.fr-documentation/installation.gpkg", "GPKG", "EPSG:4326", "Point", 966, (4.049, 49.24, 5.356, 50.158)),
    ("geo/IGNF__cartes.gouv.fr-documentation/installation.sld", "!unsupported_format", None, None, None, None),
    ("geo/IGNF__cartes.gouv.fr-documentation/pays.sld", "!unsupported_format", None, None, None, None),
    ("geo/IGNF__validator/19182_CC_20150517.zip", "TAB", "EPSG:2154", "Polygon", 19, (1.355, 45.22, 1.423, 45.254)),
    ("geo/IGNF__validator/2A_SUP_AC1_20180130.zip", "SHP", "EPSG:2154", "Polygon", 310, (8.482, 41.325, 9.468, 42.279)),
    ("geo/IGNF__validator/30014_PLU_20171013.zip", "SHP", "EPSG:2154", "Geometry", 299, (4.338, 43.975, 4.399, 44.021)),
    ("geo/IGNF__validator/83044_SUP_INT1_20160130_Var.zip", "SHP", "EPSG:2154", "Polygon", 2, (6.508, 43.709, 6.511, 43.712)),
    ("geo/IGNF__validator/DOC_URBA.gml", "GML", "EPSG:2154", "Point", 1, (-3.337, 47.73, -3.337, 47.73)),
    ("geo/IGNF__validator/ZONE_URBA.gml", "GML", "EPSG:2154", "MultiPolygon", 66, (-3.359, 47.714, -3.297, 47.748)),
    ("geo/IGNF__validator/pprt_69dreal20090005.gpkg", "GPKG", "EPSG:2154", "MultiPolygon", 36, (5.821, 45.198, 5.831, 45.205)),
    ("geo/geonetwork__geonetwork-ui/ENS_CG02.xls", "XLS", None, "MultiPolygon", 259, None),
    ("geo/geonetwork__geonetwork-ui/alea-de-debordement.json", "JSON", None, None, 1, None),
    ("geo/geonetwork__geonetwork-ui/covoit-mel_items.json", "JSON", None, None, 10, None),
    ("geo/geonetwork__geonetwork-ui/eaux-baignades.csv", "CSV", "EPSG:4326", "Point", 300, (1.179, 42.978, 7.524, 50.145)),
    ("geo/geonetwork__geonetwork-ui/eaux-baignades.xlsx", "XLSX", "EPSG:4326", "Point", 14, (2.366, 43.875, 6.52, 49.842)),
    ("geo/geonetwork__geonetwork-ui/insee-rectangles_200m_menage_erbm.csv", "CSV", None, None, 20, None),
    ("geo/geonetwork__geonetwork-ui/invalid.csv", "CSV", None, None, 6, None),
    ("geo/geonetwork__geonetwork-ui/liste-des-jardins-familiaux-et-partages-de-roubaix_items.json", "JSON", "EPSG:4326", "Point", 10, (3.152, 50.674, 3.196, 50.7)),
    ("geo/geonetwork__geonetwork-ui/n_tri_lill_inondable_s_059.csv", "CSV", "EPSG:4326", "Point", 8, (3.093, 50.512, 3.22, 50.671)),
    ("geo/geonetwork__geonetwork-ui/perimetre-des-epci-concernes-par-un-contrat-de-ville.csv", "CSV", "EPSG:4326", "Point", 37, (-0.004, 42.523, 4.572, 44.485)),
    ("geo/geonetwork__geonetwork-ui/perimetre-des-epci-concernes-par-un-contrat-de-ville.geojson", "GeoJSON", "EPSG:4326", "Point", 37, (-0.004, 42.523, 4.572, 44.485)),
    ("geo/geonetwork__geonetwork-ui/perimetre-des-epci-concernes-par-un-contrat-de-ville.json", "JSON", "EPSG:4326", "Point", 37, (-0.004, 42.523, 4.572, 44.485)),
    ("geo/geonetwork__geonetwork-ui/population-millesimee-communes-francaises.csv", "CSV", None, None, 475, None),
    ("geo/geonetwork__geonetwork-ui/rephytox.csv", "CSV", None, None, 279, None),
    ("geo/geonetwork__geonetwork-ui/rephytox.xlsx", "XLSX", None, None, 279, None),
    ("geo/geonetwork__geonetwork-ui/small.json", "JSON", None, None, 1, None),
    ("geo/geonetwork__geonetwork-ui/wfs-gml.xml", "GML", "EPSG:4326", "Point", 10, (1.548, 50.055, 2.098, 50.433)),
    ("geo/geopandas__pyogrio/naturalearth_lowres.cpg", "!unsupported_format", None, None, None, None),
    ("geo/geopandas__pyogrio/naturalearth_lowres.dbf", "!unsupported_format", None, None, None, None),
    ("geo/geopandas__pyogrio/naturalearth_lowres.prj", "!unsupported_format", None, None, None, None),
    ("geo/geopandas__pyogrio/naturalearth_lowres.shp", "!shp_alone", None, None, None, None),
    ("geo/geopandas__pyogrio/naturalearth_lowres.shx", "!shp_alone", None, None, None, None),
    ("geo/geopython__pygeoapi/ne_110m_populated_places_simple.geojson", "GeoJSON", "EPSG:4326", "Point", 243, (-175.221, -41.3, 179.217, 64.15)),
    ("geo/geopython__pygeoapi/obs.csv", "CSV", "EPSG:4326", "Point", 5, (-122.0, 43.0, -75.0, 49.0)),
    ("geo/geopython__pygeoapi/poi_portugal.gpkg", "GPKG", "EPSG:4326", "Point", 8107, (-31.263, 32.636, -6.222, 42.12)),
    ("geo/gregoiredavid__france-geojson/arrondissements-provence-alpes-cote-d-azur.geojson", "GeoJSON", "EPSG:4326", "MultiPolygon", 18, (4.23, 42.982, 7.719, 45.127)),
    ("geo/gregoiredavid__france-geojson/cantons-provence-alpes-cote-d-azur.geojson", "GeoJSON", "EPSG:4326", "MultiPolygon", 126, (4.23, 42.983, 7.718, 45.127)),
    ("geo/gregoiredavid__france-geojson/communes-provence-alpes-cote-d-azur.geojson", "GeoJSON", "EPSG:4326", "MultiPolygon", 947, (4.23, 42.982, 7.719, 45.127)),
    ("geo/gregoiredavid__france-geojson/departements-provence-alpes-cote-d-azur.geojson", "GeoJSON", "EPSG:4326", "MultiPolygon", 6, (4.23, 42.982, 7.719, 45.127)),
    ("geo/gregoiredavid__france-geojson/region-provence-alpes-cote-d-azur.geojson", "GeoJSON", "EPSG:4326", "MultiPolygon", 1, (4.23, 42.982, 7.719, 45.127)),
    ("raster/IGNF__ctview/test_data_0000_0000_LA93_IGN69_ground.tif", "GeoTIFF", "EPSG:2154", None, None, (3.873, 43.593, 3.873, 43.594)),
    ("raster/IGNF__ctview/test_data_77055_627760_LA93_IGN69_COLOR_MAP_50cm.tif", "GeoTIFF", None, None, None, None),
    ("raster/IGNF__ctview/test_data_77055_627760_LA93_IGN69_interp.tif", "GeoTIFF", "EPSG:2154", None, None, (3.873, 43.593, 3.874, 43.594)),
    ("raster/IGNF__las-digital-models/DHM/test_data_77055_627760_LA93_IGN69_50CM.tif", "GeoTIFF", "EPSG:2154", None, None, (3.873, 43.593, 3.874, 43.594)),
    ("raster/IGNF__las-digital-models/DSM/test_data_77055_627760_LA93_IGN69_50CM.tif", "GeoTIFF", "EPSG:2154", None, None, (3.873, 43.593, 3.874, 43.594)),
    ("raster/IGNF__las-digital-models/DTM/test_data_77055_627760_LA93_IGN69_50CM.tif", "GeoTIFF", "EPSG:2154", None, None, (3.873, 43.593, 3.874, 43.594)),
    ("raster/IGNF__las-digital-models/bridge/mns_hydro_postfiltre/test_mns_hydro_2023_0299_6802_LA93_IGN69_5m.tif", "GeoTIFF", "EPSG:2154", None, None, (-2.401, 48.186, -2.387, 48.195)),
    ("raster/IGNF__las-digital-models/test_data_77055_627760_LA93_IGN69.laz", "!unsupported_format", None, None, None, None),
    ("raster/rasterio__rasterio/RGB.byte.tif", "GeoTIFF", "EPSG:32618", None, None, (-78.959, 23.565, -76.575, 25.551)),
    ("stats/MTES-MCT__savoirfR/Base_synth_territoires_metadonnees.csv", "CSV", None, None, 29, None),
    ("stats/MTES-MCT__savoirfR/estim-pop-dep-sexe-gca-2019.xls", "XLS", None, None, 104, None),
    ("stats/etalab__covid19-dashboard/hospi-cc.json", "JSON", None, None, 293, None),
    ("stats/etalab__covid19-dashboard/insee-population-regions.csv", "CSV", None, None, 18, None),
    ("stats/etalab__covid19-dashboard/regions.json", "JSON", None, None, 18, None),
    ("mobility/ScoutHub__sentence_filter/gares-de-voyageurs.json", "JSON", "EPSG:4326", "Point", 2881, (-4.479, 42.42, 8.183, 51.03)),
    ("mobility/ScoutHub__sentence_filter/gares.csv", "CSV", "EPSG:4326", "Point", 3884, (-4.479, 42.42, 8.183, 51.051)),
    ("mobility/ScoutHub__sentence_filter/sncf_export_gtfs_voyages_20241220.zip", "GTFS", "EPSG:4326", "Point", 502, (-4.48, 42.696, 13.435, 52.534)),
    ("mobility/etalab__transport-site/netex.zip", "NeTEx", None, None, None, None),
    ("iot/BRGM__gml_application_schema_toolbox/BRGM_environmental_monitoring_facility_piezometer_50.xml", "GML", "EPSG:4326", "Point", 50, (1.619, 50.761, 2.305, 51.012)),
    ("iot/BRGM__gml_application_schema_toolbox/BRGM_raw_database_observation_PointTimeseriesObservation_output.xml", "!unsupported_format", None, None, None, None),
    ("iot/BRGM__hubeau/demo_hydrotr_stations.json", "JSON", "EPSG:4326", "Point", 2806, (-61.226, -21.339, 55.671, 50.899)),
    ("iot/BRGM__hubeau/demo_piezotr_stations.json", "JSON", "EPSG:4326", "Point", 1840, (-61.659, -12.977, 45.28, 50.971)),
    ("iot/etalab__transport-site/free_bike_status.2.2.json", "JSON", "EPSG:4326", "Point", 2, (56.78, 12.34, 56.78, 12.34)),
    ("iot/etalab__transport-site/gbfs.2.2.json", "JSON", None, None, 3, None),
    ("iot/etalab__transport-site/gbfs.3.0.json", "JSON", None, None, 3, None),
    ("iot/etalab__transport-site/station_information.2.2.json", "JSON", "EPSG:4326", "Point", 1, (45.679, 12.346, 45.679, 12.346)),
    ("iot/etalab__transport-site/station_information.3.0.json", "JSON", "EPSG:4326", "Point", 2, (-122.656, 12.346, 45.679, 45.516)),
    ("iot/etalab__transport-site/station_status.2.2.json", "JSON", None, None, 3, None),
    ("iot/etalab__transport-site/station_status.3.0.json", "JSON", None, None, 2, None),
    ("iot/etalab__transport-site/vehicle_status.3.0.json", "JSON", "EPSG:4326", "Point", 2, (56.789, 12.346, 56.789, 12.346)),
    ("ods/opendatateam__udata-ods/tests/data/empty.json", "JSON", None, None, None, None),
    ("ods/opendatateam__udata-ods/tests/data/inspire.json", "JSON", None, None, 3, None),
    ("ods/opendatateam__udata-ods/tests/data/no-data.json", "JSON", None, None, 2, None),
    ("ods/opendatateam__udata-ods/tests/data/test-a.json", "JSON", None, None, 2, None),
    ("ods/opendatateam__udata-ods/tests/data/test-b.json", "JSON", None, None, 3, None),
    ("ods/opendatateam__udata-ods/tests/data/test-c.json", "JSON", None, None, None, None),
    ("ods/opendatateam__udata-ods/tests/data/test-shp-limit.json", "JSON", None, None, 3, None),
    ("ods/opendatateam__udata-ods/tests/data/with-attachments.json", "JSON", None, None, 1, None),
]
# fmt: on


@pytest.mark.parametrize("case", EXPECTED, ids=[case[0].rsplit("/", 1)[-1] for case in EXPECTED])
def test_facts_of_a_real_file(data_dir, case):
    name, label, crs, geometry, count, extent = case
    path = data_dir / name
    try:
        facts = inspect_file(path, path.name)
    except IdgoError as problem:
        assert label == f"!{problem.code}"  # noqa: PT017 (facts are as welcome)
        return
    assert (facts.format, facts.crs, facts.geometry_type, facts.feature_count) == (
        label,
        crs,
        geometry,
        count,
    )
    assert facts.extent == (pytest.approx(extent, abs=0.0011) if extent else None)
    json.dumps(facts.to_dict(), allow_nan=False, ensure_ascii=False).encode()


def test_the_table_names_every_file(data_dir):
    there = {str(p.relative_to(data_dir)) for f in FOLDERS for p in (data_dir / f).rglob("*") if p.is_file()}
    assert there == {case[0] for case in EXPECTED}


@pytest.mark.parametrize("name", [c[0] for c in EXPECTED if c[1] in ("GeoJSON", "GPKG") and c[3]])
def test_agrees_with_gdal(data_dir, name):
    """GeoJSON is read without GDAL here: it must find the same count and box."""
    import pyogrio

    path = data_dir / name
    facts = inspect_file(path, path.name)
    layer = facts.layers[0]
    read = pyogrio.read_info(path, layer=0, force_feature_count=True, force_total_bounds=True)
    assert layer.feature_count == read["features"]
    if layer.crs == "EPSG:4326":
        assert layer.extent == pytest.approx(read["total_bounds"], abs=1e-6)


@pytest.mark.parametrize("name", [c[0] for c in EXPECTED if c[1] == "CSV" and "invalid" not in c[0]])
def test_agrees_with_csv(data_dir, name):
    path = data_dir / name
    facts = inspect_file(path, path.name)
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = [r for r in csv.reader(stream, delimiter=facts.separator or ";") if any(r)]
    assert facts.feature_count == len(rows) - 1
    assert [c.name for c in facts.columns][:1] == [rows[0][0].strip()]


def test_the_margin_around_the_region_holds_the_region(data_dir):
    path = data_dir / "geo/gregoiredavid__france-geojson/region-provence-alpes-cote-d-azur.geojson"
    west, south, east, north = inspect_file(path, path.name).extent or (0, 0, 0, 0)
    assert REGION[0] < west
    assert REGION[1] < south
    assert REGION[2] > east
    assert REGION[3] > north


def sweep(files: list[Path]) -> int:
    """Inspect every file; anything but facts or an ``IdgoError`` fails the test."""
    for path in files:
        try:
            json.dumps(inspect_file(path, path.name).to_dict(), allow_nan=False)
        except IdgoError as problem:
            assert problem.code  # noqa: PT017
    return len(files)


def test_a_sample_of_everything_never_raises_anything_else(data_dir):
    files = sorted(p for p in data_dir.rglob("*") if p.is_file())
    assert sweep(files[::5]) > 100


@pytest.mark.soak
def test_everything_never_raises_anything_else(data_dir):
    assert sweep(sorted(p for p in data_dir.rglob("*") if p.is_file())) > 700
