"""Which territory a file is about: its name, its codes, its extent, else the organisation's habit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ckanext.idgo.common.core.territories import COVERING_SHARE, Territories, Territory, share_inside
from ckanext.idgo.forms.core.facts import FileFacts
from ckanext.idgo.forms.core.propose.model import Proposal, nothing
from ckanext.idgo.forms.core.propose.names import NameParts
from ckanext.idgo.forms.core.propose.words import plain

_COMMUNE_COLUMNS = re.compile(
    r"(?:code_?)?(?:insee|depcom|codgeo|commune|com|insee_?com)(?:_?(?:code|insee))?"
)
_EPCI_COLUMNS = re.compile(r"(?:code_?|siren_?)?epci(?:_?(?:code|siren))?")
_DEPARTEMENT_COLUMNS = re.compile(r"(?:code_?|num_?|insee_?)?(?:dep|dept|departement)(?:_?code)?")
_COLUMN_KINDS = (
    ("commune", _COMMUNE_COLUMNS),
    ("epci", _EPCI_COLUMNS),
    ("departement", _DEPARTEMENT_COLUMNS),
)


def propose_territory(
    facts: FileFacts, name: NameParts, habitual: Sequence[str], territories: Territories
) -> Proposal[list[str]]:
    """At most one territory.

    A place written in the name wins when the extent lies in it (or there is no extent); then the codes read
    in the rows; then the smallest territory around the extent, the organisation's own where it fits as well;
    then a place given by code in the name; then the organisation's habit, never against an extent.
    """
    extent = facts.extent
    if name.elsewhere and not name.places:
        return nothing([])  # boxes are rectangles: a commune of the Gard lies in the region's

    def holds(place: Territory) -> bool:
        return extent is None or (
            place.bbox is not None and share_inside(extent, place.bbox) >= COVERING_SHARE
        )

    for place in sorted(name.places, key=lambda t: t.population or 0):
        if holds(place):
            return Proposal([place.code], "filename", 0.9 if extent else 0.7)
    coded = _common(sorted(set(_codes_in_rows(facts, territories))), territories)
    if coded and holds(coded):
        return Proposal([coded.code], "columns", 0.7)
    if extent is not None:
        return _of_extent(facts, habitual, territories)
    if name.coded:
        return Proposal([name.coded[0].code], "filename", 0.6)
    known = [code for code in habitual if code in territories]
    return Proposal(known, "organization", 0.4) if known else nothing([])


def _of_extent(facts: FileFacts, habitual: Sequence[str], territories: Territories) -> Proposal[list[str]]:
    extent = facts.extent
    if extent is None:
        return nothing([])
    found = territories.covering(extent)
    if found is None:
        region = next((t for t in territories if t.kind == "region"), None)
        if region and region.bbox and share_inside(region.bbox, extent) >= COVERING_SHARE:
            return Proposal([region.code], "extent", 0.3)  # wider than the region, and all of it
        return nothing([])
    for code in habitual:
        own = territories.get(code)
        # Boxes overlap: between two communes whose boxes hold the data, the contributor's own is likelier.
        if own and own.bbox and own.kind == found.kind and share_inside(extent, own.bbox) >= COVERING_SHARE:
            return Proposal([own.code], "extent", 0.9)
    return Proposal([found.code], "extent", 0.6 if found.kind == "commune" else 0.8)


def _codes_in_rows(facts: FileFacts, territories: Territories) -> Iterator[str]:
    """Territories named by official code in the sampled rows; none if any code is outside the region."""
    for kind, pattern in _COLUMN_KINDS:
        codes: list[str] = []
        for layer in facts.layers:
            names = [c.name for c in layer.columns if pattern.fullmatch(plain(c.name))]
            codes += [_official(row.get(n), kind) for row in layer.sample for n in names]
        found = [f"{kind}:{code}" for code in codes if code]
        if found and all(code in territories for code in found):
            yield from found
            return


def _official(value: object, kind: str) -> str:
    """A code as INSEE writes it: readers turn ``04001`` into ``4001``."""
    text = str(value).strip() if value is not None else ""
    width = {"commune": 5, "departement": 2}.get(kind, 9)
    return text.zfill(width) if text.isdigit() else text


def _common(codes: Sequence[str], territories: Territories) -> Territory | None:
    """The smallest territory that is or contains them all."""
    if not codes:
        return None
    chains = [(code, *territories.ancestors(code)) for code in codes]
    shared = set(chains[0]).intersection(*chains[1:])
    return next((territories.get(code) for code in chains[0] if code in shared), None)
