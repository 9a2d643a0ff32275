"""The region's territories: région, départements, EPCI, communes (``schemas/territories/territories.csv``).

A code names a territory everywhere in IDGO: ``region:93``, ``departement:13``, ``epci:200054807``,
``commune:13004`` (ADR 0001). Boxes are ``(west, south, east, north)`` in degrees, WGS 84 longitude/latitude
(``OGC:CRS84``). Pure: the table is read once a process.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from ckanext.idgo.common.core.paths import schemas_dir

BBox = tuple[float, float, float, float]
KINDS = ("commune", "epci", "departement", "region")
"""From the smallest to the largest: the order in which ``covering`` tries them."""
COVERING_SHARE = 0.95
"""Share of a box that must lie in a territory's box: outlines are simplified, data spills over a border."""

_WORD = re.compile(r"[0-9a-z]+")
_SAINTS = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}
_ARTICLES = {"le", "la", "les", "l", "de", "du", "des", "d"}
_EPCI_KINDS = {"ca", "cc", "metropole"}


@dataclass(frozen=True)
class Territory:
    """One territory. ``official_code`` is the INSEE code (SIREN for an EPCI); ``epci`` and ``departements``
    hold official codes; ``population`` is inhabitants (see the table's README for which count)."""

    code: str
    kind: str
    official_code: str
    name: str
    siren: str = ""
    population: int | None = None
    departements: tuple[str, ...] = ()
    epci: str | None = None
    members_outside: int = 0
    bbox: BBox | None = None


@dataclass(frozen=True)
class _Key:
    """What a search compares: the name's words joined, the same without leading articles or kind, codes."""

    full: str
    short: str
    exact: frozenset[str]


def normalise(text: str) -> str:
    """Lower-case ASCII words joined by one space; ``St`` is ``saint``; accents, hyphens, quotes forgotten."""
    folded = text.casefold().replace("œ", "oe").replace("æ", "ae")
    plain = "".join(c for c in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(c))
    words: list[str] = _WORD.findall(plain)
    return " ".join(_SAINTS.get(word, word) for word in words)


def _key(territory: Territory) -> _Key:
    full = normalise(territory.name)
    words = full.split()
    while len(words) > 1 and (
        words[0] in _ARTICLES or (territory.kind == "epci" and words[0] in _EPCI_KINDS)
    ):
        words = words[1:]
    short = " ".join(words)
    codes = {territory.official_code.lower(), territory.siren, normalise(territory.code)}
    return _Key(full, short, frozenset({full, short, *codes} - {""}))


def _area(box: BBox) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _intersection(one: BBox, other: BBox) -> BBox | None:
    west, south = max(one[0], other[0]), max(one[1], other[1])
    east, north = min(one[2], other[2]), min(one[3], other[3])
    return (west, south, east, north) if west <= east and south <= north else None


def share_inside(box: BBox, territory: BBox) -> float:
    """Share of ``box`` (0 to 1) that lies in ``territory``; of its length for a line, 0 or 1 for a point."""
    common = _intersection(box, territory)
    if common is None:
        return 0.0
    share = 1.0
    for low, high in ((0, 2), (1, 3)):
        side = box[high] - box[low]
        if side > 0:
            share *= (common[high] - common[low]) / side
    return share


def union(boxes: Iterable[BBox]) -> BBox | None:
    """The smallest box around all; None for none."""
    found = list(boxes)
    if not found:
        return None
    return (
        min(b[0] for b in found),
        min(b[1] for b in found),
        max(b[2] for b in found),
        max(b[3] for b in found),
    )


class Territories:
    """The table, by code. ``Territories.load()`` reads the shipped one once."""

    def __init__(self, territories: Iterable[Territory]) -> None:
        self._by_code = {t.code: t for t in territories}

    @classmethod
    def load(cls, path: Path | None = None) -> Territories:
        """The table of ``schemas/territories/`` (or of ``path``), kept for the life of the process."""
        return _load(path or schemas_dir() / "territories" / "territories.csv")

    def __len__(self) -> int:
        return len(self._by_code)

    def __iter__(self) -> Iterator[Territory]:
        return iter(self._by_code.values())

    def __contains__(self, code: object) -> bool:
        return code in self._by_code

    def get(self, code: str) -> Territory | None:
        """The territory of that code, None when there is none."""
        return self._by_code.get(code)

    def label(self, code: str) -> str:
        """What a person reads: the name with a typographic apostrophe, and the département's number where
        two communes share a name. An unknown code is its own label."""
        territory = self.get(code)
        if territory is None:
            return code
        name = territory.name.replace("'", "’")
        if territory.kind == "commune" and len(self._homonyms[territory.name]) > 1:
            return f"{name} ({territory.departements[0]})"
        return name

    def named(self, name: str) -> tuple[Territory, ...]:
        """Every territory of exactly that name (accents, case, hyphens, ``St`` and leading articles
        forgotten), the most inhabited first."""
        wanted = normalise(name)
        found = [t for t in self if wanted and wanted in (self._keys[t.code].full, self._keys[t.code].short)]
        return tuple(sorted(found, key=_by_population))

    def search(self, text: str, limit: int = 10) -> list[Territory]:
        """Territories whose name or official code holds ``text``: exact name or code, then names that begin
        with it, then names in which a word begins with it; the most inhabited first within each."""
        wanted = normalise(text)
        if not wanted or limit <= 0:
            return []
        ranked = ((self._rank(t, wanted), t) for t in self)
        found = [(rank, t) for rank, t in ranked if rank is not None]
        found.sort(key=lambda pair: (pair[0], _by_population(pair[1])))
        return [t for _, t in found[:limit]]

    def _rank(self, territory: Territory, wanted: str) -> int | None:
        key = self._keys[territory.code]
        if wanted in key.exact:
            return 0
        if key.full.startswith(wanted) or key.short.startswith(wanted):
            return 1
        if f" {wanted}" in f" {key.full}":
            return 2
        if wanted[0].isdigit() and territory.official_code.lower().startswith(wanted):
            return 3
        return None

    def covering(self, bbox: BBox) -> Territory | None:
        """The smallest kind of territory whose box holds at least 95 % of ``bbox``, and of that kind the one
        whose box resembles it most; None when even the region does not hold it."""
        for kind in KINDS:
            held = [t for t in self._of_kind[kind] if t.bbox and share_inside(bbox, t.bbox) >= COVERING_SHARE]
            if held:
                return max(held, key=lambda t: (_likeness(bbox, t.bbox), t.code))
        return None

    def bbox(self, codes: Iterable[str]) -> BBox | None:
        """The box around those territories; codes unknown or without a box are left out; None for none."""
        boxes = [t.bbox for t in map(self.get, codes) if t and t.bbox]
        return union(boxes)

    def ancestors(self, code: str) -> tuple[str, ...]:
        """Codes of what contains it, the smallest first. An EPCI over two départements counts in both."""
        territory = self.get(code)
        if territory is None or territory.kind == "region":
            return ()
        above = [f"epci:{territory.epci}"] if territory.epci else []
        above += [f"departement:{d}" for d in territory.departements]
        above += [t.code for t in self._of_kind["region"]]
        return tuple(c for c in above if c in self._by_code)

    def expand(self, code: str) -> tuple[str, ...]:
        """Codes of all that lies in it (the inverse of ``ancestors``), in the table's order."""
        return self._members.get(code, ())

    @cached_property
    def _keys(self) -> dict[str, _Key]:
        return {t.code: _key(t) for t in self}

    @cached_property
    def _homonyms(self) -> dict[str, list[str]]:
        names: dict[str, list[str]] = {}
        for territory in self._of_kind["commune"]:
            names.setdefault(territory.name, []).append(territory.code)
        return names

    @cached_property
    def _of_kind(self) -> dict[str, list[Territory]]:
        return {kind: [t for t in self if t.kind == kind] for kind in KINDS}

    @cached_property
    def _members(self) -> dict[str, tuple[str, ...]]:
        members: dict[str, list[str]] = {}
        for territory in self:
            for above in self.ancestors(territory.code):
                members.setdefault(above, []).append(territory.code)
        return {code: tuple(inside) for code, inside in members.items()}


def _by_population(territory: Territory) -> tuple[int, str]:
    return (-(territory.population or 0), territory.code)


def _likeness(box: BBox, other: BBox | None) -> float:
    """Shared area over joint area; for a point or a line, the smaller the other box the better."""
    if other is None:
        return 0.0
    common = _intersection(box, other)
    shared = _area(common) if common else 0.0
    if shared == 0:
        return -_area(other)
    return shared / (_area(box) + _area(other) - shared)


@lru_cache(maxsize=4)
def _load(path: Path) -> Territories:
    with path.open(encoding="utf-8", newline="") as stream:
        return Territories(_territory(row) for row in csv.DictReader(stream))


def _territory(row: dict[str, str]) -> Territory:
    box = tuple(float(row[side]) for side in ("west", "south", "east", "north")) if row["west"] else None
    return Territory(
        code=row["code"],
        kind=row["kind"],
        official_code=row["official_code"],
        name=row["name"],
        siren=row["siren"],
        population=int(row["population"]) if row["population"] else None,
        departements=tuple(row["departements"].split()),
        epci=row["epci"] or None,
        members_outside=int(row["members_outside"] or 0),
        bbox=box,  # type: ignore[arg-type]
    )
