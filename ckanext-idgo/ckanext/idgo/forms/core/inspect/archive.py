"""Zip archives: what must hold before anything inside is opened, and safe extraction.

The bombs and tricks meant: huge ratio, huge total, many members, nested archives, ``../``, absolute paths,
symbolic links, encryption, a central directory that lies about sizes (extraction counts what it writes).
"""

from __future__ import annotations

import re
import stat
import zipfile
import zlib
from collections.abc import Iterable
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from ckanext.idgo.forms.core.inspect.messages import error
from ckanext.idgo.forms.core.inspect.model import MIB, Limits

_JUNK = frozenset({"thumbs.db", ".ds_store", "desktop.ini"})
_CHUNK_BYTES = 256 * 1024
ARCHIVES = frozenset({"zip", "7z", "rar", "gz", "tgz", "bz2", "xz", "tar"})


@contextmanager
def open_zip(path: Path):
    """A ``ZipFile``; every way a damaged archive fails becomes ``UnreadableFile`` ``zip_broken``."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, UnicodeDecodeError) as problem:
        raise error("zip_broken") from problem


def safe_members(path: Path, limits: Limits) -> list[zipfile.ZipInfo]:
    """The files of an archive that passed every check, system leftovers left out."""
    with open_zip(path) as archive:
        infos = archive.infolist()
    if len(infos) > limits.max_members:
        raise error("zip_too_many_members", count=len(infos), limit=limits.max_members)
    for info in infos:
        _check_member(info)
    total = sum(i.file_size for i in infos)
    if total > limits.max_uncompressed_bytes:
        raise error("zip_too_large", size_mb=total // MIB, limit_mb=limits.max_uncompressed_bytes // MIB)
    ratio = total / max(1, path.stat().st_size)
    if total > limits.ratio_from_bytes and ratio > limits.max_ratio:
        raise error("zip_bomb", ratio=int(ratio))
    return [i for i in infos if not i.is_dir() and not _junk(i.filename)]


def _check_member(info: zipfile.ZipInfo) -> None:
    name = info.filename.replace("\\", "/")
    shown = name[:120].encode("utf-8", "replace").decode()
    if info.flag_bits & 0x1:
        raise error("zip_encrypted")
    if (
        name.startswith("/")
        or re.match(r"[A-Za-z]:", name)
        or ".." in name.split("/")
        or "\0" in info.orig_filename
    ):
        raise error("zip_unsafe_path", member=shown)
    if stat.S_ISLNK(info.external_attr >> 16):
        raise error("zip_symlink", member=shown)
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise error("zip_compression", member=shown)


def _junk(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return parts[0] == "__MACOSX" or parts[-1].lower() in _JUNK or parts[-1].startswith("._")


def extension(name: str) -> str:
    return PurePosixPath(name.replace("\\", "/")).suffix.lower().lstrip(".")


def member_head(path: Path, info: zipfile.ZipInfo, size: int = 65536) -> bytes:
    """The first bytes of one member."""
    with open_zip(path) as archive, archive.open(info) as stream:
        return stream.read(size)


def extract(
    path: Path, pairs: Iterable[tuple[zipfile.ZipInfo, str]], folder: Path, limits: Limits
) -> list[Path]:
    """Write members under ``folder`` with the given plain names (ours, never the archive's)."""
    written, left = [], limits.max_uncompressed_bytes
    with open_zip(path) as archive:
        for info, name in pairs:
            target = folder / name
            with archive.open(info) as stream, target.open("wb") as out:
                while chunk := stream.read(_CHUNK_BYTES):
                    left -= len(chunk)
                    if left < 0:
                        limit_mb = limits.max_uncompressed_bytes // MIB
                        raise error("zip_too_large", size_mb=limit_mb, limit_mb=limit_mb)
                    out.write(chunk)
            written.append(target)
    return written
