"""Map box, territories, orders."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import pytest
from ckan.lib.search import SearchError
from ckan.tests import helpers

ARLES = "4.3,43.3,5.0,43.7"


def test_box_keeps_what_it_touches_best_fit_first(search):
    assert search("", extras={"ext_bbox": ARLES}) == ["leau", "captages", "monde"]
    assert search("", extras={"ext_bbox": "-60,-20,-50,-10"}) == ["monde"]


def test_box_and_words_together(search):
    assert search("potable", extras={"ext_bbox": ARLES}) == ["captages"]
    assert search("ecole", extras={"ext_bbox": ARLES}) == []


def test_box_over_the_date_line(search):
    assert search("", extras={"ext_bbox": "170,-20,-170,20"}) == ["monde"]


def test_box_of_a_point(search):
    assert set(search("", extras={"ext_bbox": "4.5,43.5,4.5,43.5"})) == {"leau", "captages", "monde"}


@pytest.mark.parametrize(
    "box", ["1,2,3", "a,b,c,d", "5,44,4", "0,50,1,40", "0,0,999,1", "nan,0,1,1", "1e999,0,1,1", ",,,", "'"]
)
def test_malformed_box_is_a_clear_answer_in_french(app, catalogue, box):
    answer = app.get("/api/3/action/package_search", query_string={"ext_bbox": box}, status=409)
    error = answer.json["error"]
    assert answer.json["success"] is False
    assert error["__type"] == "Validation Error"
    assert "cadre" in error["ext_bbox"][0]
    assert "solr" not in answer.body.lower()

    app.get("/dataset/", query_string={"ext_bbox": box}, status=200)


def test_the_page_can_say_why(app, catalogue):
    asked = {"ext_bbox": "1,2", "facet.field": ["theme"]}
    with app.flask_app.test_request_context("/dataset/?ext_bbox=1,2"):
        with pytest.raises(SearchError):
            tk.get_action("package_search")({"for_view": True}, dict(asked))
        assert "cadre" in tk.h.idgo_search_problem()
    with app.flask_app.test_request_context("/organization/crige-paca?ext_bbox=1,2"):
        found = tk.get_action("package_search")({"for_view": True}, dict(asked))
        assert (found["count"], found["results"], found["search_facets"]["theme"]["items"]) == (0, [], [])
        assert "cadre" in tk.h.idgo_search_problem()
    with app.flask_app.test_request_context("/"):
        assert tk.h.idgo_search_problem() == ""


def test_territory_facet_holds_what_lies_inside(search):
    assert set(search("", fq='territory:"departement:13"')) == {"captages", "leau"}
    assert set(search("", fq='territory:"region:93"')) == {"captages", "leau", "eaux", "ecoles"}


def test_territory_search_also_finds_what_covers_it(search):
    found = search("", extras={"ext_territory": "commune:13004"})
    assert found[0] == "leau"
    assert set(found) == {"leau", "captages", "eaux"}


@pytest.mark.parametrize("code", ["commune:99999", "x", 'commune:13004" OR *:*', "region:93)"])
def test_unknown_territory_is_a_clear_answer(app, catalogue, code):
    answer = app.get("/api/3/action/package_search", query_string={"ext_territory": code}, status=409)
    assert "territoire" in answer.json["error"]["ext_territory"][0]


@pytest.mark.parametrize(
    "sort", ["res_url asc", "data_dict desc", "sum(1,2) asc", "name sideways", "rien", "name asc extra"]
)
def test_unknown_order_is_refused_by_name(app, catalogue, sort):
    answer = app.get("/api/3/action/package_search", query_string={"sort": sort}, status=409)
    assert "sort" in answer.json["error"]
    app.get("/dataset/", query_string={"sort": sort}, status=200)


@pytest.mark.parametrize(
    "sort",
    ["", "rank", "score desc, metadata_modified desc", "title asc", "name desc", "metadata_created asc"],
)
def test_known_orders(app, catalogue, sort):
    with app.flask_app.test_request_context():
        assert helpers.call_action("package_search", sort=sort)["count"] > 5
