"""GeoTIFF from its header: nothing of the image itself is decoded."""

from __future__ import annotations

import math
from typing import Any

from ckanext.idgo.forms.core.facts import BBox, Column, Layer
from ckanext.idgo.forms.core.inspect import crs as projections
from ckanext.idgo.forms.core.inspect.gdal import open_raster
from ckanext.idgo.forms.core.inspect.messages import error, finding
from ckanext.idgo.forms.core.inspect.model import Content, Source
from ckanext.idgo.forms.core.inspect.pixels import check_tiff
from ckanext.idgo.forms.core.inspect.vector import private_link

_METRES_PER_DEGREE = 111_319.49  # along the equator of WGS 84
_MAX_CHECKED_BLOCKS = 2000


def read_geotiff(source: Source) -> Content:
    """Facts of a GeoTIFF: bands as columns, box, resolution in metres; ``UnreadableFile`` when cut short."""
    with private_link(source.path, "data.tif") as link:
        content = Content("GeoTIFF", "geographic")
        try:
            from rasterio.errors import RasterioError
        except ImportError as problem:  # rasterio is in the lock; say which format suffers
            raise error("unreadable", format="GeoTIFF") from problem
        try:
            with open_raster(link) as dataset:
                _fill(content, dataset, source)
        except (RasterioError, ValueError, OverflowError, UnicodeDecodeError) as problem:
            raise error("unreadable", format="GeoTIFF") from problem
    return content


def _fill(content: Content, dataset: Any, source: Source) -> None:
    blocks, places = _blocks(dataset)
    if any(offset + length > source.size_bytes for _, offset, length in places):
        raise error("truncated", format="GeoTIFF")
    check_tiff(dataset, places, blocks, source.size_bytes)
    bands = tuple(Column(f"band_{i}", _band_type(t)) for i, t in enumerate(dataset.dtypes, start=1))
    bounds = _bounds(dataset)
    if bounds is None:
        content.findings.append(finding("not_georeferenced"))
        content.layers.append(Layer(source.stem, bands, None, None, None, None))
        return
    wkt = dataset.crs.to_wkt() if dataset.crs else None
    placed = projections.place(source.stem, wkt, bounds, source.assume_crs)
    content.findings += placed.findings
    content.layers.append(Layer(source.stem, bands, None, None, placed.crs, placed.extent))
    content.resolution_m = _resolution_m(dataset, placed.extent)


def _band_type(dtype: str) -> str:
    return "number" if dtype.startswith(("float", "complex")) else "integer"


def _bounds(dataset: Any) -> BBox | None:
    if dataset.transform.is_identity:
        return None
    corners = [
        dataset.transform * c
        for c in ((0, 0), (dataset.width, 0), (0, dataset.height), (dataset.width, dataset.height))
    ]
    xs, ys = [c[0] for c in corners], [c[1] for c in corners]
    box = (min(xs), min(ys), max(xs), max(ys))
    return box if all(map(math.isfinite, box)) else None


def _resolution_m(dataset: Any, extent: BBox | None) -> float | None:
    """Ground size of a pixel in metres; for degrees, at the middle latitude."""
    t = dataset.transform
    across, down = math.hypot(t.a, t.d), math.hypot(t.b, t.e)
    if dataset.crs is None:
        return None
    if dataset.crs.is_geographic:
        latitude = (extent[1] + extent[3]) / 2 if extent else 0.0
        size = (
            across * _METRES_PER_DEGREE * math.cos(math.radians(latitude)) + down * _METRES_PER_DEGREE
        ) / 2
    else:
        size = (across + down) / 2 * (dataset.crs.linear_units_factor[1] if dataset.crs.is_projected else 1.0)
    return float(f"{size:.6g}")


def _blocks(dataset: Any) -> tuple[int, list[tuple[int, int, int]]]:
    """How many blocks a band has, and of some all over the image, last first: (pixels, offset, length)."""
    height, width = dataset.block_shapes[0]
    down, across = math.ceil(dataset.height / height), math.ceil(dataset.width / width)
    total = down * across
    step = max(1, total // _MAX_CHECKED_BLOCKS)
    places = []
    for number in range(total - 1, -1, -step):
        row, column = divmod(number, across)
        offset = dataset.get_tag_item(f"BLOCK_OFFSET_{column}_{row}", "TIFF", bidx=1)
        length = dataset.get_tag_item(f"BLOCK_SIZE_{column}_{row}", "TIFF", bidx=1)
        if offset and length:
            rows = min(height, dataset.height - row * height)
            columns = min(width, dataset.width - column * width)
            places.append((rows * columns, int(offset), int(length)))
    return total, places
