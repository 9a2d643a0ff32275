"""Classes whose shape changed between ISO 19139 and ISO 19115-3, brought back to the shape of ISO 19139.

Every rule works in place on an element whose names are already those of ISO 19139, children before parents.
What a rule leaves behind is unknown to the model; the reader then leaves it out with a note.
"""

from __future__ import annotations

from collections.abc import Callable

from lxml import etree

from ckanext.idgo.metadata.core.names import clark, prefixed
from ckanext.idgo.metadata.core.reading import Element


def _find(element: Element, path: str) -> Element | None:
    """First descendant by a path of names, ``gmd`` unless prefixed: ``party/CI_Organisation``."""
    steps = [clark(step if ":" in step else f"gmd:{step}") for step in path.split("/")]
    return element.find("/".join(steps))


def _all(element: Element, name: str) -> list[Element]:
    return element.findall(clark(f"gmd:{name}"))


def _move(source: Element | None, target: Element, name: str) -> None:
    """Move a property into ``target`` under the name ``name``."""
    if source is not None:
        source.tag = clark(name if ":" in name else f"gmd:{name}")
        target.append(source)


def _text(parent: Element, name: str, text: str) -> None:
    child = etree.SubElement(etree.SubElement(parent, clark(f"gmd:{name}")), clark("gco:CharacterString"))
    child.text = text


def _replace(element: Element, name: str, *children: Element | None) -> None:
    """Make ``element`` a ``name`` that holds only ``children``... and what was not moved."""
    element.tag = clark(name if ":" in name else f"gmd:{name}")
    for child in children:
        if child is not None:
            element.append(child)


def responsibility(element: Element) -> None:
    """``CI_Responsibility`` with its parties → ``CI_ResponsibleParty``: the first party is kept."""
    element.tag = clark("gmd:CI_ResponsibleParty")
    party = _find(element, "party")
    if party is not None and len(party):
        holder = party[0]
        individual = _find(holder, "individual/CI_Individual")
        if prefixed(str(holder.tag)) == "gmd:CI_Individual":
            holder, individual = None, party[0]  # type: ignore[assignment]
        contact = None if holder is None else _find(holder, "contactInfo")
        if individual is not None:
            _move(_find(individual, "name"), element, "individualName")
            _move(_find(individual, "positionName"), element, "positionName")
            contact = contact if contact is not None else _find(individual, "contactInfo")
        if holder is not None:
            _move(_find(holder, "name"), element, "organisationName")
        _move(contact, element, "contactInfo")
        element.remove(party)
    _move(_find(element, "role"), element, "role")
    _sort(element, ("individualName", "organisationName", "positionName", "contactInfo", "role"))


def _sort(element: Element, order: tuple[str, ...]) -> None:
    """Put children named in ``order`` in that order, before all others."""
    for name in reversed(order):
        for child in reversed(_all(element, name)):
            element.insert(0, child)


def contact(element: Element) -> None:
    """Several ``phone`` with a type each → one with ``voice`` and ``facsimile``."""
    phones = _all(element, "phone")
    merged = etree.Element(clark("gmd:CI_Telephone"))
    for phone in phones:
        for number in phone.iter(clark("gmd:number")):
            kind = _find(number.getparent(), "numberType/CI_TelephoneTypeCode")  # type: ignore[arg-type]
            fax = kind is not None and kind.get("codeListValue") == "facsimile"
            number.tag = clark("gmd:facsimile" if fax else "gmd:voice")
    for name in ("voice", "facsimile"):
        for phone in phones:
            for number in list(phone.iter(clark(f"gmd:{name}"))):
                merged.append(number)
    for phone in phones:
        element.remove(phone)
    if len(merged):
        holder = etree.Element(clark("gmd:phone"))
        holder.append(merged)
        element.insert(0, holder)


def online_resource(element: Element) -> None:
    """The address is a ``gmd:URL`` again."""
    text = _find(element, "linkage/gco:CharacterString")
    if text is not None:
        text.tag = clark("gmd:URL")


def address(element: Element) -> None:
    """A country may be a code; ISO 19139 has a text."""
    code = _find(element, "country/Country")
    if code is not None:
        text = code.text or code.get("codeListValue", "")
        code.tag = clark("gco:CharacterString")
        code.attrib.clear()
        code.text = text


def identifier(element: Element) -> None:
    """Code space and version exist in ``RS_Identifier`` only."""
    inside_crs = prefixed(str(element.getparent().tag)) == "gmd:referenceSystemIdentifier"  # type: ignore
    if inside_crs or _find(element, "codeSpace") is not None or _find(element, "version") is not None:
        element.tag = clark("gmd:RS_Identifier")


def file_format(element: Element) -> None:
    """``formatSpecificationCitation`` → ``name`` and ``version``."""
    citation = _find(element, "formatSpecificationCitation/CI_Citation")
    if citation is None:
        return
    _move(_find(citation, "title"), element, "name")
    edition = _find(citation, "edition")
    if edition is None:
        edition = etree.Element(clark("gmd:version"), {clark("gco:nilReason"): "unknown"})
    _move(edition, element, "version")
    element.remove(citation.getparent())  # type: ignore[arg-type]
    _sort(element, ("name", "version", "amendmentNumber", "specification", "fileDecompressionTechnique"))


def maintenance(element: Element) -> None:
    """The date of the next update and the scope's level."""
    date = _find(element, "maintenanceDate/CI_Date/date")
    kind = _find(element, "maintenanceDate/CI_Date/dateType/CI_DateTypeCode")
    if date is not None and kind is not None and kind.get("codeListValue") == "nextUpdate":
        _move(date, element, "dateOfNextUpdate")
    for scope in _all(element, "maintenanceScope"):
        _move(_find(scope, "DQ_Scope/level"), element, "updateScope")
    _sort(
        element,
        ("maintenanceAndUpdateFrequency", "dateOfNextUpdate", "updateScope", "maintenanceNote", "contact"),
    )


def associated_resource(element: Element) -> None:
    """``MD_AssociatedResource`` → ``MD_AggregateInformation``."""
    _move(_find(element, "name"), element, "aggregateDataSetName")
    reference = _find(element, "metadataReference")
    if reference is not None:
        inner = _find(reference, "CI_Citation/identifier")
        uuid = reference.get("uuidref")
        if inner is not None:
            _move(inner, element, "aggregateDataSetIdentifier")
        elif uuid:
            holder = etree.SubElement(element, clark("gmd:aggregateDataSetIdentifier"))
            _text(etree.SubElement(holder, clark("gmd:MD_Identifier")), "code", uuid)
    element.tag = clark("gmd:MD_AggregateInformation")
    element.getparent().tag = clark("gmd:aggregationInfo")  # type: ignore[union-attr]
    _sort(
        element,
        ("aggregateDataSetName", "aggregateDataSetIdentifier", "associationType", "initiativeType"),
    )


_DATA_ORDER = (
    *("spatialRepresentationType", "spatialResolution", "language", "characterSet", "topicCategory"),
    *("environmentDescription", "extent", "supplementalInformation"),
)


def identification(element: Element) -> None:
    """Locales become languages and character sets; order of ISO 19139."""
    for locale in _all(element, "defaultLocale") + _all(element, "otherLocale"):
        _move(_find(locale, "PT_Locale/languageCode"), element, "language")
        _move(_find(locale, "PT_Locale/characterEncoding"), element, "characterSet")
        element.remove(locale)
    for status in _all(element, "status"):
        _move(status, element, "status")
    prefix = prefixed(str(element.tag)).split(":")[0]
    for name in _DATA_ORDER:
        for child in _all(element, name):
            _move(child, element, f"{prefix}:{name}" if name == "extent" else name)
    for child in [c for c in element if prefixed(str(c.tag)).startswith("srv:")]:
        element.append(child)
    _sort(
        element,
        (
            *("citation", "abstract", "purpose", "credit", "status", "pointOfContact", "resourceMaintenance"),
            *("graphicOverview", "resourceFormat", "descriptiveKeywords", "resourceSpecificUsage"),
            *("resourceConstraints", "aggregationInfo"),
        ),
    )


def locale(element: Element) -> None:
    """``language`` → ``languageCode``."""
    _move(_find(element, "language"), element, "languageCode")
    _sort(element, ("languageCode", "country", "characterEncoding"))


def scope(element: Element) -> None:
    """``MD_Scope`` → ``DQ_Scope``."""
    element.tag = clark("gmd:DQ_Scope")


def quality_report(element: Element) -> None:
    """Measure reference and evaluation method are flat in ISO 19139."""
    for holder in ("measure", "evaluationMethod"):
        for outer in _all(element, holder):
            for inner in outer:
                for child in list(inner):
                    element.append(child)
            element.remove(outer)
    for result in _all(element, "result"):
        element.append(result)
    _sort(
        element,
        (
            *("nameOfMeasure", "measureIdentification", "measureDescription", "evaluationMethodType"),
            *("evaluationMethodDescription", "evaluationProcedure", "dateTime", "result"),
        ),
    )


def process_step(element: Element) -> None:
    """``stepDateTime`` holds a GML instant."""
    position = element.find(
        f"{clark('gmd:stepDateTime')}/{clark('gml:TimeInstant')}/{clark('gml:timePosition')}"
    )
    if position is not None and "T" in (position.text or ""):
        holder = etree.SubElement(element, clark("gmd:dateTime"))
        etree.SubElement(holder, clark("gco:DateTime")).text = position.text
    _sort(element, ("description", "rationale", "dateTime", "processor", "source"))


def source(element: Element) -> None:
    """``sourceSpatialResolution`` → ``scaleDenominator``."""
    _move(
        _find(element, "sourceSpatialResolution/MD_Resolution/equivalentScale"), element, "scaleDenominator"
    )
    _sort(
        element,
        (
            *("description", "scaleDenominator", "sourceReferenceSystem", "sourceCitation", "sourceExtent"),
            "sourceStep",
        ),
    )


def operation(element: Element) -> None:
    """``distributedComputingPlatform`` → ``DCP``."""
    for child in list(element.iter(clark("srv:distributedComputingPlatform"))):
        child.tag = clark("srv:DCP")
    order = ("operationName", "DCP", "operationDescription", "invocationName", "connectPoint")
    for name in reversed(order):
        for child in reversed(element.findall(clark(f"srv:{name}"))):
            element.insert(0, child)


def coupled_resource(element: Element) -> None:
    """Layer's name, identifier of the data set, name of the operation."""
    name = _find(element, "srv:scopedName/gco:ScopedName")
    code = _find(element, "srv:resourceReference/CI_Citation/identifier/MD_Identifier/code")
    _move(
        _find(element, "srv:operation/srv:SV_OperationMetadata/srv:operationName"),
        element,
        "srv:operationName",
    )
    _move(code, element, "srv:identifier")
    if name is not None:
        element.append(name)


def _language(root: Element) -> None:
    default = _find(root, "defaultLocale/PT_Locale")
    if default is not None:
        _move(_find(default, "languageCode"), root, "language")
        _move(_find(default, "characterEncoding"), root, "characterSet")
    for other in _all(root, "otherLocale"):
        other.tag = clark("gmd:locale")


def _dates(root: Element) -> None:
    """``dateStamp`` is the date of the last revision of the record, else that of its creation."""
    found: dict[str, Element] = {}
    for holder in _all(root, "dateInfo"):
        kind = _find(holder, "CI_Date/dateType/CI_DateTypeCode")
        date = _find(holder, "CI_Date/date")
        if date is not None:
            found.setdefault("" if kind is None else str(kind.get("codeListValue")), date)
    for kind in ("revision", "lastUpdate", "creation", "publication", ""):
        if kind in found:
            _move(found[kind], root, "dateStamp")
            return


def metadata(root: Element) -> None:
    """The root: identifier, parent, scope, dates, standard, lineage."""
    _move(_find(root, "metadataIdentifier/MD_Identifier/code"), root, "fileIdentifier")
    _move(_find(root, "metadataIdentifier/RS_Identifier/code"), root, "fileIdentifier")
    parent = _find(root, "parentMetadata")
    if parent is not None and parent.get("uuidref"):
        _text(root, "parentIdentifier", str(parent.get("uuidref")))
    elif parent is not None:
        _move(_find(parent, "CI_Citation/identifier/MD_Identifier/code"), root, "parentIdentifier")
    for holder in _all(root, "metadataScope"):
        _move(_find(holder, "MD_MetadataScope/resourceScope"), root, "hierarchyLevel")
        _move(_find(holder, "MD_MetadataScope/name"), root, "hierarchyLevelName")
    _language(root)
    _dates(root)
    standard = _find(root, "metadataStandard/CI_Citation")
    if standard is not None:
        _move(_find(standard, "title"), root, "metadataStandardName")
        _move(_find(standard, "edition"), root, "metadataStandardVersion")
    for holder in _all(root, "resourceLineage"):
        _lineage(root, holder)
    for used in ("metadataIdentifier", "metadataScope", "defaultLocale", "dateInfo", "metadataStandard"):
        for holder in _all(root, used):
            root.remove(holder)
    _sort(root, _ROOT_ORDER)


def _lineage(root: Element, holder: Element) -> None:
    quality = etree.SubElement(
        etree.SubElement(root, clark("gmd:dataQualityInfo")), clark("gmd:DQ_DataQuality")
    )
    scope_holder = _find(holder, "LI_Lineage/scope")
    if scope_holder is None:
        scope_holder = etree.Element(clark("gmd:scope"), {clark("gco:nilReason"): "missing"})
    _move(scope_holder, quality, "scope")
    _move(holder, quality, "lineage")


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

RULES: dict[str, Callable[[Element], None]] = {
    "CI_Responsibility": responsibility,
    "CI_Address": address,
    "CI_Contact": contact,
    "CI_OnlineResource": online_resource,
    "MD_Identifier": identifier,
    "MD_Format": file_format,
    "MD_MaintenanceInformation": maintenance,
    "MD_AssociatedResource": associated_resource,
    "MD_DataIdentification": identification,
    "SV_ServiceIdentification": identification,
    "PT_Locale": locale,
    "MD_Scope": scope,
    "LI_ProcessStep": process_step,
    "LI_Source": source,
    "SV_OperationMetadata": operation,
    "SV_CoupledResource": coupled_resource,
    "MD_Metadata": metadata,
    "MI_Metadata": metadata,
}
