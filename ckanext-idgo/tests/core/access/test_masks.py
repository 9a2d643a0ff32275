"""A mask shows what is public, hides everything else, and can be undone without loss."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.idgo.access.core.decide import Reason
from ckanext.idgo.access.core.masks import (
    MARKS,
    PUBLIC_FIELDS,
    dataset_tier_value,
    hides_anything,
    is_masked,
    mask_dataset,
    mask_resource,
    reason_to_lock,
    restore_hidden,
    strip_marks,
)

CANARY = "canari-c0ffee"
hidden_keys = st.text(min_size=1, max_size=12).filter(lambda k: k not in PUBLIC_FIELDS and k not in MARKS)
secrets = st.one_of(st.just(CANARY), st.just([{"name": CANARY, "type": "text"}]), st.just({"a": CANARY}))
resources = st.fixed_dictionaries(
    {
        "id": st.uuids().map(str),
        "url": st.just(f"https://data.example/{CANARY}.zip"),
        "name": st.just("Parcelles"),
    }
).flatmap(
    lambda base: st.dictionaries(
        st.one_of(hidden_keys, st.sampled_from(["hash", "columns", "layers", "url_type", "mimetype"])),
        secrets,
        max_size=6,
    ).map(lambda extra: {**extra, **base})
)


@given(resources, st.sampled_from(list(Reason)))
def test_nothing_outside_the_public_list_survives(resource, reason) -> None:
    masked = mask_resource(resource, reason)
    assert CANARY not in json.dumps(masked)
    assert masked["url"] == ""
    assert masked["name"] == "Parcelles"
    assert is_masked(masked)
    assert masked["idgo_reason"] == reason.value
    assert set(masked) <= PUBLIC_FIELDS | MARKS | {"url"}


@given(resources)
def test_a_round_trip_through_the_mask_gives_the_resource_back(resource) -> None:
    sent_back = strip_marks(mask_resource(resource, Reason.MEMBERS_ONLY))
    assert restore_hidden(sent_back, resource) == resource


@given(resources)
def test_what_was_typed_wins_over_what_was_hidden(resource) -> None:
    edited = strip_marks({**mask_resource(resource, Reason.MEMBERS_ONLY), "name": "Nouveau nom"})
    assert restore_hidden(edited, resource) == {**resource, "name": "Nouveau nom"}


def test_a_new_address_replaces_the_hidden_one_and_its_facts() -> None:
    stored = {"id": "r", "url": "https://a.example/old.zip", "hash": "abc", "url_type": "upload"}
    assert restore_hidden({"id": "r", "url": "https://a.example/new.zip"}, stored) == {
        "id": "r",
        "url": "https://a.example/new.zip",
    }
    assert "hash" not in restore_hidden({"id": "r", "url": "", "upload": object()}, stored)


@pytest.mark.parametrize(
    ("dataset", "expected"),
    [
        ({"access_tier": "open"}, "open"),
        ({"extras": [{"key": "access_tier", "value": "restricted"}]}, "restricted"),
        ({"access_tier": "open", "extras": [{"key": "access_tier", "value": "restricted"}]}, None),
        (
            {
                "extras": [
                    {"key": "access_tier", "value": "open"},
                    {"key": "access_tier", "value": "restricted"},
                ]
            },
            None,
        ),
        ({}, None),
        ({"extras": "open"}, None),
    ],
)
def test_the_tier_of_a_dataset_is_read_wherever_the_schema_put_it(dataset, expected) -> None:
    assert dataset_tier_value(dataset) == expected


def test_a_dataset_keeps_its_open_resources_and_masks_the_others() -> None:
    dataset = {
        "access_tier": "open",
        "title": "Cadastre",
        "resources": [
            {"id": "1", "url": "https://a.example/1"},
            {"id": "2", "url": f"https://a.example/{CANARY}", "access_tier": "restricted"},
            {"id": "3", "url": f"https://a.example/{CANARY}", "access_tier": "nimporte"},
        ],
    }
    masked = mask_dataset(dataset)
    assert [is_masked(r) for r in masked["resources"]] == [False, True, True]
    assert masked["resources"][0] == dataset["resources"][0]
    assert [r.get("idgo_reason") for r in masked["resources"]] == [None, "members-only", "malformed-tier"]
    assert CANARY not in json.dumps(masked)
    assert CANARY in json.dumps(dataset), "the caller's dict is not touched"
    assert mask_dataset(masked) == masked
    assert hides_anything(dataset)
    assert not hides_anything({"access_tier": "open", "resources": [{"id": "1"}]})


def test_a_forged_mark_hides_nothing_from_the_mask_and_is_taken_off_open_ones() -> None:
    forged = {"id": "1", "url": f"https://a.example/{CANARY}", "idgo_locked": True, "idgo_reason": "open"}
    assert CANARY not in json.dumps(mask_dataset({"access_tier": "restricted", "resources": [forged]}))
    assert not is_masked(mask_dataset({"access_tier": "open", "resources": [forged]})["resources"][0])


def test_no_tier_at_all_is_locked() -> None:
    assert reason_to_lock({}, {}) is Reason.MALFORMED_TIER
