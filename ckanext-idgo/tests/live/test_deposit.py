"""The simple deposit in a real browser, on files nobody here wrote (issue 3, “Done when”)."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

import pytest
import requests
from deposit_window import READ_MS, Contributor
from lxml import etree
from playwright.sync_api import Browser, Page, expect

from ckanext.idgo.metadata.core import xsd

pytestmark = pytest.mark.realdata

SELECTS = ("f-owner_org", "f-theme", "f-frequency", "f-license_id")

# file (found by name), projection, west south east north rounded to a tenth, how many columns, format
FILES = [
    ("DEPARTEMENT_shp.zip", "EPSG:2154", None, 11, "SHP"),
    ("83044_SUP_INT1_20160130_Var.zip", "EPSG:2154", None, None, "SHP"),
    ("communes-provence-alpes-cote-d-azur.geojson", "EPSG:4326", (4.2, 43.0, 7.7, 45.1), 2, "GeoJSON"),
    ("installation.gpkg", "EPSG:4326", (4.0, 49.2, 5.4, 50.2), 6, "GPKG"),
    ("eaux-baignades.csv", "EPSG:4326", (1.2, 43.0, 7.5, 50.1), 19, "CSV"),
    ("eaux-baignades.xlsx", "EPSG:4326", (2.4, 43.9, 6.5, 49.8), 19, "XLSX"),
    ("DSM/*.tif", "EPSG:2154", None, None, "GeoTIFF"),
]
# Boxes that a projected file must lie in: the département of the Var, metropolitan France.
WITHIN = {
    "DEPARTEMENT_shp.zip": (-6.0, 41.0, 11.0, 51.6),
    "83044_SUP_INT1_20160130_Var.zip": (5.6, 42.9, 7.0, 43.9),
    "DSM/*.tif": (-6.0, 41.0, 10.0, 51.5),
}


def _find(data_dir: Path, pattern: str) -> Path:
    return sorted(data_dir.rglob(pattern))[0]


@pytest.mark.parametrize(
    ("pattern", "crs", "extent", "columns", "label"), FILES, ids=[f[4] + "-" + f[0] for f in FILES]
)
def test_a_real_file_is_deposited_and_read_back(
    contributor: Contributor,
    data_dir: Path,
    pattern: str,
    crs: str,
    extent: tuple[float, ...] | None,
    columns: int | None,
    label: str,
) -> None:
    path = _find(data_dir, pattern)
    contributor.drop(path)
    drawn = contributor.page.locator(".deposit-map img")
    expect(drawn).to_be_visible()
    assert drawn.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    contributor.complete()
    dataset = contributor.publish()
    resource = dataset["resources"][0]
    assert (resource["format"], resource["crs"]) == (label, crs)
    if columns:
        assert len(resource["columns"]) == columns
    if extent:
        assert tuple(round(value, 1) for value in resource["extent"]) == extent
    else:
        west, south, east, north = WITHIN[pattern]
        w, s, e, n = resource["extent"]
        assert west <= w <= e <= east
        assert south <= s <= n <= north
    content = requests.get(resource["url"], timeout=60).content
    assert hashlib.sha256(content).digest() == hashlib.sha256(path.read_bytes()).digest()
    record = requests.get(f"{contributor.url}/dataset/{dataset['name']}/iso19139.xml", timeout=60)
    assert record.status_code == 200
    assert xsd.violations(record.content) == ()
    root = etree.fromstring(record.content)
    assert etree.QName(root).localname == "MD_Metadata"
    assert dataset["title"] in "".join(root.itertext())
    contributor.call("package_delete", id=dataset["id"])


def test_a_cut_upload_resumes_without_sending_all_again(contributor: Contributor, tmp_path: Path) -> None:
    big = tmp_path / "grand.csv"
    line = b"nom;longitude;latitude\n" + b"Fontaine;4.63;43.68\n" * 600_000  # three requests of 4 MB
    big.write_bytes(line)
    sent: list[int] = []
    cut = {"after": 1}

    def patch(route: Any) -> None:
        request = route.request
        if request.method != "PATCH":
            route.continue_()
            return
        if len(sent) == cut["after"]:
            cut["after"] = -1
            route.abort("connectionreset")
            return
        sent.append(int(request.headers["upload-offset"]))
        route.continue_()

    contributor.context.route("**/idgo/depot/envois/**", patch)
    contributor.drop(big)
    assert sent == sorted(set(sent))
    assert len(sent) >= 3
    draft = contributor.call("idgo_forms_deposit_list")[0]
    assert draft["files"][0]["facts"]["hash"] == f"sha256:{hashlib.sha256(line).hexdigest()}"


def test_closing_the_browser_keeps_the_draft(
    browser: Browser, instance: dict[str, Any], contributor: Contributor, data_dir: Path
) -> None:
    contributor.drop(_find(data_dir, "eaux-baignades.csv"))
    address = contributor.page.url
    contributor.page.fill("#f-notes", "Écrit avant de fermer.")
    expect(contributor.page.locator("[data-mark=notes]")).to_contain_text("Écrit par vous")
    contributor.page.close()
    again = Contributor(browser, instance)
    again.log_in()
    again.page.goto(address)
    assert again.page.locator("#f-notes").input_value() == "Écrit avant de fermer."
    assert "eaux-baignades.csv" in again.page.inner_text(".deposit-card")
    again.context.close()


def test_a_lost_session_loses_nothing(contributor: Contributor, data_dir: Path) -> None:
    contributor.drop(_find(data_dir, "eaux-baignades.csv"))
    contributor.complete()
    page = contributor.page
    page.wait_for_timeout(1500)
    contributor.context.clear_cookies()
    page.fill("#f-notes", "Tapé après la fin de la session.")
    expect(page.get_by_role("button", name="Se reconnecter")).to_be_visible()
    page.get_by_role("button", name="Se reconnecter").click()
    page.fill("[name=login]", contributor.account["name"])
    page.fill("[name=password]", contributor.account["password"])
    page.press("[name=password]", "Enter")
    page.wait_for_url(re.compile(r"/depot/[0-9a-f-]{36}"))
    page.get_by_role("button", name="La remettre").click()
    assert page.locator("#f-notes").input_value() == "Tapé après la fin de la session."


def test_the_keyboard_alone_publishes(contributor: Contributor, data_dir: Path) -> None:
    contributor.drop(_find(data_dir, "eaux-baignades.csv"))
    page = contributor.page
    page.locator("#f-title").focus()
    seen = ["f-title"]
    for _ in range(60):
        page.keyboard.press("Tab")
        here = page.evaluate("document.activeElement.id || document.activeElement.value || ''")
        seen.append(here)
        if here == "f-notes":
            page.keyboard.type("Qualité des eaux. ")
        elif here.startswith("f-") and here in SELECTS and not page.locator(f"#{here}").input_value():
            page.keyboard.press("ArrowDown")
        elif here == "publish":
            break
    assert seen.index("f-notes") < seen.index("f-theme") < seen.index("f-frequency") < seen.index("publish")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/dataset/[^/]+$"), timeout=READ_MS)
    contributor.call("package_delete", id=page.url.rsplit("/", 1)[-1])


def test_errors_are_at_their_field_and_nothing_is_lost(contributor: Contributor, data_dir: Path) -> None:
    contributor.drop(_find(data_dir, "eaux-baignades.csv"))
    page = contributor.page
    page.fill("#f-title", "")
    page.fill("#f-notes", "Une description <script>alert(1)</script>")
    page.click("button[value=publish]")
    page.wait_for_selector("#errors")
    assert page.locator("#f-title").get_attribute("aria-invalid") == "true"
    assert "e-title" in str(page.locator("#f-title").get_attribute("aria-describedby"))
    assert page.locator("#f-notes").input_value() == "Une description <script>alert(1)</script>"


@pytest.mark.parametrize("width", [360, 1280])
def test_pages_fit_and_are_accessible(
    browser: Browser, instance: dict[str, Any], data_dir: Path, width: int
) -> None:
    one = Contributor(browser, instance, width)
    one.log_in()
    one.page.goto(f"{one.url}/depot")
    _judge(one.page)
    one.drop(_find(data_dir, "eaux-baignades.csv"))
    _judge(one.page)
    one.page.click("button[value=publish]")
    one.page.wait_for_selector("#errors, .dataset")
    _judge(one.page)
    one.delete_drafts()
    one.context.close()


def _judge(page: Page) -> None:
    """No horizontal scroll, no text under 14 px, axe-core (WCAG 2.2 A and AA) without violation."""
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    root = Path(__file__).resolve().parents[3]
    page.evaluate((root / ".idgo/npm/node_modules/axe-core/axe.min.js").read_text("utf-8"))
    rules = "['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa']"
    found = page.evaluate(f"axe.run('main, .deposit-head, .deposit-cols, .actionbar', {{runOnly: {rules}}})")[
        "violations"
    ]
    assert not found, [(rule["id"], [node["html"][:160] for node in rule["nodes"][:3]]) for rule in found]
