# ruff: noqa: E501  (tables and documents read better on one line)
"""Bad input (issue 3): a clear refusal or a finding, never another exception."""

from __future__ import annotations

import json
import os
import stat
import zipfile

import pytest
from inspect_samples import (
    codes,
    finding,
    refusal,
    shapefile_parts,
    shapefile_zip,
    text_file,
    write_layer,
    zip_file,
)

from ckanext.idgo.common.core.errors import TooLarge, UnreadableFile
from ckanext.idgo.forms.core.inspect import Limits, inspect_file


def test_empty_file(tmp_path):
    assert refusal(text_file(tmp_path, "a.csv", "")).code == "empty_file"


@pytest.mark.parametrize(
    "data", [b"\xef\xbb\xbf", b"\xff\xfe", b"\n\r\n \t\n", b"\xef\xbb\xbf\r\n"], ids=repr
)
@pytest.mark.parametrize("name", ["a.csv", "a.txt", "a.geojson"])
def test_a_byte_order_mark_or_blank_lines_are_an_empty_file(tmp_path, data, name):
    path = tmp_path / name
    path.write_bytes(data)
    assert refusal(path).code == "empty_file"


def test_missing_file(tmp_path):
    assert refusal(tmp_path / "nowhere.csv").code == "file_missing"


def test_too_large_is_refused_before_a_byte_is_read(tmp_path, monkeypatch):
    path = tmp_path / "big.csv"
    with path.open("wb") as stream:
        stream.truncate(3 * 1024**3)
    monkeypatch.setattr(type(path), "open", lambda *a, **k: pytest.fail("the file was opened"))
    problem = refusal(path)
    assert isinstance(problem, TooLarge)
    assert (problem.code, problem.params) == ("file_too_large", {"size_mb": 3072, "limit_mb": 2048})


@pytest.mark.parametrize(
    "data", [b"\x7fELF\x02\x01", b"LASF\0\0", b"Bonjour, ceci est un texte.", b"\0" * 99, b"{}x"]
)
def test_unknown_content_names_what_is_accepted(tmp_path, data):
    path = tmp_path / "a.bin"
    path.write_bytes(data)
    problem = refusal(path)
    assert isinstance(problem, UnreadableFile)
    if data != b"{}x":
        assert problem.code == "unsupported_format"
        assert "GPKG" in str(problem)


class TestZip:
    def test_bomb_by_ratio(self, tmp_path):
        path = zip_file(tmp_path / "b.zip", {"a.csv": b"0" * 80_000_000})
        assert refusal(path).code == "zip_bomb"

    def test_bomb_by_total(self, tmp_path):
        path = zip_file(tmp_path / "b.zip", {f"{i}.csv": b"a;b\n" * 1000 for i in range(20)})
        assert refusal(path, limits=Limits(max_uncompressed_bytes=50_000)).code == "zip_too_large"

    def test_too_many_members(self, tmp_path):
        path = zip_file(tmp_path / "b.zip", {f"{i}.csv": b"a" for i in range(30)})
        assert refusal(path, limits=Limits(max_members=29)).code == "zip_too_many_members"

    def test_nested(self, tmp_path):
        inner = zip_file(tmp_path / "i.zip", {"a.csv": b"a;b\n1;2\n"}).read_bytes()
        assert refusal(zip_file(tmp_path / "o.zip", {"i.zip": inner, "j.zip": inner})).code == "zip_nested"

    def test_archive_disguised_as_data(self, tmp_path):
        inner = zip_file(tmp_path / "i.zip", {"a.csv": b"a;b\n1;2\n"}).read_bytes()
        assert refusal(zip_file(tmp_path / "o.zip", {"i.csv": inner})).code == "zip_nested"

    @pytest.mark.parametrize("name", ["../a.csv", "x/../../a.csv", "/etc/a.csv", "C:/a.csv", "..\\a.csv"])
    def test_unsafe_paths(self, tmp_path, name):
        assert refusal(zip_file(tmp_path / "b.zip", {name: b"a;b\n1;2\n"})).code == "zip_unsafe_path"

    def test_symbolic_link(self, tmp_path):
        info = zipfile.ZipInfo("a.csv")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
            archive.writestr(info, "/etc/passwd")
        assert refusal(tmp_path / "b.zip").code == "zip_symlink"

    def test_encrypted(self, tmp_path):
        path = zip_file(tmp_path / "b.zip", {"a.csv": b"a;b\n1;2\n"})
        data = bytearray(path.read_bytes())
        data[6] |= 1
        data[data.index(b"PK\x01\x02") + 8] |= 1
        path.write_bytes(data)
        assert refusal(path).code == "zip_encrypted"

    def test_broken(self, tmp_path):
        path = zip_file(tmp_path / "b.zip", {"a.csv": os.urandom(5000)})
        path.write_bytes(path.read_bytes()[:3000])
        assert refusal(path).code == "zip_broken"

    def test_corrupted_member(self, tmp_path):
        path = shapefile_zip(tmp_path)
        data = bytearray(path.read_bytes())
        for position in range(60, len(data) - 400, 7):
            data[position] ^= 0xFF
        path.write_bytes(data)
        assert isinstance(refusal(path), UnreadableFile)

    def test_several_files(self, tmp_path):
        path = zip_file(tmp_path / "b.zip", {"a.csv": b"a;b\n1;2\n", "b.csv": b"a;b\n1;2\n"})
        assert refusal(path).code == "zip_several_files"

    def test_nothing_usable(self, tmp_path):
        assert refusal(zip_file(tmp_path / "b.zip", {"a.exe": b"MZ"})).code == "zip_nothing_usable"


@pytest.mark.parametrize("part", ["shx", "dbf", "shp"])
def test_shapefile_parts_are_asked_for_by_name(tmp_path, part):
    problem = refusal(shapefile_zip(tmp_path, without=(part,)))
    assert problem.code == "shp_member_missing"
    assert problem.params == {"name": "points", "extension": f".{part}"}


def test_unknown_projection(tmp_path):
    parts = shapefile_parts(tmp_path / "p") | {"prj": b"LOCAL GRID OF THE HARBOUR"}
    facts = inspect_file(zip_file(tmp_path / "a.zip", {f"a.{k}": v for k, v in parts.items()}), "a.zip")
    assert facts.crs is None
    assert facts.extent is None
    assert "LOCAL GRID" in finding(facts, "unknown_projection")["crs_name"]
    assert finding(facts, "crs_guess")["crs"] == "EPSG:2154"


def test_a_projection_that_exists_nowhere_else_still_places_the_data(tmp_path):
    wkt = (
        'PROJCS["Port",GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],PRIMEM["Greenwich"'
        ',0],UNIT["degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],PARAMETER["latitude_of_origin",41],'
        'PARAMETER["central_meridian",5.1],PARAMETER["scale_factor",1],PARAMETER["false_easting",892000],'
        'PARAMETER["false_northing",6000000],UNIT["metre",1]]'
    )
    parts = shapefile_parts(tmp_path / "p") | {"prj": wkt.encode()}
    facts = inspect_file(zip_file(tmp_path / "a.zip", {f"a.{k}": v for k, v in parts.items()}), "a.zip")
    assert facts.crs is None
    assert finding(facts, "unknown_projection")["crs_name"] == "Port"
    assert facts.extent is not None
    assert facts.extent[0] == pytest.approx(5.105, abs=0.01)


class TestJson:
    def feature(self, geometry, **properties):
        return {"type": "Feature", "properties": properties, "geometry": geometry}

    def write(self, folder, features, **more):
        document = {"type": "FeatureCollection", **more, "features": features}
        return text_file(folder, "a.geojson", json.dumps(document))

    def test_broken_geometries_are_counted_and_shown(self, tmp_path):
        good = self.feature({"type": "Point", "coordinates": [5.4, 43.3]})
        bad = [
            {"type": "Polygon", "coordinates": [[[5, 43], [6, 43], [6, 44]]]},
            {"type": "Polygon", "coordinates": [[[5, 43], [6, 43], [6, 44], [7, 44]]]},
            {"type": "LineString", "coordinates": [[5, 43]]},
            {"type": "Point", "coordinates": ["5", "43"]},
            {"type": "Point", "coordinates": [5]},
            {"type": "Pointe", "coordinates": [5, 43]},
            {"type": "Point"},
            "POINT (5 43)",
        ]
        facts = inspect_file(self.write(tmp_path, [good, *map(self.feature, bad), good]), "a.geojson")
        assert facts.feature_count == 10
        assert finding(facts, "broken_geometry") == {"count": 8, "rows": "2, 3, 4, 5, 6, 7, 8, 9"}
        assert facts.extent == (5.4, 43.3, 5.4, 43.3)

    def test_truncated(self, tmp_path):
        path = self.write(tmp_path, [self.feature({"type": "Point", "coordinates": [5.4, 43.3]})] * 50)
        path.write_bytes(path.read_bytes()[:-40])
        assert refusal(path).code == "json_truncated"

    def test_broken_in_the_middle_says_where(self, tmp_path):
        path = text_file(tmp_path, "a.json", '[{"a": 1}, {"a": 2}, {"a" 3}]')
        problem = refusal(path)
        assert (problem.code, problem.params) == ("json_broken", {"position": 26})

    def test_nan(self, tmp_path):
        text = '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"v":NaN},"geometry":'
        text += '{"type":"Point","coordinates":[5, 43]}}]}'
        facts = inspect_file(text_file(tmp_path, "a.geojson", text), "a.geojson")
        assert codes(facts) == {"json_nan"}

    def test_out_of_range(self, tmp_path):
        inside = self.feature({"type": "Point", "coordinates": [5.4, 43.3]})
        outside = self.feature({"type": "Point", "coordinates": [500, 43.3]})
        facts = inspect_file(self.write(tmp_path, [inside] * 3 + [outside]), "a.geojson")
        assert finding(facts, "coordinates_out_of_range") == {"count": 1}

    def test_projected_without_saying_it(self, tmp_path):
        point = self.feature({"type": "Point", "coordinates": [892_390, 6_247_035]})
        facts = inspect_file(self.write(tmp_path, [point]), "a.geojson")
        assert facts.crs is None
        assert finding(facts, "crs_guess")["crs"] == "EPSG:2154"

    def test_projected_and_saying_it(self, tmp_path):
        point = self.feature({"type": "Point", "coordinates": [892_390, 6_247_035]})
        crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::2154"}}
        facts = inspect_file(self.write(tmp_path, [point], crs=crs), "a.geojson")
        assert facts.crs == "EPSG:2154"
        assert facts.extent == pytest.approx((5.3698, 43.2965, 5.3698, 43.2965), abs=0.01)

    def test_swapped(self, tmp_path):
        facts = inspect_file(
            self.write(tmp_path, [self.feature({"type": "Point", "coordinates": [43.3, 5.4]})]), "a"
        )
        assert finding(facts, "lat_lon_swapped")["extent"] == [5.4, 43.3, 5.4, 43.3]

    def test_nested_beyond_reason(self, tmp_path):
        assert refusal(text_file(tmp_path, "a.json", "[" * 200_000)).code in (
            "json_too_deep",
            "json_truncated",
        )

    def test_lone_surrogates_do_not_reach_the_answer(self, tmp_path):
        facts = inspect_file(text_file(tmp_path, "a.json", r'[{"n\ud800": "v\udfff"}]'), "a\udcff.json")
        json.dumps(facts.to_dict(), ensure_ascii=False).encode("utf-8")


def test_truncated_geopackage(tmp_path):
    path = write_layer(tmp_path / "a.gpkg", "GPKG")
    path.write_bytes(path.read_bytes()[:40_000])
    assert refusal(path).code in ("truncated", "unreadable")


def test_truncated_workbook(tmp_path):
    path = zip_file(tmp_path / "a.xlsx", {"[Content_Types].xml": b"<a/>", "xl/workbook.xml": b"<w>" * 100})
    assert isinstance(refusal(path), UnreadableFile)
    path.write_bytes(path.read_bytes()[:-30])
    assert refusal(path).code == "zip_broken"


def test_word_document_is_not_a_workbook(tmp_path):
    path = zip_file(tmp_path / "a.xlsx", {"[Content_Types].xml": b"<a/>", "word/document.xml": b"<w/>"})
    assert refusal(path).code == "unsupported_format"


def test_lone_mapinfo_files_ask_for_their_companions(tmp_path):
    mif = text_file(
        tmp_path, "a.mif", 'Version 300\nCharset "WindowsLatin1"\nDelimiter ","\nColumns 0\nData\n'
    )
    tab = text_file(
        tmp_path,
        "a.tab",
        '!table\n!version 300\n!charset WindowsLatin1\n\nDefinition Table\n  File "a.tif"\n',
    )
    assert (refusal(mif).code, refusal(mif).params["extension"]) == ("companion_missing", ".mid")
    assert (refusal(tab).code, refusal(tab).params["extension"]) == ("companion_missing", ".dat")
