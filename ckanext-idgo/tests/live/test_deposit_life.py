"""What becomes of a deposit: next month's file, undo, edit, remove; two people; addresses (issue 3)."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from deposit_window import Contributor
from playwright.sync_api import Browser, Page, expect

JANUARY = b"nom;longitude;latitude\nFontaine;4.63;43.68\nLavoir;4.62;43.67\n"
FEBRUARY = b"nom;longitude;latitude;debit\n" + b"Fontaine;4.63;43.68;2\n" * 9
TYPED = "Les fontaines de la ville, écrites à la main."


@pytest.fixture
def published(contributor: Contributor, tmp_path: Path) -> Iterator[dict[str, Any]]:
    """A dataset deposited in the browser from a file of January, with a description of one's own."""
    file = tmp_path / "fontaines.csv"
    file.write_bytes(JANUARY)
    contributor.drop(file)
    contributor.page.fill("#f-notes", TYPED)
    contributor.complete()
    dataset = contributor.publish()
    yield dataset
    contributor.call("package_delete", id=dataset["id"])


@pytest.fixture
def stranger(instance: dict[str, Any]) -> Iterator[str]:
    """The token of a contributor of another organisation, made for the time of the test."""
    url, token = instance["url"], instance["accounts"]["sysadmin"]["token"]

    def call(action: str, **data: Any) -> Any:
        headers = {"Authorization": token}
        answer = requests.post(f"{url}/api/action/{action}", json=data, headers=headers, timeout=60).json()
        assert answer["success"], answer
        return answer["result"]

    name = f"essai-{uuid.uuid4().hex[:8]}"
    user = call("user_create", name=name, email=f"{name}@ville.example", password=uuid.uuid4().hex)
    mine = instance["accounts"]["contributor"]["name"]
    taken = {o["name"] for o in call("organization_list_for_user", id=mine)}
    other = next(name for name in call("organization_list") if name not in taken)
    call("organization_member_create", id=other, username=name, role="editor")
    yield call("api_token_create", user=name, name="essai")["token"]
    call("user_delete", id=user["id"])


def _tab_to(page: Page, what: str) -> None:
    """Press Tab until the focused element matches; the keyboard alone must reach it."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate(f"document.activeElement.matches({what!r})"):
            return
    pytest.fail(f"Tab never reaches {what}")


def test_next_month_then_undo_edit_remove_and_put_back(
    contributor: Contributor,
    published: dict[str, Any],
    stranger: str,
    instance: dict[str, Any],
    tmp_path: Path,
) -> None:
    page, before = contributor.page, published["resources"][0]
    newer = tmp_path / "fontaines-fevrier.csv"
    newer.write_bytes(FEBRUARY)

    # The replacement, by keyboard alone.
    page.get_by_role("link", name=re.compile("^Remplacer le fichier")).first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/depot/remplacer/**")
    _tab_to(page, "#deposit-file")
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Space")
    chooser.value.set_files(str(newer))
    contributor.read(chips=False)
    changes = page.locator(".deposit-changes")
    expect(changes).to_contain_text("Colonnes ajoutées")
    expect(changes.locator("ins", has_text="debit")).to_be_visible()
    expect(changes.locator("tr", has_text="Objets ou lignes")).to_contain_text("9")
    _tab_to(page, ".actionbar button[value=publish]")
    page.keyboard.press("Enter")
    after = contributor.dataset()
    resource = after["resources"][0]
    assert (resource["id"], resource["url"]) == (before["id"], before["url"])
    assert (resource["feature_count"], len(resource["columns"])) == (9, 4)
    assert (after["title"], after["notes"]) == (published["title"], TYPED)
    assert requests.get(resource["url"], timeout=60).content == FEBRUARY
    _refused(instance, stranger, after)

    page.goto(f"{contributor.url}/depot/remplacer/{resource['id']}")
    page.get_by_role("button", name="Remettre le fichier précédent").click()
    back = contributor.dataset()["resources"][0]
    assert requests.get(back["url"], timeout=60).content == JANUARY
    assert (back["url"], back["hash"], back["columns"]) == (before["url"], before["hash"], before["columns"])

    page.get_by_role("link", name="Modifier", exact=True).first.click()
    page.fill("#f-title", "Fontaines et lavoirs")
    contributor.send()
    assert contributor.dataset()["title"] == "Fontaines et lavoirs"

    page.goto(f"{contributor.url}/depot/retirer/{published['name']}")
    page.get_by_role("button", name="Retirer le jeu de données").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("est retiré")
    assert requests.get(f"{contributor.url}/dataset/{published['name']}", timeout=60).status_code == 404
    page.get_by_role("button", name="Le rétablir").click()
    assert contributor.dataset()["state"] == "active"
    assert requests.get(back["url"], timeout=60).content == JANUARY


def _refused(instance: dict[str, Any], stranger: str, dataset: dict[str, Any]) -> None:
    """Replace, undo, edit, remove, put back: by HTTP, to who may not; and nothing has changed."""
    base, name, file = instance["url"], dataset["name"], dataset["resources"][0]["id"]
    api = f"{base}/api/action/"
    for token in (None, instance["accounts"]["user"]["token"], stranger):
        headers = {"Authorization": token} if token else {}
        asked = [
            requests.get(f"{base}/depot/remplacer/{file}", headers=headers, timeout=60),
            requests.get(f"{base}/depot/modifier/{name}", headers=headers, timeout=60),
            requests.post(
                f"{base}/depot", data={"resource_id": file, "url": base}, headers=headers, timeout=60
            ),
            *(
                requests.post(f"{base}/depot/{act}", headers=headers, timeout=60)
                for act in (f"annuler/{file}", f"retirer/{name}", f"retablir/{name}")
            ),
            requests.post(
                api + "idgo_forms_deposit_undo", json={"resource_id": file}, headers=headers, timeout=60
            ),
            requests.post(
                api + "idgo_forms_deposit_create", json={"dataset_id": name}, headers=headers, timeout=60
            ),
        ]
        for answer in asked:
            at_login = "/user/login" in answer.url and not token
            assert answer.status_code in (400, 403, 404) or at_login, (token, answer.url, answer.status_code)
    headers = {"Authorization": instance["accounts"]["contributor"]["token"]}
    now = requests.post(api + "package_show", json={"id": name}, headers=headers, timeout=60).json()["result"]
    assert now == dataset


def test_two_people_edit_the_same_dataset(
    browser: Browser, instance: dict[str, Any], contributor: Contributor, published: dict[str, Any]
) -> None:
    edit, page = f"{contributor.url}/depot/modifier/{published['name']}", contributor.page
    other = Contributor(browser, instance, role="referent")
    other.log_in()
    for one in (contributor, other):
        one.page.goto(edit)
    other.page.fill("#f-title", "Le titre du référent")
    other.page.select_option("#f-frequency", "daily")
    other.send()
    other.dataset()

    page.fill("#f-title", "Le titre du contributeur")
    page.fill("#f-notes", "La description du contributeur")
    contributor.send()
    told = page.locator(".deposit-conflict")
    expect(told).to_contain_text("Quelqu’un a enregistré ce jeu de données")
    for seen in ("Le titre du référent", "Le titre du contributeur", "La description du contributeur", TYPED):
        expect(told).to_contain_text(seen)
    assert contributor.call("package_show", id=published["id"])["title"] == "Le titre du référent"

    # A third save meanwhile: the choice made on what was shown does not overwrite what was not.
    contributor.call("package_patch", id=published["id"], title="Un troisième titre")
    page.check("[name=choice-title][value=mine]")
    contributor.send()
    expect(told).to_contain_text("Un troisième titre")
    page.check("[name=choice-title][value=theirs]")
    contributor.send()
    merged = contributor.dataset()
    assert merged["title"] == "Un troisième titre"
    assert (merged["notes"], merged["frequency"]) == ("La description du contributeur", "daily")

    for button, title in (
        ("Garder toutes les miennes", "Le mien"),
        ("Prendre toutes celles en ligne", "Le leur"),
    ):
        page.goto(edit)
        contributor.call("package_patch", id=published["id"], title="Le leur")
        page.fill("#f-title", "Le mien")
        contributor.send()
        page.get_by_role("button", name=button).click()
        assert contributor.dataset()["title"] == title
    other.delete_drafts()
    other.context.close()


def test_an_address_is_read_followed_with_care_or_refused_in_words(
    contributor: Contributor, published: dict[str, Any]
) -> None:
    """The site's own loopback is allowed by name (``ckanext.idgo.http.allow``); what it leads to is not."""
    page, online = contributor.page, published["resources"][0]["url"]
    contributor.give(online)
    expect(page.locator(".deposit-card")).to_contain_text("Reçu et lu")
    contributor.complete()
    linked = contributor.publish()
    assert (linked["resources"][0]["url"], linked["resources"][0]["url_type"] or None) == (online, None)
    assert linked["resources"][0]["feature_count"] == 2

    said = page.locator(".note.bad")
    elsewhere = contributor.call(
        "resource_create", package_id=linked["id"], name="ailleurs", url="http://127.0.0.1:1/secret.csv"
    )
    # CKAN answers for a link by redirecting to it: a way in to this machine, if it were followed blindly.
    contributor.give(f"{contributor.url}/dataset/{linked['id']}/resource/{elsewhere['id']}/download")
    expect(said).to_contain_text("est une adresse de cette machine ou de son réseau")
    page.fill("#f-notes", "Tapé malgré le refus.")
    expect(page.locator("[data-mark=notes]")).to_contain_text("Écrit par vous")
    page.fill("#card-url", contributor.url)
    page.press("#card-url", "Enter")
    contributor.read()
    expect(said).to_contain_text("une page web")
    expect(page.locator("#f-notes")).to_have_value("Tapé malgré le refus.")
    page.fill("#card-url", "http://10.0.0.1/a.csv")
    page.press("#card-url", "Enter")
    contributor.read()
    expect(said).to_contain_text("est une adresse de cette machine ou de son réseau")
    page.fill("#card-url", online)
    page.press("#card-url", "Enter")
    contributor.read()
    expect(page.locator(".deposit-card")).to_contain_text("Reçu et lu")
    expect(page.locator("#f-notes")).to_have_value("Tapé malgré le refus.")
    contributor.call("package_delete", id=linked["id"])
