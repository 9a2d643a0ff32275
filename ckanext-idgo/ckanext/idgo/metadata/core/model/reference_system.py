"""Coordinate reference systems (ISO 19139 ``referenceSystem.xsd``)."""

from __future__ import annotations

from dataclasses import dataclass

from ckanext.idgo.metadata.core.model.citation import ReferenceIdentifier
from ckanext.idgo.metadata.core.model.node import Node, one
from ckanext.idgo.metadata.core.model.values import Maybe


@dataclass(frozen=True, kw_only=True)
class ReferenceSystem(Node, iso="gmd:MD_ReferenceSystem"):
    """A CRS by its identifier (2.1: ``http://www.opengis.net/def/crs/EPSG/0/2154``, no code space)."""

    reference_system_identifier: Maybe[ReferenceIdentifier] = one("node", "RS_Identifier")
