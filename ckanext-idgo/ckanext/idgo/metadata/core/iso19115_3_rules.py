"""Classes whose shape changed between ISO 19139 and ISO 19115-3, brought back to the shape of ISO 19139.

Every rule works in place on an element whose names are already those of ISO 19139, children before parents.
What a rule leaves behind is unknown to the model; the reader then leaves it out with a note.
"""

from __future__ import annotations

from collections.abc import Callable

import lxml.etree as etree

from ckanext.idgo.metadata.core.iso19115_3_moves import add_text, find, find_all, move, sort
from ckanext.idgo.metadata.core.iso19115_3_root import metadata
from ckanext.idgo.metadata.core.names import clark, prefixed
from ckanext.idgo.metadata.core.reading import Element


def responsibility(element: Element) -> None:
    """``CI_Responsibility`` with its parties → ``CI_ResponsibleParty``: the first party is kept."""
    element.tag = clark("gmd:CI_ResponsibleParty")
    party = find(element, "party")
    if party is not None and len(party):
        holder = party[0]
        individual = find(holder, "individual/CI_Individual")
        if prefixed(str(holder.tag)) == "gmd:CI_Individual":
            holder, individual = None, party[0]  # type: ignore[assignment]
        contact = None if holder is None else find(holder, "contactInfo")
        if individual is not None:
            move(find(individual, "name"), element, "individualName")
            move(find(individual, "positionName"), element, "positionName")
            contact = contact if contact is not None else find(individual, "contactInfo")
        if holder is not None:
            move(find(holder, "name"), element, "organisationName")
        move(contact, element, "contactInfo")
        element.remove(party)
    move(find(element, "role"), element, "role")
    sort(element, ("individualName", "organisationName", "positionName", "contactInfo", "role"))


def contact(element: Element) -> None:
    """Several ``phone`` with a type each → one with ``voice`` and ``facsimile``."""
    phones = find_all(element, "phone")
    merged = etree.Element(clark("gmd:CI_Telephone"))
    for phone in phones:
        for number in phone.iter(clark("gmd:number")):
            kind = find(number.getparent(), "numberType/CI_TelephoneTypeCode")  # type: ignore[arg-type]
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
    text = find(element, "linkage/gco:CharacterString")
    if text is not None:
        text.tag = clark("gmd:URL")


def address(element: Element) -> None:
    """A country may be a code; ISO 19139 has a text."""
    code = find(element, "country/Country")
    if code is not None:
        text = code.text or code.get("codeListValue", "")
        code.tag = clark("gco:CharacterString")
        code.attrib.clear()
        code.text = text


def identifier(element: Element) -> None:
    """Code space and version exist in ``RS_Identifier`` only."""
    inside_crs = prefixed(str(element.getparent().tag)) == "gmd:referenceSystemIdentifier"  # type: ignore
    if inside_crs or find(element, "codeSpace") is not None or find(element, "version") is not None:
        element.tag = clark("gmd:RS_Identifier")


def file_format(element: Element) -> None:
    """``formatSpecificationCitation`` → ``name`` and ``version``."""
    citation = find(element, "formatSpecificationCitation/CI_Citation")
    if citation is None:
        return
    move(find(citation, "title"), element, "name")
    edition = find(citation, "edition")
    if edition is None:
        edition = etree.Element(clark("gmd:version"), {clark("gco:nilReason"): "unknown"})
    move(edition, element, "version")
    element.remove(citation.getparent())  # type: ignore[arg-type]
    sort(element, ("name", "version", "amendmentNumber", "specification", "fileDecompressionTechnique"))


def maintenance(element: Element) -> None:
    """The date of the next update and the scope's level."""
    date = find(element, "maintenanceDate/CI_Date/date")
    kind = find(element, "maintenanceDate/CI_Date/dateType/CI_DateTypeCode")
    if date is not None and kind is not None and kind.get("codeListValue") == "nextUpdate":
        move(date, element, "dateOfNextUpdate")
    for scope in find_all(element, "maintenanceScope"):
        move(find(scope, "DQ_Scope/level"), element, "updateScope")
    sort(
        element,
        ("maintenanceAndUpdateFrequency", "dateOfNextUpdate", "updateScope", "maintenanceNote", "contact"),
    )


def associated_resource(element: Element) -> None:
    """``MD_AssociatedResource`` → ``MD_AggregateInformation``."""
    move(find(element, "name"), element, "aggregateDataSetName")
    reference = find(element, "metadataReference")
    if reference is not None:
        inner = find(reference, "CI_Citation/identifier")
        uuid = reference.get("uuidref")
        if inner is not None:
            move(inner, element, "aggregateDataSetIdentifier")
        elif uuid:
            holder = etree.SubElement(element, clark("gmd:aggregateDataSetIdentifier"))
            add_text(etree.SubElement(holder, clark("gmd:MD_Identifier")), "code", uuid)
    element.tag = clark("gmd:MD_AggregateInformation")
    element.getparent().tag = clark("gmd:aggregationInfo")  # type: ignore[union-attr]
    sort(
        element,
        ("aggregateDataSetName", "aggregateDataSetIdentifier", "associationType", "initiativeType"),
    )


_DATA_ORDER = (
    *("spatialRepresentationType", "spatialResolution", "language", "characterSet", "topicCategory"),
    *("environmentDescription", "extent", "supplementalInformation"),
)


def identification(element: Element) -> None:
    """Locales become languages and character sets; order of ISO 19139."""
    for locale in find_all(element, "defaultLocale") + find_all(element, "otherLocale"):
        move(find(locale, "PT_Locale/languageCode"), element, "language")
        move(find(locale, "PT_Locale/characterEncoding"), element, "characterSet")
        element.remove(locale)
    for status in find_all(element, "status"):
        move(status, element, "status")
    prefix = prefixed(str(element.tag)).split(":")[0]
    for name in _DATA_ORDER:
        for child in find_all(element, name):
            move(child, element, f"{prefix}:{name}" if name == "extent" else name)
    for child in [c for c in element if prefixed(str(c.tag)).startswith("srv:")]:
        element.append(child)
    sort(
        element,
        (
            *("citation", "abstract", "purpose", "credit", "status", "pointOfContact", "resourceMaintenance"),
            *("graphicOverview", "resourceFormat", "descriptiveKeywords", "resourceSpecificUsage"),
            *("resourceConstraints", "aggregationInfo"),
        ),
    )


def locale(element: Element) -> None:
    """``language`` → ``languageCode``."""
    move(find(element, "language"), element, "languageCode")
    sort(element, ("languageCode", "country", "characterEncoding"))


def scope(element: Element) -> None:
    """``MD_Scope`` → ``DQ_Scope``."""
    element.tag = clark("gmd:DQ_Scope")


def quality_report(element: Element) -> None:
    """Measure reference and evaluation method are flat in ISO 19139."""
    for holder in ("measure", "evaluationMethod"):
        for outer in find_all(element, holder):
            for inner in outer:
                for child in list(inner):
                    element.append(child)
            element.remove(outer)
    for result in find_all(element, "result"):
        element.append(result)
    sort(
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
    sort(element, ("description", "rationale", "dateTime", "processor", "source"))


def source(element: Element) -> None:
    """``sourceSpatialResolution`` → ``scaleDenominator``."""
    move(find(element, "sourceSpatialResolution/MD_Resolution/equivalentScale"), element, "scaleDenominator")
    sort(
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
    name = find(element, "srv:scopedName/gco:ScopedName")
    code = find(element, "srv:resourceReference/CI_Citation/identifier/MD_Identifier/code")
    move(
        find(element, "srv:operation/srv:SV_OperationMetadata/srv:operationName"),
        element,
        "srv:operationName",
    )
    move(code, element, "srv:identifier")
    if name is not None:
        element.append(name)


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
