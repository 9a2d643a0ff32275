"""Small files written on the spot for the inspection's tests."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import shapely

from ckanext.idgo.common.core.errors import IdgoError
from ckanext.idgo.forms.core.facts import FileFacts
from ckanext.idgo.forms.core.inspect import inspect_file

MARSEILLE = (5.3698, 43.2965)
L93_MARSEILLE = (892_390.0, 6_247_035.0)
L93_WKT = (
    'PROJCS["RGF_1993_Lambert_93",GEOGCS["GCS_RGF_1993",DATUM["D_RGF_1993",SPHEROID["GRS_1980",6378137.0,'
    '298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION'
    '["Lambert_Conformal_Conic"],PARAMETER["False_Easting",700000.0],PARAMETER["False_Northing",6600000.0],'
    'PARAMETER["Central_Meridian",3.0],PARAMETER["Standard_Parallel_1",49.0],PARAMETER["Standard_Parallel_2"'
    ',44.0],PARAMETER["Latitude_Of_Origin",46.5],UNIT["Meter",1.0]]'
)


def codes(facts: FileFacts) -> set[str]:
    return {f.code for f in facts.findings}


def finding(facts: FileFacts, code: str) -> dict:
    return next(f.params for f in facts.findings if f.code == code)


def kinds(facts: FileFacts) -> dict[str, str]:
    return {c.name: c.type for c in facts.columns}


def refusal(path: Path, name: str | None = None, **more) -> IdgoError:
    """The error an inspection ends with; fails when it ends with facts."""
    try:
        facts = inspect_file(path, name or path.name, **more)
    except IdgoError as problem:
        return problem
    raise AssertionError(f"accepted as {facts.format}")


def text_file(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def zip_file(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def write_layer(
    path: Path, driver: str, crs: str | None = "EPSG:2154", layer: str | None = None, **more
) -> Path:
    """Three points near Marseille, with a code, a name, a number and a day."""
    import pyogrio

    x, y = L93_MARSEILLE if crs != "EPSG:4326" else MARSEILLE
    step = 1000.0 if crs != "EPSG:4326" else 0.01
    points = shapely.to_wkb(shapely.points([[x, y], [x + step, y + step], [x + 2 * step, y]]))
    pyogrio.raw.write(
        path,
        points,
        [
            np.array(["13055", "13201", "01004"], dtype=object),
            np.array(["École", "Mairie", "Forêt"], dtype=object),
            np.array([1.5, 2.5, 3.5]),
            np.array(["2023-01-05", "2024-02-06", "2022-03-07"], dtype="datetime64[D]"),
        ],
        ["insee", "nom", "valeur", "jour"],
        geometry_type="Point",
        crs=crs,
        driver=driver,
        layer=layer,
        **more,
    )
    return path


def shapefile_parts(
    folder: Path, stem: str = "points", crs: str | None = "EPSG:2154", **more
) -> dict[str, bytes]:
    """The files of a shapefile by extension."""
    folder.mkdir(parents=True, exist_ok=True)
    write_layer(folder / f"{stem}.shp", "ESRI Shapefile", crs, **more)
    return {p.suffix[1:]: p.read_bytes() for p in folder.glob(f"{stem}.*")}


def shapefile_zip(
    folder: Path, name: str = "points.zip", without: tuple[str, ...] = (), crs: str | None = "EPSG:2154"
):
    parts = shapefile_parts(folder / "parts", crs=crs)
    return zip_file(folder / name, {f"points.{e}": d for e, d in parts.items() if e not in without})
