"""Tables of the demonstration: communes, EPCI, who belongs to what (facts of ``schemas/territories``)."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from openpyxl import Workbook

from ckanext.idgo.common.core.territories import Territories, Territory, union
from ckanext.idgo.demo.core.made import BBox, Made

CSV_TYPES = {str: "string", int: "integer", float: "number"}
Row = dict[str, str | int | float]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def communes(territories: Territories, departement: str | None = None) -> list[Territory]:
    """The communes of the region or of one département (its INSEE code)."""
    found = [t for t in territories if t.kind == "commune"]
    return [t for t in found if departement is None or t.departements[0] == departement]


def epcis(territories: Territories) -> list[Territory]:
    """The EPCI with at least one commune in the region."""
    return [t for t in territories if t.kind == "epci"]


def centre(territory: Territory) -> tuple[float, float]:
    """Longitude and latitude of the middle of the territory's box: not its town hall, nor its centroid."""
    west, south, east, north = territory.bbox or (0.0, 0.0, 0.0, 0.0)
    return round((west + east) / 2, 4), round((south + north) / 2, 4)


def extent(territories: Iterable[Territory]) -> BBox | None:
    """The box around them all."""
    return union(t.bbox for t in territories if t.bbox)


def population_rows(chosen: Iterable[Territory], territories: Territories) -> list[Row]:
    """Communes with their population, EPCI and département."""
    rows: list[Row] = []
    for t in chosen:
        epci = territories.get(f"epci:{t.epci}")
        departement = territories.get(f"departement:{t.departements[0]}")
        rows.append(
            {
                "code_insee": t.official_code,
                "commune": t.name,
                "population": t.population or 0,
                "siren_epci": t.epci or "",
                "epci": epci.name if epci else "",
                "code_departement": t.departements[0],
                "departement": departement.name if departement else "",
            }
        )
    return rows


def epci_rows(territories: Territories) -> list[Row]:
    """EPCI with their population (whole EPCI) and number of communes in the region."""
    return [
        {
            "siren": t.official_code,
            "epci": t.name,
            "population": t.population or 0,
            "communes_dans_la_region": len(territories.expand(t.code)),
            "communes_hors_region": t.members_outside,
            "departements": " ".join(t.departements),
        }
        for t in epcis(territories)
    ]


def point_rows(chosen: Iterable[Territory]) -> list[Row]:
    """Communes with the middle of their box in WGS 84."""
    return [
        {
            "code_insee": t.official_code,
            "commune": t.name,
            "population": t.population or 0,
            "longitude": centre(t)[0],
            "latitude": centre(t)[1],
        }
        for t in chosen
    ]


def columns(rows: Sequence[Row]) -> tuple[dict[str, str], ...]:
    """Names and types of the columns, from the first row."""
    return tuple({"name": name, "type": CSV_TYPES[type(value)]} for name, value in rows[0].items())


def write_csv(path: Path, rows: Sequence[Row], box: BBox | None, separator: str = ";") -> Made:
    """A CSV as French administrations write it: UTF-8, semicolons."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), delimiter=separator, lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(rows)
    return Made(
        path,
        "CSV",
        "text/csv",
        encoding="utf-8",
        feature_count=len(rows),
        layers=(path.stem,),
        columns=columns(rows),
        extent=box,
    )


def write_xlsx(path: Path, rows: Sequence[Row], box: BBox | None) -> Made:
    """One sheet, its first row frozen."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(path.stem[:31])
    sheet.freeze_panes = "A2"
    sheet.append(list(rows[0]))
    for row in rows:
        sheet.append(list(row.values()))
    book.save(path)
    return Made(
        path,
        "XLSX",
        XLSX,
        feature_count=len(rows),
        layers=(path.stem[:31],),
        columns=columns(rows),
        extent=box,
    )
