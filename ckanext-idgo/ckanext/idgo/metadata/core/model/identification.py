"""What the resource is (ISO 19139 ``identification.xsd``)."""

from __future__ import annotations

from dataclasses import dataclass

from ckanext.idgo.metadata.core.model.citation import (
    Citation,
    Identifier,
    ReferenceIdentifier,
    ResponsibleParty,
)
from ckanext.idgo.metadata.core.model.constraints import CONSTRAINTS, Constraints, MaintenanceInformation
from ckanext.idgo.metadata.core.model.distribution import Format
from ckanext.idgo.metadata.core.model.extent import Extent
from ckanext.idgo.metadata.core.model.node import Node, many, one
from ckanext.idgo.metadata.core.model.values import Code, Fragment, Many, Maybe, Measure, Text


@dataclass(frozen=True, kw_only=True)
class BrowseGraphic(Node, iso="gmd:MD_BrowseGraphic"):
    """A picture of the resource; ``file_name`` is usually its address."""

    file_name: Maybe[Text] = one("text", required=True)
    file_description: Maybe[Text] = one("text")
    file_type: Maybe[Text] = one("text")


@dataclass(frozen=True, kw_only=True)
class Keywords(Node, iso="gmd:MD_Keywords"):
    """Keywords of one kind and one vocabulary (C.15, C.16: title and date of ``thesaurus_name``)."""

    keyword: Many[Text] = many("text", required=True)
    type: Maybe[Code] = one("code", "MD_KeywordTypeCode")
    thesaurus_name: Maybe[Citation] = one("node", "CI_Citation")


@dataclass(frozen=True, kw_only=True)
class AggregateInformation(Node, iso="gmd:MD_AggregateInformation"):
    """A relation to another resource."""

    aggregate_data_set_name: Maybe[Citation] = one("node", "CI_Citation")
    aggregate_data_set_identifier: Maybe[Identifier | ReferenceIdentifier] = one(
        "node", "MD_Identifier", "RS_Identifier"
    )
    association_type: Maybe[Code] = one("code", "DS_AssociationTypeCode", required=True)
    initiative_type: Maybe[Code] = one("code", "DS_InitiativeTypeCode")


@dataclass(frozen=True, kw_only=True)
class RepresentativeFraction(Node, iso="gmd:MD_RepresentativeFraction"):
    """Scale 1:denominator."""

    denominator: Maybe[int] = one("integer", required=True)


@dataclass(frozen=True, kw_only=True)
class Resolution(Node, iso="gmd:MD_Resolution"):
    """Either a scale or a distance with its unit (1.5)."""

    equivalent_scale: Maybe[RepresentativeFraction] = one("node", "MD_RepresentativeFraction")
    distance: Maybe[Measure] = one("measure", "gco:Distance")


@dataclass(frozen=True, kw_only=True)
class Identification(Node):
    """What data sets and services have in common."""

    citation: Maybe[Citation] = one("node", "CI_Citation", tag="gmd:citation", required=True)
    abstract: Maybe[Text] = one("text", tag="gmd:abstract", required=True)
    purpose: Maybe[Text] = one("text", tag="gmd:purpose")
    credit: Many[Text] = many("text", tag="gmd:credit")
    status: Many[Code] = many("code", "MD_ProgressCode", tag="gmd:status")
    point_of_contact: Many[ResponsibleParty] = many("node", "CI_ResponsibleParty", tag="gmd:pointOfContact")
    resource_maintenance: Many[MaintenanceInformation] = many(
        "node", "MD_MaintenanceInformation", tag="gmd:resourceMaintenance"
    )
    graphic_overview: Many[BrowseGraphic] = many("node", "MD_BrowseGraphic", tag="gmd:graphicOverview")
    resource_format: Many[Format] = many("node", "MD_Format", tag="gmd:resourceFormat")
    descriptive_keywords: Many[Keywords] = many("node", "MD_Keywords", tag="gmd:descriptiveKeywords")
    resource_specific_usage: Many[Fragment] = many("raw", tag="gmd:resourceSpecificUsage")
    resource_constraints: Many[Constraints] = many("node", *CONSTRAINTS, tag="gmd:resourceConstraints")
    aggregation_info: Many[AggregateInformation] = many(
        "node", "MD_AggregateInformation", tag="gmd:aggregationInfo"
    )


@dataclass(frozen=True, kw_only=True)
class DataIdentification(Identification, iso="gmd:MD_DataIdentification"):
    """A data set or series. ``topic_category`` holds codes of ``MD_TopicCategoryCode`` (1.7)."""

    spatial_representation_type: Many[Code] = many("code", "MD_SpatialRepresentationTypeCode")
    spatial_resolution: Many[Resolution] = many("node", "MD_Resolution")
    language: Many[Code | Text] = many("language", "LanguageCode", required=True)
    character_set: Many[Code] = many("code", "MD_CharacterSetCode")
    topic_category: Many[str] = many("enumeration", "MD_TopicCategoryCode")
    environment_description: Maybe[Text] = one("text")
    extent: Many[Extent] = many("node", "EX_Extent")
    supplemental_information: Maybe[Text] = one("text")
