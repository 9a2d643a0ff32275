"""Nothing that can be typed is a 500 or shows Solr's words."""

from __future__ import annotations

import pytest
from ckan.tests import helpers
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

SIGNS = r"""
"   "eau   eau"   ((   ))   eau)   (eau   [   ]   {   }   [a TO   title:[a TO   title:   :   ::
a:b:c   AND   OR   NOT   AND OR NOT   eau AND   OR eau   NOT NOT eau   &&   ||   !   !!   +   -
+-   *   **   *:*   ?   ~   ~2   ^   eau^   eau~   eau^^2   \   \\   eau\   /   /eau   /[/   //
{!lucene}eau   {!xmlparser}x   _query_:"{!lucene}x"   _val_:x   🌊   🌊 eau   tags:(OR)
tags:(a OR)   tags:()   <script>alert(1)</script>   %   %00   ﬁ   水
"""
TEXTS = [sign for line in SIGNS.strip("\n").splitlines() for sign in line.split("   ")] + [
    "\x00",
    "\u200b",
    "e" * 20_000,
    "eau " * 3_000,
    "(" * 500,
    '"' * 501,
    "eau OR " * 500,
]
MIXTURE = [
    "eau",
    "potable",
    "écoles",
    '"l’eau',
    "(",
    ")",
    "AND",
    "OR",
    "NOT",
    "-",
    "+",
    "tags:",
    "title:eau",
    "13004",
    "[",
    "]",
    "*",
    "?",
    "zone",
]
REFUSED = ["metadata_modified:[x TO y]", "metadata_modified:hier", "minx:abc"]
HARD = TEXTS + REFUSED


@pytest.mark.parametrize("typed", HARD, ids=lambda t: repr(t[:24]))
def test_hard_queries(app, catalogue, typed):
    answer = app.get("/api/3/action/package_search", query_string={"q": typed})
    assert answer.status_code in (200, 409)
    _says_nothing_of_solr(answer.body)
    page = app.get("/dataset/", query_string={"q": typed})
    assert page.status_code == 200
    _says_nothing_of_solr(page.body)
    assert app.get("/idgo/suggest", query_string={"q": typed}).status_code == 200


@pytest.mark.parametrize("typed", TEXTS, ids=lambda t: repr(t[:24]))
def test_what_is_typed_as_text_is_answered(search, typed):
    search(typed)


def _says_nothing_of_solr(body: str) -> None:
    for word in ("SolrError", "org.apache", "SyntaxError", "Exception", "127.0.0.1:"):
        assert word not in body


@pytest.mark.parametrize(
    "fq", ['theme:"', "theme:[", "a:b:c:", "{!join}x", "metadata_modified:[x TO y]", "AND", ")))", 'x" OR "y']
)
def test_hard_filters(app, catalogue, fq):
    answer = app.get("/api/3/action/package_search", query_string={"fq": fq})
    assert answer.status_code in (200, 409)
    _says_nothing_of_solr(answer.body)


@pytest.mark.parametrize(
    "params",
    [
        {"facet.field": '["bad field{"]'},
        {"defType": "lucene", "q": "((("},
        {"bf": "div(1,"},
        {"mm": "x"},
        {"qf": "a^^"},
        {"rows": "1000", "start": "99999999999999"},
        {"fl": "div(1"},
    ],
)
def test_hard_parameters(app, catalogue, params):
    answer = app.get("/api/3/action/package_search", query_string=params)
    assert answer.status_code in (200, 400, 409)
    _says_nothing_of_solr(answer.body)


@pytest.mark.parametrize(
    "url",
    [
        "/dataset/?theme=%22",
        "/feeds/custom.atom?q=%22",
        "/feeds/custom.atom?theme=%22",
        "/organization/crige-paca?theme=%22",
    ],
)
def test_pages_stand(app, catalogue, url):
    answer = app.get(url)
    assert answer.status_code in (200, 400)
    _says_nothing_of_solr(answer.body)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60))
def test_any_text(search, typed):
    search(typed)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.sampled_from(MIXTURE),
        max_size=8,
    )
)
def test_any_mixture_of_words_and_signs(search, parts):
    search(" ".join(parts))


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.sampled_from(
            ["eau", "potable", "communes", "littoral", "zones", "espace", "public", "écoles", "arles"]
        ),
        min_size=1,
        max_size=4,
    )
)
def test_each_word_more_narrows(search, words):
    strict = {"mm": "100%"}
    assert set(search(" ".join(words), **strict)) <= set(search(" ".join(words[:-1]), **strict))


class TestCkanSyntaxStays:
    def test_fields(self, search):
        assert search("name:captages") == ["captages"]
        assert search('title:"eau potable"') == ["captages"]
        assert set(search("tags:littoral")) == {"neuf", "dix"}
        assert search("organization:ville-exemple") == []

    def test_operators(self, search):
        assert set(search("chaleur OR écoles")) == {"reseaux", "ecoles"}
        assert set(search("eau NOT potable")) == set(search("eau -potable")) == {"eaux", "leau"}
        assert set(search("eau AND (potable OR baignade)")) == {"captages", "eaux"}
        assert search('"potable eau"') == []

    def test_filters(self, search):
        assert search("", fq='theme:"environnement-et-climat"') == ["captages"]
        assert search("eau", fq="res_format:CSV") == ["captages"]
        assert set(search("", fq="name:(neuf OR dix)")) == {"neuf", "dix"}

    def test_everything(self, app, search):
        with app.flask_app.test_request_context():
            assert helpers.call_action("package_search", q="*:*")["count"] == len(search(""))


MISSHAPEN = [
    *[("q", value) for value in (1, 1.5, True, ["a"], {"a": 1})],
    *[("fq_list", value) for value in (-1, True, {"a": 1}, [1])],
    *[("fl", value) for value in (1, True, [[1]])],
    *[("rows", value) for value in ([], {}, [[1]])],
    *[("extras", value) for value in ("a", 1, ["a"], {"ext_bbox": 1})],
    *[("ext_bbox", value) for value in (1, True)],
    *[(name, "[") for name in ("include_private", "include_drafts", "use_default_schema")],
]


@pytest.mark.parametrize(("name", "value"), MISSHAPEN, ids=repr)
def test_a_value_of_another_shape_is_a_refusal_that_names_its_parameter(app, catalogue, name, value):
    answer = app.post("/api/3/action/package_search", json={name: value})
    assert answer.status_code == 409
    assert name in answer.json["error"]


@pytest.mark.parametrize("name", ["q", "fq_list", "use_default_schema", "extras", "rows"])
def test_null_is_an_absent_parameter(app, catalogue, name):
    assert app.post("/api/3/action/package_search", json={name: None}).status_code == 200
