"""HTML and script in every text of a deposit stay text on every page that shows them (issue 3, bad input)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import requests
from deposit_window import Contributor
from lxml import etree
from playwright.sync_api import Page

BAD = '"\'><img src=x onerror="window.ran=1;alert(1)"><script>window.ran=1</script>{{ 7*7 }}'
# What would have been made by the browser had it taken the text for a page.
MADE = (
    "document.querySelectorAll('img[src=x], svg[onload], [onerror], [onload], script:not([src]):not([type])')"
)


def _hostile_file(folder: Path) -> Path:
    """Hostile column, value and layer names, in a file whose name is one too (but for the slash)."""
    place = {"type": "Point", "coordinates": [4.63, 43.68]}
    feature = {"type": "Feature", "properties": {BAD: BAD, "nom": BAD}, "geometry": place}
    path = folder / "<img src=x onerror=alert(2)>.geojson"
    path.write_text(
        json.dumps({"type": "FeatureCollection", "name": BAD, "features": [feature] * 3}), "utf-8"
    )
    return path


def _clean(page: Page, where: str, ran: list[str]) -> None:
    page.wait_for_load_state("networkidle")
    scripts = page.evaluate(f"[...{MADE}].map(e => e.outerHTML.slice(0, 120))")
    inline = [html for html in scripts if "ran" in html or "alert" in html or 'src="x"' in html]
    assert inline == [], where
    assert page.evaluate("window.ran === undefined"), where
    assert ran == [], where


def test_script_in_every_text_is_shown_and_never_run(contributor: Contributor, tmp_path: Path) -> None:
    page, ran = contributor.page, []
    contributor.context.on("dialog", lambda dialog: (ran.append(dialog.message), dialog.dismiss()))
    contributor.drop(_hostile_file(tmp_path))
    _clean(page, "form", ran)
    page.fill("#f-title", f"Eau {BAD}")
    page.fill("#f-notes", f"Une description {BAD}\n\n[lien](javascript:alert(3)) <svg onload=alert(4)>")
    page.fill("#f-tags", BAD)
    page.press("#f-tags", "Enter")
    contributor.complete()
    contributor.send()
    page.wait_for_selector("#errors, .dataset")
    _clean(page, "form, refused", ran)
    contributor.page.goto(f"{contributor.url}/depot")
    _clean(page, "drafts", ran)
    page.go_back()
    draft = contributor.call("idgo_forms_deposit_list")[0]
    fields = {"tags": ["eau", "img src=x onerror"], "territory": "commune:13004"}
    dataset = contributor.call("idgo_forms_deposit_submit", id=draft["id"], fields=fields | {"tags": ["eau"]})
    assert dataset["title"] == f"Eau {BAD}"
    resource = contributor.call("resource_patch", id=dataset["resources"][0]["id"], name=BAD, description=BAD)
    for path in _pages(dataset, resource):
        page.goto(contributor.url + path)
        page.wait_for_timeout(300)  # the preview is drawn by script
        _clean(page, path, ran)
        assert "onerror" in page.content() or "/dataset/?" in path or "depot" in path, path
    for path in (
        f"/dataset/{dataset['name']}/iso19139.xml",
        "/feeds/dataset.atom",
        f"/dataset/{dataset['id']}.rdf",
    ):
        answer = requests.get(contributor.url + path, timeout=60)
        assert answer.status_code == 200, path
        names = {etree.QName(e).localname for e in etree.fromstring(answer.content).iter("{*}*")}
        assert not names & {"script", "img", "svg"}, path
    contributor.call("package_delete", id=dataset["id"])


def _pages(dataset: dict[str, Any], resource: dict[str, Any]) -> tuple[str, ...]:
    name, file = dataset["name"], resource["id"]
    return (
        f"/dataset/{name}",
        f"/dataset/{name}/resource/{file}",
        "/dataset/?q=eau",
        f"/depot/modifier/{name}",
        f"/depot/remplacer/{file}",
        f"/depot/retirer/{name}",
        "/",
    )


@pytest.mark.parametrize("path", ["/depot"])
def test_a_name_typed_by_hand_is_text_in_the_upload_list(
    contributor: Contributor, tmp_path: Path, path: str
) -> None:
    """The list of files being sent is written by script: names of files are never markup there."""
    page, ran = contributor.page, []
    contributor.context.on("dialog", lambda dialog: (ran.append(dialog.message), dialog.dismiss()))
    contributor.context.route(
        "**/idgo/depot/envois", lambda route: route.fulfill(status=400, json={"error": {"message": BAD}})
    )
    page.goto(contributor.url + path)
    page.set_input_files("#deposit-file", str(_hostile_file(tmp_path)))
    page.wait_for_selector(".up.bad")
    assert BAD in page.inner_text(".up p")
    _clean(page, path, ran)
