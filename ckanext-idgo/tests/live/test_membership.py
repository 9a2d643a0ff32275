"""Joining in a real browser: sign up, terms, request; a referent accepts, deposit opens; leaving closes it.

Every page on the way is judged (axe-core, 14 px, no sideways scroll) at both widths.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, Page, expect, sync_playwright
from test_pages import OPTIONS, WIDTHS, _faults, _sign_in

ORGANIZATION = "ville-arles"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=OPTIONS)
        yield started
        started.close()


@pytest.fixture
def newcomer(instance: dict[str, Any]) -> Iterator[str]:
    """The name of an account that does not exist yet; closed afterwards, with what it asked."""
    name = f"nouvelle-{secrets.token_hex(4)}"
    yield name
    headers = {"Authorization": instance["accounts"]["sysadmin"]["token"]}
    address = f"{instance['url']}/api/action/user_delete"
    requests.post(address, json={"id": name}, headers=headers, timeout=60)


def _page(browser: Browser, javascript: bool = True) -> Page:
    return browser.new_context(locale="fr-FR", bypass_csp=True, java_script_enabled=javascript).new_page()


def _clean(page: Page) -> None:
    """Nothing to mend on the page as it is, at both widths."""
    found = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_load_state("networkidle")
        if faults := _faults(page):
            found[width] = faults
    assert found == {}, page.url


def _sign_up(page: Page, instance: dict[str, Any], name: str) -> None:
    page.goto(f"{instance['url']}/rejoindre?organisme={ORGANIZATION}")
    _clean(page)
    page.get_by_role("main").get_by_role("link", name="Créer un compte").click()
    _fill_in(page, name)


def _fill_in(page: Page, name: str) -> None:
    for field, value in (("name", name), ("fullname", "Service SIG"), ("email", f"{name}@ville.example")):
        page.fill(f"[name={field}]", value)
    for field in ("password1", "password2"):
        page.fill(f"[name={field}]", "Une-phrase-9-longue")
    page.press("[name=password2]", "Enter")
    page.wait_for_url("**/rejoindre/conditions")


def _ask(page: Page, instance: dict[str, Any]) -> None:
    _clean(page)
    page.check("#accept")
    page.get_by_role("button", name="Accepter les conditions").click()
    page.wait_for_url("**/rejoindre/organisme")
    page.fill("#join-q", "arles ville")
    page.press("#join-q", "Enter")
    _clean(page)
    page.get_by_role("link", name="Choisir Ville d’Arles").click()
    page.check("#j-role-editor")
    page.fill("#j-message", "Je mets à jour la voirie chaque mois.")
    _clean(page)
    page.get_by_role("button", name="Envoyer la demande").click()
    expect(page.get_by_role("heading", name="Une demande attend sa réponse")).to_be_visible()
    _clean(page)


def _accept(browser: Browser, instance: dict[str, Any], name: str) -> None:
    page = _page(browser)
    _sign_in(page, instance, "referent")
    page.goto(f"{instance['url']}/organisme/{ORGANIZATION}/adhesions")
    page.get_by_role("link", name="Service SIG").last.click()
    expect(page.get_by_role("link", name=f"{name}@ville.example")).to_be_visible()
    _clean(page)
    page.get_by_role("button", name="Envoyer la décision").click()
    expect(page.get_by_text("le rôle prend effet dès maintenant")).to_be_visible()
    _clean(page)
    page.goto(f"{instance['url']}/mon-organisme/{ORGANIZATION}/quitter")
    _clean(page)
    page.context.close()


def test_from_sign_up_to_leaving(browser: Browser, instance: dict[str, Any], newcomer: str) -> None:
    page = _page(browser)
    _sign_up(page, instance, newcomer)
    _ask(page, instance)
    deposit = f"{instance['url']}/depot"
    response = page.goto(deposit)
    assert response
    assert response.status == 403
    _clean(page)
    _accept(browser, instance, newcomer)
    response = page.goto(deposit)
    assert response
    assert response.status == 200
    expect(page.locator("#deposit-file")).to_be_attached()
    page.goto(f"{instance['url']}/mon-organisme")
    _clean(page)
    page.get_by_role("link", name="Quitter Ville d’Arles").click()
    _clean(page)
    page.get_by_role("button", name="Quitter l’organisme").click()
    expect(page.get_by_text("Ses jeux de données lui restent")).to_be_visible()
    response = page.goto(deposit)
    assert response
    assert response.status == 403
    page.context.close()


def test_the_steps_need_no_script(browser: Browser, instance: dict[str, Any], newcomer: str) -> None:
    """A new organisation asked for without JavaScript, and seen by the guichet team."""
    page = _page(browser, javascript=False)
    page.goto(f"{instance['url']}/user/register")
    _fill_in(page, newcomer)
    page.check("#accept")
    page.get_by_role("button", name="Accepter les conditions").click()
    page.get_by_role("link", name="Demander un nouvel organisme").click()
    page.fill("#j-title", "Mairie d’Arles")
    page.check("#j-role-admin")
    page.fill("#j-message", "Nous arrivons.")
    page.get_by_role("button", name="Envoyer la demande").click()
    expect(page.get_by_text("Est-ce l’un de ceux-ci")).to_be_visible()
    page.check("#j-distinct")
    page.get_by_role("button", name="Envoyer la demande").click()
    expect(page.get_by_text("organisme à créer")).to_be_visible()
    desk = _page(browser)
    _sign_in(desk, instance, "guichet")
    desk.goto(f"{instance['url']}/guichet/adhesions")
    desk.get_by_role("link", name="Service SIG").last.click()
    expect(desk.get_by_text("Presque le même nom")).to_be_visible()
    _clean(desk)
    for opened in (page, desk):
        opened.context.close()
