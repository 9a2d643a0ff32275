"""What is proposed, from what, and where each proposal came from (issue 3)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, TypeVar

from ckanext.idgo.common.core.errors import N_

T = TypeVar("T")

ORIGINS = {
    "filename": N_("Suggested by the file name"),
    "columns": N_("Suggested by the columns"),
    "extent": N_("Suggested by the extent"),
    "data": N_("Suggested by the data"),
    "organization": N_("Usual for the organization"),
    "licence": N_("Suggested by the licence"),
    "default": N_("Suggested by default"),
    "none": N_("To be filled in"),
}
"""Origin code → the mark shown beside the field, translated at the edge."""


@dataclass(frozen=True)
class Proposal(Generic[T]):
    """A value for one field. ``origin`` is a key of ``ORIGINS``; ``confidence`` goes from 0 to 1 and orders
    what to look at first, it is not a probability."""

    value: T
    origin: str
    confidence: float

    @property
    def empty(self) -> bool:
        """True when nothing is proposed."""
        return self.origin == "none"


@dataclass(frozen=True)
class Organization:
    """The contributor's organisation. ``license_id`` is its usual licence (a code of ``licenses.json``),
    ``territory`` its habitual one (codes)."""

    title: str = ""
    license_id: str | None = None
    territory: tuple[str, ...] = ()


@dataclass(frozen=True)
class ProposalContext:
    """What is known besides the file. ``name`` is the file name or URL the contributor gave (the facts' own
    file name where empty); ``title`` and ``notes`` are what they typed so far; ``today`` is the clock's."""

    today: date
    organization: Organization = field(default_factory=Organization)
    name: str = ""
    title: str = ""
    notes: str = ""


@dataclass(frozen=True)
class Proposals:
    """One proposal a dataset field, under the field's own name (ADR 0001); ``language`` is an ISO 639-2/B
    code. Nothing found is an empty value with origin ``none``."""

    title: Proposal[str]
    notes: Proposal[str]
    theme: Proposal[str]
    inspire_theme: Proposal[str]
    tags: Proposal[list[str]]
    territory: Proposal[list[str]]
    frequency: Proposal[str]
    license_id: Proposal[str]
    access_tier: Proposal[str]
    data_family: Proposal[str]
    language: Proposal[str]

    def values(self) -> dict[str, Any]:
        """Field → value."""
        return {name: proposal.value for name, proposal in vars(self).items()}

    def pairs(self) -> dict[str, tuple[Any, str]]:
        """Field → value and origin, proposals that hold something only."""
        return {name: (p.value, p.origin) for name, p in vars(self).items() if not p.empty}


def nothing(value: Any) -> Proposal[Any]:
    """No proposal; ``value`` is the field's empty value."""
    return Proposal(value, "none", 0.0)
