"""IDGO's Solr schema, derived from the one of the CKAN that is installed: an edit, never a copy."""

from __future__ import annotations

from lxml import etree


def derive(schema_xml: bytes) -> bytes:
    """CKAN's schema → ours: the fields of the map box are there before the first document (added later, every
    update fails while CKAN only logs it)."""
    schema = etree.fromstring(schema_xml)
    fields = schema.find("fields")
    for name in ("minx", "maxx", "miny", "maxy"):
        etree.SubElement(fields, "field", name=name, type="float", indexed="true", stored="true")
    return etree.tostring(schema, xml_declaration=True, encoding="UTF-8")
