"""Build ``schemas/territories/territories.csv`` from its public sources (run again when the COG changes).

    python stack/build_territories.py --admin PACKAGE.tgz --geo FOLDER [--out FILE] [--region 93]

``--admin``: the npm package ``@etalab/decoupage-administratif`` as published (``npm pack``), a ``.tgz``.
``--geo``: a folder with ``communes-*.geojson``, ``departements-*.geojson`` and ``region-*.geojson`` of one
region, WGS 84 longitude/latitude, each feature with a property ``code`` (france-geojson, from IGN Admin
Express). Standard library only. See ``schemas/territories/README.md`` for what each column means.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import tarfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

COLUMNS = (
    *("code", "kind", "official_code", "siren", "name", "population", "departements", "epci"),
    *("members_outside", "west", "south", "east", "north", "bbox_source"),
)
Box = tuple[float, float, float, float]
Row = dict[str, Any]
DECIMALS = 4  # 0.0001 degree is 11 m: finer than the simplified outlines the boxes come from


def read_admin(package: Path) -> dict[str, list[Row]]:
    """The package's tables, by name (``communes``, ``epci``, ``departements``, ``regions``)."""
    tables = {}
    with tarfile.open(package) as archive:
        for name in ("communes", "epci", "departements", "regions"):
            member = archive.extractfile(f"package/data/{name}.json")
            if member is None:
                raise SystemExit(f"{package}: no table {name}")
            tables[name] = json.load(member)
    return tables


def _positions(coordinates: Any) -> Iterator[tuple[float, float]]:
    if coordinates and isinstance(coordinates[0], int | float):
        yield coordinates[0], coordinates[1]
        return
    for part in coordinates:
        yield from _positions(part)


def _box(geometry: Row) -> Box:
    points = list(_positions(geometry["coordinates"]))
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def union(boxes: Iterable[Box]) -> Box | None:
    """The smallest box around all ``boxes``; None for none."""
    found = list(boxes)
    if not found:
        return None
    wests, souths, easts, norths = zip(*found, strict=True)
    return min(wests), min(souths), max(easts), max(norths)


def read_boxes(folder: Path, kind: str) -> dict[str, Box]:
    """Code → box of every feature of the ``kind-*.geojson`` files of ``folder``."""
    boxes: dict[str, Box] = {}
    for path in sorted(folder.glob(f"{kind}-*.geojson")):
        document = json.loads(path.read_text(encoding="utf-8"))
        for feature in document.get("features", [document]):
            boxes[feature["properties"]["code"]] = _box(feature["geometry"])
    return boxes


def outward(box: Box | None) -> dict[str, str]:
    """The box rounded outwards, so that what it contained it still contains."""
    if box is None:
        return dict.fromkeys(("west", "south", "east", "north"), "")
    scale = 10**DECIMALS
    west, south = (math.floor(v * scale) / scale for v in box[:2])
    east, north = (math.ceil(v * scale) / scale for v in box[2:])
    return {"west": f"{west:.4f}", "south": f"{south:.4f}", "east": f"{east:.4f}", "north": f"{north:.4f}"}


def commune_rows(
    communes: list[Row], epci_of: dict[str, str], boxes: dict[str, Box], region: str
) -> list[Row]:
    """One row a commune; a commune born of a merger gets the boxes of the communes it took in, too."""
    merged: dict[str, list[str]] = {}
    for entry in communes:
        if entry.get("chefLieu"):
            merged.setdefault(entry["chefLieu"], []).append(entry["code"])
    rows = []
    for entry in communes:
        if entry.get("region") != region or entry["type"] != "commune-actuelle":
            continue
        code = entry["code"]
        box = union(boxes[c] for c in (code, *merged.get(code, ())) if c in boxes)
        rows.append(
            {
                "code": f"commune:{code}",
                "kind": "commune",
                "official_code": code,
                "siren": entry.get("siren", ""),
                "name": entry["nom"],
                "population": entry.get("population", ""),
                "departements": entry["departement"],
                "epci": epci_of.get(code, ""),
                "box": box,
                "bbox_source": "communes" if box else "",
            }
        )
    return rows


def epci_rows(epci: list[Row], communes: dict[str, Row]) -> list[Row]:
    """One row an EPCI with at least one commune of the region; its box is that of its regional communes."""
    rows = []
    for entry in epci:
        members = [communes[m["code"]] for m in entry["membres"] if m["code"] in communes]
        if not members:
            continue
        departements = Counter(m["departements"] for m in members)
        box = union(m["box"] for m in members if m["box"])
        rows.append(
            {
                "code": f"epci:{entry['code']}",
                "kind": "epci",
                "official_code": entry["code"],
                "siren": entry["code"],
                "name": entry["nom"],
                "population": entry["populationMunicipale"],
                "departements": " ".join(sorted(departements, key=lambda d: (-departements[d], d))),
                "members_outside": len(entry["membres"]) - len(members),
                "box": box,
                "bbox_source": "communes" if box else "",
            }
        )
    return rows


def parent_row(kind: str, entry: Row, members: list[Row], own: Box | None) -> Row:
    """A département or the region: its own outline's box grown to hold its communes' (simplified apart)."""
    boxes = [m["box"] for m in members if m["box"]] + ([own] if own else [])
    return {
        "code": f"{kind}:{entry['code']}",
        "kind": kind,
        "official_code": entry["code"],
        "name": entry["nom"],
        "population": sum(m["population"] or 0 for m in members),
        "box": union(boxes),
        "bbox_source": "outline" if own else "communes",
    }


def build(tables: dict[str, list[Row]], geo: Path, region: str) -> list[Row]:
    """All rows, the region first, then départements, EPCI and communes by code."""
    inside = {c["code"] for c in tables["communes"] if c.get("region") == region}
    epci_of = {m["code"]: e["code"] for e in tables["epci"] for m in e["membres"] if m["code"] in inside}
    communes = commune_rows(tables["communes"], epci_of, read_boxes(geo, "communes"), region)
    outlines = read_boxes(geo, "departements")
    departements = [
        parent_row(
            "departement", d, [c for c in communes if c["departements"] == d["code"]], outlines.get(d["code"])
        )
        for d in tables["departements"]
        if d.get("region") == region
    ]
    own = read_boxes(geo, "region").get(region)
    regions = [
        parent_row("region", r, communes + departements, own)
        for r in tables["regions"]
        if r["code"] == region
    ]
    for row in regions:  # the sum above also held the départements: population is the communes'
        row["population"] = sum(c["population"] or 0 for c in communes)
    epci = epci_rows(tables["epci"], {c["official_code"]: c for c in communes})
    return [
        row
        for group in (regions, departements, epci, communes)
        for row in sorted(group, key=lambda r: r["code"])
    ]


def write(rows: list[Row], out: Path) -> None:
    """Write the table, UTF-8, comma-separated, one line a territory."""
    with out.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n", restval="", extrasaction="ignore")
        writer.writeheader()
        writer.writerows({**row, **outward(row["box"])} for row in rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    default = Path(__file__).resolve().parents[1] / "schemas" / "territories" / "territories.csv"
    parser.add_argument("--admin", type=Path, required=True, help="npm package, .tgz")
    parser.add_argument("--geo", type=Path, required=True, help="folder of GeoJSON outlines")
    parser.add_argument("--out", type=Path, default=default)
    parser.add_argument("--region", default="93", help="INSEE code of the region")
    options = parser.parse_args()
    rows = build(read_admin(options.admin), options.geo, options.region)
    write(rows, options.out)
    boxless = [row["code"] for row in rows if row["box"] is None]
    print(f"{dict(Counter(row['kind'] for row in rows))}, without a box: {boxless or 'none'}")


if __name__ == "__main__":
    main()
