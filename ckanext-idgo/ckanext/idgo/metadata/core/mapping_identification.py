"""The identification part of a dataset's record: what, when, where, under which terms."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from ckanext.idgo.common.core.territories import Territories
from ckanext.idgo.metadata.core import codelists
from ckanext.idgo.metadata.core.build import (
    GEMET_DATE,
    GEMET_TITLE,
    citation,
    clean,
    code,
    dated,
    degrees,
    keywords,
    language,
    text,
)
from ckanext.idgo.metadata.core.mapping_resources import formats, raster_or_vector
from ckanext.idgo.metadata.core.model.citation import Citation, Identifier, ResponsibleParty
from ckanext.idgo.metadata.core.model.constraints import LegalConstraints, MaintenanceInformation
from ckanext.idgo.metadata.core.model.extent import Extent, GeographicBoundingBox
from ckanext.idgo.metadata.core.model.identification import DataIdentification, Keywords
from ckanext.idgo.metadata.core.model.values import Date, Nil, Text, anchor
from ckanext.idgo.metadata.core.vocabulary import (
    COG_DATE,
    CONDITIONS,
    FAMILIES_TITLE,
    TERRITORIES_TITLE,
    THEMES_TITLE,
    VOCABULARY_DATE,
    WORDS,
)

Dataset = Mapping[str, Any]
_DATE_TYPES = ("creation", "publication", "revision")


def day_of(value: object) -> str:
    """The day of a timestamp, empty when it is none."""
    day = Date(clean(value)).first_day
    return day.isoformat() if day else ""


def _dates(dataset: Dataset) -> list[tuple[str, str]]:
    """Pairs (type, day), at most one of each type (C.12, C.13), the last; CKAN's own when none is given."""
    given: dict[str, str] = {}
    for item in dataset.get("dates") or ():
        if isinstance(item, Mapping) and item.get("type") in _DATE_TYPES and day_of(item.get("date")):
            given[item["type"]] = max(day_of(item["date"]), given.get(item["type"], ""))
    if not given and day_of(dataset.get("metadata_created")):
        given["publication"] = day_of(dataset.get("metadata_created"))
    return sorted(given.items())


def last_date(dataset: Dataset) -> str:
    """The latest of the dataset's dates, empty when it has none."""
    return max((day for _, day in _dates(dataset)), default="")


def identification(
    dataset: Dataset,
    resources: Sequence[Mapping[str, Any]],
    party: ResponsibleParty,
    uri: str,
    lang: str,
    territories: Territories,
) -> DataIdentification:
    """``gmd:MD_DataIdentification`` of a dataset."""
    dates = tuple(dated(day, kind) for kind, day in _dates(dataset))
    frequency = clean(dataset.get("frequency"))
    return DataIdentification(
        citation=Citation(
            title=text(clean(dataset.get("title")) or dataset.get("name")),
            date=dates or (Nil("missing"),),
            identifier=(Identifier(code=Text(uri)),),
        ),
        abstract=text(dataset.get("notes")),
        point_of_contact=(party,),
        resource_maintenance=(
            MaintenanceInformation(
                maintenance_and_update_frequency=code("MD_MaintenanceFrequencyCode", frequency or "unknown")
            ),
        ),
        resource_format=formats(resources),
        descriptive_keywords=_keywords(dataset, lang, territories),
        resource_constraints=(_access(dataset, lang), _use(dataset, lang)),
        spatial_representation_type=tuple(
            code("MD_SpatialRepresentationTypeCode", kind)
            for kind in raster_or_vector(resources, clean(dataset.get("data_family")))
        ),
        language=(language(lang),),
        character_set=_character_sets(resources),
        topic_category=_topics(dataset),
        extent=_extent(dataset, resources, territories),
    )


def _topics(dataset: Dataset) -> tuple[str, ...]:
    topics, themes = codelists.load("topic_categories"), codelists.load("themes")
    theme, topic = clean(dataset.get("theme")), clean(dataset.get("topic_category"))
    if topic not in topics and theme in themes:
        topic = str(themes.get(theme).extra["topic_category"])
    return (topic,) if topic in topics else ()


def _inspire_theme(dataset: Dataset) -> str:
    """The dataset's own INSPIRE theme; the theme's default only where the field does not exist at all: an
    empty field says that the data falls under none."""
    given, themes = dataset.get("inspire_theme"), codelists.load("themes")
    theme = clean(dataset.get("theme"))
    if given is None and theme in themes:
        return str(themes.get(theme).extra["inspire_theme"])
    return clean(given)


def _keywords(dataset: Dataset, lang: str, territories: Territories) -> tuple[Keywords, ...]:
    short = lang[:2]
    blocks: list[Keywords] = []
    gemet = codelists.load("inspire_themes")
    if _inspire_theme(dataset) in gemet:
        entry = gemet.get(_inspire_theme(dataset))
        blocks.append(
            keywords([(entry.label(short), entry.uri)], thesaurus=citation(GEMET_TITLE, GEMET_DATE))
        )
    for field, name, title in (
        ("theme", "themes", THEMES_TITLE),
        ("data_family", "data_families", FAMILIES_TITLE),
    ):
        listed, value = codelists.load(name), clean(dataset.get(field))
        if value in listed:
            label = listed.label(value, short)
            blocks.append(keywords([(label, "")], thesaurus=citation(title, VOCABULARY_DATE)))
    places = _places(dataset, territories)
    if places:
        blocks.append(keywords(places, "place", citation(TERRITORIES_TITLE, COG_DATE)))
    tags = [clean(t.get("display_name") or t.get("name")) for t in dataset.get("tags") or ()]
    if any(tags):
        blocks.append(keywords([(tag, "") for tag in tags if tag]))
    return tuple(blocks)


def _places(dataset: Dataset, territories: Territories) -> list[tuple[str, str]]:
    """Names of the territories with INSEE's URIs."""
    kinds = codelists.load("territory_kinds")
    found = [territories.get(clean(c)) for c in dataset.get("territory") or ()]
    return [(t.name, f"{kinds.uri(t.kind)}/{t.official_code}") for t in found if t is not None]


NO_LIMITATIONS = "noLimitations"


def _access(dataset: Dataset, lang: str) -> LegalConstraints:
    """C.17: the reason of law that the producer stated. A restricted dataset without one says so, rather than
    claim "no limitations" or an article that nobody invoked."""
    listed, stated = codelists.load("limitations"), clean(dataset.get("access_limitation"))
    if dataset.get("access_tier") in ("open", "authenticated"):
        stated = NO_LIMITATIONS
    elif stated == NO_LIMITATIONS:
        stated = ""
    entry = listed.get(stated) if stated in listed else None
    reason = anchor(entry.label(lang[:2]), entry.uri) if entry else Text(WORDS[lang]["no_reason"])
    return LegalConstraints(
        access_constraints=(code("MD_RestrictionCode", "otherRestrictions"),), other_constraints=(reason,)
    )


def _use(dataset: Dataset, lang: str) -> LegalConstraints:
    """C.18: the licence, or that the conditions are unknown."""
    listed, license_id = codelists.load("licenses"), clean(dataset.get("license_id"))
    if license_id in listed and license_id != "notspecified":
        entry = listed.get(license_id)
        label = entry.label(lang[:2])
        terms = [anchor(label, entry.uri) if entry.uri else Text(label)]
    elif clean(dataset.get("license_title")) and license_id not in ("", "notspecified"):
        terms = [Text(clean(dataset["license_title"]))]
    else:
        terms = [anchor(WORDS[lang]["conditions_unknown"], f"{CONDITIONS}/conditionsUnknown")]
    if dataset.get("access_tier") == "authenticated":
        terms.append(Text(WORDS[lang]["account"]))
    return LegalConstraints(
        use_constraints=(code("MD_RestrictionCode", "otherRestrictions"),), other_constraints=tuple(terms)
    )


def _character_sets(resources: Sequence[Mapping[str, Any]]) -> tuple[Any, ...]:
    """Encodings of the files, by their IANA names."""
    by_name = {entry.extra["iana"]: entry.code for entry in codelists.load("character_sets")}
    by_name |= {"windows-1252": "8859part1", "cp1252": "8859part1", "ascii": "usAscii", "utf8": "utf8"}
    found = [by_name.get(clean(r.get("encoding")).lower().replace("_", "-")) for r in resources]
    return tuple(code("MD_CharacterSetCode", value) for value in dict.fromkeys(found) if value)


def box_of_geojson(value: object) -> tuple[float, float, float, float] | None:
    """Box of a GeoJSON geometry in WGS 84 longitude/latitude, None when it is none."""
    try:
        geometry = json.loads(value) if isinstance(value, str) else value
        points = list(_points(geometry["coordinates"]))  # type: ignore[index]
    except (ValueError, TypeError, LookupError, RecursionError):
        return None
    if not points:
        return None
    lon, lat = [p[0] for p in points], [p[1] for p in points]
    return min(lon), min(lat), max(lon), max(lat)


def _points(coordinates: Any) -> Any:
    if isinstance(coordinates[0], int | float):
        yield float(coordinates[0]), float(coordinates[1])
    else:
        for inner in coordinates:
            yield from _points(inner)


def _extent(
    dataset: Dataset, resources: Sequence[Mapping[str, Any]], territories: Territories
) -> tuple[Extent, ...]:
    """``spatial``, else the files' extents together, else the territory's box; none when none is known."""
    boxes = [box_of_geojson(dataset.get("spatial"))]
    if boxes == [None]:
        boxes = [tuple(r["extent"]) for r in resources if len(r.get("extent") or ()) == 4]  # type: ignore
    known = [box for box in boxes if box]
    if not known:
        box = territories.bbox([clean(c) for c in dataset.get("territory") or ()])
        known = [box] if box else []
    if not known:
        return ()
    west, south, east, north = (
        function(box[i] for box in known) for i, function in enumerate((min, min, max, max))
    )
    inside = -180 <= west <= east <= 180 and -90 <= south <= north <= 90
    if not inside:
        return ()
    box = GeographicBoundingBox(
        west=degrees(west), east=degrees(east), south=degrees(south), north=degrees(north)
    )
    return (Extent(geographic_element=(box,)),)
