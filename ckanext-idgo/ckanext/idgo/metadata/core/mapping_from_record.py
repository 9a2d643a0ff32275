"""From a record, ours or a partner's, to the fields of a dataset."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from ckanext.idgo.metadata.core import codelists
from ckanext.idgo.metadata.core.codelists import Codelist
from ckanext.idgo.metadata.core.mapping_from_resources import resources, text_of
from ckanext.idgo.metadata.core.model.citation import CitationDate
from ckanext.idgo.metadata.core.model.constraints import LegalConstraints
from ckanext.idgo.metadata.core.model.extent import Extent, GeographicBoundingBox
from ckanext.idgo.metadata.core.model.identification import DataIdentification, Keywords
from ckanext.idgo.metadata.core.model.service import ServiceIdentification
from ckanext.idgo.metadata.core.model.values import Code, Text, known, known_all
from ckanext.idgo.metadata.core.record import Record
from ckanext.idgo.metadata.core.vocabulary import FAMILIES_TITLE, TERRITORIES_TITLE, THEMES_TITLE, WORDS

_NOT_IN_TAG = re.compile(r"[^\w \-.]+")
_LICENCES = (
    (
        re.compile(r"licence ouverte.*2[.,]0|open licence.*2[.,]0|etalab-2\.0|licence-ouverte-v2", re.I),
        "lov2",
    ),
    (re.compile(r"\bodbl\b|open database licen[sc]e", re.I), "odc-odbl"),
    (re.compile(r"creativecommons\.org/licenses/by-sa/4\.0|\bcc[- ]by[- ]sa[- ]4\.0", re.I), "cc-by-sa"),
    (re.compile(r"creativecommons\.org/licenses/by/4\.0|\bcc[- ]by[- ]4\.0", re.I), "cc-by"),
    (re.compile(r"creativecommons\.org/publicdomain/zero|\bcc0\b|\bcc[- ]zero\b", re.I), "cc-zero"),
)


def dataset_from_record(record: Record) -> dict[str, Any]:
    """The dataset's fields, as ADR 0001 lists them; what the record does not say is absent.

    Neither ``owner_org`` nor ``name`` is decided here: who stores the dataset knows its source. Nothing is
    guessed from free words but the licence, whose recognised wordings are few and exact.
    """
    words = list(_keyword_blocks(record))
    fields: dict[str, Any] = {
        "title": record.title.strip(),
        "notes": text_of(record.identification.abstract) if record.identification else "",
        "inspire_theme": _inspire_theme(words),
        "territory": _territories(words),
        "tags": _tags(words),
        "frequency": _frequency(record),
        "license_id": _license(record),
        "access_tier": _tier(record),
        "access_limitation": _limitation(record),
        "data_family": _labelled(words, FAMILIES_TITLE, "data_families") or "geographic",
        "spatial": _spatial(record),
        "lineage": _lineage(record),
        "topic_category": _topic(record),
        "dates": _dates(record),
        "resources": resources(record),
    }
    fields["theme"] = _labelled(words, THEMES_TITLE, "themes") or _theme_of_topic(fields["topic_category"])
    return {key: value for key, value in fields.items() if value not in ("", [], None)}


def _keyword_blocks(record: Record) -> Iterator[tuple[str, list[Text]]]:
    """Pairs (title of the thesaurus or empty, keywords)."""
    identification = record.identification
    if identification is None:
        return
    for block in known_all(identification.descriptive_keywords):
        thesaurus = known(block.thesaurus_name) if isinstance(block, Keywords) else None
        title = text_of(thesaurus.title) if thesaurus else ""
        yield title, [word for word in block.keyword if isinstance(word, Text)]


def _plain(label: str) -> str:
    """A label without case, accents and kinds of apostrophe and dash, for comparison."""
    folded = unicodedata.normalize("NFKD", label.casefold().replace("’", "'").replace("—", "-"))
    return " ".join("".join(c for c in folded if not unicodedata.combining(c)).split())


@lru_cache(maxsize=16)
def _labels(codelist: Codelist) -> dict[str, str]:
    """Code by plain label, French and English; the first of the list wins."""
    found: dict[str, str] = {}
    for entry in codelist:
        found.setdefault(_plain(entry.fr), entry.code)
        found.setdefault(_plain(entry.en), entry.code)
    return found


def _by_label(codelist: Codelist, label: str) -> str:
    return _labels(codelist).get(_plain(label), "") if label else ""


def _labelled(words: list[tuple[str, list[Text]]], title: str, name: str) -> str:
    """Code of the first keyword of one of our own vocabularies."""
    codelist = codelists.load(name)
    found = (
        _by_label(codelist, text_of(w)) for block, block_words in words if block == title for w in block_words
    )
    return next((value for value in found if value), "")


def _inspire_theme(words: list[tuple[str, list[Text]]]) -> str:
    """By URI anywhere, by label in a block of GEMET's INSPIRE themes."""
    themes = codelists.load("inspire_themes")
    for title, block_words in words:
        for word in block_words:
            entry = themes.by_uri(word.href or "")
            if entry is not None:
                return entry.code
            if "inspire" in title.lower() and _by_label(themes, text_of(word)):
                return _by_label(themes, text_of(word))
    return ""


def _territories(words: list[tuple[str, list[Text]]]) -> list[str]:
    """Codes from INSEE's URIs."""
    bases = {entry.uri: entry.code for entry in codelists.load("territory_kinds")}
    found = []
    for _, block_words in words:
        for word in block_words:
            base, _, official = (word.href or "").rpartition("/")
            if base in bases and official:
                found.append(f"{bases[base]}:{official}")
    return list(dict.fromkeys(found))


def _tags(words: list[tuple[str, list[Text]]]) -> list[dict[str, str]]:
    """Free keywords and those of vocabularies that are no field of ours; only what CKAN allows in a tag."""
    ours = (THEMES_TITLE, FAMILIES_TITLE, TERRITORIES_TITLE)
    found = []
    for title, block_words in words:
        if title in ours or "inspire themes" in title.lower():
            continue
        for word in block_words:
            tag = " ".join(_NOT_IN_TAG.sub(" ", text_of(word)).split())[:100].strip()
            if len(tag) >= 2:
                found.append(tag)
    return [{"name": tag} for tag in dict.fromkeys(found)]


def _frequency(record: Record) -> str:
    listed = codelists.load("frequencies")
    for maintenance in known_all(record.identification.resource_maintenance) if record.identification else ():
        value = known(maintenance.maintenance_and_update_frequency)
        if isinstance(value, Code) and value.value in listed:
            return value.value
    return ""


def _terms(record: Record) -> Iterator[Text]:
    identification = record.identification
    for constraint in known_all(identification.resource_constraints) if identification else ():
        others = constraint.other_constraints if isinstance(constraint, LegalConstraints) else ()
        for term in (*others, *constraint.use_limitation):
            if isinstance(term, Text):
                yield term


def _license(record: Record) -> str:
    """By the licence's own address, by its exact label, then by a few exact wordings."""
    listed = codelists.load("licenses")
    for term in _terms(record):
        entry = listed.by_uri(term.href or "-")
        if entry is not None:
            return entry.code
        if _by_label(listed, text_of(term)):
            return _by_label(listed, text_of(term))
    for term in _terms(record):
        for pattern, license_id in _LICENCES:
            if pattern.search(f"{text_of(term)} {term.href or ''}"):
                return license_id
    return ""


def _tier(record: Record) -> str:
    """``restricted`` as soon as the record limits public access by an article of the directive or in our own
    words, ``authenticated`` when it says that an account is needed; ``open`` when it says that there are no
    limitations; else nothing: whoever stores the dataset decides, the access room locks."""
    listed, terms = codelists.load("limitations"), list(_terms(record))
    codes = [entry.code for entry in (listed.by_uri(t.href or "-") for t in terms) if entry]
    said = {text_of(term) for term in terms}
    if any(code != "noLimitations" for code in codes) or said & _ours("no_reason"):
        return "restricted"
    if said & _ours("account"):
        return "authenticated"
    return "open" if codes else ""


def _limitation(record: Record) -> str:
    """The article of the directive that the record invokes (C.17); empty: none, or several."""
    listed = codelists.load("limitations")
    found = {entry.code for entry in (listed.by_uri(t.href or "-") for t in _terms(record)) if entry}
    found.discard("noLimitations")
    return found.pop() if len(found) == 1 else ""


def _ours(name: str) -> set[str]:
    """One of our own sentences in every language."""
    return {words[name] for words in WORDS.values()}


def _boxes(record: Record) -> Iterator[tuple[float, float, float, float]]:
    identification = record.identification
    if not isinstance(identification, DataIdentification | ServiceIdentification):
        return
    for extent in known_all(identification.extent):
        for box in known_all(extent.geographic_element) if isinstance(extent, Extent) else ():
            if isinstance(box, GeographicBoundingBox):
                sides = [known(side) for side in (box.west, box.south, box.east, box.north)]
                values = [float(side) for side in sides if side is not None]
                if len(values) == 4:
                    yield values[0], values[1], values[2], values[3]


def _spatial(record: Record) -> str:
    """GeoJSON polygon around every usable box; boxes with west beyond east or out of the world are not."""
    usable = [
        box for box in _boxes(record) if -180 <= box[0] <= box[2] <= 180 and -90 <= box[1] <= box[3] <= 90
    ]
    if not usable:
        return ""
    west, south = min(box[0] for box in usable), min(box[1] for box in usable)
    east, north = max(box[2] for box in usable), max(box[3] for box in usable)
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return json.dumps({"type": "Polygon", "coordinates": [ring]})


def _lineage(record: Record) -> str:
    for quality in known_all(record.data_quality_info):
        lineage = known(quality.lineage)
        if lineage is not None and text_of(lineage.statement):
            return text_of(lineage.statement)
    return ""


def _topic(record: Record) -> str:
    listed, identification = codelists.load("topic_categories"), record.identification
    topics = (
        known_all(identification.topic_category) if isinstance(identification, DataIdentification) else ()
    )
    return next((topic for topic in topics if topic in listed), "")


def _theme_of_topic(topic: str) -> str:
    """The theme when only one has this topic category; several, and it is left to a person."""
    found = [theme.code for theme in codelists.load("themes") if theme.extra["topic_category"] == topic]
    return found[0] if len(found) == 1 else ""


def _dates(record: Record) -> list[dict[str, str]]:
    found: dict[str, str] = {}
    for item in known_all(record.citation.date) if record.citation else ():
        if not isinstance(item, CitationDate):
            continue
        kind, date = known(item.date_type), known(item.date)
        day = date.first_day if date else None
        if kind and day and kind.value in codelists.load("date_types"):
            found[kind.value] = max(day.isoformat(), found.get(kind.value, ""))
    return [{"type": kind, "date": day} for kind, day in sorted(found.items())]
