"""Simulated series, deterministic and said to be simulated in every file: no sensor measured any of this."""

from __future__ import annotations

import csv
import io
import json
import math
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

from ckanext.idgo.common.core.territories import Territory
from ckanext.idgo.demo.core.made import Made
from ckanext.idgo.demo.core.tables import Row, centre, extent, write_csv

NOTICE = "Série simulée pour la démonstration d’IDGO : aucune mesure réelle"
_FIXED = (2026, 1, 1, 0, 0, 0)  # date of the members of a zip: the same bytes every time


@dataclass(frozen=True)
class Signal:
    """``name`` with its unit; daily and yearly swings around ``mean``."""

    name: str
    mean: float
    day_swing: float
    year_swing: float
    decimals: int = 1


def value(signal: Signal, station: int, at: datetime) -> float:
    """The simulated value of a station (its number) at a time: a sum of sines, no chance in it."""
    hours = (at - datetime(2026, 1, 1, tzinfo=timezone.utc)).total_seconds() / 3600
    day = math.sin(2 * math.pi * (hours + station) / 24 - math.pi / 2)
    year = math.sin(2 * math.pi * hours / (24 * 365.25) - math.pi / 2)
    ripple = math.sin(hours * 0.7 + station * 1.3) * 0.15
    raw = signal.mean + signal.day_swing * (day + ripple) + signal.year_swing * year + 0.02 * station
    return round(max(raw, 0.0), signal.decimals)


def rows(
    signal: Signal, stations: Sequence[Territory], last: datetime, count: int, step: timedelta
) -> list[Row]:
    """``count`` values a station, the last at ``last``, oldest first."""
    times = [last - step * back for back in range(count - 1, -1, -1)]
    return [
        {
            "station": f"DEMO-{station.official_code}",
            "commune": station.name,
            "horodatage": at.isoformat(timespec="minutes"),
            signal.name: value(signal, number, at),
            "longitude": centre(station)[0],
            "latitude": centre(station)[1],
        }
        for at in times
        for number, station in enumerate(stations)
    ]


def write_series_csv(path: Path, series: Sequence[Row], stations: Sequence[Territory]) -> Made:
    """The series as a table; its name and its column ``origine`` say that it is simulated."""
    told: list[Row] = [{**row, "origine": "simulée"} for row in series]
    made = write_csv(path, told, extent(stations))
    kinds = tuple({**c, "type": "datetime"} if c["name"] == "horodatage" else c for c in made.columns)
    return Made(**{**vars(made), "columns": kinds})


def write_series_json(path: Path, series: Sequence[Row], stations: Sequence[Territory]) -> Made:
    """The series as JSON: a notice and a list of measures."""
    document = {"avertissement": NOTICE, "mesures": list(series)}
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1), encoding="utf-8")
    return Made(
        path,
        "JSON",
        "application/json",
        encoding="utf-8",
        feature_count=len(series),
        extent=extent(stations),
    )


def write_gtfs(path: Path, stops: Sequence[Territory]) -> Made:
    """A shuttle that does not run, through the middles of the communes' boxes, as a GTFS archive."""
    tables = _gtfs_tables(stops)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, table in tables.items():
            text = io.StringIO()
            writer = csv.DictWriter(text, list(table[0]), lineterminator="\r\n")
            writer.writeheader()
            writer.writerows(table)
            archive.writestr(zipfile.ZipInfo(name, _FIXED), text.getvalue())
    return Made(
        path,
        "GTFS",
        "application/zip",
        encoding="utf-8",
        crs="EPSG:4326",
        geometry_type="Point",
        feature_count=len(stops),
        layers=tuple(name.removesuffix(".txt") for name in tables),
        extent=extent(stops),
    )


def _gtfs_tables(stops: Sequence[Territory]) -> dict[str, list[Row]]:
    agency: Row = {
        "agency_id": "demo",
        "agency_name": "Navette de démonstration (fictive)",
        "agency_url": "https://navette.example/",
        "agency_timezone": "Europe/Paris",
    }
    route: Row = {
        "route_id": "D1",
        "agency_id": "demo",
        "route_short_name": "D1",
        "route_long_name": "Ligne fictive de démonstration",
        "route_type": 3,
    }
    service: Row = {"service_id": "semaine", **dict.fromkeys(_DAYS[:5], 1), **dict.fromkeys(_DAYS[5:], 0)}
    return {
        "agency.txt": [agency],
        "routes.txt": [route],
        "calendar.txt": [{**service, "start_date": "20260101", "end_date": "20261231"}],
        "trips.txt": [{"route_id": "D1", "service_id": "semaine", "trip_id": f"D1-{n}"} for n in range(6)],
        "stops.txt": [
            {
                "stop_id": stop.official_code,
                "stop_name": f"{stop.name} (arrêt fictif)",
                "stop_lat": centre(stop)[1],
                "stop_lon": centre(stop)[0],
            }
            for stop in stops
        ],
        "stop_times.txt": [
            {
                "trip_id": f"D1-{trip}",
                "arrival_time": clock,
                "departure_time": clock,
                "stop_id": stop.official_code,
                "stop_sequence": order,
            }
            for trip in range(6)
            for order, stop in enumerate(stops)
            for clock in [f"{7 + 2 * trip + order // 4:02d}:{15 * (order % 4):02d}:00"]
        ],
    }


_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
