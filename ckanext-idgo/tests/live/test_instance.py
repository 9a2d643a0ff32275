"""What ``instance.json`` says is true."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
import requests

ROLES = ("contributor", "referent", "guichet", "user", "sysadmin")


def test_it_answers_in_french(instance: dict[str, Any]) -> None:
    page = requests.get(instance["url"], timeout=30)
    assert page.status_code == 200
    assert '<html lang="fr"' in page.text


def test_scripts_speak_french(instance: dict[str, Any]) -> None:
    """CKAN's scripts (confirmation, upload) read their words here; never built, they are in English."""
    words = requests.get(f"{instance['url']}/api/i18n/fr", timeout=30).json()
    assert words["Cancel"][1] == "Annuler"


def test_it_is_private() -> None:
    path = Path(os.environ["IDGO_INSTANCE"])
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("role", ROLES)
def test_each_account_has_a_token_that_works(instance: dict[str, Any], role: str) -> None:
    account = instance["accounts"][role]
    answer = requests.get(
        f"{instance['url']}/api/3/action/user_show",
        params={"id": account["name"]},
        headers={"Authorization": account["token"]},
        timeout=30,
    ).json()
    assert answer["result"]["name"] == account["name"]
    assert answer["result"]["email"], "only oneself sees the address"


@pytest.mark.parametrize(("role", "expected"), [("contributor", True), ("referent", True), ("user", False)])
def test_who_may_deposit(instance: dict[str, Any], role: str, expected: bool) -> None:
    answer = requests.get(
        f"{instance['url']}/api/3/action/organization_list_for_user",
        params={"permission": "create_dataset"},
        headers={"Authorization": instance["accounts"][role]["token"]},
        timeout=30,
    ).json()
    assert bool(answer["result"]) is expected
