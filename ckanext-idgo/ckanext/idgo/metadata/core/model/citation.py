"""Citations, responsible parties, identifiers (ISO 19115 B.3, ISO 19139 ``citation.xsd``)."""

from __future__ import annotations

from dataclasses import dataclass

from ckanext.idgo.metadata.core.model.node import Node, many, one
from ckanext.idgo.metadata.core.model.values import Code, Date, Fragment, Many, Maybe, Text


@dataclass(frozen=True, kw_only=True)
class OnlineResource(Node, iso="gmd:CI_OnlineResource"):
    """An address. ``linkage`` is a URL."""

    linkage: Maybe[str] = one("url", required=True)
    protocol: Maybe[Text] = one("text")
    application_profile: Maybe[Text] = one("text")
    name: Maybe[Text] = one("text")
    description: Maybe[Text] = one("text")
    function: Maybe[Code] = one("code", "CI_OnLineFunctionCode")


@dataclass(frozen=True, kw_only=True)
class Telephone(Node, iso="gmd:CI_Telephone"):
    """Telephone numbers."""

    voice: Many[Text] = many("text")
    facsimile: Many[Text] = many("text")


@dataclass(frozen=True, kw_only=True)
class Address(Node, iso="gmd:CI_Address"):
    """Postal and electronic mail address."""

    delivery_point: Many[Text] = many("text")
    city: Maybe[Text] = one("text")
    administrative_area: Maybe[Text] = one("text")
    postal_code: Maybe[Text] = one("text")
    country: Maybe[Text] = one("text")
    electronic_mail_address: Many[Text] = many("text")


@dataclass(frozen=True, kw_only=True)
class Contact(Node, iso="gmd:CI_Contact"):
    """How to reach a party."""

    phone: Maybe[Telephone] = one("node", "CI_Telephone")
    address: Maybe[Address] = one("node", "CI_Address")
    online_resource: Maybe[OnlineResource] = one("node", "CI_OnlineResource")
    hours_of_service: Maybe[Text] = one("text")
    contact_instructions: Maybe[Text] = one("text")


@dataclass(frozen=True, kw_only=True)
class ResponsibleParty(Node, iso="gmd:CI_ResponsibleParty"):
    """An organisation or person and its role. INSPIRE wants organisation, e-mail and role (C.6, C.10)."""

    individual_name: Maybe[Text] = one("text")
    organisation_name: Maybe[Text] = one("text")
    position_name: Maybe[Text] = one("text")
    contact_info: Maybe[Contact] = one("node", "CI_Contact")
    role: Maybe[Code] = one("code", "CI_RoleCode", required=True)


@dataclass(frozen=True, kw_only=True)
class CitationDate(Node, iso="gmd:CI_Date"):
    """A date with its meaning: creation, publication, revision (C.11 to C.13)."""

    date: Maybe[Date] = one("date", required=True)
    date_type: Maybe[Code] = one("code", "CI_DateTypeCode", required=True)


@dataclass(frozen=True, kw_only=True)
class Citation(Node, iso="gmd:CI_Citation"):
    """Title, dates and identifiers of a resource, thesaurus, specification ..."""

    title: Maybe[Text] = one("text", required=True)
    alternate_title: Many[Text] = many("text")
    date: Many[CitationDate] = many("node", "CI_Date", required=True)
    edition: Maybe[Text] = one("text")
    edition_date: Maybe[Date] = one("date")
    identifier: Many[Identifier | ReferenceIdentifier] = many("node", "MD_Identifier", "RS_Identifier")
    cited_responsible_party: Many[ResponsibleParty] = many("node", "CI_ResponsibleParty")
    presentation_form: Many[Code] = many("code", "CI_PresentationFormCode")
    series: Maybe[Fragment] = one("raw")
    other_citation_details: Maybe[Text] = one("text")
    collective_title: Maybe[Text] = one("text")
    isbn: Maybe[Text] = one("text", tag="ISBN")
    issn: Maybe[Text] = one("text", tag="ISSN")


@dataclass(frozen=True, kw_only=True)
class Identifier(Node, iso="gmd:MD_Identifier"):
    """A code, unique in its authority. INSPIRE wants a URI (1.3)."""

    authority: Maybe[Citation] = one("node", "CI_Citation")
    code: Maybe[Text] = one("text", required=True)


@dataclass(frozen=True, kw_only=True)
class ReferenceIdentifier(Node, iso="gmd:RS_Identifier"):
    """``RS_Identifier``: an identifier with code space and version."""

    authority: Maybe[Citation] = one("node", "CI_Citation")
    code: Maybe[Text] = one("text", required=True)
    code_space: Maybe[Text] = one("text")
    version: Maybe[Text] = one("text")
