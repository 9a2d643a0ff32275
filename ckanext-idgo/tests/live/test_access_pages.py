"""Access in a real browser, from the locked file to the revoked grant (issue 4), and every page of it.

A person sees a locked file, signs in, asks; the referent grants, then takes back; the very next click is
refused. Two referents who decide at once; a form that is not right; the keyboard alone; axe-core and 360 px.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[3]
AXE = ROOT / ".idgo/npm/node_modules/axe-core/axe.min.js"
OPTIONS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = (1280, 360)
NAME = "essai-acces"
DATASET = f"/dataset/{NAME}"
ORG = "ville-arles"
DESK = f"/organisme/{ORG}"
LONG = "Relevés des capteurs de température de surface, de sol et de nappe, moyennes horaires, " * 2


def call(instance: dict[str, Any], role: str, action: str, files: Any = None, **fields: Any) -> Any:
    token = {"Authorization": instance["accounts"][role]["token"]}
    sent: dict[str, Any] = {"data": fields, "files": files} if files else {"json": fields}
    answer = requests.post(f"{instance['url']}/api/3/action/{action}", headers=token, timeout=60, **sent)
    assert answer.ok, answer.text
    return answer.json()["result"]


def take_back(instance: dict[str, Any]) -> None:
    """Every access to the dataset of these tests."""
    query = {"organization": ORG, "dataset": NAME, "state": "current", "limit": 200}
    for one in call(instance, "referent", "idgo_access_grant_list", **query)["results"]:
        call(instance, "referent", "idgo_access_grant_revoke", id=one["id"], reason="Fin de l’essai.")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=OPTIONS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def files(instance: dict[str, Any]) -> Iterator[list[dict[str, Any]]]:
    """A dataset of the Ville d'Arles with an open file and two restricted ones, for the time of the tests."""
    owner = call(instance, "contributor", "organization_show", id=ORG)["id"]
    fields = {
        "owner_org": owner,
        "notes": "Températures relevées dans la commune. " * 4,
        "theme": "environnement-et-climat",
        "territory": ["commune:13004"],
        "frequency": "annually",
        "license_id": "lov2",
        "data_family": "geographic",
        "tags": [{"name": "essai"}],
        "access_tier": "restricted",
    }
    made = call(instance, "contributor", "package_create", name=NAME, title="Relevés d’essai", **fields)
    rows = []
    for title, tier in (("Carte ouverte", "open"), ("Points", "restricted"), (LONG, "restricted")):
        upload = {"upload": ("points.csv", b"x;y\n1;2\n")}
        given = {"package_id": made["id"], "name": title, "format": "CSV", "access_tier": tier}
        rows.append(call(instance, "contributor", "resource_create", upload, **given))
    yield rows
    for one in call(instance, "user", "idgo_access_request_list", state="pending", limit=200)["results"]:
        if one["items"][0]["package_id"] == made["id"]:
            call(instance, "user", "idgo_access_request_withdraw", id=one["id"])
    take_back(instance)
    call(instance, "contributor", "package_delete", id=made["id"])


@pytest.fixture
def wrong() -> list[str]:
    """What was asked of other machines, and what scripts threw."""
    return []


def window(browser: Browser, wrong: list[str], width: int = 1280) -> BrowserContext:
    context = browser.new_context(viewport={"width": width, "height": 900}, locale="fr-FR", bypass_csp=True)

    def guard(route: Route) -> None:
        if urlsplit(route.request.url).hostname in ("127.0.0.1", "localhost", None):
            route.continue_()
        else:
            wrong.append(route.request.url)
            route.abort()

    context.route("**/*", guard)
    context.on("weberror", lambda error: wrong.append(str(error.error)))
    return context


def fill_login(page: Page, instance: dict[str, Any], role: str) -> None:
    account = instance["accounts"][role]
    page.fill("#field-login", account["name"])
    page.fill("#field-password", account["password"])
    page.locator("main button[type=submit]").click()
    page.wait_for_load_state("networkidle")


def signed_in(
    browser: Browser, instance: dict[str, Any], role: str, wrong: list[str], width: int = 1280
) -> Page:
    page = window(browser, wrong, width).new_page()
    page.goto(instance["url"] + "/user/login")
    fill_login(page, instance, role)
    return page


def faults(page: Page) -> list[str]:
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


def download(page: Page, instance: dict[str, Any], file: dict[str, Any]) -> int:
    """The status of the file's own address, with the cookies of that window."""
    address = f"{instance['url']}{DATASET}/resource/{file['id']}/download/points.csv"
    return page.request.get(address, max_redirects=0).status


def open_dialog(link: Locator) -> Locator:
    """Press a link that opens a dialog, once its script is there; before that it leads to a page."""
    expect(link).to_have_attribute("aria-haspopup", "dialog")
    link.focus()
    link.press("Enter")
    dialog = link.page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    return dialog


def ask(page: Page, instance: dict[str, Any], message: str) -> None:
    """The request's form in its dialog, from the dataset's page."""
    page.goto(instance["url"] + DATASET)
    dialog = open_dialog(page.get_by_role("link", name="Demander l’accès").first)
    dialog.get_by_label("Finalité", exact=True).select_option("research")
    dialog.get_by_label("Message au producteur").fill(message)
    dialog.get_by_label("J’accepte la licence").check()
    dialog.get_by_role("button", name="Envoyer la demande").click()


def test_the_whole_story(
    browser: Browser, instance: dict[str, Any], files: list[dict[str, Any]], wrong: list[str]
) -> None:
    # An outsider sees what is locked, why, and one way in; signing in leads back here.
    page = window(browser, wrong).new_page()
    page.goto(instance["url"] + DATASET)
    row = page.locator(".resource-item", has_text="Points")
    expect(row.locator(".tier")).to_have_text("Restreint")
    expect(row.locator(".locked-why")).to_contain_text("Ville d’Arles")
    expect(row.locator(".rs-actions a")).to_have_count(1)
    assert "points.csv" not in row.inner_html()
    row.get_by_role("link", name="Se connecter pour demander l’accès").click()
    fill_login(page, instance, "user")
    assert urlsplit(page.url).path == DATASET
    assert [download(page, instance, file) for file in files] == [200, 403, 403]

    # The form is a dialog: focus inside, Escape closes, focus returns; an error keeps what was typed.
    link = page.get_by_role("link", name="Demander l’accès").first
    dialog = open_dialog(link)
    assert page.evaluate("document.activeElement.closest('dialog') !== null")
    assert faults(page) == []
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(link).to_be_focused()
    page.keyboard.press("Enter")
    dialog.get_by_label("Message au producteur").fill("Une thèse sur la chaleur en ville.")
    dialog.get_by_role("combobox", name="Territoire").fill("Atlantide")
    dialog.get_by_role("button", name="Envoyer la demande").click()
    expect(dialog.get_by_role("alert")).to_be_focused()
    expect(dialog.locator("#ra-territory-error")).to_contain_text("Atlantide")
    dialog.get_by_role("combobox", name="Territoire").fill("")
    dialog.get_by_role("button", name="Envoyer la demande").click()
    expect(dialog.locator("#ra-purpose-error")).to_be_visible()
    expect(dialog.get_by_label("Message au producteur")).to_have_value("Une thèse sur la chaleur en ville.")
    assert faults(page) == []
    dialog.get_by_label("Finalité", exact=True).select_option("research")
    dialog.get_by_label("J’accepte la licence").check()
    assert dialog.locator("input[name=resource]:checked").count() == 2
    dialog.get_by_role("button", name="Envoyer la demande").click()
    expect(page.locator("main h1")).to_have_text("Ma demande à Ville d’Arles")
    expect(page.locator(".flash-messages")).to_contain_text("Votre demande est envoyée à Ville d’Arles")
    page.goto(instance["url"] + DATASET)
    expect(row.get_by_role("link")).to_contain_text(["Points", "Demande en attente depuis le"])

    # The referent grants it until a day that is near; it counts at once.
    desk = signed_in(browser, instance, "referent", wrong)
    desk.goto(instance["url"] + DESK + "/demandes")
    desk.locator(".queue li", has_text="Relevés d’essai").get_by_role("link").click()
    expect(desk.locator(".request")).to_contain_text("Une thèse sur la chaleur en ville.")
    until = date.today() + timedelta(days=10)
    desk.get_by_label("Jusqu’au").fill(until.isoformat())
    desk.get_by_role("button", name="Accorder l’accès").click()
    expect(desk.locator(".flash-messages")).to_contain_text("Accès accordé à Usager inscrit")
    assert [download(page, instance, file) for file in files] == [200, 200, 200]
    page.goto(instance["url"] + "/mes-acces")
    expect(page.locator(".note.warn")).to_contain_text("2 accès expirent sous 30 jours")
    expect(page.locator(".holdings").first).to_contain_text("Points")
    expect(page.get_by_role("link", name="Renouveler")).to_have_count(2)

    # The referent takes one back, with a reason: the very next click is refused.
    desk.goto(instance["url"] + DESK + f"/acces?jeu={NAME}")
    dialog = open_dialog(desk.locator("tr", has_text="Points").get_by_role("link", name="Retirer"))
    dialog.get_by_role("button", name="Retirer l’accès").click()
    expect(dialog.locator("#rv-reason-error")).to_be_visible()
    dialog.get_by_label("Motif").fill("La thèse est soutenue.")
    dialog.get_by_role("button", name="Retirer l’accès").click()
    expect(desk.locator(".flash-messages")).to_contain_text("L’accès est retiré")
    assert [download(page, instance, file) for file in files] == [200, 403, 200]
    page.goto(instance["url"] + "/mes-acces")
    expect(page.locator("main")).to_contain_text("La thèse est soutenue.")

    # And gives the other back.
    held = page.locator(".holdings li", has_text="Relevés d’essai")
    open_dialog(held.get_by_role("link", name="Rendre"))
    page.get_by_role("dialog").get_by_role("button", name="Rendre l’accès").click()
    expect(page.locator(".flash-messages")).to_contain_text("L’accès est rendu")
    assert [download(page, instance, file) for file in files] == [200, 403, 403]
    desk.goto(instance["url"] + DESK + "/journal")
    expect(desk.locator("table.log")).to_contain_text("Accès rendu")
    assert wrong == []


def test_two_decisions_at_once_are_one(
    browser: Browser, instance: dict[str, Any], files: list[dict[str, Any]], wrong: list[str]
) -> None:
    person = signed_in(browser, instance, "user", wrong)
    ask(person, instance, "Comparer deux étés.")
    expect(person.locator("main h1")).to_have_text("Ma demande à Ville d’Arles")
    request_id = person.url.rstrip("/").rpartition("/")[2].split("?")[0]
    address = f"{instance['url']}{DESK}/demandes/{request_id}"
    first, second = (signed_in(browser, instance, "referent", wrong) for _ in range(2))
    for desk in (first, second):
        desk.goto(address)
        expect(desk.get_by_role("heading", name="Votre décision")).to_be_visible()
    first.get_by_role("radio", name="Refuser").check()
    first.get_by_role("button", name="Refuser la demande").click()
    expect(first.locator("#d-reason-error")).to_be_visible()
    first.get_by_label("Motif du refus").fill("Le jeu est en cours de correction.")
    first.get_by_role("button", name="Refuser la demande").click()
    expect(first.locator(".flash-messages")).to_contain_text("refusée")
    second.get_by_role("button", name="Accorder l’accès").click()
    expect(second.get_by_role("alert")).to_contain_text("Votre décision n’est pas enregistrée")
    expect(second.get_by_role("alert")).to_contain_text("Le jeu est en cours de correction.")
    assert [download(person, instance, file) for file in files] == [200, 403, 403]
    person.goto(f"{instance['url']}/demande-acces/{request_id}")
    expect(person.locator("main")).to_contain_text("Le jeu est en cours de correction.")
    assert wrong == []


def test_nothing_is_done_by_get_nor_without_our_form(
    browser: Browser, instance: dict[str, Any], files: list[dict[str, Any]], wrong: list[str]
) -> None:
    person = signed_in(browser, instance, "user", wrong)
    given = {"purpose": "research", "message": "Une étude.", "licence": "on", "resource": files[1]["id"]}
    sent = person.request.post(f"{instance['url']}/demande-acces?dataset={NAME}", form=given, max_redirects=0)
    assert sent.status == 400
    assert "Une étude." in sent.text()
    waiting = call(instance, "user", "idgo_access_request_list", state="pending")["results"]
    assert not [one for one in waiting if one["items"][0]["package_name"] == NAME]
    for path in ("/demandes", "/acces", "/acces.csv", "/journal", "/acces/accorder"):
        assert person.request.get(instance["url"] + DESK + path).status == 404, path
    outside = requests.get(f"{instance['url']}/mes-acces", allow_redirects=False, timeout=30)
    assert outside.status_code == 302
    assert (
        "came_from=%2Fmes-acces" in outside.headers["Location"] or "/mes-acces" in outside.headers["Location"]
    )
    for path in ("/demande-acces/0b6f6a9e-0d24-4b0e-8a6f-1f2d3c4b5a69/retirer",):
        assert person.request.get(instance["url"] + path).status in (404, 405)


def test_a_referent_gives_directly_and_exports(
    browser: Browser, instance: dict[str, Any], files: list[dict[str, Any]], wrong: list[str]
) -> None:
    desk = signed_in(browser, instance, "referent", wrong)
    desk.goto(f"{instance['url']}{DESK}/acces/accorder")
    desk.get_by_label("Jeu de données").select_option(NAME)
    desk.get_by_role("button", name="Choisir ce jeu").click()
    desk.get_by_role("radio", name="Une personne").check()
    desk.get_by_label("Nom de compte").fill("personne-de-ce-nom")
    desk.get_by_label("Motif").fill("Convention de recherche.")
    desk.get_by_role("button", name="Accorder l’accès").click()
    expect(desk.locator("#g-user-error")).to_be_visible()
    expect(desk.get_by_label("Motif")).to_have_value("Convention de recherche.")
    desk.get_by_label("Nom de compte").fill(instance["accounts"]["user"]["name"])
    desk.get_by_role("button", name="Accorder l’accès").click()
    expect(desk.locator(".flash-messages")).to_contain_text("L’accès est accordé")
    export = desk.request.get(f"{instance['url']}{DESK}/acces.csv?jeu={NAME}")
    assert export.headers["content-type"].startswith("text/csv")
    assert "Usager inscrit;personne;Relevés d’essai;Points" in export.body().decode("utf-8-sig")
    person = signed_in(browser, instance, "user", wrong)
    assert [download(person, instance, file) for file in files] == [200, 200, 200]
    take_back(instance)


@pytest.mark.parametrize("role", ["user", "referent"])
def test_every_page_is_accessible(
    browser: Browser, instance: dict[str, Any], files: list[dict[str, Any]], wrong: list[str], role: str
) -> None:
    """At 1280 and 360 pixels, in French, and one page in English."""
    page = signed_in(browser, instance, role, wrong)
    paths = [
        "/mes-acces",
        "/mes-acces/termines",
        "/demandes-acces",
        DATASET,
        f"/demande-acces?dataset={NAME}",
    ]
    if role == "referent":
        paths += [DESK + path for path in ("/demandes", "/acces", "/acces?etat=tous", "/journal")]
        paths.append(f"{DESK}/acces/accorder?jeu={NAME}")
        grants = call(instance, role, "idgo_access_grant_list", organization=ORG, state="current")["results"]
        paths += [f"{DESK}/acces/{grant['id']}/retirer" for grant in grants[:1]]
    mine = call(instance, role, "idgo_access_request_list", limit=1)["results"]
    held = call(instance, role, "idgo_access_grant_list", state="current")["results"]
    held = [one for one in held if one["available"]][:1]
    paths += [f"/demande-acces/{one['id']}" for one in mine]
    paths += [f"/mes-acces/{one['id']}/rendre" for one in held]
    paths += [f"/demande-acces?renouveler={one['id']}" for one in held]
    found = {}
    for path in (*paths, "/en/mes-acces"):
        page.set_viewport_size({"width": WIDTHS[0], "height": 900})
        answer = page.goto(instance["url"] + path)
        assert answer is not None
        assert answer.status == 200, path
        page.wait_for_load_state("networkidle")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            said = faults(page)
            if said:
                found[f"{path} at {width}"] = said
    assert found == {}
    assert wrong == []
