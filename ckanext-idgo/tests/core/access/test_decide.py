"""The decision refuses whatever it does not recognise, and opens what it says it opens."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.idgo.access.core.decide import (
    ANONYMOUS,
    CAPACITIES,
    CUTTING,
    REQUESTABLE,
    Membership,
    Purpose,
    Reason,
    ResourceFacts,
    Viewer,
    decide,
)
from ckanext.idgo.access.core.grants import Grant
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
DAY = timedelta(days=1)
instants = st.sampled_from([NOW - 9 * DAY, NOW - DAY, NOW, NOW + DAY, NOW + 9 * DAY])
CODES = ["commune:84003", "commune:13004", "departement:83"]
#: Well formed, on something near the resource, in time or not.
grants = st.builds(
    Grant,
    package_id=st.sampled_from(["set-1", "set-2"]),
    resource_id=st.sampled_from([None, "res-1", "res-2"]),
    owner_org=identifiers,
    starts_at=instants,
    ends_at=st.one_of(st.none(), instants),
    codes=st.frozensets(st.sampled_from(CODES), max_size=2),
)
several = st.frozensets(grants, max_size=5)
#: What a damaged row, another extension or a bug could put there.
damaged = st.builds(
    Grant,
    package_id=st.sampled_from(["set-1", "", None, 7]),  # type: ignore[arg-type]
    resource_id=st.sampled_from([None, "", 0, "res-1"]),  # type: ignore[arg-type]
    owner_org=st.sampled_from(["org-a", "", None]),  # type: ignore[arg-type]
    starts_at=st.sampled_from([NOW - DAY, None, "2020-01-01", datetime(2020, 1, 1)]),  # type: ignore[arg-type]
    ends_at=st.sampled_from([None, "", "never", datetime(2999, 1, 1), 0]),  # type: ignore[arg-type]
    codes=st.sampled_from([frozenset(), None, "", frozenset({""}), frozenset({None})]),  # type: ignore[arg-type]
)
viewers = st.builds(
    Viewer,
    id=st.one_of(st.none(), st.just(""), st.just("user-1")),
    active=st.booleans(),
    sysadmin=st.booleans(),
    memberships=memberships,
    guichet=st.booleans(),
    grants=several,
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
    package_id=st.sampled_from([None, "set-1"]),
    resource_id=st.sampled_from([None, "", "res-1"]),
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


def current_grants(viewer: Viewer, resource: ResourceFacts) -> list[Grant]:
    """Said a second way too."""
    alive = resource.dataset_state == "active" and not resource.dataset_private
    alive = alive and resource.owner_org_state == "active" and resource.owner_org_approved
    if not (alive and viewer.id and viewer.active and resource.owner_org and resource.resource_id):
        return []
    return [
        g
        for g in viewer.grants
        if (g.package_id, g.owner_org) == (resource.package_id, resource.owner_org)
        and g.resource_id in (None, resource.resource_id)
        and g.starts_at <= NOW < (g.ends_at or NOW + DAY)
    ]


@given(viewers, facts, st.sampled_from(list(Purpose)))
def test_allowed_has_one_of_six_reasons_and_each_is_true(viewer, resource, purpose) -> None:
    verdict = decide(viewer, resource, purpose, NOW)
    if not verdict.allowed:
        return
    tier = read_tier(resource.tier, resource.dataset_tier)
    published = resource.dataset_state == "active" and not resource.dataset_private
    held = current_grants(viewer, resource)
    true = {
        Reason.OPEN: tier is Tier.OPEN and published,
        Reason.SIGNED_IN: tier is Tier.AUTHENTICATED and published and bool(viewer.id) and viewer.active,
        Reason.MEMBER: real_member(viewer, resource),
        Reason.AUTHOR: resource.owner_org is None and resource.dataset_state == "draft",
        Reason.GRANTED: tier is Tier.RESTRICTED and bool(held),
        Reason.SYSADMIN: viewer.sysadmin and bool(viewer.id) and viewer.active,
    }
    assert true[verdict.reason]
    if verdict.reason is Reason.GRANTED and any(not g.codes for g in held):
        assert verdict.clip is None
    elif verdict.reason is Reason.GRANTED:
        assert purpose in CUTTING
        assert verdict.clip == frozenset().union(*(g.codes for g in held))
    else:
        assert verdict.clip is None


@given(viewers, facts, st.sampled_from(list(Purpose)))
def test_not_open_is_refused_to_all_who_have_no_ground(viewer, resource, purpose) -> None:
    tier = read_tier(resource.tier, resource.dataset_tier)
    insider = real_member(viewer, resource) or (viewer.sysadmin and viewer.active and viewer.id)
    author = (
        resource.owner_org is None and resource.dataset_state == "draft" and viewer.id == resource.creator_id
    )
    account = tier is Tier.AUTHENTICATED and viewer.id and viewer.active
    if tier is not Tier.OPEN and not (insider or author or account or current_grants(viewer, resource)):
        assert not decide(viewer, resource, purpose, NOW).allowed


@given(viewers, facts, st.sampled_from(list(Purpose)), st.frozensets(damaged, max_size=4))
def test_damaged_grants_open_nothing(viewer, resource, purpose, junk_grants) -> None:
    """Nothing that is wrong in one field may open, or widen what a good one opens."""
    wrong = frozenset(g for g in junk_grants if not _whole(g))
    spoiled = decide(replace(viewer, grants=viewer.grants | wrong), resource, purpose, NOW)
    assert spoiled == decide(viewer, resource, purpose, NOW)


def _whole(grant: Grant) -> bool:
    named = all(isinstance(v, str) and v for v in (grant.package_id, grant.owner_org))
    resource = grant.resource_id is None or (isinstance(grant.resource_id, str) and grant.resource_id)
    begins = isinstance(grant.starts_at, datetime) and grant.starts_at.tzinfo is not None
    return bool(named and resource and begins and grant.ends_at is None and grant.codes == frozenset())


@given(viewers, facts, st.sampled_from(list(Purpose)), several)
def test_more_grants_never_close_and_fewer_never_open(viewer, resource, purpose, more) -> None:
    """Revoking takes a grant away; whatever the rest, it cannot open."""
    without = decide(viewer, resource, purpose, NOW)
    with_more = decide(replace(viewer, grants=viewer.grants | more), resource, purpose, NOW)
    assert with_more.allowed or not without.allowed
    if without.allowed and without.clip is None:
        assert with_more.clip is None
    if without.clip and with_more.clip:
        assert without.clip <= with_more.clip


@given(viewers, facts, st.sampled_from(list(Purpose)), instants)
def test_what_has_ended_opens_nothing(viewer, resource, purpose, moment) -> None:
    """A grant outside its time weighs as much as none, whatever the hour."""
    held = frozenset(g for g in viewer.grants if g.starts_at <= moment < (g.ends_at or moment + DAY))
    now_only = decide(replace(viewer, grants=held), resource, purpose, moment)
    everything = decide(viewer, resource, purpose, moment)
    assert (everything.allowed, everything.clip) == (now_only.allowed, now_only.clip)


@given(viewers, facts, st.sampled_from(list(Purpose)), st.permutations(range(4)))
def test_the_order_of_grounds_changes_no_answer(viewer, resource, purpose, order) -> None:
    from ckanext.idgo.access.core import decide as module

    before, plain = decide(viewer, resource, purpose, NOW), dict(module.GROUNDS)
    try:
        for tier, grounds in plain.items():
            module.GROUNDS[tier] = tuple(grounds[i] for i in order)
        after = decide(viewer, resource, purpose, NOW)
    finally:
        module.GROUNDS.update(plain)
    assert after.allowed == before.allowed


@given(
    viewers.filter(lambda v: not v.sysadmin),
    facts,
    junk.filter(lambda v: v not in WORDS if isinstance(v, str) else True),
)
def test_a_value_that_is_no_tier_opens_to_nobody(viewer, resource, value) -> None:
    resource = replace(resource, tier=value, dataset_tier=value)
    assert not decide(viewer, resource, Purpose.DOWNLOAD, NOW).allowed


@given(viewers, facts)
def test_purposes_differ_only_where_a_territory_limits(viewer, resource) -> None:
    answers = {purpose: decide(viewer, resource, purpose, NOW) for purpose in Purpose}
    assert len({answers[purpose] for purpose in CUTTING}) == 1
    whole = {answers[purpose] for purpose in Purpose if purpose not in CUTTING}
    assert len(whole) == 1
    if not any(verdict.clip for verdict in answers.values()):
        assert len(set(answers.values())) == 1


@given(facts, memberships, several)
def test_an_inactive_user_is_treated_as_nobody(resource, held, given_once) -> None:
    gone = Viewer("user-1", active=False, sysadmin=True, memberships=held, grants=given_once)
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


@pytest.mark.parametrize("field", ["memberships", "grants"])
@pytest.mark.parametrize("value", [None, [], {"a": 1}, frozenset({"org-a"}), frozenset({None}), "all"])
def test_a_viewer_that_is_not_well_formed_is_refused(field, value) -> None:
    viewer = Viewer("user-1", sysadmin=True, **{field: value})
    assert decide(viewer, OPEN, Purpose.DOWNLOAD, NOW).reason is Reason.MALFORMED_REQUEST


OPEN = ResourceFacts(tier="", dataset_tier="open", owner_org="org-a")
MEMBER = Viewer("user-1", memberships=frozenset({Membership("org-a", "member")}))
OUTSIDER = Viewer("user-1", memberships=frozenset({Membership("org-b", "admin")}))


@pytest.mark.parametrize(
    ("viewer", "tier", "dataset_tier", "allowed", "reason"),
    [
        (ANONYMOUS, "", "open", True, "open"),
        (ANONYMOUS, None, "open", True, "open"),
        (ANONYMOUS, "open", "restricted", True, "open"),
        (ANONYMOUS, "restricted", "open", False, "access-required"),
        (ANONYMOUS, "authenticated", "open", False, "login-required"),
        (OUTSIDER, "authenticated", "open", True, "signed-in"),
        (OUTSIDER, "restricted", "open", False, "access-required"),
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
        (Viewer("u", active=False), "authenticated", "open", False, "inactive-user"),
        (Viewer("g", guichet=True), "restricted", "open", False, "access-required"),
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


def grant(**change) -> Grant:
    given = {"package_id": "set-1", "resource_id": None, "owner_org": "org-a", "starts_at": NOW - DAY}
    return Grant(**{**given, **change})


RESTRICTED = ResourceFacts("", "restricted", "org-a", package_id="set-1", resource_id="res-1")
APT, ARLES = frozenset({"commune:84003"}), frozenset({"commune:13004"})


@pytest.mark.parametrize(
    ("held", "download", "extract", "clip"),
    [
        ([grant()], "granted", "granted", None),
        ([grant(resource_id="res-1")], "granted", "granted", None),
        ([grant(resource_id="res-2")], "access-required", "access-required", None),
        ([grant(package_id="set-2")], "access-required", "access-required", None),
        ([grant(owner_org="org-b")], "access-required", "access-required", None),
        ([grant(starts_at=NOW)], "granted", "granted", None),
        ([grant(starts_at=NOW + DAY)], "access-required", "access-required", None),
        ([grant(ends_at=NOW + DAY)], "granted", "granted", None),
        ([grant(ends_at=NOW)], "grant-ended", "grant-ended", None),
        ([grant(codes=APT)], "territory-limited", "granted", APT),
        ([grant(codes=APT), grant(codes=ARLES)], "territory-limited", "granted", APT | ARLES),
        ([grant(codes=APT), grant(codes=ARLES, ends_at=NOW)], "territory-limited", "granted", APT),
        ([grant(codes=APT), grant()], "granted", "granted", None),
    ],
)
def test_the_table_of_grants(held, download, extract, clip) -> None:
    viewer = Viewer("user-1", grants=frozenset(held))
    whole = decide(viewer, RESTRICTED, Purpose.DOWNLOAD, NOW)
    cut = decide(viewer, RESTRICTED, Purpose.EXTRACT, NOW)
    assert (whole.reason.value, cut.reason.value) == (download, extract)
    assert whole.allowed is (download == "granted")
    assert cut.allowed is (extract == "granted")
    assert cut.clip == clip


@pytest.mark.parametrize(
    "change",
    [
        {"dataset_private": True},
        {"dataset_state": "draft"},
        {"dataset_state": "deleted"},
        {"resource_state": "deleted"},
        {"owner_org_state": "deleted"},
        {"owner_org_approved": False},
        {"owner_org": None},
        {"owner_org": "org-b"},
        {"tier": "restreint"},
        {"tier": ["restricted"]},
    ],
)
def test_a_grant_is_nothing_where_nobody_could_give_it(change) -> None:
    viewer = Viewer("user-1", grants=frozenset({grant()}))
    for purpose in Purpose:
        assert not decide(viewer, replace(RESTRICTED, **change), purpose, NOW).allowed


def test_only_what_a_request_can_change_is_requestable() -> None:
    assert {reason.value for reason in REQUESTABLE} == {"access-required", "grant-ended", "territory-limited"}
    assert decide(ANONYMOUS, replace(RESTRICTED, owner_org=None), Purpose.DOWNLOAD, NOW).reason is (
        Reason.MEMBERS_ONLY
    )
