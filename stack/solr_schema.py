"""Derive IDGO's Solr schema from the one the installed CKAN carries.

CKAN's schema is edited, never copied: an upgrade of CKAN brings its new fields by itself, and an anchor that
disappears stops the build here with its name instead of giving a half French index.

Why these choices: ``docs/adr/0005-search.md``.
"""

from __future__ import annotations

import sys
from pathlib import Path

from lxml import etree

# Typographic variants of the apostrophe, and the words French elides before a vowel. Elision is done on
# characters, not on tokens: "(l’eau" and "«d'Arles" are elided too, which Solr's ElisionFilter misses
# because the token starts with punctuation.
APOSTROPHES = "'\u2019\u2018\u02bc\u2032`\u00b4"
ELIDED = "l|d|j|m|t|s|n|c|qu|jusqu|lorsqu|puisqu|quoiqu"
ELISION = rf"(?i)(?<![\p{{L}}\p{{N}}])(?:{ELIDED})[{APOSTROPHES}](?=[\p{{L}}\p{{N}}])"

# Soft hyphens and zero-width characters come with text pasted from PDF and break words in two.
INVISIBLE = r"[\u00ad\u200b-\u200d\u2060\ufeff]"

TYPES = """
<types>
  <fieldType name="text_fr" class="solr.TextField" positionIncrementGap="100">
    <analyzer type="index">
      <charFilter class="solr.PatternReplaceCharFilterFactory" pattern="INVISIBLE" replacement=""/>
      <charFilter class="solr.PatternReplaceCharFilterFactory" pattern="ELISION" replacement=""/>
      <tokenizer class="solr.WhitespaceTokenizerFactory"/>
      <filter class="solr.WordDelimiterGraphFilterFactory" generateWordParts="1" generateNumberParts="1"
              catenateWords="1" catenateNumbers="1" catenateAll="1" splitOnCaseChange="1"
              splitOnNumerics="1" stemEnglishPossessive="0"/>
      <filter class="solr.FlattenGraphFilterFactory"/>
      <filter class="solr.LowerCaseFilterFactory"/>
      <filter class="solr.ASCIIFoldingFilterFactory"/>
      <filter class="solr.StopFilterFactory" words="stopwords_fr.txt"/>
      <filter class="solr.KeywordMarkerFilterFactory" protected="protwords_fr.txt"/>
      <filter class="solr.FrenchLightStemFilterFactory"/>
      <filter class="solr.RemoveDuplicatesTokenFilterFactory"/>
    </analyzer>
    <analyzer type="query">
      <charFilter class="solr.PatternReplaceCharFilterFactory" pattern="INVISIBLE" replacement=""/>
      <charFilter class="solr.PatternReplaceCharFilterFactory" pattern="ELISION" replacement=""/>
      <tokenizer class="solr.WhitespaceTokenizerFactory"/>
      <filter class="solr.LowerCaseFilterFactory"/>
      <filter class="solr.ASCIIFoldingFilterFactory"/>
      <filter class="solr.SynonymGraphFilterFactory" synonyms="synonyms_fr.txt" ignoreCase="true"
              expand="true"/>
      <filter class="solr.WordDelimiterGraphFilterFactory" generateWordParts="1" generateNumberParts="1"
              catenateWords="0" catenateNumbers="0" catenateAll="0" splitOnCaseChange="0"
              splitOnNumerics="0" stemEnglishPossessive="0"/>
      <filter class="solr.StopFilterFactory" words="stopwords_fr.txt"/>
      <filter class="solr.KeywordMarkerFilterFactory" protected="protwords_fr.txt"/>
      <filter class="solr.FrenchLightStemFilterFactory"/>
      <filter class="solr.RemoveDuplicatesTokenFilterFactory"/>
    </analyzer>
  </fieldType>
  <fieldType name="text_words" class="solr.TextField" positionIncrementGap="100" omitNorms="true">
    <analyzer>
      <charFilter class="solr.PatternReplaceCharFilterFactory" pattern="ELISION" replacement=""/>
      <tokenizer class="solr.PatternTokenizerFactory" pattern="[^\\p{L}\\p{N}]+"/>
      <filter class="solr.LowerCaseFilterFactory"/>
      <filter class="solr.ASCIIFoldingFilterFactory"/>
    </analyzer>
  </fieldType>
  <fieldType name="text_prefix" class="solr.TextField" positionIncrementGap="100" omitNorms="true">
    <analyzer type="index">
      <charFilter class="solr.PatternReplaceCharFilterFactory" pattern="ELISION" replacement=""/>
      <tokenizer class="solr.PatternTokenizerFactory" pattern="[^\\p{L}\\p{N}]+"/>
      <filter class="solr.LowerCaseFilterFactory"/>
      <filter class="solr.ASCIIFoldingFilterFactory"/>
      <filter class="solr.EdgeNGramFilterFactory" minGramSize="1" maxGramSize="20" preserveOriginal="true"/>
    </analyzer>
    <analyzer type="query">
      <charFilter class="solr.PatternReplaceCharFilterFactory" pattern="ELISION" replacement=""/>
      <tokenizer class="solr.PatternTokenizerFactory" pattern="[^\\p{L}\\p{N}]+"/>
      <filter class="solr.LowerCaseFilterFactory"/>
      <filter class="solr.ASCIIFoldingFilterFactory"/>
    </analyzer>
  </fieldType>
</types>
"""

FRENCH = ("title", "notes", "res_name", "res_description", "text", "extras_*", "res_extras_*")
"""Fields of CKAN's schema that hold sentences: from English stemming, or none, to French analysis."""

FACETED = ("organization", "license_id", "title_string", "state", "dataset_type", "capacity", "name")
"""Fields with one value that are counted or sorted by: doc values spare un-inverting them after each commit.
Not those with many values (tags, territory): counting 20 000 datasets by tag took 1.6 ms more with them."""

STRINGS = ("theme", "inspire_theme", "access_tier", "data_family", "frequency")
STRINGS_MULTI = ("territory", "territory_own")
TEXTS = ("tags_text", "organization_text", "territory_text", "theme_text")
PREFIXES = ("title_prefix", "tags_prefix")
BOX = ("minx", "maxx", "miny", "maxy")
COPIES = (
    ("tags", "tags_text"),
    ("tags", "tags_prefix"),
    ("tags", "words"),
    ("title", "title_prefix"),
    ("title", "words"),
    ("organization_text", "text"),
    ("territory_text", "text"),
    ("theme_text", "text"),
)


class SchemaChangedError(RuntimeError):
    """CKAN's schema no longer has a place this module edits."""


def _field(parent: etree._Element, name: str, kind: str, multi: bool, **attributes: str) -> None:
    if parent.xpath("*[@name=$name]", name=name):
        raise SchemaChangedError(f"CKAN's schema now has a field {name}: decide which one wins")
    etree.SubElement(
        parent,
        "field",
        {
            "name": name,
            "type": kind,
            "indexed": "true",
            "stored": "false",
            "multiValued": str(multi).lower(),
            **attributes,
        },
    )


def _existing(fields: etree._Element, name: str) -> etree._Element:
    found = [field for field in fields.iterchildren("*") if field.get("name") == name]
    if len(found) != 1:
        raise SchemaChangedError(f"field {name} not found once in CKAN's schema")
    return found[0]


def derive(schema_xml: bytes) -> bytes:
    """CKAN's schema with French analysis, the map box, IDGO's codes and the prefix fields.

    ``schema_xml`` is the file of the installed CKAN; the answer is a complete schema for a
    ``ClassicIndexSchemaFactory``. Raises ``SchemaChangedError`` when CKAN's file lost a field edited here.
    """
    root = etree.fromstring(schema_xml)
    types, fields = root.find("types"), root.find("fields")
    if types is None or fields is None:
        raise SchemaChangedError("types or fields not found in CKAN's schema")
    patterns = {"ELISION": ELISION, "INVISIBLE": INVISIBLE}
    for kind in etree.fromstring(TYPES):
        for filter_ in kind.iter("charFilter"):
            filter_.set("pattern", patterns[filter_.get("pattern", "")])
        types.append(kind)
    for name in FRENCH:
        _existing(fields, name).set("type", "text_fr")
    for name in FACETED:
        _existing(fields, name).set("docValues", "true")
    for name in STRINGS:
        _field(fields, name, "string", False, docValues="true")
    for name in STRINGS_MULTI:
        _field(fields, name, "string", True)
    for name in TEXTS:
        _field(fields, name, "text_fr", True)
    for name in PREFIXES:
        _field(fields, name, "text_prefix", True)
    _field(fields, "words", "text_words", True)
    for name in BOX:  # must exist before the first document: added later, every update fails
        _field(fields, name, "float", False, docValues="true", stored="true")
    for source, dest in COPIES:
        etree.SubElement(root, "copyField", {"source": source, "dest": dest})
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def stock(schema_xml: bytes) -> bytes:
    """CKAN's schema as it is, with only the four fields ckanext-spatial's map box asks for: the reference
    that relevance and speed are measured against."""
    root = etree.fromstring(schema_xml)
    fields = root.find("fields")
    if fields is None:
        raise SchemaChangedError("fields not found in CKAN's schema")
    for name in BOX:
        _field(fields, name, "float", False, stored="true")
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


if __name__ == "__main__":
    sys.stdout.buffer.write(derive(Path(sys.argv[1]).read_bytes()))
