"""Spatial data services (ISO 19119, ISO 19139 ``srv``)."""

from __future__ import annotations

from dataclasses import dataclass

from ckanext.idgo.metadata.core.model.citation import OnlineResource
from ckanext.idgo.metadata.core.model.constraints import CONSTRAINTS, Constraints
from ckanext.idgo.metadata.core.model.extent import Extent
from ckanext.idgo.metadata.core.model.identification import DataIdentification, Identification, Keywords
from ckanext.idgo.metadata.core.model.node import Node, many, one
from ckanext.idgo.metadata.core.model.values import Code, Fragment, Many, Maybe, Name, Text


@dataclass(frozen=True, kw_only=True)
class OperationMetadata(Node, iso="srv:SV_OperationMetadata", prefix="srv"):
    """An operation, such as GetCapabilities, and where it answers."""

    operation_name: Maybe[Text] = one("text", required=True)
    dcp: Many[Code] = many("code", "srv:DCPList", tag="DCP", required=True)
    operation_description: Maybe[Text] = one("text")
    invocation_name: Maybe[Text] = one("text")
    parameters: Many[Fragment] = many("raw")
    connect_point: Many[OnlineResource] = many("node", "CI_OnlineResource", required=True)
    depends_on: Many[Fragment] = many("raw")


@dataclass(frozen=True, kw_only=True)
class CoupledResource(Node, iso="srv:SV_CoupledResource", prefix="srv"):
    """Which layer of the service shows which data set; ``scoped_name`` is the layer's name."""

    operation_name: Maybe[Text] = one("text", required=True)
    identifier: Maybe[Text] = one("text", required=True)
    scoped_name: Maybe[Name] = one("scoped_name", tag="gco:ScopedName")


@dataclass(frozen=True, kw_only=True)
class ServiceIdentification(Identification, iso="srv:SV_ServiceIdentification", prefix="srv"):
    """A service. ``operates_on`` are references to the records of its data sets (3.6)."""

    service_type: Maybe[Name] = one("name", "gco:LocalName", "gco:ScopedName", required=True)
    service_type_version: Many[Text] = many("text")
    access_properties: Maybe[Fragment] = one("raw")
    restrictions: Many[Constraints] = many("node", *CONSTRAINTS)
    keywords: Many[Keywords] = many("node", "MD_Keywords")
    extent: Many[Extent] = many("node", "EX_Extent")
    coupled_resource: Many[CoupledResource] = many("node", "srv:SV_CoupledResource")
    coupling_type: Maybe[Code] = one("code", "srv:SV_CouplingType", required=True)
    contains_operations: Many[OperationMetadata] = many("node", "srv:SV_OperationMetadata", required=True)
    operates_on: Many[DataIdentification] = many("node", "MD_DataIdentification")
