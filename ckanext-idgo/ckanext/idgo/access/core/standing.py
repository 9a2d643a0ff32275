"""What a page offers somebody in front of a locked resource: one way in, never two (issue 4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from ckanext.idgo.access.core.tiers import Tier


class Way(str, Enum):
    """The way in, in one word; the page has the sentence and the button."""

    LOGIN = "login"  # an account is enough, or a request needs one
    ASK = "ask"
    PENDING = "pending"  # already asked: since when
    EXTRACT = "extract"  # granted for a territory: by what cuts, not by the whole file
    NONE = "none"  # nothing to ask: not published, no owner to answer, closed


#: Refusals that asking can change (``decide.REQUESTABLE``, by value: a page reads them from a masked dict).
ASKABLE = frozenset({"access-required", "grant-ended", "members-only"})
TERRITORY_LIMITED = "territory-limited"


@dataclass(frozen=True)
class Asked:
    """A pending request of the viewer. ``resource_id`` is ``None`` where it is about the whole dataset."""

    request_id: str
    package_id: str
    resource_id: str | None
    created: str


@dataclass(frozen=True)
class Standing:
    """``since``: when the pending request was made (ISO text)."""

    way: Way
    request_id: str = ""
    since: str = ""


def standing(
    resource_id: str,
    package_id: str,
    tier: str,
    reason: str,
    owned: bool,
    signed_in: bool,
    asked: Iterable[Asked] = (),
) -> Standing:
    """The way into a locked resource. ``tier``, ``reason``: codes; ``owned``: an organisation answers."""
    if tier == Tier.AUTHENTICATED.value:
        return Standing(Way.NONE if signed_in else Way.LOGIN)
    known = reason in ASKABLE or reason == TERRITORY_LIMITED
    if tier != Tier.RESTRICTED.value or not known or not owned:
        return Standing(Way.NONE)
    if not signed_in:
        return Standing(Way.LOGIN)
    for one in asked:
        if one.package_id == package_id and one.resource_id in (None, resource_id):
            return Standing(Way.PENDING, one.request_id, one.created)
    return Standing(Way.EXTRACT if reason == TERRITORY_LIMITED else Way.ASK)
