"""Quality reports and lineage (ISO 19139 ``dataQuality.xsd``)."""

from __future__ import annotations

from dataclasses import dataclass

from ckanext.idgo.metadata.core.model.citation import Citation, ResponsibleParty
from ckanext.idgo.metadata.core.model.extent import Extent
from ckanext.idgo.metadata.core.model.identification import RepresentativeFraction
from ckanext.idgo.metadata.core.model.node import Node, many, one
from ckanext.idgo.metadata.core.model.reference_system import ReferenceSystem
from ckanext.idgo.metadata.core.model.values import Code, Date, Fragment, Many, Maybe, Text


@dataclass(frozen=True, kw_only=True)
class ScopeDescription(Node, iso="gmd:MD_ScopeDescription"):
    """What part of the resource is meant; a choice: exactly one of the six."""

    attributes: Many[Fragment] = many("raw")
    features: Many[Fragment] = many("raw")
    feature_instances: Many[Fragment] = many("raw")
    attribute_instances: Many[Fragment] = many("raw")
    dataset: Maybe[Text] = one("text")
    other: Maybe[Text] = one("text")


@dataclass(frozen=True, kw_only=True)
class QualityScope(Node, iso="gmd:DQ_Scope"):
    """What the quality information is about: dataset, series, service (1.9, 3.8)."""

    level: Maybe[Code] = one("code", "MD_ScopeCode", required=True)
    extent: Maybe[Extent] = one("node", "EX_Extent")
    level_description: Many[ScopeDescription] = many("node", "MD_ScopeDescription")


@dataclass(frozen=True, kw_only=True)
class ConformanceResult(Node, iso="gmd:DQ_ConformanceResult"):
    """Conformity to a specification (C.20 to C.22). ``pass_``: True, False, or ``Nil("unknown")`` for
    "not evaluated"."""

    specification: Maybe[Citation] = one("node", "CI_Citation", required=True)
    explanation: Maybe[Text] = one("text", required=True)
    pass_: Maybe[bool] = one("boolean", required=True)


@dataclass(frozen=True, kw_only=True)
class QuantitativeResult(Node, iso="gmd:DQ_QuantitativeResult"):
    """A measured quality; values are kept as XML (``gco:Record`` may hold anything)."""

    value_type: Maybe[Fragment] = one("raw")
    value_unit: Maybe[Fragment] = one("raw", required=True)
    error_statistic: Maybe[Text] = one("text")
    value: Many[Fragment] = many("raw", required=True)


@dataclass(frozen=True, kw_only=True)
class QualityElement(Node):
    """A quality report; its subclasses differ only by what they measure."""

    name_of_measure: Many[Text] = many("text")
    measure_identification: Maybe[Fragment] = one("raw")
    measure_description: Maybe[Text] = one("text")
    evaluation_method_type: Maybe[Code] = one("code", "DQ_EvaluationMethodTypeCode")
    evaluation_method_description: Maybe[Text] = one("text")
    evaluation_procedure: Maybe[Citation] = one("node", "CI_Citation")
    date_time: Many[Date] = many("date")
    result: Many[ConformanceResult | QuantitativeResult] = many(
        "node", "DQ_ConformanceResult", "DQ_QuantitativeResult", required=True
    )


MEASURES = (
    "CompletenessCommission",
    "CompletenessOmission",
    "ConceptualConsistency",
    "DomainConsistency",
    "FormatConsistency",
    "TopologicalConsistency",
    "AbsoluteExternalPositionalAccuracy",
    "GriddedDataPositionalAccuracy",
    "RelativeInternalPositionalAccuracy",
    "ThematicClassificationCorrectness",
    "NonQuantitativeAttributeAccuracy",
    "QuantitativeAttributeAccuracy",
    "AccuracyOfATimeMeasurement",
    "TemporalConsistency",
    "TemporalValidity",
)
QUALITY_ELEMENTS: dict[str, type[QualityElement]] = {
    name: type(
        name, (QualityElement,), {"__doc__": f"``DQ_{name}``.", "__module__": __name__}, iso=f"gmd:DQ_{name}"
    )
    for name in MEASURES
}
"""The concrete quality reports of ISO 19115 by name; they have no attribute of their own."""
DomainConsistency = QUALITY_ELEMENTS["DomainConsistency"]
globals().update(QUALITY_ELEMENTS)  # so that records can be pickled


@dataclass(frozen=True, kw_only=True)
class Source(Node, iso="gmd:LI_Source"):
    """Data that the resource was made from."""

    description: Maybe[Text] = one("text")
    scale_denominator: Maybe[RepresentativeFraction] = one("node", "MD_RepresentativeFraction")
    source_reference_system: Maybe[ReferenceSystem] = one("node", "MD_ReferenceSystem")
    source_citation: Maybe[Citation] = one("node", "CI_Citation")
    source_extent: Many[Extent] = many("node", "EX_Extent")
    source_step: Many[ProcessStep] = many("node", "LI_ProcessStep")


@dataclass(frozen=True, kw_only=True)
class ProcessStep(Node, iso="gmd:LI_ProcessStep"):
    """What was done to the data."""

    description: Maybe[Text] = one("text", required=True)
    rationale: Maybe[Text] = one("text")
    date_time: Maybe[Date] = one("date")
    processor: Many[ResponsibleParty] = many("node", "CI_ResponsibleParty")
    source: Many[Source] = many("node", "LI_Source")


@dataclass(frozen=True, kw_only=True)
class Lineage(Node, iso="gmd:LI_Lineage"):
    """Where the data comes from (1.11)."""

    statement: Maybe[Text] = one("text")
    process_step: Many[ProcessStep] = many("node", "LI_ProcessStep")
    source: Many[Source] = many("node", "LI_Source")


@dataclass(frozen=True, kw_only=True)
class DataQuality(Node, iso="gmd:DQ_DataQuality"):
    """Quality of one scope."""

    scope: Maybe[QualityScope] = one("node", "DQ_Scope", required=True)
    report: Many[QualityElement] = many("node", *(f"DQ_{name}" for name in MEASURES))
    lineage: Maybe[Lineage] = one("node", "LI_Lineage")
