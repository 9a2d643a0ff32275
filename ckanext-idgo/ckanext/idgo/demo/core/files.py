"""How each file of ``datasets.yaml`` is made: its name gives the format, this table what it holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path

from ckanext.idgo.common.core.territories import Territories, Territory
from ckanext.idgo.demo.core import drawings, maps, series, tables
from ckanext.idgo.demo.core.made import Made, Maker

MAP_TITLE = "Population des communes de Provence-Alpes-Côte d’Azur"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def makers(territories: Territories, now: datetime) -> Mapping[str, Maker]:
    """File name → what writes it; the simulated series end at the last full hour before ``now``."""
    last = now.astimezone(timezone.utc).replace(minute=0, second=0, microsecond=0)
    return {**_tables(territories), **_maps(territories), **_series(territories, last)}


def inside(territories: Territories, code: str) -> list[Territory]:
    """The communes of a territory."""
    found = (territories.get(member) for member in territories.expand(code))
    return [t for t in found if t is not None and t.kind == "commune"]


def _csv(name: str, rows: Sequence[tables.Row], chosen: Sequence[Territory]) -> tuple[str, Maker]:
    return name, lambda folder: tables.write_csv(folder / name, rows, tables.extent(chosen))


def _xlsx(name: str, rows: Sequence[tables.Row], chosen: Sequence[Territory]) -> tuple[str, Maker]:
    return name, lambda folder: tables.write_xlsx(folder / name, rows, tables.extent(chosen))


def _tables(territories: Territories) -> dict[str, Maker]:
    communes, epcis = tables.communes(territories), tables.epcis(territories)
    alps, vaucluse = tables.communes(territories, "05"), tables.communes(territories, "84")
    rural = [t for t in tables.communes(territories, "04") if (t.population or 0) < 500]
    population = tables.population_rows(communes, territories)
    return dict(
        (
            _csv("population-communes.csv", population, communes),
            _xlsx("population-communes.xlsx", population, communes),
            _csv("epci.csv", tables.epci_rows(territories), epcis),
            _csv("communes-rurales-04.csv", tables.population_rows(rural, territories), rural),
            _xlsx("passage-84.xlsx", tables.population_rows(vaucluse, territories), vaucluse),
            _csv("communes-05.csv", tables.point_rows(alps), alps),
        )
    )


def _boxes(name: str, chosen: Sequence[Territory], crs: str = maps.WGS84) -> tuple[str, Maker]:
    rows = maps.rows_of(chosen)
    return name, lambda folder: maps.write_vector(folder / name, maps.boxes(chosen), rows, chosen, crs)


def _points(name: str, chosen: Sequence[Territory], crs: str = maps.WGS84) -> tuple[str, Maker]:
    rows = maps.rows_of(chosen)
    return name, lambda folder: maps.write_vector(folder / name, maps.points(chosen), rows, chosen, crs)


def _star(name: str, chosen: Sequence[Territory]) -> tuple[str, Maker]:
    """The most inhabited commune linked to every other."""
    hub = max(chosen, key=lambda t: t.population or 0)
    star = [hub, *(t for t in chosen if t is not hub)]
    rows = maps.rows_of(star[1:])
    return name, lambda folder: maps.write_vector(folder / name, maps.links(star), rows, star)


def _maps(territories: Territories) -> dict[str, Maker]:
    communes, epcis = tables.communes(territories), tables.epcis(territories)
    return {
        **dict(
            (
                _boxes("emprises-communes.geojson", communes),
                _boxes("emprises-communes.gpkg", communes, maps.LAMBERT93),
                _boxes("emprises-epci.geojson", epcis),
                _boxes("emprises-05.fgb", tables.communes(territories, "05"), maps.LAMBERT93),
                _points("communes-metropole.gpkg", inside(territories, "epci:200054807"), maps.LAMBERT93),
                _points("communes-84.geojson", tables.communes(territories, "84")),
                _star("reseau-schematique.geojson", inside(territories, "epci:241300375")),
            )
        ),
        "mailles-5km.tif": lambda folder: maps.write_grid(folder / "mailles-5km.tif", communes),
        "carte.pdf": lambda folder: drawings.write_pdf(folder / "carte.pdf", MAP_TITLE, communes),
        "carte.png": lambda folder: drawings.write_png(folder / "carte.png", communes),
    }


def _simulated(
    stem: str,
    signal: series.Signal,
    stations: Sequence[Territory],
    last: datetime,
    count: int,
    step: timedelta,
) -> dict[str, Maker]:
    """The same series as CSV and as JSON."""
    rows = series.rows(signal, stations, last, count, step)

    def as_csv(folder: Path) -> Made:
        return series.write_series_csv(folder / f"{stem}.csv", rows, stations)

    def as_json(folder: Path) -> Made:
        return series.write_series_json(folder / f"{stem}.json", rows, stations)

    return {f"{stem}.csv": as_csv, f"{stem}.json": as_json}


def _series(territories: Territories, last: datetime) -> dict[str, Maker]:
    def members(*codes: str) -> list[Territory]:
        return [t for code in codes if (t := territories.get(f"commune:{code}"))]

    durance, arles = members("04049", "84035", "84089"), members("13004")
    metropole = members("13055", "13001", "13047", "13028")
    stops = inside(territories, "epci:241300417")
    water, heat = series.Signal("debit_m3_s", 38.0, 4.0, 12.0), series.Signal("temperature_c", 15.0, 5.0, 8.0)
    bikes = series.Signal("passages_velo", 240.0, 180.0, 60.0, 0)
    drawn = series.Signal("prelevement_m3", 900.0, 150.0, 300.0, 0)
    return {
        **_simulated("debits-simules", water, durance, last, 168, HOUR),
        **_simulated("temperatures-simulees", heat, arles, last, 336, HOUR),
        **_simulated("comptages-simules", bikes, metropole, last, 168, HOUR),
        **_simulated("prelevements-simules", drawn, durance, last, 180, DAY),
        "navette-fictive.zip": lambda folder: series.write_gtfs(folder / "navette-fictive.zip", stops),
    }
