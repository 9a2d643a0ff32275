"""Who may access and use the resource, and how it is kept up to date
(ISO 19139 ``constraints.xsd``, ``maintenance.xsd``)."""

from __future__ import annotations

from dataclasses import dataclass

from ckanext.idgo.metadata.core.model.citation import ResponsibleParty
from ckanext.idgo.metadata.core.model.node import Node, many, one
from ckanext.idgo.metadata.core.model.values import Code, Date, Fragment, Many, Maybe, Text


@dataclass(frozen=True, kw_only=True)
class Constraints(Node, iso="gmd:MD_Constraints"):
    """Limits on fitness for use, in words."""

    use_limitation: Many[Text] = many("text")


@dataclass(frozen=True, kw_only=True)
class LegalConstraints(Constraints, iso="gmd:MD_LegalConstraints"):
    """INSPIRE wants two, never merged: limitations on public access (C.17, ``access_constraints`` =
    ``otherRestrictions`` with an anchor) and conditions of access and use (C.18)."""

    access_constraints: Many[Code] = many("code", "MD_RestrictionCode")
    use_constraints: Many[Code] = many("code", "MD_RestrictionCode")
    other_constraints: Many[Text] = many("text")


@dataclass(frozen=True, kw_only=True)
class SecurityConstraints(Constraints, iso="gmd:MD_SecurityConstraints"):
    """Classification for reasons of security."""

    classification: Maybe[Code] = one("code", "MD_ClassificationCode", required=True)
    user_note: Maybe[Text] = one("text")
    classification_system: Maybe[Text] = one("text")
    handling_description: Maybe[Text] = one("text")


CONSTRAINTS = ("MD_Constraints", "MD_LegalConstraints", "MD_SecurityConstraints")


@dataclass(frozen=True, kw_only=True)
class MaintenanceInformation(Node, iso="gmd:MD_MaintenanceInformation"):
    """How often the resource changes."""

    maintenance_and_update_frequency: Maybe[Code] = one("code", "MD_MaintenanceFrequencyCode", required=True)
    date_of_next_update: Maybe[Date] = one("date")
    user_defined_maintenance_frequency: Maybe[Fragment] = one("raw")
    update_scope: Many[Code] = many("code", "MD_ScopeCode")
    update_scope_description: Many[Fragment] = many("raw")
    maintenance_note: Many[Text] = many("text")
    contact: Many[ResponsibleParty] = many("node", "CI_ResponsibleParty")
