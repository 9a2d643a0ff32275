"""From a dataset to its record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ckanext.idgo.common.core.territories import Territories
from ckanext.idgo.metadata.core.build import (
    REGULATION,
    REGULATION_DATE,
    citation,
    clean,
    code,
    language,
    text,
)
from ckanext.idgo.metadata.core.mapping_identification import day_of, identification, last_date
from ckanext.idgo.metadata.core.mapping_resources import address, distribution
from ckanext.idgo.metadata.core.model.citation import (
    Address,
    Contact,
    OnlineResource,
    ReferenceIdentifier,
    ResponsibleParty,
)
from ckanext.idgo.metadata.core.model.quality import (
    ConformanceResult,
    DataQuality,
    DomainConsistency,
    Lineage,
    QualityScope,
)
from ckanext.idgo.metadata.core.model.reference_system import ReferenceSystem
from ckanext.idgo.metadata.core.model.values import Date, Nil, Text
from ckanext.idgo.metadata.core.record import Record
from ckanext.idgo.metadata.core.vocabulary import (
    WORDS,
)

Dataset = Mapping[str, Any]
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"


def record_from_dataset(
    dataset: Dataset,
    organization: Mapping[str, Any] | None,
    site_url: str = "",
    lang: str = "fre",
    territories: Territories | None = None,
) -> Record:
    """The ISO record of a dataset as ``package_show`` gave it to *this* caller.

    ``dataset`` must already be masked for the caller: whatever address it holds is written, an empty or
    absent ``url`` (a locked resource) is not. ``organization`` is ``organization_show``'s answer;
    ``site_url`` (without ``/`` at its end) makes the persistent URI ``<site>/dataset/{uuid}``; ``lang`` is
    ``fre`` or ``eng``. Valid against the ISO 19139 schemas whatever the dataset holds.
    """
    party = _party(organization or {}, "pointOfContact")
    uuid = clean(dataset.get("id"))
    uri = f"{site_url}/dataset/{uuid}"
    resources = [r for r in dataset.get("resources") or () if isinstance(r, Mapping)]
    return Record(
        file_identifier=text(uuid),
        language=language(lang),
        character_set=code("MD_CharacterSetCode", "utf8"),
        hierarchy_level=(code("MD_ScopeCode", "dataset"),),
        contact=(party,),
        date_stamp=_stamp(dataset),
        metadata_standard_name=Text("ISO 19115:2003/19139"),
        metadata_standard_version=Text("1.0"),
        reference_system_info=tuple(_reference_system(crs) for crs in _all_crs(resources)),
        identification_info=(
            identification(dataset, resources, party, uri, lang, territories or Territories.load()),
        ),
        distribution_info=distribution(resources, uri, clean(dataset.get("title")), lang),
        data_quality_info=(_quality(dataset, resources, organization or {}, lang),),
    )


def _stamp(dataset: Dataset) -> Date | Nil:
    day = day_of(dataset.get("metadata_modified")) or last_date(dataset)
    return Date(day) if day else Nil("missing")


def _extra(organization: Mapping[str, Any], name: str) -> str:
    """A field of an organisation, which CKAN keeps at the top (scheming) or among its extras."""
    if organization.get(name):
        return clean(organization[name])
    extras = organization.get("extras") or ()
    return next(
        (clean(e.get("value")) for e in extras if isinstance(e, Mapping) and e.get("key") == name), ""
    )


def _party(organization: Mapping[str, Any], role: str) -> ResponsibleParty:
    email, website = _extra(organization, "email"), _extra(organization, "website")
    contact = Contact(
        address=Address(
            delivery_point=_one(_extra(organization, "address")),
            city=_maybe(_extra(organization, "city")),
            postal_code=_maybe(_extra(organization, "postal_code")),
            electronic_mail_address=(text(email),),
        ),
        online_resource=OnlineResource(linkage=address(website)) if website else None,
    )
    name = clean(organization.get("title") or organization.get("name"))
    return ResponsibleParty(
        organisation_name=text(name), contact_info=contact, role=code("CI_RoleCode", role)
    )


def _one(value: str) -> tuple[Text, ...]:
    return (Text(value),) if value else ()


def _maybe(value: str) -> Text | None:
    return Text(value) if value else None


def _all_crs(resources: Sequence[Mapping[str, Any]]) -> list[str]:
    """EPSG numbers of the resources, each once, in order."""
    found = [clean(r.get("crs")) for r in resources]
    numbers = [crs.removeprefix("EPSG:") for crs in found if crs.startswith("EPSG:")]
    return list(dict.fromkeys(number for number in numbers if number.isdigit()))


def _reference_system(number: str) -> ReferenceSystem:
    return ReferenceSystem(reference_system_identifier=ReferenceIdentifier(code=Text(EPSG + number)))


def _quality(
    dataset: Dataset,
    resources: Sequence[Mapping[str, Any]],
    organization: Mapping[str, Any],
    lang: str,
) -> DataQuality:
    """Lineage (1.11) and conformity to Regulation 1089/2010, not evaluated (1.10, C.20 to C.22)."""
    result = ConformanceResult(
        specification=citation(REGULATION[lang], REGULATION_DATE),
        explanation=Text(WORDS[lang]["not_evaluated"]),
        pass_=Nil("unknown"),
    )
    return DataQuality(
        scope=QualityScope(level=code("MD_ScopeCode", "dataset")),
        report=(DomainConsistency(result=(result,)),),
        lineage=Lineage(statement=Text(_lineage(dataset, resources, organization, lang))),
    )


def _lineage(
    dataset: Dataset,
    resources: Sequence[Mapping[str, Any]],
    organization: Mapping[str, Any],
    lang: str,
) -> str:
    if clean(dataset.get("lineage")):
        return clean(dataset["lineage"])
    words = WORDS[lang]
    name = clean(organization.get("title")) or words["an_organization"]
    sentences = [words["lineage"].format(organization=name)]
    found = list(dict.fromkeys(clean(r.get("format")) for r in resources if clean(r.get("format"))))
    if found:
        sentences.append(words["lineage_formats"].format(values=", ".join(found)))
    if _all_crs(resources):
        values = ", ".join(f"EPSG:{number}" for number in _all_crs(resources))
        sentences.append(words["lineage_crs"].format(values=values))
    return " ".join(sentences)
