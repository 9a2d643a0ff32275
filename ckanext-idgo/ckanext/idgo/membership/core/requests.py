"""A membership request: its states as a table, who decides, and what a decision may be (ADR 0006)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from ckanext.idgo.common.core.errors import N_, BadInput, Conflict
from ckanext.idgo.membership.core.roles import read_role

PENDING, ACCEPTED, REFUSED, WITHDRAWN = "pending", "accepted", "refused", "withdrawn"
STATES = (PENDING, ACCEPTED, REFUSED, WITHDRAWN)

ACCEPT, REFUSE, WITHDRAW = "accept", "refuse", "withdraw"
DECISIONS = (ACCEPT, REFUSE)
#: The whole life of a request: (state, what happens) → state. What is not here cannot happen.
TRANSITIONS: Mapping[tuple[str, str], str] = {
    (PENDING, ACCEPT): ACCEPTED,
    (PENDING, REFUSE): REFUSED,
    (PENDING, WITHDRAW): WITHDRAWN,
}

MAX_PENDING = 10
#: Requests of one person in 24 hours, taken back or not: each one is told to those who decide.
MAX_DAILY = 20
MAX_TEXT = 2000


def after(state: str, act: str) -> str:
    """The state that follows; ``Conflict`` when somebody was faster."""
    follows = TRANSITIONS.get((state, act))
    if follows is None:
        raise Conflict("request-decided", N_("This request has already been dealt with."))
    return follows


@dataclass(frozen=True)
class Person:
    """Who wants to decide. ``guichet``: an active member of the guichet's organisation."""

    id: str
    active: bool = True
    sysadmin: bool = False
    guichet: bool = False


@dataclass(frozen=True)
class Place:
    """The organisation asked for; ``Place()`` is one that does not exist yet.

    ``referents``: ids of its active referents with an active account. ``open``: the organisation is active.
    """

    id: str | None = None
    referents: frozenset[str] = field(default_factory=frozenset)
    open: bool = True

    @property
    def orphan(self) -> bool:
        """Nobody of the organisation can decide: the guichet team does."""
        return self.id is None or not self.referents or not self.open


def decides_for(person: Person, place: Place) -> bool:
    """Whether somebody decides about an organisation: its referents and sysadmins; without a referent, or for
    a new organisation, the guichet team."""
    if person.active is not True or not person.id:
        return False
    if person.sysadmin is True:
        return True
    if place.orphan:
        return person.guichet is True
    return person.id in place.referents


def may_decide(person: Person, place: Place, requester_id: str) -> bool:
    """``decides_for``, and nobody decides their own request, whatever their rights."""
    return decides_for(person, place) and person.id != requester_id


def recipients(
    place: Place, requester_id: str, guichet: Collection[str], sysadmins: Collection[str]
) -> tuple[str, ...]:
    """Who must hear of a request: those who decide, never the requester; sysadmins when nobody else can."""
    first = guichet if place.orphan else place.referents
    told = sorted(set(first) - {requester_id})
    return tuple(told or sorted(set(sysadmins) - {requester_id}))


def read_text(value: object, code: str, needed: str | None = None, longest: int = MAX_TEXT) -> str:
    """A text somebody typed, trimmed. ``needed``: the sentence of the error when it is empty."""
    if value is not None and not isinstance(value, str):
        raise BadInput(code, N_("A text is expected."))
    text = (value or "").replace("\x00", "").strip()
    if not text and needed is not None:
        raise BadInput(code, needed)
    if len(text) > longest:
        raise BadInput(code, N_("{longest} characters at most."), longest=longest)
    return text


@dataclass(frozen=True)
class Decision:
    """What was decided: ``role`` is None unless accepted; it may differ from the role asked for."""

    act: str
    role: str | None
    reason: str


def read_decision(decision: object, asked: str, role: object, reason: object) -> Decision:
    """Read a decision strictly: a refusal says why, an acceptance gives one role."""
    if decision == ACCEPT:
        return Decision(ACCEPT, read_role(role or asked), read_text(reason, "reason"))
    if decision == REFUSE:
        needed = N_("Say why: the person reads this reason.")
        return Decision(REFUSE, None, read_text(reason, "reason", needed))
    raise BadInput("decision", N_("Choose: accept or refuse."))
