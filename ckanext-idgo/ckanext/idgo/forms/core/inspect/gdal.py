"""GDAL, held on a short lead: an allow-list of drivers, no network, no file but the one given.

pyogrio and rasterio each carry their own GDAL and offer no list of allowed drivers on reading, so the others
are skipped when GDAL registers them (``GDAL_SKIP``, read once at import). Where the host process had already
imported pyogrio, ``clean_driver`` (what was opened) and ``refuse_references`` (what the file says) still
hold, and ``inspect_safely`` always starts from a fresh process.
"""

from __future__ import annotations

import importlib
import os
import warnings
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from ckanext.idgo.forms.core.inspect.messages import error

_SKIPPED = (
    "VRT,OGR_VRT,HTTP,WFS,OAPIF,CSW,WMS,WMTS,WCS,OGCAPI,GDALG,GTI,STACIT,STACTA,EEDA,EEDAI,DAAS,PLMOSAIC,PLSCENES,"
    "Elasticsearch,Carto,AmigoCloud,NGW,GPSBabel,ADBC,KMLSUPEROVERLAY,DERIVED,MRF,ESRIC,Rasterlite,Zarr,netCDF,"
    "HDF5,HDF5Image,S102,S104,S111,BAG,SENTINEL2,SAFE,DIMAP,TIL,LVBAG,GMLAS,GeoRSS,MapML,JML,VDV,PDS4,VICAR,"
    "OGR_PDS,WAsP,Selafin,SXF,Idrisi,EDIGEO,VFK,SQLite,MBTiles,MVT,PMTiles,XLSX,ODS,OSM,GTFS,ESRIJSON,TopoJSON,"
    "JSONFG,GeoJSONSeq,OpenFileGDB,S57,DGN,AVCBin,AVCE00,AIVector,MiraMonVector,OGR_GMT,PDF,PCIDSK,PGDUMP,GPX"
)
CONFIG: dict[str, Any] = {
    "CPL_VSIL_CURL_ALLOWED_FILENAME": "none",
    "CPL_VSIL_CURL_USE_HEAD": "NO",
    "GDAL_HTTP_PROXY": "http://127.0.0.1:1",
    "GDAL_HTTP_TIMEOUT": "1",
    "GDAL_HTTP_CONNECTTIMEOUT": "1",
    "GDAL_HTTP_MAX_RETRY": "0",
    "GDAL_PAM_ENABLED": "NO",
    "GML_DOWNLOAD_SCHEMA": "NO",
    "GML_SKIP_RESOLVE_ELEMS": "ALL",
    "GML_SAVE_RESOLVED_TO": None,
    "OGR_SQLITE_LOAD_EXTENSIONS": None,
    "OGR_SQLITE_ALLOW_EXTERNAL_ACCESS": "NO",
    "SPATIALITE_SECURITY": None,
    "PROJ_NETWORK": "OFF",
    "CPL_DEBUG": "OFF",
}
_REFERENCES = (
    b"<OGRVRTDataSource", b"<VRTDataset", b"<OGRWFSDataSource", b"<OGRWCSDataSource", b"<GDAL_WMS",
    b"<WMS_", b"<WCS_GDAL", b"<GDALTileIndexDataset", b"<OGRCSWDataSource", b"gdal_streamed_alg",
    b"/vsicurl", b"/vsis3",
)  # fmt: skip
_loaded: dict[str, ModuleType] = {}


def _import(name: str) -> ModuleType:
    """Import with the list of skipped drivers in place; GDAL grumbles about those this build never had."""
    ours = {"GDAL_SKIP": _SKIPPED, "CPL_LOG": os.devnull}
    before = {key: os.environ.get(key) for key in ours}
    os.environ.update(ours)
    try:
        return importlib.import_module(name)
    finally:
        for key, value in before.items():
            if value is None:
                del os.environ[key]
            else:
                os.environ[key] = value


def pyogrio() -> Any:
    """pyogrio with our configuration."""
    if "pyogrio" not in _loaded:
        module: Any = _import("pyogrio")
        module.set_gdal_config_options({k: v for k, v in CONFIG.items() if v is not None})
        _loaded["pyogrio"] = module
    return _loaded["pyogrio"]


@contextmanager
def open_raster(path: Path):
    """A GeoTIFF opened by the GTiff driver only, blind to sibling files; GDAL's failures pass through."""
    if "rasterio" not in _loaded:
        _loaded["rasterio"] = _import("rasterio")
    rasterio: Any = _loaded["rasterio"]
    settings = {k: v for k, v in CONFIG.items() if v is not None}
    env = rasterio.Env(GDAL_SKIP=_SKIPPED, GDAL_DISABLE_READDIR_ON_OPEN="EMPTY_DIR", **settings)
    with env, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with rasterio.open(path, driver="GTiff", sharing=False) as dataset:
            yield dataset


def clean_driver(found: str | None, expected: str) -> None:
    """Refuse a file that GDAL opened with another driver than its content announced."""
    if found is not None and found not in (expected, "LIBKML" if expected == "KML" else expected):
        raise error("remote_reference", kind=found)


def refuse_references(path: Path, head_bytes: int = 1024 * 1024) -> None:
    """Refuse a text that carries the marks of a GDAL virtual file, wherever they hide in its start."""
    with path.open("rb") as stream:
        head = stream.read(head_bytes)
    for mark in _REFERENCES:
        if mark in head:
            raise error("remote_reference", kind=mark.decode().strip("<"))


@contextmanager
def quiet():
    """GDAL's warnings are turned into findings by the readers, not printed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
