"""Geographic files of the demonstration: boxes, points, schematic links, a grid. Geometry is honest: boxes
are called boxes, and what links two middles is called schematic."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyogrio.raw
import pyproj
import rasterio
import rasterio.warp
import shapely
from rasterio.transform import from_origin
from shapely.geometry.base import BaseGeometry

from ckanext.idgo.common.core.territories import Territory
from ckanext.idgo.demo.core.made import Made
from ckanext.idgo.demo.core.tables import Row, centre, columns, extent

WGS84, LAMBERT93 = "EPSG:4326", "EPSG:2154"
DRIVERS = {
    ".geojson": ("GeoJSON", "GeoJSON", "application/geo+json"),
    ".gpkg": ("GPKG", "GPKG", "application/geopackage+sqlite3"),
    ".fgb": ("FlatGeobuf", "FlatGeobuf", "application/flatgeobuf"),
}
CELL_M = 5_000


def boxes(chosen: Sequence[Territory]) -> list[BaseGeometry]:
    """The bounding boxes, WGS 84."""
    return [shapely.box(*t.bbox) for t in chosen if t.bbox]


def points(chosen: Sequence[Territory]) -> list[BaseGeometry]:
    """The middles of the boxes, WGS 84."""
    return [shapely.Point(*centre(t)) for t in chosen]


def links(chosen: Sequence[Territory]) -> list[BaseGeometry]:
    """A line from the middle of the first territory to that of each other, WGS 84."""
    hub, *others = chosen
    return [shapely.LineString([centre(hub), centre(other)]) for other in others]


def rows_of(chosen: Sequence[Territory]) -> list[Row]:
    """Code, name and population of each territory."""
    return [{"code": t.official_code, "nom": t.name, "population": t.population or 0} for t in chosen]


def reprojected(geometries: Sequence[BaseGeometry], crs: str) -> list[BaseGeometry]:
    """From WGS 84 longitude/latitude to ``crs``; a box is given points along its sides first, since straight
    lines are not straight in another projection."""
    if crs == WGS84:
        return list(geometries)
    transformer = pyproj.Transformer.from_crs(WGS84, crs, always_xy=True)
    dense = shapely.segmentize(np.array(geometries, dtype=object), 0.02)
    moved = shapely.transform(dense, lambda xy: np.column_stack(transformer.transform(xy[:, 0], xy[:, 1])))
    return list(moved)


def write_vector(
    path: Path,
    geometries: Sequence[BaseGeometry],
    rows: Sequence[Row],
    chosen: Sequence[Territory],
    crs: str = WGS84,
) -> Made:
    """One layer named after the file, in the format of its extension (``DRIVERS``)."""
    driver, label, mimetype = DRIVERS[path.suffix]
    names = list(rows[0])
    data = [_array([row[name] for row in rows]) for name in names]
    wkb = np.array(shapely.to_wkb(np.array(reprojected(geometries, crs), dtype=object)), dtype=object)
    kind = geometries[0].geom_type
    pyogrio.raw.write(
        str(path), wkb, data, fields=names, geometry_type=kind, crs=crs, driver=driver, layer=path.stem
    )
    return Made(
        path,
        label,
        mimetype,
        encoding="utf-8",
        crs=crs,
        geometry_type=kind,
        feature_count=len(rows),
        layers=(path.stem,),
        columns=columns(rows),
        extent=extent(chosen),
    )


def _array(values: Sequence[object]) -> np.ndarray:
    return np.array(values, dtype=object if isinstance(values[0], str) else None)


def count_grid(chosen: Sequence[Territory]) -> tuple[np.ndarray, float, float]:
    """Number of communes whose box has its middle in each square of 5 km (Lambert-93); the grid's west and
    north edges in metres."""
    transformer = pyproj.Transformer.from_crs(WGS84, LAMBERT93, always_xy=True)
    xy = np.array([transformer.transform(*centre(t)) for t in chosen])
    cells = np.floor(xy / CELL_M).astype(int)
    west, south = cells.min(axis=0)
    east, north = cells.max(axis=0)
    grid = np.zeros((north - south + 1, east - west + 1), dtype="uint8")
    for x, y in cells:
        grid[north - y, x - west] += 1
    return grid, float(west * CELL_M), float((north + 1) * CELL_M)


def write_grid(path: Path, chosen: Sequence[Territory]) -> Made:
    """``count_grid`` as a GeoTIFF in Lambert-93."""
    grid, west, north = count_grid(chosen)
    profile = {
        "driver": "GTiff",
        "height": grid.shape[0],
        "width": grid.shape[1],
        "count": 1,
        "dtype": "uint8",
        "crs": LAMBERT93,
        "transform": from_origin(west, north, CELL_M, CELL_M),
        "compress": "deflate",
    }
    with rasterio.open(path, "w", **profile) as raster:
        raster.write(grid, 1)
        box = rasterio.warp.transform_bounds(raster.crs, "EPSG:4326", *raster.bounds, densify_pts=21)
    west_deg, south_deg, east_deg, north_deg = (round(v, 6) for v in box)
    return Made(
        path,
        "GeoTIFF",
        "image/tiff",
        crs=LAMBERT93,
        layers=(path.stem,),
        extent=(west_deg, south_deg, east_deg, north_deg),
    )
