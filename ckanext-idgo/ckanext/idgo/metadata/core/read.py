"""Reading a metadata record: ISO 19139 (with GML 3.2 or older) and ISO 19115-3, alone or in a CSW answer.

Lenient: what cannot be typed is kept, what is repaired or left out is noted in ``record.notes``. Nothing is
fetched while reading. Half of the real French records are not valid against the schema (issue 3).
"""

from __future__ import annotations

from dataclasses import replace

from ckanext.idgo.metadata.core.binding import read_node
from ckanext.idgo.metadata.core.document import MAX_BYTES, find_record, is_19115_3, modernize, parse
from ckanext.idgo.metadata.core.iso19115_3 import to_19139
from ckanext.idgo.metadata.core.names import prefixed
from ckanext.idgo.metadata.core.reading import Reading
from ckanext.idgo.metadata.core.record import Record


def read_record(xml: bytes | str, max_bytes: int = MAX_BYTES) -> Record:
    """Read one record. Raises :class:`.errors.BadRecord` (with ``line`` and ``path``) when there is no record
    to read, :class:`.errors.RecordTooLarge` above ``max_bytes``; nothing else."""
    reading = Reading()
    element = find_record(parse(xml, max_bytes), reading)
    if is_19115_3(element):
        element = to_19139(element, reading)
    modernize(element, reading)
    record: Record = read_node(Record, element, reading)
    return replace(record, notes=tuple(reading.notes), root=prefixed(str(element.tag)))
