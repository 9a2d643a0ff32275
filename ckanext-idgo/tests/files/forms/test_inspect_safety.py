# ruff: noqa: E501  (tables and documents read better on one line)
"""What a hostile file must never obtain: the network, another file, the life of the web worker."""

from __future__ import annotations

import http.server
import os
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing

import pytest
from inspect_samples import codes, finding, refusal, text_file, write_layer, zip_file

from ckanext.idgo.common.core.errors import IdgoError, UnreadableFile
from ckanext.idgo.forms.core.inspect import inspect_file, inspect_safely, safely
from ckanext.idgo.forms.core.inspect.messages import ERRORS, FINDINGS


@pytest.fixture
def canary():
    """A web server on the loopback interface that must never hear anything: ``(address, requests heard)``."""
    heard: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            heard.append(self.path)
            self.send_error(404)

        do_HEAD = do_POST = do_GET  # noqa: N815

        def log_message(self, *args):
            """Silent."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", heard
    server.shutdown()
    server.server_close()


@pytest.fixture
def secret(tmp_path):
    """A real layer outside the deposited file, that must not be read: any leak shows its word."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    return text_file(folder, "secret.csv", "id,lon,lat,MOTSECRET\n1,5.4,43.3,x\n")


def both(path, name):
    """The outcome in this process and in the child: ``(facts or error, facts or error)``."""
    outcomes = []
    for call in (inspect_file, inspect_safely):
        try:
            outcomes.append(call(path, name))
        except IdgoError as problem:
            outcomes.append(problem)
    return outcomes


def vrt(target: str) -> str:
    return (
        f'<OGRVRTDataSource><OGRVRTLayer name="secret"><SrcDataSource relativeToVRT="0">{target}</SrcDataSource>'
        "</OGRVRTLayer></OGRVRTDataSource>"
    )


@pytest.mark.parametrize("name", ["a.vrt", "a.tif", "a.kml", "a.gml", "a.geojson", "a.csv", "a.shp"])
def test_a_virtual_file_reaches_nothing(tmp_path, canary, secret, name):
    address, heard = canary
    raster = f'<VRTDataset rasterXSize="1" rasterYSize="1"><SourceFilename>/vsicurl/{address}/r</SourceFilename></VRTDataset>'
    for text in (
        vrt(f"/vsicurl/{address}/a.csv"),
        vrt(str(secret)),
        raster,
        f'<GDAL_WMS><Service name="WMS"><ServerUrl>{address}</ServerUrl></Service></GDAL_WMS>',
    ):
        for outcome in both(text_file(tmp_path, "deposit", text), name):
            assert isinstance(outcome, UnreadableFile)
    assert heard == []


def test_a_virtual_file_hidden_in_a_text_format(tmp_path, canary):
    address, heard = canary
    hidden = vrt(f"/vsicurl/{address}/a.csv")
    kml = f'<?xml version="1.0"?><!-- {hidden} --><kml xmlns="http://www.opengis.net/kml/2.2"></kml>'
    dxf = f"999\n{hidden}\n0\nSECTION\n2\nENTITIES\n0\nENDSEC\n0\nEOF\n"
    for name, text in (("a.kml", kml), ("a.dxf", dxf)):
        assert refusal(text_file(tmp_path, name, text)).code == "remote_reference"
    feature = '{"type":"Feature","properties":{"x":"%s"},"geometry":{"type":"Point","coordinates":[5,43]}}'
    facts = inspect_file(text_file(tmp_path, "a.json", feature % hidden.replace('"', "'")), "a.json")
    assert facts.format == "GeoJSON", "GDAL never opens JSON: the text is only a text"
    assert heard == []


def test_gml_and_kml_references_are_not_followed(tmp_path, canary, secret):
    address, heard = canary
    gml = (
        f'<gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://x {address}/s.xsd">'
        f'<gml:featureMember><x gml:id="a"><gml:name xlink:href="{address}/n"/><g xlink:href="file://{secret}"/>'
        '<gml:Point srsName="EPSG:2154"><gml:pos>892390 6247035</gml:pos></gml:Point></x></gml:featureMember>'
        "</gml:FeatureCollection>"
    )
    kml = (
        f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document><NetworkLink><Link><href>{address}/n.kml</href></Link>'
        f"</NetworkLink><Placemark><name>p</name><styleUrl>{address}/s</styleUrl><Point><coordinates>5.4,43.3"
        "</coordinates></Point></Placemark></Document></kml>"
    )
    for name, text in (("a.gml", gml), ("a.kml", kml)):
        for outcome in both(text_file(tmp_path, name, text), name):
            assert "MOTSECRET" not in repr(outcome)
    assert heard == []
    assert not list(tmp_path.glob("*.gfs")), "GDAL writes nothing beside the file"


BOMB = '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le"])
def test_xml_bombs_and_external_entities(tmp_path, secret, encoding):
    external = f'<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY x SYSTEM "file://{secret}">]>'
    for start in (BOMB, external, "<?xml version='1.0'?>\n<!-- x -->\n<!doctype kml>"):
        for name in ("a.kml", "a.gml", "a.xml"):
            body = '<kml xmlns="http://www.opengis.net/kml/2.2"><name>&b;</name></kml>'
            assert refusal(text_file(tmp_path, name, start + body, encoding)).code == "xml_doctype"


def test_xml_bombs_in_a_workbook(tmp_path):
    members = {
        "[Content_Types].xml": b"<Types/>",
        "xl/workbook.xml": BOMB.encode() + b"<workbook>&b;</workbook>",
    }
    assert refusal(zip_file(tmp_path / "a.xlsx", members)).code == "xml_doctype"


def test_geopackage_views_and_virtual_tables_are_left_aside(tmp_path):
    path = write_layer(tmp_path / "a.gpkg", "GPKG", layer="points")
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE VIEW leurre AS SELECT 1 AS fid, randomblob(9) AS geom")
        database.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) VALUES ('leurre','attributes','l',0)"
        )
        database.commit()
    facts = inspect_file(path, "a.gpkg")
    assert [x.name for x in facts.layers] == ["points"]
    assert finding(facts, "layer_not_read") == {"name": "leurre"}


def test_a_plain_sqlite_database_is_not_a_geopackage(tmp_path):
    with closing(sqlite3.connect(tmp_path / "a.gpkg")) as database:
        database.execute("CREATE TABLE t (x)")
        database.commit()
    assert refusal(tmp_path / "a.gpkg").code == "unsupported_format"


@pytest.mark.parametrize(
    "text",
    [
        '!table\n!version 300\nopen table "/tmp/x"\n',
        '!table\nDefinition Table\n  File "../x.dat"\n',
        '!table\n"\\IsSeamless" = "TRUE"\n',
    ],
)
def test_a_tab_that_points_elsewhere(tmp_path, text):
    path = zip_file(tmp_path / "a.zip", {"a.tab": text.encode(), "a.dat": b"x", "a.map": b"x", "a.id": b"x"})
    assert refusal(path).code == "remote_reference"


def test_no_driver_but_those_allowed_is_registered():
    """In a fresh process, as in ``inspect_safely``: pyogrio here may have been imported by other tests."""
    import ckanext

    script = (
        f"import sys; sys.path[:0] = {list(sys.path)!r}; import ckanext; ckanext.__path__[:] = {list(ckanext.__path__)!r}\n"
        "from ckanext.idgo.forms.core.inspect.gdal import pyogrio\n"
        "print(*pyogrio().list_drivers(), sep='\\n')"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    allowed = {
        "ESRI Shapefile",
        "MapInfo File",
        "CSV",
        "GML",
        "KML",
        "LIBKML",
        "GeoJSON",
        "GPKG",
        "FlatGeobuf",
        "DXF",
        "MEM",
    }
    assert set(done.stdout.split("\n")) - {""} <= allowed
    assert done.stderr == ""


def test_siblings_of_the_file_are_not_read(tmp_path):
    """A .prj or .qix left beside a deposited file by somebody else is not part of it."""
    path = text_file(tmp_path, "a.kml", '<kml xmlns="http://www.opengis.net/kml/2.2"><Placemark/></kml>')
    before = sorted(os.listdir(tmp_path))
    both(path, "a.kml")
    assert sorted(os.listdir(tmp_path)) == before


class TestChild:
    def test_same_facts_as_in_process(self, tmp_path):
        path = write_layer(tmp_path / "a.gpkg", "GPKG")
        assert inspect_safely(path, "été.gpkg") == inspect_file(path, "été.gpkg")

    def test_same_errors(self, tmp_path):
        with pytest.raises(UnreadableFile) as caught:
            inspect_safely(text_file(tmp_path, "a.bin", "\x01\x02"), "a.bin")
        assert caught.value.code == "unsupported_format"

    def test_crash(self, tmp_path, monkeypatch):
        monkeypatch.setattr(safely, "_BOOT", "import os; os.abort()")
        with pytest.raises(UnreadableFile) as caught:
            inspect_safely(text_file(tmp_path, "a.csv", "a;b\n1;2\n"), "a.csv")
        assert caught.value.code == "parser_crashed"

    def test_hang(self, tmp_path, monkeypatch):
        monkeypatch.setattr(safely, "_BOOT", "import time; time.sleep(60)")
        with pytest.raises(UnreadableFile) as caught:
            inspect_safely(text_file(tmp_path, "a.csv", "a;b\n1;2\n"), "a.csv", timeout_seconds=0.5)
        assert caught.value.code == "parser_timeout"

    def test_endless_computation(self, tmp_path, monkeypatch):
        monkeypatch.setattr(safely, "_BOOT", "while True: pass")
        path = text_file(tmp_path, "a.csv", "a;b\n1;2\n")
        with pytest.raises(UnreadableFile) as caught:
            inspect_safely(path, "a.csv", timeout_seconds=1)
        assert caught.value.code == "parser_timeout"

    def test_hunger_for_memory(self, tmp_path):
        path = text_file(tmp_path, "a.json", '{"a": "' + "x" * 60_000_000 + '"}')
        with pytest.raises(UnreadableFile) as caught:
            inspect_safely(path, "a.json", memory_bytes=150_000_000)
        assert caught.value.code == "parser_crashed"

    def test_a_lying_child_is_not_believed(self, tmp_path, monkeypatch):
        monkeypatch.setattr(safely, "_BOOT", 'print(\'{"error": {"code": "invented"}}\')')
        with pytest.raises(UnreadableFile) as caught:
            inspect_safely(text_file(tmp_path, "a.csv", "a;b\n1;2\n"), "a.csv")
        assert caught.value.code == "parser_crashed"

    def test_secrets_of_the_parent_stay_there(self, tmp_path, monkeypatch):
        monkeypatch.setenv("CKAN_SQLALCHEMY_URL", "postgresql://u:p@/db")
        assert "CKAN_SQLALCHEMY_URL" not in safely._environment(str(tmp_path))


def test_every_sentence_is_translated():
    """Each error and finding has its French in the room's catalogue, with the same fields."""
    import re
    from pathlib import Path

    from babel.messages.pofile import read_po

    from ckanext.idgo import forms

    folder = Path(str(forms.__file__)).parent
    with (folder / "plugin/i18n/fr/LC_MESSAGES/ckanext-idgo-forms.po").open("rb") as stream:
        catalogue = read_po(stream)
    for template in [t for _, t in ERRORS.values()] + [t for _, t in FINDINGS.values()]:
        message = catalogue.get(template)
        assert message is not None, template
        assert message.string, template
        fields = re.findall(r"\{\w+\}", template)
        assert sorted(re.findall(r"\{\w+\}", str(message.string))) == sorted(fields), template
        assert not re.search(r"[^\u00a0][;!?»]|« (?!\u00a0)|[^\u00a0\w]:| :", str(message.string)), (
            message.string
        )


def test_codes_used_by_findings_are_declared(tmp_path):
    facts = inspect_file(text_file(tmp_path, "a.csv", "a;a\n1;2\n"), "a.csv")
    assert codes(facts) <= set(FINDINGS)
