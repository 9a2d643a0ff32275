"""Leaving ends everything at once: role, shared datasets, waiting requests. Datasets stay where they are."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from ckan import model

from ckanext.idgo.membership.core.requests import PENDING, WITHDRAW, after
from ckanext.idgo.membership.core.roles import check_referents
from ckanext.idgo.membership.plugin import events, people
from ckanext.idgo.membership.plugin.model import MembershipRequest


def check_change(organization_id: str, after_change: Iterable[str], without_successor: bool = False) -> None:
    """Hold the organisation until commit and refuse to take its last referent away."""
    people.lock(organization_id)
    if not without_successor:
        check_referents(people.referents(organization_id), frozenset(after_change))


def end(user_id: str, organization_ids: Collection[str], by: str) -> None:
    """What one held beside the role itself, in this transaction: whoever calls commits."""
    package, shared = model.Package, model.PackageMember
    rows = (
        model.Session.query(shared)
        .join(package, package.id == shared.package_id)
        .filter(shared.user_id == user_id, package.owner_org.in_(organization_ids))
    )
    for row in rows:
        model.Session.delete(row)
    for request in MembershipRequest.of_user(user_id, PENDING):
        if request.organization_id in organization_ids:
            request.decided(after(request.state, WITHDRAW), by)


def end_all(user_id: str, by: str) -> None:
    """The account itself ends: every request that waits, those for organisations to be created included."""
    for request in MembershipRequest.of_user(user_id, PENDING):
        request.decided(after(request.state, WITHDRAW), by)


def tell_left(user_id: str, organizations: Iterable[Any], by: str | None) -> None:
    """After commit: the organisation's referents hear that somebody left. CKAN's own account is nobody."""
    user = model.User.get(user_id)
    if user is None or people.is_site(user):
        return
    for organization in organizations:
        _begin_again(organization.id)
        events.left(user_id, organization, by)


def _begin_again(organization_id: str) -> None:
    """Without a referent left, what waits there is the guichet team's now: its reminders begin again."""
    if people.place(organization_id).orphan:
        for request in MembershipRequest.for_organization(organization_id, PENDING):
            request.reminded = []
        model.Session.commit()
