"""Every format IDGO accepts, written here and read back."""

from __future__ import annotations

import json

import numpy as np
import openpyxl
import pytest
from inspect_samples import (
    L93_WKT,
    codes,
    finding,
    kinds,
    shapefile_parts,
    shapefile_zip,
    text_file,
    write_layer,
    zip_file,
)

from ckanext.idgo.forms.core.facts import FileFacts
from ckanext.idgo.forms.core.inspect import inspect_file

NEAR = pytest.approx((5.36, 43.29, 5.39, 43.31), abs=0.02)


@pytest.mark.parametrize(
    ("name", "driver", "label", "crs"),
    [
        ("a.gpkg", "GPKG", "GPKG", "EPSG:2154"),
        ("a.fgb", "FlatGeobuf", "FlatGeobuf", "EPSG:2154"),
        ("a.gml", "GML", "GML", "EPSG:2154"),
        ("a.kml", "KML", "KML", "EPSG:4326"),
        ("a.geojson", "GeoJSON", "GeoJSON", "EPSG:4326"),
    ],
)
def test_vector_formats(tmp_path, name, driver, label, crs):
    path = write_layer(tmp_path / name, driver, crs)
    facts = inspect_file(path, name)
    assert (facts.format, facts.crs, facts.geometry_type, facts.feature_count) == (label, crs, "Point", 3)
    assert facts.extent == NEAR
    assert facts.family == "geographic"
    assert facts.hash.startswith("sha256:")
    assert facts.size_bytes == path.stat().st_size
    assert len(facts.layers[0].sample) == 3
    assert not codes(facts)
    assert FileFacts.from_dict(json.loads(json.dumps(facts.to_dict(), allow_nan=False))) == facts
    if label != "KML":
        assert facts.dates == ("2022-03-07", "2024-02-06")
        assert kinds(facts)["valeur"] == "number"


def test_shapefile_in_subfolders_one_layer_each(tmp_path):
    one, two = shapefile_parts(tmp_path / "1"), shapefile_parts(tmp_path / "2", crs="EPSG:4326")
    path = zip_file(
        tmp_path / "lot.zip",
        {f"a/b/un.{e}": d for e, d in one.items()} | {f"c/deux.{e}": d for e, d in two.items()},
    )
    facts = inspect_file(path, "lot.zip")
    assert facts.format == "SHP"
    assert [x.name for x in facts.layers] == ["un", "deux"]
    assert [x.crs for x in facts.layers] == ["EPSG:2154", "EPSG:4326"]
    assert facts.crs is None, "the layers differ: the file as a whole has no single projection"
    assert facts.feature_count == 6
    assert facts.extent == NEAR


def test_esri_projection_names_are_recognised(tmp_path):
    parts = shapefile_parts(tmp_path / "p") | {"prj": L93_WKT.encode()}
    facts = inspect_file(zip_file(tmp_path / "e.zip", {f"e.{k}": v for k, v in parts.items()}), "e.zip")
    assert facts.crs == "EPSG:2154"
    assert facts.extent == NEAR


def test_names_of_members_may_hold_any_characters(tmp_path):
    parts = shapefile_parts(tmp_path / "p")
    path = zip_file(tmp_path / "x.zip", {f"dossier é/日本 (1)'s.{k.upper()}": v for k, v in parts.items()})
    facts = inspect_file(path, "../../étrange\n名.zip")
    assert facts.feature_count == 3
    assert facts.layers[0].name == "日本 (1)'s"


def test_dbf_without_cpg_is_decoded_by_its_bytes(tmp_path):
    for encoding in ("UTF-8", "CP1252"):
        parts = shapefile_parts(tmp_path / encoding, encoding=encoding)
        parts.pop("cpg", None)
        path = zip_file(tmp_path / f"{encoding}.zip", {f"a.{k}": v for k, v in parts.items()})
        names = {row["nom"] for row in inspect_file(path, path.name).layers[0].sample}
        assert names == {"École", "Mairie", "Forêt"}, encoding


@pytest.mark.parametrize("kind", ["tab", "mif"])
def test_mapinfo_in_a_zip(tmp_path, kind):
    folder = tmp_path / "p"
    folder.mkdir()
    write_layer(folder / f"points.{kind}", "MapInfo File", **({"FORMAT": "MIF"} if kind == "mif" else {}))
    path = zip_file(tmp_path / "m.zip", {f"d/{p.name}": p.read_bytes() for p in folder.iterdir()})
    facts = inspect_file(path, "m.zip")
    assert (facts.format, facts.crs, facts.feature_count) == (kind.upper(), "EPSG:2154", 3)
    assert facts.extent == NEAR


def test_dxf_has_no_projection_and_gets_a_guess(tmp_path):
    import pyogrio
    import shapely

    line = shapely.to_wkb(np.array([shapely.LineString([(892_390, 6_247_035), (893_000, 6_248_000)])]))
    path, layers = tmp_path / "plan.dxf", [np.array(["0"], dtype=object)]
    with pytest.warns(UserWarning, match="crs"):
        pyogrio.raw.write(path, line, layers, ["Layer"], geometry_type="LineString", driver="DXF")
    facts = inspect_file(path, "plan.dxf")
    assert (facts.format, facts.crs, facts.extent) == ("DXF", None, None)
    assert finding(facts, "crs_guess")["crs"] == "EPSG:2154"
    confirmed = inspect_file(path, "plan.dxf", assume_crs="EPSG:2154")
    assert confirmed.crs == "EPSG:2154"
    assert confirmed.extent == NEAR


def test_kmz(tmp_path):
    kml = write_layer(tmp_path / "doc.kml", "KML", "EPSG:4326").read_bytes()
    facts = inspect_file(zip_file(tmp_path / "a.kmz", {"doc.kml": kml, "files/i.png": b"x"}), "a.kmz")
    assert (facts.format, facts.feature_count, facts.extent) == ("KMZ", 3, NEAR)


def test_one_file_in_a_zip_is_read_as_itself(tmp_path):
    path = zip_file(tmp_path / "a.zip", {"données.csv": b"a;b\n1;2\n", "lisez-moi.txt": b"Bonjour"})
    facts = inspect_file(path, "a.zip")
    assert (facts.format, facts.mimetype, facts.feature_count) == ("CSV", "application/zip", 1)
    assert finding(facts, "inside_zip") == {"member": "données.csv"}


def test_workbook_with_codes_dates_and_title_lines(tmp_path):
    import datetime as dt

    book = openpyxl.Workbook()
    book.active.title = "Écoles"
    book.active.append(["Liste des écoles de la commune"])
    book.active.append([])
    book.active.append(["insee", "nom", "ouverture", "élèves", "part"])
    for row in (
        ["01004", "Nord", dt.date(2020, 9, 1), 120, 0.5],
        ["13055", "Sud", dt.date(2021, 9, 1), 80, 0.25],
    ):
        book.active.append(row)
    book.create_sheet("vide")
    book.save(tmp_path / "b.xlsx")
    facts = inspect_file(tmp_path / "b.xlsx", "b.xlsx")
    assert (facts.format, facts.feature_count, [x.name for x in facts.layers]) == ("XLSX", 2, ["Écoles"])
    assert kinds(facts) == {
        "insee": "string", "nom": "string", "ouverture": "date", "élèves": "integer", "part": "number",
    }  # fmt: skip
    assert facts.dates == ("2020-09-01", "2021-09-01")
    assert facts.layers[0].sample[0]["insee"] == "01004"
    assert facts.languages == ("fr",)


def test_ods(tmp_path):
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.table import Table, TableCell, TableRow
    from odf.text import P

    book, table = OpenDocumentSpreadsheet(), Table(name="feuille")
    for cells in (["nom", "code"], ["Aix", "13001"], ["Nice", "06088"]):
        row = TableRow()
        for text in cells:
            cell = TableCell(valuetype="string")
            cell.addElement(P(text=text))
            row.addElement(cell)
        table.addElement(row)
    book.spreadsheet.addElement(table)
    book.save(tmp_path / "b.ods")
    facts = inspect_file(tmp_path / "b.ods", "b.ods")
    assert (facts.format, facts.feature_count, kinds(facts)) == (
        "ODS",
        2,
        {"nom": "string", "code": "string"},
    )


def write_tiff(path, crs="EPSG:2154", size=64):
    import rasterio
    from rasterio.transform import from_origin

    data = np.arange(size * size, dtype="float32").reshape(size, size)
    with rasterio.open(
        path, "w", driver="GTiff", width=size, height=size, count=1, dtype="float32", crs=crs,
        transform=from_origin(892_000, 6_248_000, 0.5, 0.5),
    ) as dataset:  # fmt: skip
        dataset.write(data, 1)
    return path


def test_geotiff_from_its_header(tmp_path):
    facts = inspect_file(write_tiff(tmp_path / "mnt.tif"), "mnt.tif")
    assert (facts.format, facts.crs, facts.resolution_m) == ("GeoTIFF", "EPSG:2154", 0.5)
    assert facts.extent == pytest.approx((5.3655, 43.3049, 5.3661, 43.3053), abs=0.001)
    assert kinds(facts) == {"band_1": "number"}


def test_truncated_geotiff_is_refused(tmp_path):
    from inspect_samples import refusal

    path = write_tiff(tmp_path / "mnt.tif", size=512)
    path.write_bytes(path.read_bytes()[:-50_000])
    assert refusal(path).code in ("truncated", "unreadable")


def test_gtfs(tmp_path):
    members = {
        "stops.txt": "stop_id,stop_name,stop_lat,stop_lon\n1,Gare,43.30,5.38\n2,Port,43.29,5.36\n",
        "routes.txt": "route_id,route_short_name\nA,1\n",
        "trips.txt": "route_id,service_id,trip_id\nA,s,t\n",
        "calendar.txt": "service_id,monday,start_date,end_date\ns,1,20240101,20241231\n",
    }
    path = zip_file(tmp_path / "g.zip", {k: v.encode() for k, v in members.items()})
    facts = inspect_file(path, "g.zip")
    assert (facts.format, facts.family, facts.dates) == ("GTFS", "smart", ("2024-01-01", "2024-12-31"))
    assert facts.extent == (5.36, 43.29, 5.38, 43.30)
    assert facts.feature_count == 2


def test_documents(tmp_path):
    pdf = tmp_path / "a.pdf"
    pdf.write_bytes(b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n")
    png = tmp_path / "a.png"
    png.write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 40)
    assert (inspect_file(pdf, "a.pdf").format, codes(inspect_file(pdf, "a.pdf"))) == ("PDF", set())
    assert codes(inspect_file(png, "a.png")) == {"truncated_image"}


def test_wrong_extension_is_said_and_the_content_believed(tmp_path):
    path = write_layer(tmp_path / "a.gpkg", "GPKG")
    facts = inspect_file(path, "photo.JPG")
    assert facts.format == "GPKG"
    assert finding(facts, "wrong_extension") == {"extension": "jpg", "format": "GPKG"}


def test_shapefile_without_prj_gets_a_proposal_not_a_projection(tmp_path):
    facts = inspect_file(shapefile_zip(tmp_path, without=("prj",)), "p.zip")
    assert (facts.crs, facts.extent, facts.feature_count) == (None, None, 3)
    assert {"missing_prj", "crs_guess"} <= codes(facts)
    proposal = finding(facts, "crs_guess")
    assert proposal["crs"] == "EPSG:2154"
    assert tuple(proposal["extent"]) == NEAR


@pytest.mark.parametrize("code", ["EPSG:3943", "EPSG:3944", "EPSG:3945", "EPSG:4326"])
def test_guesses_in_the_region(code):
    import pyproj

    from ckanext.idgo.forms.core.inspect.crs import guess

    box = pyproj.Transformer.from_crs("OGC:CRS84", code, always_xy=True)
    at = {"EPSG:3943": (6.2, 43.1), "EPSG:3944": (5.5, 43.9), "EPSG:3945": (6.5, 44.9)}.get(code, (5.4, 43.3))
    x, y = box.transform(*at)
    size = 0.01 if code == "EPSG:4326" else 500
    found = guess((x, y, x + size, y + size))
    assert found is not None
    assert found[0] == code


def test_names_stay_text_in_any_script(tmp_path):
    path = text_file(tmp_path, "t.csv", "اسم;названиe;名前\nمرسيليا;Марсель;マルセイユ\n")
    facts = inspect_file(path, "مرسيليا 日本.csv")
    assert facts.layers[0].sample[0] == {"اسم": "مرسيليا", "названиe": "Марсель", "名前": "マルセイユ"}
