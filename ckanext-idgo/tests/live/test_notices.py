"""The bell, the notices and their settings in a browser; the administrator's pages for them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

sys.path.insert(0, str(Path(__file__).parent))

from test_pages import WIDTHS, _context, _faults, _sign_in, browser

_FIXTURES = (browser,)
ADMIN = "/ckan-admin/notifications"
PATHS = ("", "?state=failed", "/textes", "/textes/access.granted/fr", "/textes/access.ending/en")


@pytest.mark.parametrize("width", WIDTHS)
def test_choices_are_kept_and_the_administrator_tries_words(
    browser: Browser,
    instance: dict[str, Any],
    width: int,
) -> None:
    context, wrong = _context(browser, width)
    page = context.new_page()
    _sign_in(page, instance, "sysadmin")
    faults = {}
    if width < 1000:
        page.get_by_role("button", name="Menu").click()
    page.locator(".bell").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("notification", ignore_case=True)
    page.wait_for_load_state("networkidle")
    faults["list"] = _faults(page)
    page.get_by_role("link", name="Choisir mes courriels").click()
    endings = page.get_by_role("group", name="Accès qui prennent fin")
    endings.get_by_label("Un courriel par jour").check()
    page.get_by_role("button", name="Enregistrer mes choix").click()
    expect(page.get_by_text("Vos choix sont enregistrés.")).to_be_visible()
    expect(endings.get_by_label("Un courriel par jour")).to_be_checked()
    page.wait_for_load_state("networkidle")
    faults["settings"] = _faults(page)
    for path in PATHS:
        page.goto(instance["url"] + ADMIN + path)
        page.wait_for_load_state("networkidle")
        faults[path] = _faults(page)
    page.get_by_label("Text").last.fill("Hello {dataset}\nBye")
    page.get_by_role("button", name="Voir le courriel").click()
    expect(page.locator(".notice-preview")).to_contain_text("Hello Drinking water network")
    context.close()
    assert {path: found for path, found in faults.items() if found} == {}
    assert wrong == []
