"""What the API takes from anybody: numbers, texts and depths that can be kept; shapes by parameter."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.idgo.common.core import parameters, payload
from ckanext.idgo.common.core.errors import BadInput

LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just("a\x00") | st.just("\ud800")
)
JSON = st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=12)


def _code(value: dict) -> str:
    try:
        payload.check(value)
    except BadInput as error:
        return error.code
    return ""


@given(st.dictionaries(st.text(), JSON))
def test_what_passes_can_be_written_and_what_does_not_is_named(sent):
    if _code(sent) == "":
        written = json.dumps(sent, ensure_ascii=False, allow_nan=False)
        assert "\x00" not in written
        assert written.encode("utf-8")
        assert payload.parse_object(written) == sent


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("a\x00b", "text-character"),
        ("\ud83d", "text-character"),
        ({"\x00": 1}, "text-character"),
        ([[float("nan")]], "number-finite"),
        (float("-inf"), "number-finite"),
        (2**63, "number-large"),
        (-(2**63), "number-large"),
        ("🌊", ""),
        ("\n\t", ""),
        (2**63 - 1, ""),
    ],
)
def test_values(value, code):
    assert _code({"notes": value}) == code


def _nested(levels: int) -> str:
    return '{"a":' * levels + "1" + "}" * levels


def test_depth():
    payload.check(payload.parse_object(_nested(payload.MAX_DEPTH)))
    assert _code(json.loads(_nested(payload.MAX_DEPTH + 1))) == "body-depth"
    with pytest.raises(payload.UnreadableBody, match="64 levels"):
        payload.parse_object(_nested(100_000))


@pytest.mark.parametrize(
    ("body", "code"),
    [(b"{", "body-json"), (b"\xff\xfe", "body-json"), (b"[1]", "body-object"), (b"7" * 5000, "body-json")],
)
def test_bodies(body, code):
    with pytest.raises(payload.UnreadableBody) as refused:
        payload.parse_object(body)
    assert refused.value.code == code


def test_a_number_too_large_for_a_float_has_no_value():
    assert _code(payload.parse_object('{"a": 1e400}')) == "number-finite"


@pytest.mark.parametrize(
    ("action", "params", "field"),
    [
        ("package_show", {"id": ["x"]}, "id"),
        ("package_show", {"id": None}, ""),
        ("user_list", {"limit": "-1"}, "limit"),
        ("user_list", {"limit": "12"}, ""),
        ("group_list", {"all_fields": "maybe"}, "all_fields"),
        ("group_list", {"q": None}, "q"),
        ("organization_autocomplete", {}, "q"),
        ("package_create", {"resources": "x"}, "resources"),
        ("package_create", {"resources": [{"url": 1}]}, "resources"),
        ("package_create", {"tags": [1]}, "tags"),
        ("package_create", {"extras": [{"key": "a", "value": 1}]}, ""),
        ("group_list", {"groups": ["a"]}, ""),
        ("idgo_forms_deposit_update", {"id": "a", "version": 3, "fields": {"title": "x", "tags": []}}, ""),
        ("package_activity_list", {"id": "a", "before": 1.5, "limit": 3}, ""),
    ],
)
def test_shapes(action, params, field):
    if field:
        with pytest.raises(BadInput) as refused:
            parameters.check(action, params)
        assert refused.value.params["field"] == field
    else:
        parameters.check(action, params)
