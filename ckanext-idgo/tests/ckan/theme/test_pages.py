"""Pages answer, say the facts, escape what people write, and keep what is closed."""

from __future__ import annotations

import html
import re
from typing import Any

import ckan.plugins.toolkit as tk
import pytest

PAGES = (
    "/",
    "/dataset/",
    "/dataset/?q=eau&ext_territory=departement:84",
    "/dataset/?q=introuvable&access_tier=open&ext_territory=commune:84003",
    "/themes",
    "/organization/",
    "/organization/?q=introuvable",
    "/organization/ville-exemple",
    "/organization/about/ville-exemple",
    "/dataset/jeu-ouvert",
    "/dataset/jeu-ferme",
    "/dataset/jeu-balise",
    "/about",
)
FOR_NOBODY = ("/user/login", "/user/register", "/user/reset")
FOR_MEMBERS = ("/dashboard/datasets", "/dashboard/organizations", "/user/membre-exemple", "/user/edit")
TAG = re.compile(r"<(script|img)\b[^>]*>", re.I)


def _get(pages: dict[str, Any], path: str, member: bool = False, status: int = 200) -> str:
    headers = {"Authorization": pages["member"]["token"]} if member else {}
    return pages["app"].get(path, headers=headers, status=status).get_data(as_text=True)


def _text(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


@pytest.mark.parametrize("path", [*PAGES, *FOR_NOBODY])
def test_it_answers_anybody(pages: dict[str, Any], path: str) -> None:
    page = _get(pages, path)
    assert 'data-portal="commun"' in page
    assert page.count("<h1") == 1
    assert re.search(r'<main\b|role="main"', page)


@pytest.mark.parametrize("path", [*PAGES, *FOR_MEMBERS])
def test_it_answers_a_member(pages: dict[str, Any], path: str) -> None:
    assert "membre" in _get(pages, path, member=True)


@pytest.mark.parametrize("path", ["/en" + path for path in PAGES])
def test_it_answers_in_english(pages: dict[str, Any], path: str) -> None:
    page = _get(pages, path)
    assert 'lang="en"' in page
    assert "Déposer" not in page


def test_the_home_page_counts_what_is_there(pages: dict[str, Any]) -> None:
    text = _text(_get(pages, "/"))
    assert "3 jeux de données publiés" in text
    assert "1 organisme" in text
    assert "Ouvert 2 jeux , sans compte" in text
    assert "Restreint 1 jeu , sur demande" in text
    assert "Données géographiques 2" in text


def test_the_heading_of_a_search_states_the_fact(pages: dict[str, Any]) -> None:
    page = _get(pages, "/dataset/?q=eaux&ext_territory=departement:84")
    heading = _text(re.search(r"<h1.*?</h1>", page, re.S).group())  # type: ignore[union-attr]
    assert heading == "3 jeux de données pour « eaux » dans le Vaucluse"
    assert "<mark>eau</mark>" in page
    assert 'aria-label="Retirer le filtre Vaucluse"' in page


def test_an_empty_search_has_four_ways_on(pages: dict[str, Any]) -> None:
    page = _get(pages, "/dataset/?q=zzz+introuvables&ext_territory=departement:84")
    assert "Aucun jeu de données" in page
    assert page.count('<section class="panel">') >= 4


def test_a_broken_box_is_said_and_the_page_stands(pages: dict[str, Any]) -> None:
    page = _get(pages, "/dataset/?ext_bbox=4,99,x")
    assert "Cette recherche n’a pas pu être lancée" in page
    assert 'role="alert"' in page
    assert 'name="west"' in page


def test_a_place_in_full_letters_becomes_a_code(pages: dict[str, Any]) -> None:
    answer = pages["app"].get("/idgo/find?q=eau&place=vaucluse", follow_redirects=False)
    assert answer.location.endswith(
        "/dataset/?q=eau&ext_territory=departement:84"
    ) or answer.location.endswith("/dataset/?q=eau&ext_territory=departement%3A84")
    nowhere = pages["app"].get("/idgo/find?q=eau&place=atlantide", follow_redirects=False)
    assert nowhere.location.endswith("/dataset/?q=eau")


def test_a_typed_box_becomes_the_address(pages: dict[str, Any]) -> None:
    typed = "/idgo/zone?west=4,65&south=43.66&east=5.76&north=44.43&q=eau&page=3"
    answer = pages["app"].get(typed, follow_redirects=False)
    assert answer.location.endswith("/dataset/?q=eau&ext_bbox=4.65%2C43.66%2C5.76%2C44.43")


def test_the_persistent_address_leads_to_the_dataset(pages: dict[str, Any]) -> None:
    answer = pages["app"].get(f"/dataset/{pages['open']['id']}", follow_redirects=False)
    assert answer.status_code == 302
    assert answer.location.endswith("/dataset/jeu-ouvert")


def test_a_dataset_says_its_facts(pages: dict[str, Any]) -> None:
    text = _text(_get(pages, "/dataset/jeu-ouvert"))
    for fact in (
        "Ouvert à tous",
        "Vaucluse",
        "Licence Ouverte 2.0",
        "Environnement et climat",
        "Table ouverte",
    ):
        assert fact in text


@pytest.mark.parametrize("path", [p for p in PAGES if "?" not in p or "eau" in p])
def test_what_people_write_is_text(pages: dict[str, Any], path: str) -> None:
    page = _get(pages, path)
    assert "alert(1)</script>" not in page.replace("&lt;/script&gt;", "")
    for tag in TAG.finditer(page):
        assert "onerror" not in tag.group()
        assert 'src="x"' not in tag.group()
    if "balise" in path:
        assert "地図" in page
        assert "خريطة" in page


def test_a_locked_resource_shows_nothing_of_its_file(pages: dict[str, Any]) -> None:
    resource = pages["hidden"]["id"]
    for path in ("/dataset/jeu-ferme", f"/dataset/jeu-ferme/resource/{resource}", "/dataset/?q=reserve", "/"):
        page = _get(pages, path)
        for secret in ("zzfichier", "zzcolonne", "zzcellule", f"{resource}/download"):
            assert secret not in page, (path, secret)
    page = _get(pages, f"/dataset/jeu-ferme/resource/{resource}")
    assert "Aperçu non affiché" in page
    assert "Pourquoi c’est fermé" in page
    assert "Fichier réservé" in page


def test_its_members_see_it(pages: dict[str, Any]) -> None:
    page = _get(pages, f"/dataset/jeu-ferme/resource/{pages['hidden']['id']}", member=True)
    assert "zzcolonne" in page
    assert f"{pages['hidden']['id']}/download" in page


def test_the_preview_obeys_the_same_decision(pages: dict[str, Any]) -> None:
    shown = f"/dataset/jeu-ouvert/resource/{pages['shown']['id']}/apercu.json"
    hidden = f"/dataset/jeu-ferme/resource/{pages['hidden']['id']}/apercu.json"
    answer = pages["app"].get(shown).json
    assert (answer["kind"], answer["columns"], answer["total"]) == ("table", ["commune", "eau"], 1)
    assert "zzcellule" not in _get(pages, hidden, status=403)
    assert "zzcellule" in _get(pages, hidden, member=True)


def test_a_preview_is_not_found_through_another_dataset(pages: dict[str, Any]) -> None:
    _get(pages, f"/dataset/jeu-balise/resource/{pages['shown']['id']}/apercu.json", status=404)
    _get(pages, "/dataset/jeu-ouvert/resource/nulle-part/apercu.json", status=404)


def test_an_error_page_takes_the_list_of_one_code_that_ckan_gives(pages: dict[str, Any]) -> None:
    given = {"CKAN_LANG": "fr", "CKAN_LANG_IS_DEFAULT": True, "CKAN_CURRENT_URL": "/"}
    with pages["app"].flask_app.test_request_context("/", environ_overrides=given):
        page = tk.render("error_document_template.html", {"code": [500], "name": "", "content": ""})
    assert "500" in page
    assert "[500]" not in page


@pytest.mark.parametrize("identifier", [7, ["a"], {"a": 1}, "a\0b"])
def test_a_preview_of_an_odd_identifier_is_not_found(pages: dict[str, Any], identifier: Any) -> None:
    with pytest.raises(tk.ObjectNotFound):
        tk.get_action("idgo_viewer_preview")({}, {"id": identifier, "dataset": "jeu-ouvert"})
    with pytest.raises(tk.ObjectNotFound):
        tk.get_action("idgo_viewer_preview")({}, {"id": pages["shown"]["id"], "dataset": identifier})


def test_an_error_page_has_the_same_finish(pages: dict[str, Any]) -> None:
    page = _get(pages, "/dataset/nulle-part", status=404)
    assert "Cette page n’existe pas" in page
    assert "_main.css" in page


def test_pages_ask_nothing_of_other_sites(pages: dict[str, Any]) -> None:
    for path in (*PAGES, *FOR_MEMBERS):
        page = _get(pages, path, member=True)
        for address in re.findall(r'<(?:link|script|img|use)\b[^>]*?(?:href|src)="(https?://[^"]+)"', page):
            assert address.startswith("http://test.ckan.net"), (path, address)


def test_no_public_page_names_a_person(pages: dict[str, Any]) -> None:
    """CKAN lists an organisation's administrators by full name, for anybody."""
    path = "/organization/admins/ville-exemple"
    assert "Une personne inscrite" in _text(_get(pages, path))
    assert "Une personne inscrite" not in _text(_get(pages, path, member=True))


@pytest.mark.parametrize("form", ["json", "exe", "rdfx"])
def test_a_record_in_a_form_nobody_writes_is_not_there(pages: dict[str, Any], form: str) -> None:
    _get(pages, f"/dataset/jeu-ouvert.{form}", status=404)
