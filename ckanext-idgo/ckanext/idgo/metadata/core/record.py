"""The metadata record: ISO 19115 / 19119 as typed, immutable Python, and all that INSPIRE uses of it.

A record is read by :func:`..read.read_record`, written by :func:`..write.write_iso19139`, changed with
``dataclasses.replace``. What the model does not type is kept beside it (``rest``, :class:`Fragment`), so
reading and writing loses nothing; changing an attribute changes that element and no other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ckanext.idgo.metadata.core.model.citation import Citation, OnlineResource, ResponsibleParty
from ckanext.idgo.metadata.core.model.constraints import CONSTRAINTS, Constraints, MaintenanceInformation
from ckanext.idgo.metadata.core.model.distribution import Distribution
from ckanext.idgo.metadata.core.model.identification import DataIdentification, Identification
from ckanext.idgo.metadata.core.model.node import Node, many, one
from ckanext.idgo.metadata.core.model.quality import DataQuality
from ckanext.idgo.metadata.core.model.reference_system import ReferenceSystem
from ckanext.idgo.metadata.core.model.service import ServiceIdentification
from ckanext.idgo.metadata.core.model.values import (
    Code,
    Date,
    Fragment,
    Many,
    Maybe,
    Text,
    known,
    known_all,
)


@dataclass(frozen=True)
class Note:
    """Something that reading repaired, kept without understanding, or left out: never silently.

    ``code`` is stable: ``kept`` (XML kept, not typed), ``repaired`` (written in another way from now on),
    ``left-out`` (will not be written). ``template`` is an English sentence with named fields (the rule of
    ``common.core.errors``); ``path`` is an XPath, ``line`` the line in the file (1-based, 0 unknown).
    """

    code: str
    template: str
    path: str = ""
    line: int = 0
    params: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return self.template.format(**dict(self.params)) + (f" ({self.path})" if self.path else "")


@dataclass(frozen=True, kw_only=True)
class Locale(Node, iso="gmd:PT_Locale"):
    """A further language of the record; translations refer to its ``id`` (``#EN``)."""

    language_code: Maybe[Code | Text] = one("language", "LanguageCode", required=True)
    country: Maybe[Code] = one("code", "Country")
    character_encoding: Maybe[Code] = one("code", "MD_CharacterSetCode", required=True)


@dataclass(frozen=True, kw_only=True)
class Record(Node, iso="gmd:MD_Metadata"):
    """``gmd:MD_Metadata``, in the order of the schema."""

    file_identifier: Maybe[Text] = one("text")
    language: Maybe[Code | Text] = one("language", "LanguageCode")
    character_set: Maybe[Code] = one("code", "MD_CharacterSetCode")
    parent_identifier: Maybe[Text] = one("text")
    hierarchy_level: Many[Code] = many("code", "MD_ScopeCode")
    hierarchy_level_name: Many[Text] = many("text")
    contact: Many[ResponsibleParty] = many("node", "CI_ResponsibleParty", required=True)
    date_stamp: Maybe[Date] = one("date", required=True)
    metadata_standard_name: Maybe[Text] = one("text")
    metadata_standard_version: Maybe[Text] = one("text")
    data_set_uri: Maybe[Text] = one("text", tag="dataSetURI")
    locale: Many[Locale] = many("node", "PT_Locale")
    spatial_representation_info: Many[Fragment] = many("raw")
    reference_system_info: Many[ReferenceSystem] = many("node", "MD_ReferenceSystem")
    metadata_extension_info: Many[Fragment] = many("raw")
    identification_info: Many[DataIdentification | ServiceIdentification] = many(
        "node", "MD_DataIdentification", "srv:SV_ServiceIdentification", required=True
    )
    content_info: Many[Fragment] = many("raw")
    distribution_info: Maybe[Distribution] = one("node", "MD_Distribution")
    data_quality_info: Many[DataQuality] = many("node", "DQ_DataQuality")
    portrayal_catalogue_info: Many[Fragment] = many("raw")
    metadata_constraints: Many[Constraints] = many("node", *CONSTRAINTS)
    application_schema_info: Many[Fragment] = many("raw")
    metadata_maintenance: Maybe[MaintenanceInformation] = one("node", "MD_MaintenanceInformation")
    series: Many[Fragment] = many("raw")
    describes: Many[Fragment] = many("raw")
    property_type: Many[Fragment] = many("raw")
    feature_type: Many[Fragment] = many("raw")
    feature_attribute: Many[Fragment] = many("raw")
    notes: tuple[Note, ...] = field(default=(), compare=False, repr=False)
    root: str = field(default="gmd:MD_Metadata", repr=False)

    @property
    def identification(self) -> Identification | None:
        """The first identification, of a data set or a service."""
        found = known_all(self.identification_info)
        return found[0] if found else None

    @property
    def citation(self) -> Citation | None:
        """Citation of the resource."""
        return known(self.identification.citation) if self.identification else None

    @property
    def title(self) -> str:
        """Title of the resource, in the record's own language; empty when it has none."""
        return str(known(self.citation.title) or "") if self.citation else ""

    @property
    def identifier(self) -> str:
        """``gmd:fileIdentifier``, empty when there is none."""
        return str(known(self.file_identifier) or "").strip()

    @property
    def level(self) -> str:
        """``dataset``, ``series``, ``service`` ...; empty when not said (ISO: then it is ``dataset``)."""
        levels = known_all(self.hierarchy_level)
        return levels[0].value if levels else ""

    @property
    def is_service(self) -> bool:
        """Whether the identification is a service's."""
        return isinstance(self.identification, ServiceIdentification)

    def online_resources(self) -> Iterator[OnlineResource]:
        """Every online resource of the distribution, its distributors included, in order."""
        distribution = known(self.distribution_info)
        if distribution is None:
            return
        options = list(known_all(distribution.transfer_options))
        for distributor in known_all(distribution.distributor):
            options += known_all(distributor.distributor_transfer_options)
        for option in options:
            yield from known_all(option.on_line)
