"""The root of an ISO 19115-3 record, brought back to the shape of ISO 19139."""

from __future__ import annotations

import lxml.etree as etree

from ckanext.idgo.metadata.core.iso19115_3_moves import add_text, find, find_all, move, sort
from ckanext.idgo.metadata.core.names import clark
from ckanext.idgo.metadata.core.reading import Element


def _language(root: Element) -> None:
    default = find(root, "defaultLocale/PT_Locale")
    if default is not None:
        move(find(default, "languageCode"), root, "language")
        move(find(default, "characterEncoding"), root, "characterSet")
    for other in find_all(root, "otherLocale"):
        other.tag = clark("gmd:locale")


def _dates(root: Element) -> None:
    """``dateStamp`` is the date of the last revision of the record, else that of its creation."""
    found: dict[str, Element] = {}
    for holder in find_all(root, "dateInfo"):
        kind = find(holder, "CI_Date/dateType/CI_DateTypeCode")
        date = find(holder, "CI_Date/date")
        if date is not None:
            found.setdefault("" if kind is None else str(kind.get("codeListValue")), date)
    for kind in ("revision", "lastUpdate", "creation", "publication", ""):
        if kind in found:
            holder = found[kind].getparent().getparent()
            move(found[kind], root, "dateStamp")
            root.remove(holder)  # the other dates stay, to be left out with a note
            return


def metadata(root: Element) -> None:
    """The root: identifier, parent, scope, dates, standard, lineage."""
    move(find(root, "metadataIdentifier/MD_Identifier/code"), root, "fileIdentifier")
    move(find(root, "metadataIdentifier/RS_Identifier/code"), root, "fileIdentifier")
    parent = find(root, "parentMetadata")
    if parent is not None and parent.get("uuidref"):
        add_text(root, "parentIdentifier", str(parent.get("uuidref")))
    elif parent is not None:
        move(find(parent, "CI_Citation/identifier/MD_Identifier/code"), root, "parentIdentifier")
    for holder in find_all(root, "metadataScope"):
        move(find(holder, "MD_MetadataScope/resourceScope"), root, "hierarchyLevel")
        move(find(holder, "MD_MetadataScope/name"), root, "hierarchyLevelName")
    _language(root)
    _dates(root)
    standard = find(root, "metadataStandard/CI_Citation")
    if standard is not None:
        move(find(standard, "title"), root, "metadataStandardName")
        move(find(standard, "edition"), root, "metadataStandardVersion")
    for holder in find_all(root, "resourceLineage"):
        _lineage(root, holder)
    for used in ("metadataIdentifier", "metadataScope", "defaultLocale", "metadataStandard"):
        for holder in find_all(root, used):
            root.remove(holder)
    sort(root, _ROOT_ORDER)


def _lineage(root: Element, holder: Element) -> None:
    quality = etree.SubElement(
        etree.SubElement(root, clark("gmd:dataQualityInfo")), clark("gmd:DQ_DataQuality")
    )
    scope_holder = find(holder, "LI_Lineage/scope")
    if scope_holder is None:
        scope_holder = etree.Element(clark("gmd:scope"), {clark("gco:nilReason"): "missing"})
    move(scope_holder, quality, "scope")
    move(holder, quality, "lineage")


_ROOT_ORDER = (
    *(
        "fileIdentifier",
        "language",
        "characterSet",
        "parentIdentifier",
        "hierarchyLevel",
        "hierarchyLevelName",
    ),
    *("contact", "dateStamp", "metadataStandardName", "metadataStandardVersion", "locale"),
    *("spatialRepresentationInfo", "referenceSystemInfo", "metadataExtensionInfo", "identificationInfo"),
    *("contentInfo", "distributionInfo", "dataQualityInfo", "portrayalCatalogueInfo", "metadataConstraints"),
    *("applicationSchemaInfo", "metadataMaintenance"),
)
