"""Two drawings of the region's communes, made here: a one-page PDF (vector) and a PNG (raster)."""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import rasterio
from rasterio.errors import NotGeoreferencedWarning

from ckanext.idgo.common.core.territories import Territory
from ckanext.idgo.demo.core.made import Made
from ckanext.idgo.demo.core.tables import centre, extent

A4_LANDSCAPE_PT = (842, 595)
MARGIN_PT = 40
PNG_WIDTH, PNG_HEIGHT = 1200, 900
INK, PAPER, LAND = (36, 70, 150), (255, 255, 255), (226, 231, 243)


class Frame:
    """From degrees to a page: plate carrée with the width of a degree at the region's middle latitude."""

    def __init__(self, chosen: Sequence[Territory], width: float, height: float, margin: float) -> None:
        west, south, east, north = extent(chosen) or (0.0, 0.0, 1.0, 1.0)
        self._shrink = math.cos(math.radians((south + north) / 2))
        self._scale = min(
            (width - 2 * margin) / ((east - west) * self._shrink), (height - 2 * margin) / (north - south)
        )
        self._west, self._south, self._margin = west, south, margin

    def place(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Page units from the left and from the bottom."""
        x = self._margin + (longitude - self._west) * self._shrink * self._scale
        return x, self._margin + (latitude - self._south) * self._scale


def radius(population: int, unit: float) -> float:
    """A disc whose area follows the population; ``unit`` is the radius for 100 000 inhabitants."""
    return max(unit * math.sqrt(population / 100_000), unit / 12)


def write_pdf(path: Path, title: str, chosen: Sequence[Territory]) -> Made:
    """A page with one disc a commune and a title (PDF 1.4, a standard font, WinAnsi text)."""
    width, height = A4_LANDSCAPE_PT
    frame = Frame(chosen, width, height - 40, MARGIN_PT)
    red, green, blue = (c / 255 for c in INK)
    drawing = [f"{red:.3f} {green:.3f} {blue:.3f} rg"]
    for territory in chosen:
        x, y = frame.place(*centre(territory))
        drawing.append(_disc(x, y, radius(territory.population or 0, 14)))
    drawing.append(f"BT /F1 16 Tf 0.1 0.1 0.1 rg {MARGIN_PT} {height - 36} Td ({_pdf_text(title)}) Tj ET")
    path.write_bytes(_pdf("\n".join(drawing).encode("cp1252"), width, height))
    return Made(path, "PDF", "application/pdf", extent=extent(chosen))


def _disc(x: float, y: float, r: float) -> str:
    """Four Bézier arcs, filled."""
    k = 0.5523 * r
    return (
        f"{x + r:.2f} {y:.2f} m "
        f"{x + r:.2f} {y + k:.2f} {x + k:.2f} {y + r:.2f} {x:.2f} {y + r:.2f} c "
        f"{x - k:.2f} {y + r:.2f} {x - r:.2f} {y + k:.2f} {x - r:.2f} {y:.2f} c "
        f"{x - r:.2f} {y - k:.2f} {x - k:.2f} {y - r:.2f} {x:.2f} {y - r:.2f} c "
        f"{x + k:.2f} {y - r:.2f} {x + r:.2f} {y - k:.2f} {x + r:.2f} {y:.2f} c f"
    )


def _pdf_text(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def _pdf(content: bytes, width: int, height: int) -> bytes:
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (fr) >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] /Contents 4 0 R "
            "/Resources << /Font << /F1 5 0 R >> >> >>"
        ).encode(),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    out, places = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)
    return bytes(out)


def write_png(path: Path, chosen: Sequence[Territory]) -> Made:
    """Boxes of the communes in grey, a disc a commune by population."""
    frame = Frame(chosen, PNG_WIDTH, PNG_HEIGHT, 30)
    image = np.empty((3, PNG_HEIGHT, PNG_WIDTH), dtype="uint8")
    image[:] = np.array(PAPER, dtype="uint8")[:, None, None]
    for territory in chosen:
        west, south, east, north = territory.bbox or (0, 0, 0, 0)
        (left, bottom), (right, top) = frame.place(west, south), frame.place(east, north)
        rows = slice(PNG_HEIGHT - int(top), PNG_HEIGHT - int(bottom))
        image[:, rows, int(left) : int(right)] = np.array(LAND, dtype="uint8")[:, None, None]
    ys, xs = np.mgrid[0:PNG_HEIGHT, 0:PNG_WIDTH]
    for territory in chosen:
        x, y = frame.place(*centre(territory))
        r = radius(territory.population or 0, 16)
        near = np.s_[
            max(0, int(PNG_HEIGHT - y - r) - 1) : int(PNG_HEIGHT - y + r) + 2,
            max(0, int(x - r) - 1) : int(x + r) + 2,
        ]
        inside = (xs[near] - x) ** 2 + (ys[near] - (PNG_HEIGHT - y)) ** 2 <= r * r
        image[(slice(None), *near)][:, inside] = np.array(INK, dtype="uint8")[:, None]
    _save_png(path, image)
    return Made(path, "PNG", "image/png", extent=extent(chosen))


def _save_png(path: Path, image: np.ndarray) -> None:
    with warnings.catch_warnings():
        # A picture has no place on Earth: that is what makes it a document and not a raster layer.
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with rasterio.open(
            path, "w", driver="PNG", width=image.shape[2], height=image.shape[1], count=3, dtype="uint8"
        ) as picture:
            picture.write(image)
    path.with_name(path.name + ".aux.xml").unlink(missing_ok=True)
