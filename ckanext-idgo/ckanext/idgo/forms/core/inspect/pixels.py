"""Whether a file can hold the pixels that its header claims, told without decoding or reserving any.

A header costs a few bytes whatever it says: a picture of 2³¹ × 2³¹ pixels opens in an instant and takes down
whoever draws it. Each compression has a best ratio; what is beyond it cannot be in the file.
"""

from __future__ import annotations

import struct
from typing import Any

from ckanext.idgo.forms.core.inspect.messages import error
from ckanext.idgo.forms.core.inspect.model import Source

_DEFLATE_RATIO = 1100  # RFC 1951: at best 258 bytes for 2 bits, 1032 for one
_RATIOS = {
    "none": 2,
    "packbits": 130,
    "lzw": 3000,
    "deflate": _DEFLATE_RATIO,
    "adobe_deflate": _DEFLATE_RATIO,
}
_OTHER_RATIO = 200_000
_PNG_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # ISO/IEC 15948, table 11.1
_ENTRY_BYTES = (
    2  # the least that a TIFF spends on the place of a block, in its tag StripOffsets or TileOffsets
)
_HEADER_BYTES = 4096


def check_png(source: Source) -> None:
    """Raises ``UnreadableFile``: ``pixels_impossible`` where the header lies, ``truncated`` if it is cut."""
    if len(source.head) < 26:
        raise error("truncated", format="PNG")
    width, height, depth, colour = struct.unpack(">IIBB", source.head[16:26])
    row_bytes = (width * depth * _PNG_CHANNELS.get(colour, 4) + 7) // 8 + 1
    _judge("PNG", width, height, row_bytes * height, source.size_bytes, _DEFLATE_RATIO)


def check_tiff(dataset: Any, places: list[tuple[int, int, int]], blocks: int, size_bytes: int) -> None:
    """``places``: (pixels, offset, bytes) of the blocks looked at; ``blocks``: how many there should be.

    Blocks without a place are holes, which GDAL allows; but their empty places are in the file too.
    """
    _judge("GeoTIFF", dataset.width, dataset.height, blocks * _ENTRY_BYTES, size_bytes, 1)
    ratio = _RATIOS.get(dataset.compression.value.lower() if dataset.compression else "none", _OTHER_RATIO)
    bits = _bits(dataset)
    for pixels, _offset, length in places:
        _judge("GeoTIFF", dataset.width, dataset.height, pixels * bits // 8, length, ratio)


def _bits(dataset: Any) -> int:
    """Bits of one pixel of one band, the least there are."""
    given = dataset.tags(1, ns="IMAGE_STRUCTURE").get("NBITS", "")
    return int(given) if given.isdigit() else 8


def _judge(format_name: str, width: int, height: int, needed: int, held: int, ratio: int) -> None:
    if needed > held * ratio + _HEADER_BYTES:
        raise error("pixels_impossible", format=format_name, width=width, height=height)
