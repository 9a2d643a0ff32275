"""Writing a record as ISO 19139 with GML 3.2.

What is typed is written in the order of the schema; what was kept is written where it stood. A record built
from typed parts only is valid against the schemas (:mod:`.xsd` checks); a record that was read invalid is
written with the repairs that its notes name, and may stay invalid where it holds kept XML.
"""

from __future__ import annotations

import lxml.etree as etree

from ckanext.idgo.metadata.core import errors
from ckanext.idgo.metadata.core.binding import write_content
from ckanext.idgo.metadata.core.errors import BadRecord
from ckanext.idgo.metadata.core.names import NAMESPACES, clark
from ckanext.idgo.metadata.core.record import Record

_ROOT_NAMESPACES = {p: NAMESPACES[p] for p in ("gmd", "gco", "gmx", "srv", "gts", "gml", "xlink", "xsi")}


def write_iso19139(record: Record) -> bytes:
    """UTF-8 XML with its declaration, indented.

    Raises :class:`.errors.BadRecord` when a text holds a character that XML cannot carry (such as U+0000).
    """
    root = etree.Element(clark(record.root), nsmap=_ROOT_NAMESPACES)
    try:
        write_content(root, record)
    except ValueError as error:
        raise BadRecord("unwritable", errors.UNWRITABLE, reason=str(error)) from error
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
