"""Every page in a real browser, at 1280 and 360 pixels.

axe-core finds nothing, nothing scrolls sideways, no request goes elsewhere, and a search is done by keyboard.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[3]
AXE = ROOT / ".idgo/npm/node_modules/axe-core/axe.min.js"
OPTIONS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = (1280, 360)
PUBLIC = (
    "/",
    "/dataset/",
    "/dataset/?q=eau&ext_territory=departement:84",
    "/dataset/?q=zzz+introuvable&access_tier=open&ext_territory=commune:84003",
    "/dataset/?ext_bbox=4,99,x",
    "/themes",
    "/organization/",
    "/about",
    "/user/login",
    "/user/register",
    "/user/reset",
    "/dataset/nulle-part",
    "/en/dataset/",
)
SIGNED_IN = ("/dashboard/datasets", "/dashboard/organizations", "/user/edit")
GEOJSON = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"nom": f"Borne {i} <b>x</b>", "débit": i},
            "geometry": {"type": "Point", "coordinates": [5.3 + i / 50, 43.8 + i / 80]},
        }
        for i in range(12)
    ],
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=OPTIONS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def datasets(instance: dict[str, Any]) -> Iterator[dict[str, str]]:
    """An open map and a locked file, deposited by the contributor for the time of the tests."""
    token = {"Authorization": instance["accounts"]["contributor"]["token"]}

    def call(action: str, files: Any = None, **fields: Any) -> dict[str, Any]:
        sent = {"data": fields, "files": files} if files else {"json": fields}
        answer = requests.post(f"{instance['url']}/api/3/action/{action}", headers=token, timeout=60, **sent)
        assert answer.ok, answer.text
        return answer.json()["result"]

    mine = call("organization_list_for_user", permission="create_dataset")[0]["id"]
    fields = {
        "owner_org": mine,
        "notes": "Points d’eau relevés. " * 4,
        "theme": "environnement-et-climat",
        "territory": ["departement:84"],
        "frequency": "annually",
        "license_id": "lov2",
        "data_family": "geographic",
        "tags": [{"name": "eau"}],
    }
    made = []
    for name, title, tier in (
        ("essai-carte", "Bornes de mesure de l’eau <script>alert(1)</script>", "open"),
        ("essai-ferme", "Captages réservés", "restricted"),
    ):
        made.append(call("package_create", name=name, title=title, access_tier=tier, **fields)["id"])
    upload = {"upload": ("bornes.geojson", json.dumps(GEOJSON).encode())}
    shown = call(
        "resource_create",
        upload,
        package_id=made[0],
        name="Bornes, GeoJSON",
        format="GeoJSON",
        crs="EPSG:4326",
    )
    upload = {"upload": ("zzsecret.csv", b"zzcolonne;b\n1;2\n")}
    hidden = call("resource_create", upload, package_id=made[1], name="Captages, CSV", format="CSV")
    yield {
        "open": "/dataset/essai-carte",
        "locked": "/dataset/essai-ferme",
        "org": f"/organization/{mine}",
    } | {
        "shown": f"/dataset/essai-carte/resource/{shown['id']}",
        "hidden": f"/dataset/essai-ferme/resource/{hidden['id']}",
    }
    for dataset in made:
        call("package_delete", id=dataset)


def _context(browser: Browser, width: int) -> tuple[BrowserContext, list[str]]:
    """A context that reaches this machine only; the list: what was asked elsewhere, what scripts threw."""
    context = browser.new_context(viewport={"width": width, "height": 900}, locale="fr-FR", bypass_csp=True)
    wrong: list[str] = []

    def guard(route: Route) -> None:
        if urlsplit(route.request.url).hostname in ("127.0.0.1", "localhost", None):
            route.continue_()
        else:
            wrong.append(route.request.url)
            route.abort()

    context.route("**/*", guard)
    context.on("weberror", lambda error: wrong.append(str(error.error)))
    context.on("dialog", lambda dialog: (wrong.append(f"dialog {dialog.message}"), dialog.dismiss()))
    return context, wrong


def _sign_in(page: Page, instance: dict[str, Any], role: str) -> None:
    account = instance["accounts"][role]
    page.goto(instance["url"] + "/user/login")
    page.fill("#field-login", account["name"])
    page.fill("#field-password", account["password"])
    page.locator("main button[type=submit]").click()
    page.wait_for_load_state("networkidle")


def _faults(page: Page) -> list[str]:
    """What axe-core finds, text under 14 px, and scroll sideways."""
    page.evaluate(AXE.read_text(encoding="utf-8") + ";undefined")
    found = page.evaluate(
        "rules => axe.run(document, {runOnly: rules}).then(r => r.violations.map("
        "v => v.id + ': ' + v.nodes.map(n => n.target.join(' ')).join(', ')))",
        RULES,
    )
    small = page.evaluate(
        "() => [...document.querySelectorAll('body *')].filter(e => !e.closest('svg') && e.offsetParent &&"
        " [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()) &&"
        " parseFloat(getComputedStyle(e).fontSize) < 14).map(e => 'under 14 px: ' + e.outerHTML.slice(0, 80))"
    )
    width = page.evaluate("document.documentElement.scrollWidth")
    wide = [f"scrolls to {width}"] if width > page.viewport_size["width"] else []  # type: ignore[index]
    return [*found, *small, *wide]


@pytest.mark.parametrize("width", WIDTHS)
def test_public_pages(
    browser: Browser, instance: dict[str, Any], datasets: dict[str, str], width: int
) -> None:
    context, wrong = _context(browser, width)
    page = context.new_page()
    faults = {}
    for path in (*PUBLIC, *datasets.values()):
        page.goto(instance["url"] + path)
        page.wait_for_load_state("networkidle")
        found = _faults(page)
        if found:
            faults[path] = found
    context.close()
    assert faults == {}
    assert wrong == []


@pytest.mark.parametrize("width", WIDTHS)
def test_pages_of_a_member(
    browser: Browser, instance: dict[str, Any], datasets: dict[str, str], width: int
) -> None:
    context, wrong = _context(browser, width)
    page = context.new_page()
    _sign_in(page, instance, "contributor")
    faults = {}
    for path in ("/", *SIGNED_IN, *datasets.values()):
        page.goto(instance["url"] + path)
        page.wait_for_load_state("networkidle")
        found = _faults(page)
        if found:
            faults[path] = found
    context.close()
    assert faults == {}
    assert wrong == []


def test_a_search_by_keyboard(browser: Browser, instance: dict[str, Any], datasets: dict[str, str]) -> None:
    """Tab to the content link, to the finder; suggestions by arrows; a facet; the dataset."""
    context, wrong = _context(browser, 1280)
    page = context.new_page()
    page.goto(instance["url"] + "/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.locator("#finder-place").focus()
    page.keyboard.type("vauclu")
    expect(page.get_by_role("option", name="Vaucluse").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    chosen = page.locator("#finder-place").get_attribute("aria-activedescendant")
    assert page.locator(f"#{chosen}").get_attribute("aria-selected") == "true"
    page.keyboard.press("Enter")
    expect(page.locator("#finder-place")).to_have_value("Vaucluse")
    expect(page.locator("#finder-place")).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Enter")
    page.wait_for_url("**ext_territory=departement**")
    expect(page.get_by_role("heading", level=1)).to_contain_text("dans le Vaucluse")
    page.locator(".check").first.focus()
    ring = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert ring == "solid"
    page.keyboard.press("Enter")
    expect(page.locator(".check.on").first).to_be_visible()
    expect(page.locator("[data-module=idgo-results]")).not_to_be_empty()
    assert wrong == []
    context.close()


def test_suggestions_close_with_escape(
    browser: Browser, instance: dict[str, Any], datasets: dict[str, str]
) -> None:
    context, _ = _context(browser, 1280)
    page = context.new_page()
    page.goto(instance["url"] + "/dataset/")
    page.locator("#finder-q").focus()
    page.keyboard.type("bornes")
    expect(page.locator(".suggest").first).to_be_visible()
    assert page.locator(".suggest [role=option] b").first.inner_text().lower() == "bornes"
    page.keyboard.press("Escape")
    expect(page.locator(".suggest").first).to_be_hidden()
    expect(page.locator("#finder-q")).to_have_value("bornes")
    context.close()


def test_the_map_tells_in_words_what_it_shows(
    browser: Browser, instance: dict[str, Any], datasets: dict[str, str]
) -> None:
    context, wrong = _context(browser, 1280)
    page = context.new_page()
    page.goto(instance["url"] + datasets["open"])
    sentence = page.locator(".viewer-sentence")
    expect(sentence).to_contain_text("12 objets visibles sur 12", timeout=30_000)
    expect(page.locator(".viewer-map canvas")).to_be_visible()
    page.locator(".pickrow").first.focus()
    page.keyboard.press("Enter")
    expect(sentence).to_contain_text("Sélection : Borne 0 <b>x</b>.")
    expect(sentence).not_to_contain_text("12 objets visibles")
    page.get_by_role("button", name="Tout voir").click()
    expect(sentence).to_contain_text("12 objets visibles sur 12")
    assert wrong == []
    context.close()


def test_a_box_drawn_on_the_map_narrows_the_search(
    browser: Browser, instance: dict[str, Any], datasets: dict[str, str]
) -> None:
    context, wrong = _context(browser, 1280)
    page = context.new_page()
    page.goto(instance["url"] + "/dataset/")
    page.get_by_role("button", name="Dessiner").click()
    drawing = page.locator(".zone .map svg").bounding_box()
    assert drawing
    page.mouse.move(drawing["x"] + 40, drawing["y"] + 80)
    page.mouse.down()
    page.mouse.move(drawing["x"] + 140, drawing["y"] + 160, steps=4)
    page.mouse.up()
    page.wait_for_url("**ext_bbox=**")
    west, south, east, north = (float(v) for v in page.url.split("ext_bbox=")[1].split("%2C"))
    assert 4 < west < east < 8
    assert 42.5 < south < north < 45.5
    assert wrong == []
    context.close()


def test_the_menu_opens_on_a_small_screen(browser: Browser, instance: dict[str, Any]) -> None:
    context, wrong = _context(browser, 360)
    page = context.new_page()
    page.goto(instance["url"] + "/")
    menu = page.get_by_role("button", name="Menu")
    expect(page.locator("#site-menu")).to_be_hidden()
    menu.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#site-menu").get_by_role("link", name="Thèmes")).to_be_visible()
    expect(menu).to_have_attribute("aria-expanded", "true")
    assert wrong == []
    context.close()
