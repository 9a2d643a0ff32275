"""The three tiers of a resource (issue 4), with the European code and the French law behind each.

``access_right`` is a concept of the EU authority table *access-right*
(http://publications.europa.eu/resource/authority/access-right): PUBLIC is "publicly accessible by everyone";
RESTRICTED is "only available under certain conditions", which is what signing in and being granted both are.
"""

from __future__ import annotations

from enum import Enum

_ACCESS_RIGHT = "http://publications.europa.eu/resource/authority/access-right/"


class Tier(Enum):
    """Who may have the bytes. The value is what the API writes in ``access_tier``."""

    OPEN = "open"
    AUTHENTICATED = "authenticated"
    RESTRICTED = "restricted"

    @property
    def access_right(self) -> str:
        """URI of the EU access right, for ``dct:accessRights`` (DCAT-AP) and the ISO constraints."""
        return _ACCESS_RIGHT + ("PUBLIC" if self is Tier.OPEN else "RESTRICTED")

    @property
    def legal_basis(self) -> tuple[str, ...]:
        """French articles on which the tier may rest, as they are cited; the producer says which applies.

        CRPA: code des relations entre le public et l'administration. Opening rests on its duty to publish;
        restricting on its protected secrets, and for environmental and INSPIRE data on the code de
        l'environnement.
        """
        return _LEGAL_BASIS[self]


_LEGAL_BASIS: dict[Tier, tuple[str, ...]] = {
    Tier.OPEN: ("CRPA, art. L. 312-1-1", "CRPA, art. L. 321-1"),
    Tier.AUTHENTICATED: (),
    Tier.RESTRICTED: (
        "CRPA, art. L. 311-5",
        "CRPA, art. L. 311-6",
        "code de l'environnement, art. L. 124-4",
        "code de l'environnement, art. L. 124-5",
        "code de l'environnement, art. L. 127-6",
    ),
}

_BY_VALUE = {tier.value: tier for tier in Tier}


def read_tier(resource_value: object, dataset_value: object) -> Tier | None:
    """The tier in force, from the two values as found; ``None`` when it cannot be told (refuse then).

    An absent or empty resource value means the dataset's (ADR 0001). Only the three exact words are tiers:
    ``Open``, ``"open "``, ``["open"]``, JSON text or a missing dataset value are not.
    """
    value = dataset_value if resource_value is None or resource_value == "" else resource_value
    return _BY_VALUE.get(value) if isinstance(value, str) else None
