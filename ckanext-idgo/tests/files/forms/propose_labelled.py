"""Real titles with the labels their own publishers gave them: one half tunes, the other judges.

Sources, read where they lie: ISO 19139 and 19115-3 records (files and CSW answers), whose labels are
MD_TopicCategoryCode and the keywords of the GEMET INSPIRE thesaurus; the recorded DataSud answer, whose
labels are its groups (the 16 themes). A record is one example by title, whatever the number of copies. The
600 records of ``iso/volume`` are left out: all say the same topic, and a constant would be right 600 times.

ISO has no list of 16 themes. A topic category is right with the themes that have it as their topic category
in ``schemas/codelists/themes.json`` (society: four of them), the six that no theme has with
``WITHOUT_A_THEME``, and a cadastral record (INSPIRE theme cp) also with the theme of reference data.

Two vocabularies that nobody here wrote or had read judge beside them, whole: the sub-themes of the French
ministry's Ecosphères theme table (labelled by their theme, through ``ECOSPHERES``, written from the names of
the 13 themes alone) and the French scope notes of the 34 INSPIRE themes.

The split is by a hash of the title without digits. The lexicon may be improved by looking at the ``tune``
half; nobody looks at the ``judge`` half but the test. The DataSud titles were known before the lexicon was
written: they all tune. Titles that begin with the same three words (some thirty local plans, one a commune)
are one family: a family seen while tuning does not judge, and a family judges once for each set of labels.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lxml import etree
from rdflib import Graph
from rdflib.namespace import SKOS

from ckanext.idgo.common.core.paths import schemas_dir
from ckanext.idgo.forms.core.propose.words import content_stems, split_words

WITHOUT_A_THEME: dict[str, str] = {
    "biota": "environnement-et-climat",
    "climatologyMeteorologyAtmosphere": "environnement-et-climat",
    "elevation": "imagerie-et-occupation-du-sol",
    "inlandWaters": "environnement-et-climat",
    "intelligenceMilitary": "administration-et-action-publique",
    "location": "limites-administratives-et-referentiels",
}
"""Topic categories that no theme has: the theme whose subject it is (ISO 19115, B.5.27)."""

NOT_A_TITLE = frozenset(
    {"title", "titles", "titre", "sometitle", "test", "tests", "metadata", "modele", "template"}
    | {"record", "records"}
)
ECOSPHERES: dict[str, frozenset[str]] = {
    "Aménagement et urbanisme": frozenset({"amenagement-et-urbanisme"}),
    "Climat": frozenset({"environnement-et-climat"}),
    "Eau": frozenset({"environnement-et-climat", "energies-et-reseaux"}),
    "Foncier et occupation du sol": frozenset(
        {
            "amenagement-et-urbanisme",
            "imagerie-et-occupation-du-sol",
            "limites-administratives-et-referentiels",
        }
    ),
    "Habitat et politique de la ville": frozenset(
        {"equipements-batiments-et-logement", "amenagement-et-urbanisme"}
    ),
    "Industrie, production d'énergie et exploitation du sol": frozenset(
        {"economie-et-entreprises", "energies-et-reseaux"}
    ),
    "Infrastructures de transport": frozenset({"mobilite-et-transports"}),
    "Mer et littoral": frozenset({"mer-littoral-et-montagne"}),
    "Nature, paysages et biodiversité": frozenset({"environnement-et-climat"}),
    "Nuisances, déchets et pollution": frozenset({"environnement-et-climat"}),
    "Risques": frozenset({"environnement-et-climat"}),
    "Réseaux d'énergie et de communication": frozenset({"energies-et-reseaux"}),
    "Transport et déplacements": frozenset({"mobilite-et-transports"}),
    "Établissements d'activités": frozenset({"economie-et-entreprises", "equipements-batiments-et-logement"}),
}
LANGUAGES = {"fre": "fr", "fra": "fr", "fr": "fr", "eng": "en", "en": "en"}


@dataclass(frozen=True)
class Example:
    """One title; ``themes`` holds every right answer; ``half`` is ``tune`` or ``judge``."""

    title: str
    abstract: str
    language: str  # "fr" or "en"
    themes: frozenset[str]
    inspire: frozenset[str]
    keywords: tuple[str, ...]
    source: str

    @property
    def half(self) -> str:
        if self.source == "datasud":
            return "tune"
        key = re.sub(r"\d+", "", " ".join(split_words(self.title)))
        return "judge" if hashlib.sha256(key.encode()).digest()[0] % 2 else "tune"

    @property
    def family(self) -> tuple[str, ...]:
        """The first three words that carry meaning, without digits."""
        return content_stems(split_words(re.sub(r"\d+", " ", self.title)))[:3]


def keyword_key(keyword: str) -> tuple[str, ...]:
    """Keywords are the same when their content words have the same stems."""
    return content_stems(split_words(keyword))


def examples(data_dir: Path) -> list[Example]:
    """Every French or English title that has a label and may tune or judge (see above)."""
    found: dict[str, Example] = {}
    for example in (*_datasud(data_dir), *_records(data_dir)):
        labelled = example.themes or example.inspire or example.keywords
        if labelled and not NOT_A_TITLE & set(split_words(example.title)):
            found.setdefault(example.title, example)
    seen = {e.family for e in found.values() if e.half == "tune"}
    kept: dict[object, Example] = {}
    for example in sorted(found.values(), key=lambda e: e.title):
        if example.half == "tune":
            kept[example.title] = example
        elif example.family not in seen:
            kept.setdefault((example.family, example.themes, example.inspire), example)
    return list(kept.values())


def ecospheres(data_dir: Path) -> list[Example]:
    """Sub-themes of the Ecosphères table, each right with the themes of ``ECOSPHERES``."""
    graph = Graph().parse(data_dir / "codelists/MTES-MCT__metadata-postgresql/ecospheres_theme.ttl")
    return sorted(
        (
            _labelled(str(label), "ecospheres", themes=ECOSPHERES[str(parent)])
            for theme, child in graph.subject_objects(SKOS.narrower)
            for parent in graph.objects(theme, SKOS.prefLabel)
            for label in graph.objects(child, SKOS.prefLabel)
        ),
        key=lambda e: e.title,
    )


def scope_notes(data_dir: Path) -> list[Example]:
    """French scope notes of the INSPIRE themes."""
    name = "httpinspireeceuropaeutheme-theme.rdf"
    graph = Graph().parse(data_dir / "codelists/SPW-DIG__metawal-core-geonetwork" / name)
    notes = graph.subject_objects(SKOS.scopeNote)
    found = [(str(s).rsplit("/", 1)[-1], note) for s, note in notes if note.language == "fr"]  # type: ignore[attr-defined]
    return [_labelled(str(note), "scope notes", inspire=frozenset({code})) for code, note in sorted(found)]


def _labelled(
    title: str, source: str, themes: frozenset[str] = frozenset(), inspire: frozenset[str] = frozenset()
) -> Example:
    return Example(title, "", "fr", themes, inspire, (), source)


def _datasud(data_dir: Path) -> Iterator[Example]:
    path = data_dir / "ckan/datactivist__conciergerie-open-data/fake_api_results.json"
    for dataset in json.loads(path.read_text(encoding="utf-8"))["result"]["results"]:
        yield Example(
            title=dataset["title"],
            abstract=dataset["notes"],
            language="fr",
            themes=frozenset(group["name"] for group in dataset["groups"]),
            inspire=frozenset(),
            keywords=tuple(tag["name"] for tag in dataset["tags"]),
            source="datasud",
        )


def _text(element: etree._Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _records(data_dir: Path) -> Iterator[Example]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    folders = ("iso/iso19139", "iso/iso19115-3", "csw")
    for path in sorted(p for folder in folders for p in (data_dir / folder).rglob("*.xml")):
        try:
            root = etree.parse(str(path), parser).getroot()
        except etree.XMLSyntaxError:
            continue  # truncated answers are there to test clients
        for record in root.iter("{*}MD_Metadata"):
            example = _record(record)
            if example:
                yield example


def _record(record: etree._Element) -> Example | None:
    identification = record.find("{*}identificationInfo")
    title = None if identification is None else identification.find("*/{*}citation//{*}title")
    if identification is None or title is None:
        return None
    codes = [str(v) for v in record.xpath("./*[local-name()='language']//@codeListValue")]
    codes += [_text(e) for e in record.findall("{*}language/*")]
    codes += [
        str(v)
        for v in record.xpath("./*[local-name()='defaultLocale']//*[local-name()='language']//@codeListValue")
    ]
    language = next((LANGUAGES[c[:3].lower()] for c in codes if c[:3].lower() in LANGUAGES), None)
    if language is None:
        return None
    abstract = identification.find("*/{*}abstract")
    topics = [_text(e).split("_")[0] for e in identification.iter("{*}MD_TopicCategoryCode")]
    inspire, keywords = _keywords(identification)
    return Example(
        title=_text(title),
        abstract="" if abstract is None else _text(abstract),
        language=language,
        themes=_accepted(topics, inspire),
        inspire=inspire,
        keywords=keywords,
        source="iso",
    )


def _accepted(topics: list[str], inspire: frozenset[str]) -> frozenset[str]:
    entries = json.loads((schemas_dir() / "codelists" / "themes.json").read_text(encoding="utf-8"))["entries"]
    themes = {entry["code"] for entry in entries if entry["topic_category"] in topics}
    themes |= {WITHOUT_A_THEME[topic] for topic in topics if topic in WITHOUT_A_THEME}
    if "cp" in inspire and themes:
        themes.add("limites-administratives-et-referentiels")
    return frozenset(themes)


def _keywords(identification: etree._Element) -> tuple[frozenset[str], tuple[str, ...]]:
    """INSPIRE theme codes (French or English labels in the keywords of that thesaurus), other keywords
    (publishers also write several in one, with ``;`` or ``/``)."""
    labels = _inspire_labels()
    themes: set[str] = set()
    others: list[str] = []
    for block in identification.iter("{*}MD_Keywords"):
        thesaurus = " ".join(_text(t) for t in block.findall("{*}thesaurusName//{*}title")).casefold()
        words = [_text(k) for k in block.findall("{*}keyword")]
        kinds = [str(v) for v in block.xpath("./*[local-name()='type']//@codeListValue")]
        if "inspire" in thesaurus and "them" in thesaurus:
            themes |= {
                code for word in words for label, code in labels if label in " ".join(split_words(word))
            }
        elif "place" not in kinds:
            others += [part.strip() for word in words for part in re.split(r"[;/]", word) if part.strip()]
    return frozenset(themes), tuple(dict.fromkeys(others))


def _inspire_labels() -> list[tuple[str, str]]:
    path = schemas_dir() / "codelists" / "inspire_themes.json"
    entries = json.loads(path.read_text(encoding="utf-8"))["entries"]
    pairs = [(" ".join(split_words(e[lang])), e["code"]) for e in entries for lang in ("fr", "en")]
    return [*pairs, ("noms geographiques", "gn")]  # an older French label of the same theme
