"""Our part of the DCAT export: a profile that runs before those of ckanext-dcat."""

from __future__ import annotations

from typing import Any

from ckanext.dcat.profiles import RDFProfile
from ckanext.idgo.metadata.core.checksums import read_checksum

PROFILE = "idgo"
"""Its name among the entry points ``ckan.rdf.profiles``."""
_SPDX_ALGORITHM = "http://spdx.org/rdf/terms#checksumAlgorithm_"


class IdgoProfile(RDFProfile):
    """Gives each resource the checksum that DCAT-AP writes: ``spdx:checksumValue`` is ``xsd:hexBinary`` and
    ``spdx:algorithm`` a term of SPDX (DCAT-AP 3.0, class Checksum).

    It writes nothing itself: the profile of DCAT-AP that follows reads ``hash`` and ``hash_algorithm``.
    """

    def parse_dataset(self, dataset_dict: dict[str, Any], dataset_ref: Any) -> dict[str, Any]:
        return dataset_dict

    def graph_from_dataset(self, dataset_dict: dict[str, Any], dataset_ref: Any) -> None:
        dataset_dict["resources"] = [_with_checksum(r) for r in dataset_dict.get("resources") or []]


def _with_checksum(resource: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in resource.items() if key not in ("hash", "hash_algorithm")}
    checksum = read_checksum(resource.get("hash"))
    if checksum is None:
        return kept
    kept["hash"] = checksum.value
    if checksum.algorithm:
        kept["hash_algorithm"] = _SPDX_ALGORITHM + checksum.algorithm
    return kept
