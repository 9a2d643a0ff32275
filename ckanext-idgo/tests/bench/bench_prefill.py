"""The prefill of the form against merely opening and counting the file (issue 3: at most twice).

Every measure is a fresh process, imports included, and the median of ``RUNS``. Time is the processor time of
the process (wall-clock would measure the machine's other work), memory its peak resident size (``VmHWM``:
``ru_maxrss`` would count the parent it was forked from). The reference is pyogrio's ``read_info`` with exact
count and box for the largest file of ``data/geo``, and for a table of a million rows the csv module counting,
told the right encoding and separator.

Two designs of the table's reading, seen on this reference (processor time, peak memory):

- rows of the csv module in batches: addresses 1.8, measures 2.3 to 2.8; memory 1.7 to 1.8;
- blocks of text split where that is proved to be what the csv module does (``inspect.splitting``): addresses
  1.1 to 1.3, measures 1.3 to 1.4; memory 1.8.

What is left is the bytes read twice (checksum and encoding first), the split, and the coordinates. Every row
is counted and placed; types come from the first rows and a few of the others. The same measures with every
text quoted, or with a separator inside one row of fifty, are at about 2.0 (2.4 before). Ragged rows, cells of
several lines and null bytes go through the csv module, at what the first design took.
"""

from __future__ import annotations

import csv
import os
import random
import subprocess
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import ckanext

from table import Row, render, row  # isort: skip

RUNS = 3
ROWS = 1_000_000
GOAL = 2.0
_END = """
import resource
used = resource.getrusage(resource.RUSAGE_SELF)
with open("/proc/self/status") as status:
    peak_kb = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
print(count, used.ru_utime + used.ru_stime, peak_kb / 1024)
"""
_OURS = """
from pathlib import Path
from ckanext.idgo.forms.core.inspect import inspect_file
path = Path(sys.argv[1])
count = inspect_file(path, path.name).feature_count
"""
_REFERENCE_VECTOR = """
import pyogrio
found = pyogrio.read_info("/vsizip/" + sys.argv[1], force_feature_count=True, force_total_bounds=True)
count = found["features"]
"""
_REFERENCE_TABLE = """
import csv
with open(sys.argv[1], encoding="utf-8", newline="") as stream:
    count = sum(1 for _ in csv.reader(stream, delimiter=";")) - 1
"""


def rows() -> list[Row]:
    """The rows of ``make bench``: time and memory for both files."""
    data = Path(os.environ.get("IDGO_DATA") or Path(__file__).resolve().parents[4] / "shared" / "data")
    found: list[Row] = []
    geo = data / "geo"
    if geo.is_dir():
        largest = max((p for p in geo.rglob("*") if p.is_file()), key=lambda p: p.stat().st_size)
        found += _compared(f"prefill of {largest.name}", largest, _REFERENCE_VECTOR)
    with TemporaryDirectory(prefix="idgo-bench-") as folder:
        for name, columns in (("addresses, 13 columns", _address), ("measures, 7 columns", _measure)):
            path = Path(folder) / "table.csv"
            _write(path, columns)
            found += _compared(f"prefill of a {ROWS}-row CSV ({name})", path, _REFERENCE_TABLE)
    return found


def _compared(what: str, path: Path, reference: str) -> list[Row]:
    ours, theirs = [], []
    for _ in range(RUNS):
        theirs.append(_run(reference, path))
        ours.append(_run(_OURS, path))
    counts = {r["count"] for r in ours + theirs}
    if len(counts) != 1:
        raise AssertionError(f"{what}: the counts differ: {counts}")
    return [
        row(f"{what}: {label}", _middle(ours, key), unit, reference=_middle(theirs, key), goal=GOAL)
        for label, key, unit in (("processor time", "cpu_s", "s"), ("peak memory", "peak_mb", "MB"))
    ]


def _middle(runs: list[dict], key: str) -> float:
    return median(r[key] for r in runs)


def _run(script: str, path: Path) -> dict:
    """The figures of one process; the reference imports nothing but what it needs (not even json)."""
    start = f"import sys; sys.path[:] = {[p for p in sys.path if p]!r}\n"
    if "ckanext" in script:
        start += f"import ckanext; ckanext.__path__[:] = {list(ckanext.__path__)!r}\n"
    command = [sys.executable, "-c", start + script + _END, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    count, cpu_s, peak_mb = done.stdout.split()
    return {"count": int(count), "cpu_s": float(cpu_s), "peak_mb": float(peak_mb)}


def _write(path: Path, columns) -> None:
    chance = random.Random(3)
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, delimiter=";")
        writer.writerow(columns(chance, -1))
        for number in range(ROWS):
            writer.writerow(columns(chance, number))


def _measure(chance: random.Random, number: int) -> list:
    """A measuring network: one day, one place, one value."""
    if number < 0:
        return ["id", "station", "date", "latitude", "longitude", "valeur", "qualite"]
    day = f"{1 + number % 28:02d}/{1 + number % 12:02d}/2023"
    lat, lon = f"{43 + chance.random():.6f}", f"{5 + chance.random():.6f}"
    return [
        number,
        f"Étang n° {number % 97}",
        day,
        lat,
        lon,
        f"{chance.random() * 99:.2f}".replace(".", ","),
        "bon",
    ]


def _address(chance: random.Random, number: int) -> list:
    """The columns that matter of the national address base (Base Adresse Nationale, format CSV)."""
    if number < 0:
        return [
            "id", "numero", "nom_voie", "code_postal", "code_insee", "nom_commune", "x", "y", "lon", "lat",
            "type_position", "alias", "certification_commune",
        ]  # fmt: skip
    lat, lon = 43 + chance.random(), 5 + chance.random()
    return [
        f"13{number % 119:03d}_{number % 9999:04d}_{number:05d}", number % 300, f"Rue {number % 977}",
        f"13{number % 99:03d}", f"13{number % 119:03d}", "Aix-en-Provence", f"{880000 + lon * 1000:.2f}",
        f"{6240000 + lat * 1000:.2f}", f"{lon:.6f}", f"{lat:.6f}", "entrée", "", number % 2,
    ]  # fmt: skip


if __name__ == "__main__":
    print(render(rows()))
