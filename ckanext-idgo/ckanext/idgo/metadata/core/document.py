"""From bytes to the element that holds the record: safe parsing, envelopes, old namespaces.

The parser never opens a file or address, never expands an entity and never reads a DTD; comments and
processing instructions are dropped.
"""

from __future__ import annotations

import re

import lxml.etree as etree

from ckanext.idgo.metadata.core import errors
from ckanext.idgo.metadata.core.errors import BadRecord, RecordTooLarge
from ckanext.idgo.metadata.core.names import NAMESPACES, OLD_GML, clark
from ckanext.idgo.metadata.core.reading import Element, Reading

MAX_BYTES = 20 * 1024 * 1024
"""Largest record accepted; the largest real one met is 0.4 MB."""

ROOTS_19139 = (clark("gmd:MD_Metadata"), clark("gmi:MI_Metadata"))
_ISO_19115_3 = re.compile(r"^\{https?://[^}]*(?:19115|isotc211\.org)[^}]*\}M[DI]_Metadata$")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_XSI_TYPE = clark("xsi:type")
_GML_ID = clark("gml:id")
_HAS_XSI_TYPE = etree.XPath("boolean(//@xsi:type)", namespaces={"xsi": NAMESPACES["xsi"]})
_NEEDS_ID = frozenset(
    {
        *(
            "TimePeriod",
            "TimeInstant",
            "Point",
            "LineString",
            "Curve",
            "OrientableCurve",
            "Polygon",
            "Surface",
        ),
        *("MultiPoint", "MultiCurve", "MultiLineString", "MultiSurface", "MultiPolygon", "MultiGeometry"),
        *("CompositeCurve", "CompositeSurface", "Solid"),
    }
)


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=False,
        remove_comments=True,
        remove_pis=True,
        remove_blank_text=True,
    )


def parse(xml: bytes | str, max_bytes: int = MAX_BYTES) -> Element:
    """Root element of a document. Raises :class:`BadRecord` or :class:`RecordTooLarge`.

    A text may carry an encoding declaration, which is then ignored: the text is already decoded.
    """
    data = (
        _DECLARATION.sub("", xml, count=1).encode("utf-8", "surrogatepass") if isinstance(xml, str) else xml
    )
    if len(data) > max_bytes:
        raise RecordTooLarge("record-too-large", errors.TOO_LARGE, limit_bytes=max_bytes)
    if not data.strip(b"\x00 \t\r\n"):
        raise BadRecord("empty-record", errors.EMPTY)
    try:
        # Servers put blank lines before the declaration, which XML forbids and nothing depends on.
        root = etree.fromstring(data.lstrip(), _parser())
    except etree.XMLSyntaxError as error:
        line = error.lineno or 0
        raise BadRecord("not-xml", errors.NOT_XML, line=line, reason=(error.msg or "").strip()) from error
    except (ValueError, LookupError) as error:
        raise BadRecord("not-xml", errors.NOT_XML, line=1, reason=str(error)) from error
    _refuse_entities(root)
    return root


def _refuse_entities(root: Element) -> None:
    dtd = root.getroottree().docinfo.internalDTD
    if dtd is not None and any(True for _ in dtd.iterentities()):
        raise BadRecord("entities", errors.DOCTYPE, line=1)


def is_19139(element: Element) -> bool:
    """Whether this is the root of an ISO 19139 record."""
    return element.tag in ROOTS_19139


def is_19115_3(element: Element) -> bool:
    """Whether this is the root of an ISO 19115-3 record, of any of its editions and drafts."""
    return not is_19139(element) and _ISO_19115_3.match(str(element.tag)) is not None


def _is_record(element: Element) -> bool:
    return isinstance(element.tag, str) and (is_19139(element) or is_19115_3(element))


def find_record(root: Element, reading: Reading) -> Element:
    """The record itself, also inside a CSW ``GetRecordByIdResponse``, ``GetRecordsResponse`` or OAI answer.

    Raises :class:`BadRecord` when there is none or more than one, or when the answer is an error.
    """
    if _is_record(root):
        return root
    name = etree.QName(root).localname
    found = [element for element in root.iter() if _is_record(element)]
    if len(found) == 1:
        reading.left_out(root, "the envelope around the record")
        return found[0]
    if len(found) > 1:
        raise BadRecord("several-records", errors.SEVERAL, line=found[1].sourceline or 0, count=len(found))
    if name in ("ExceptionReport", "ServiceExceptionReport"):
        reason = " ".join(" ".join(str(text) for text in root.itertext()).split())
        raise BadRecord("catalogue-error", errors.REFUSED, line=root.sourceline or 0, reason=reason)
    if name in ("GetRecordByIdResponse", "GetRecordsResponse", "SearchResults", "OAI-PMH"):
        raise BadRecord("no-record", errors.NO_RECORD, line=root.sourceline or 0, path=f"/{name}", root=name)
    raise BadRecord("not-iso", errors.NOT_ISO, line=root.sourceline or 0, path=f"/{name}", root=str(root.tag))


def modernize(root: Element, reading: Reading) -> None:
    """Bring old GML to GML 3.2, give GML objects the ``gml:id`` they need, and write ``xsi:type`` values with
    our prefixes. In place; every change is noted."""
    old = list(root.iter(f"{{{OLD_GML}}}*"))
    for element in old:
        element.tag = clark("gml:" + etree.QName(element).localname)
    if old or _HAS_XSI_TYPE(root):
        for element in root.iter():
            _modernize_attributes(element)
    if old:
        reading.repaired(old[0], "GML 3.1 becomes GML 3.2")
    _identify(root, reading)


def _modernize_attributes(element: Element) -> None:
    for name, value in element.attrib.items():
        if name == _XSI_TYPE:
            element.set(_XSI_TYPE, _our_prefix(element, str(value)))
        elif str(name).startswith(f"{{{OLD_GML}}}"):
            del element.attrib[name]
            element.set(clark("gml:" + etree.QName(name).localname), value)


def _our_prefix(element: Element, name: str) -> str:
    prefix, colon, local = name.strip().rpartition(":")
    uri = element.nsmap.get(prefix if colon else None)
    ours = {value: key for key, value in NAMESPACES.items()}
    return f"{ours[uri]}:{local}" if uri in ours else name


def _identify(root: Element, reading: Reading) -> None:
    candidates = root.iter(f"{{{NAMESPACES['gml']}}}*")
    without = [e for e in candidates if not e.get(_GML_ID) and etree.QName(e).localname in _NEEDS_ID]
    if not without:
        return
    taken, number = {element.get(_GML_ID) for element in root.iter()}, 0
    for element in without:
        number = next(n for n in range(number + 1, len(taken) + len(without) + 2) if f"idgo-{n}" not in taken)
        element.set(_GML_ID, f"idgo-{number}")
        reading.repaired(element, "it had no gml:id")
