"""Roles in an organisation, in order, and the rule of the last referent (issue 4, “Joining”).

CKAN's capacities: ``member`` reads what is reserved, ``editor`` is a contributor, ``admin`` a referent.
"""

from __future__ import annotations

from collections.abc import Collection

from ckanext.idgo.common.core.errors import N_, BadInput, Conflict, Refused

MEMBER, EDITOR, ADMIN = "member", "editor", "admin"
#: Lowest first.
ROLES = (MEMBER, EDITOR, ADMIN)


def read_role(value: object) -> str:
    """One of ``ROLES``, else ``BadInput``: nothing is guessed about what somebody may do."""
    if isinstance(value, str) and value in ROLES:
        return value
    raise BadInput("role", N_("Choose a role: member, contributor or referent."))


def rank(role: str | None) -> int:
    """0 for whoever has no role (or one nobody knows), then 1 to 3."""
    return ROLES.index(role) + 1 if role in ROLES else 0


def check_rise(held: str | None, asked: str) -> None:
    """One asks for more than one has: ``Conflict`` when the role asked is already held."""
    if rank(asked) <= rank(held):
        raise Conflict("role-held", N_("You already have this role, or a higher one, in this organization."))


def orphans(before: Collection[str], after: Collection[str]) -> bool:
    """Whether a change takes an organisation's last referent away (user ids of its active referents).

    An organisation that had none cannot lose its last one: the guichet team is in charge of it.
    """
    return bool(before) and not after


def check_referents(before: Collection[str], after: Collection[str]) -> None:
    """``Refused`` where the change would leave an organisation without a referent (issue 4)."""
    if orphans(before, after):
        raise Refused(
            "last-referent",
            N_("This is the organization's last referent: a successor must be appointed first."),
        )
