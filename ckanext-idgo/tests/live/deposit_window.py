"""A browser window of one account, and its token, on the simple deposit."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import requests
from playwright.sync_api import Browser, Page

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
READ_MS = 60_000


class Contributor:
    """A browser window of an account of the demonstration (``role``), and its token."""

    def __init__(
        self, browser: Browser, instance: dict[str, Any], width: int = 1280, role: str = "contributor"
    ) -> None:
        self.url, self.account = instance["url"], instance["accounts"][role]
        self.context = browser.new_context(viewport={"width": width, "height": 900}, locale="fr-FR")
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(20_000)

    def log_in(self) -> None:
        self.page.goto(f"{self.url}/user/login")
        self.page.fill("[name=login]", self.account["name"])
        self.page.fill("[name=password]", self.account["password"])
        self.page.press("[name=password]", "Enter")
        self.page.wait_for_url(lambda address: "/user/login" not in address)

    def drop(self, path: Path) -> None:
        """Choose a file and wait until it is read."""
        self.page.goto(f"{self.url}/depot")
        self.page.set_input_files("#deposit-file", str(path))
        self.read()

    def give(self, url: str) -> None:
        """Give an address and wait until it is read, or refused."""
        self.page.goto(f"{self.url}/depot")
        self.page.fill("#deposit-url", url)
        self.page.press("#deposit-url", "Enter")
        self.read()

    def read(self, chips: bool = True) -> None:
        """Wait until the file is read or refused, and the page's scripts are there (``chips``: its lists)."""
        self.page.wait_for_url(re.compile(r"/depot/[0-9a-f-]{36}"), timeout=READ_MS)
        self.page.wait_for_selector("form[data-module-busy=false]", timeout=READ_MS)
        if chips:
            self.page.wait_for_selector(".chips")

    def complete(self) -> None:
        """Choose what was not proposed; leave what was."""
        for name, value in (
            ("theme", "environnement-et-climat"),
            ("frequency", "annually"),
            ("license_id", "lov2"),
        ):
            field = self.page.locator(f"select[name={name}]")
            if not field.input_value():
                field.select_option(value)
        if not self.page.locator("#f-owner_org").input_value():
            self.page.locator("#f-owner_org").select_option(index=1)
        if not self.page.locator("#f-notes").input_value():
            self.page.fill("#f-notes", "Une description écrite à la main.")
        if not self.page.locator("input[name=territory]").input_value():
            self.page.fill("#f-territory", "Arles")
            self.page.locator(".suggest [role=option]").first.click()
        if not self.page.locator("[name=access_tier]:checked").count():
            self.page.check("#f-access_tier-open")

    def publish(self) -> dict[str, Any]:
        self.send()
        return self.dataset()

    def send(self) -> None:
        """The first button of the bar: publish, replace, save online."""
        self.page.click(".actionbar button[value=publish]")

    def dataset(self) -> dict[str, Any]:
        """The published dataset whose page comes next."""
        self.page.wait_for_url(re.compile(r"/dataset/[^/]+$"), timeout=READ_MS)
        return self.call("package_show", id=self.page.url.rsplit("/", 1)[-1])

    def call(self, action: str, **data: Any) -> Any:
        headers = {"Authorization": self.account["token"]}
        answer = requests.post(
            f"{self.url}/api/action/{action}", json=data, headers=headers, timeout=60
        ).json()
        assert answer["success"], answer
        return answer["result"]

    def delete_drafts(self) -> None:
        for draft in self.call("idgo_forms_deposit_list"):
            self.call("idgo_forms_deposit_delete", id=draft["id"])
