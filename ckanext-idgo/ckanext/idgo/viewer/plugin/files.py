"""The bytes of an uploaded resource as a local file, whatever storage keeps them."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import ckan.lib.uploader as uploader
import ckan.plugins.toolkit as tk
from ckan.lib import files


def filename_of(resource: dict[str, Any]) -> str:
    """The file's name as it was uploaded: the last part of its address."""
    return unquote(urlsplit(str(resource.get("url") or "")).path.rsplit("/", 1)[-1])


@contextmanager
def local_copy(resource: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    """``(path, filename)`` of the resource's file. Under its own name, which drivers read the format from.

    Where CKAN keeps files in a folder, a symbolic link to it: nothing is copied. Elsewhere (S3, …) the bytes
    are streamed. Both are gone when the block ends.
    """
    held = uploader.get_resource_uploader(dict(resource))
    location = held.get_path(resource["id"])
    storage = getattr(held, "storage", None)
    filename = filename_of(resource) or resource["id"]
    with tempfile.TemporaryDirectory(prefix="idgo-preview-") as folder:
        path = Path(folder) / Path(filename).name
        root = getattr(getattr(storage, "settings", None), "path", None)
        if storage is None:
            path.symlink_to(Path(location).resolve())
        elif root:
            path.symlink_to((Path(root) / location).resolve())
        else:
            with path.open("wb") as stream:
                for block in storage.stream(files.FileData(files.Location(location))):
                    stream.write(block)
        yield path, filename


def outline() -> dict[str, Any]:
    """The base map's GeoJSON (``stack/vendor_svg.py`` makes it); empty where the site has none."""
    folders = str(tk.config.get("extra_public_paths") or "").split(",")
    found = [Path(folder.strip()) / "vendor" / "departements.geojson" for folder in folders if folder.strip()]
    return next((_read(path) for path in found if path.is_file()), {"features": []})


@lru_cache(maxsize=1)
def _read(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text("utf-8"))
