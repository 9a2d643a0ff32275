"""The decision refuses whatever it does not recognise, and opens what it says it opens."""

from __future__ import annotations

import itertools
from datetime import datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.idgo.access.core.decide import (
    ANONYMOUS,
    CAPACITIES,
    Membership,
    Purpose,
    Reason,
    ResourceFacts,
    Viewer,
    decide,
)
from ckanext.idgo.access.core.tiers import Tier, read_tier

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=timezone.utc)
WORDS = {tier.value for tier in Tier}

junk = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.sampled_from(
        ["OPEN", "open ", " open", "Open", '"open"', '{"level": "open"}', "public", "ouvert", "true"]
    ),
    st.integers(),
    st.booleans(),
    st.floats(allow_nan=True),
    st.lists(st.sampled_from(sorted(WORDS)), max_size=2),
    st.dictionaries(st.text(max_size=3), st.just("open"), max_size=2),
    st.binary(max_size=5),
)
identifiers = st.sampled_from(["org-a", "org-b", "org-c"])
memberships = st.frozensets(
    st.builds(
        Membership,
        organisation_id=identifiers,
        capacity=st.sampled_from(["member", "editor", "admin", "pending", "", "Admin"]),
        state=st.sampled_from(["active", "pending", "deleted", ""]),
    ),
    max_size=4,
)
viewers = st.builds(
    Viewer,
    id=st.one_of(st.none(), st.just(""), st.just("user-1")),
    active=st.booleans(),
    sysadmin=st.booleans(),
    memberships=memberships,
    guichet=st.booleans(),
)
facts = st.builds(
    ResourceFacts,
    tier=st.one_of(junk, st.sampled_from(sorted(WORDS))),
    dataset_tier=st.one_of(junk, st.sampled_from(sorted(WORDS))),
    owner_org=st.one_of(st.none(), identifiers),
    owner_org_state=st.sampled_from(["active", "deleted", "pending", None]),
    owner_org_approved=st.booleans(),
    dataset_state=st.sampled_from(["active", "draft", "deleted", "whatever"]),
    dataset_private=st.booleans(),
    resource_state=st.sampled_from(["active", "deleted"]),
    creator_id=st.one_of(st.none(), st.just("user-1"), st.just("user-2")),
)


def real_member(viewer: Viewer, resource: ResourceFacts) -> bool:
    """Said a second way, on purpose: an independent reading of the rule."""
    return (
        bool(viewer.id)
        and viewer.active
        and resource.owner_org_state == "active"
        and resource.owner_org_approved
        and any(
            (m.organisation_id, m.state) == (resource.owner_org, "active") and m.capacity in CAPACITIES
            for m in viewer.memberships
        )
    )


@given(viewers, facts, st.sampled_from(list(Purpose)))
def test_allowed_has_one_of_four_reasons_and_each_is_true(viewer, resource, purpose) -> None:
    verdict = decide(viewer, resource, purpose, NOW)
    if not verdict.allowed:
        return
    assert verdict.reason in {Reason.OPEN, Reason.MEMBER, Reason.AUTHOR, Reason.SYSADMIN}
    tier = read_tier(resource.tier, resource.dataset_tier)
    if verdict.reason is Reason.OPEN:
        assert tier is Tier.OPEN
        assert resource.dataset_state == "active"
        assert not resource.dataset_private
    else:
        assert viewer.id
        assert viewer.active
    if verdict.reason is Reason.MEMBER:
        assert real_member(viewer, resource)
    if verdict.reason is Reason.SYSADMIN:
        assert viewer.sysadmin
    if verdict.reason is Reason.AUTHOR:
        assert resource.owner_org is None
        assert resource.dataset_state == "draft"


@given(viewers, facts)
def test_not_open_is_refused_to_all_but_members_authors_and_sysadmins(viewer, resource) -> None:
    tier = read_tier(resource.tier, resource.dataset_tier)
    insider = real_member(viewer, resource) or (viewer.sysadmin and viewer.active and viewer.id)
    author = (
        resource.owner_org is None and resource.dataset_state == "draft" and viewer.id == resource.creator_id
    )
    if tier is not Tier.OPEN and not insider and not author:
        assert not decide(viewer, resource, Purpose.DOWNLOAD, NOW).allowed


@given(
    viewers.filter(lambda v: not v.sysadmin),
    facts,
    junk.filter(lambda v: v not in WORDS if isinstance(v, str) else True),
)
def test_a_value_that_is_no_tier_opens_to_nobody(viewer, resource, value) -> None:
    from dataclasses import replace

    resource = replace(resource, tier=value, dataset_tier=value)
    assert not decide(viewer, resource, Purpose.DOWNLOAD, NOW).allowed


@given(viewers, facts)
def test_the_same_question_has_the_same_answer(viewer, resource) -> None:
    answers = {decide(viewer, resource, purpose, NOW) for purpose in Purpose}
    assert len(answers) == 1


@given(facts, memberships)
def test_an_inactive_user_is_treated_as_nobody(resource, held) -> None:
    gone = Viewer("user-1", active=False, sysadmin=True, memberships=held)
    assert (
        decide(gone, resource, Purpose.DOWNLOAD, NOW).allowed
        == decide(ANONYMOUS, resource, Purpose.DOWNLOAD, NOW).allowed
    )


@given(st.one_of(junk, viewers), st.one_of(junk, facts), junk, junk)
def test_wrong_types_are_refused_and_never_raise(viewer, resource, purpose, now) -> None:
    verdict = decide(viewer, resource, purpose, now)
    assert (verdict.allowed, verdict.reason) == (False, Reason.MALFORMED_REQUEST)


def test_a_naive_clock_is_refused() -> None:
    naive = datetime(2026, 11, 24, 12, 0)
    assert decide(ANONYMOUS, ResourceFacts("open", "open", None), Purpose.DOWNLOAD, naive).reason is (
        Reason.MALFORMED_REQUEST
    )


OPEN = ResourceFacts(tier="", dataset_tier="open", owner_org="org-a")
MEMBER = Viewer("user-1", memberships=frozenset({Membership("org-a", "member")}))
OUTSIDER = Viewer("user-1", memberships=frozenset({Membership("org-b", "admin")}))


@pytest.mark.parametrize(
    ("viewer", "tier", "dataset_tier", "allowed", "reason"),
    [
        (ANONYMOUS, "", "open", True, "open"),
        (ANONYMOUS, None, "open", True, "open"),
        (ANONYMOUS, "open", "restricted", True, "open"),
        (ANONYMOUS, "restricted", "open", False, "members-only"),
        (ANONYMOUS, "authenticated", "open", False, "login-required"),
        (OUTSIDER, "authenticated", "open", False, "members-only"),
        (OUTSIDER, "restricted", "open", False, "members-only"),
        (MEMBER, "authenticated", "open", True, "member"),
        (MEMBER, "restricted", "open", True, "member"),
        (MEMBER, "", None, False, "malformed-tier"),
        (ANONYMOUS, "", None, False, "malformed-tier"),
        (ANONYMOUS, "publik", "open", False, "malformed-tier"),
        (ANONYMOUS, " ", "open", False, "malformed-tier"),
        (ANONYMOUS, ["open"], "open", False, "malformed-tier"),
        (ANONYMOUS, 0, "open", False, "malformed-tier"),
        (ANONYMOUS, False, "open", False, "malformed-tier"),
        (Viewer("root", sysadmin=True), "publik", "open", True, "sysadmin"),
        (Viewer("root", sysadmin=True), "restricted", "open", True, "sysadmin"),
        (Viewer("root", active=False, sysadmin=True), "restricted", "open", False, "inactive-user"),
        (Viewer("g", guichet=True), "restricted", "open", False, "members-only"),
    ],
)
def test_the_table(viewer, tier, dataset_tier, allowed, reason) -> None:
    resource = ResourceFacts(tier=tier, dataset_tier=dataset_tier, owner_org="org-a")
    verdict = decide(viewer, resource, Purpose.DOWNLOAD, NOW)
    assert (verdict.allowed, verdict.reason.value) == (allowed, reason)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"owner_org_state": "deleted"}, "organisation-closed"),
        ({"owner_org_approved": False}, "organisation-closed"),
        ({"owner_org": None}, "members-only"),
        ({"dataset_state": "draft", "owner_org": "org-b"}, "unpublished"),
        ({"resource_state": "deleted"}, "resource-deleted"),
        ({"dataset_state": "deleted"}, "resource-deleted"),
    ],
)
def test_a_member_of_what_is_closed_holds_nothing(change, reason) -> None:
    resource = ResourceFacts(**{"tier": "", "dataset_tier": "restricted", "owner_org": "org-a", **change})
    assert decide(MEMBER, resource, Purpose.DOWNLOAD, NOW).reason.value == reason


@pytest.mark.parametrize(("state", "private"), list(itertools.product(["draft", "active"], [True, False])))
def test_open_means_published(state, private) -> None:
    resource = ResourceFacts("", "open", "org-a", dataset_state=state, dataset_private=private)
    published = state == "active" and not private
    assert decide(ANONYMOUS, resource, Purpose.DOWNLOAD, NOW).allowed is published
    assert decide(MEMBER, resource, Purpose.DOWNLOAD, NOW).allowed


def test_the_author_keeps_an_unowned_draft_and_loses_it_to_the_organisation() -> None:
    draft = ResourceFacts("", "restricted", None, dataset_state="draft", creator_id="user-1")
    owned = ResourceFacts("", "restricted", "org-b", dataset_state="draft", creator_id="user-1")
    assert decide(MEMBER, draft, Purpose.DOWNLOAD, NOW).reason is Reason.AUTHOR
    assert not decide(MEMBER, owned, Purpose.DOWNLOAD, NOW).allowed


def test_each_tier_has_a_european_code_and_only_open_is_public() -> None:
    assert [t.access_right.rsplit("/", 1)[1] for t in Tier] == ["PUBLIC", "RESTRICTED", "RESTRICTED"]
    assert all(t.legal_basis for t in (Tier.OPEN, Tier.RESTRICTED))
