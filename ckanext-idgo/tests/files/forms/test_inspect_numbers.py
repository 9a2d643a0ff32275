"""Numbers that a file claims and cannot mean: coordinates without a value, pictures larger than the world."""

from __future__ import annotations

import struct
import zlib

import numpy
import pytest
import rasterio
from inspect_samples import codes, finding, refusal, text_file

from ckanext.idgo.forms.core.inspect import Limits, inspect_file

GOOD = '{"type":"Point","coordinates":[5,43]}'


def _collection(*geometries: str) -> str:
    features = ",".join(f'{{"type":"Feature","properties":{{}},"geometry":{g}}}' for g in geometries)
    return f'{{"type":"FeatureCollection","features":[{features}]}}'


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e400"])
@pytest.mark.parametrize("position", ["[{},43]", "[5,{}]", "[5,43,{}]"])
class TestCoordinates:
    def test_the_broken_feature_is_named_and_the_others_are_read(self, tmp_path, number, position):
        broken = f'{{"type":"Point","coordinates":{position.format(number)}}}'
        facts = inspect_file(
            text_file(tmp_path, "a.geojson", _collection(GOOD, broken)), "a.geojson", Limits()
        )
        assert finding(facts, "broken_geometry") == {"count": 1, "rows": "2"}
        assert facts.layers[0].extent == (5, 43, 5, 43)

    def test_a_file_of_nothing_else_is_refused(self, tmp_path, number, position):
        broken = f'{{"type":"Point","coordinates":{position.format(number)}}}'
        problem = refusal(text_file(tmp_path, "a.geojson", _collection(broken, broken)))
        assert (problem.code, problem.params) == ("geometries_unusable", {"count": 2, "rows": "1, 2"})


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _png(width: int, height: int, pixels: bytes) -> bytes:
    header = _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + _chunk(b"IDAT", zlib.compress(pixels, 9)) + _chunk(b"IEND", b"")


def test_a_picture_that_its_file_cannot_hold(tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(_png(2**31 - 1, 2**31 - 1, b"\0" * 10))
    problem = refusal(path)
    assert problem.code == "pixels_impossible"
    assert "2147483647 × 2147483647" in str(problem)


def test_the_emptiest_true_picture_is_taken(tmp_path):
    """Zeros are what deflate presses best: a true file is never beyond the ratio."""
    path = tmp_path / "a.png"
    path.write_bytes(_png(5000, 5000, (b"\0" * 5001) * 5000))
    assert inspect_file(path, "a.png", Limits()).format == "PNG"


@pytest.mark.parametrize("compress", ["none", "deflate", "lzw", "packbits", "zstd", "lerc"])
def test_a_true_image_of_zeros_is_taken(tmp_path, compress):
    path = tmp_path / "a.tif"
    _write(path, 4096, compress=compress)
    assert inspect_file(path, "a.tif", Limits()).format == "GeoTIFF"


def test_holes_are_no_lie(tmp_path):
    path = tmp_path / "a.tif"
    options = {"tiled": True, "blockxsize": 256, "blockysize": 256, "sparse_ok": True}
    _write(path, 65_536, pixels=False, **options)
    facts = inspect_file(path, "a.tif", Limits())
    assert codes(facts) == set()


@pytest.mark.parametrize("claimed", [2_000_000_000, 2**31 - 1, 3_000_000])
@pytest.mark.parametrize("options", [{}, {"blockysize": 64}, {"compress": "deflate"}], ids=repr)
def test_an_image_that_its_file_cannot_hold(tmp_path, claimed, options):
    path = tmp_path / "a.tif"
    _write(path, 64, **options)
    path.write_bytes(_claiming(path.read_bytes(), claimed))
    assert refusal(path).code in ("pixels_impossible", "unreadable")


def _write(path, side: int, pixels: bool = True, **options) -> None:
    place = rasterio.transform.from_origin(900_000, 6_300_000, 1, 1)
    shape = {"width": side, "height": side, "count": 1, "dtype": "uint8", "transform": place}
    with rasterio.open(path, "w", driver="GTiff", crs="EPSG:2154", **shape, **options) as image:
        if pixels:
            image.write(numpy.zeros((1, side, side), "uint8"))


def _claiming(data: bytes, side: int) -> bytes:
    """The same file with another width and height in its header (tags 256 and 257 of TIFF 6.0)."""
    changed = bytearray(data)
    directory = struct.unpack("<I", changed[4:8])[0]
    for number in range(struct.unpack("<H", changed[directory : directory + 2])[0]):
        entry = directory + 2 + 12 * number
        if struct.unpack("<H", changed[entry : entry + 2])[0] in (256, 257):
            changed[entry + 2 : entry + 4] = struct.pack("<H", 4)
            changed[entry + 8 : entry + 12] = struct.pack("<I", side)
    return bytes(changed)
