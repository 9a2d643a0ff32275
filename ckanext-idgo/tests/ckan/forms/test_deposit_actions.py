"""The simple deposit through its actions: publish, replace, undo, edit, two people, other roles."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests import helpers

sys.path.insert(0, str(Path(__file__).parent))

from conftest import CSV, PLUGINS, World, stored_bytes

pytestmark = pytest.mark.ckan_config("ckan.plugins", PLUGINS)

MORE = (
    b"nom;commune;longitude;latitude;debit\nFontaine;Arles;4.63;43.68;2\n" + b"Puits;Arles;4.7;43.6;1\n" * 9
)


def test_a_csv_becomes_a_dataset_that_downloads_byte_for_byte(world: World) -> None:
    draft = world.draft()
    assert draft["files"][0]["state"] == "read", draft["files"]
    assert draft["fields"]["title"]["origin"] == "proposed"
    dataset = world.act("submit", id=draft["id"], fields=world.answers())
    resource = dataset["resources"][0]
    assert dataset["state"] == "active"
    assert dataset["name"] == "points-d-eau-d-arles"
    assert dataset["territory"] == ["commune:13004"]
    assert [tag["name"] for tag in dataset["tags"]] == ["qualité de l'eau"]
    assert dataset["topic_category"]
    assert dataset["lineage"].startswith("Fichier")
    assert dataset["data_family"] == "geographic"
    assert resource["crs"] == "EPSG:4326"
    assert resource["extent"] == [4.62, 43.67, 4.63, 43.68]
    assert [column["name"] for column in resource["columns"]] == ["nom", "commune", "longitude", "latitude"]
    assert resource["hash"] == f"sha256:{hashlib.sha256(CSV).hexdigest()}"
    assert resource["size"] == len(CSV)
    assert stored_bytes(resource) == CSV


def test_what_show_gives_update_takes_unchanged(world: World) -> None:
    name = world.published()["name"]
    shown = world.call("package_show", id=name)
    assert world.call("package_update", **shown) == shown
    again = world.call("package_update", **{**shown, "notes": "Autre."})
    changed = {key for key in shown if shown[key] != again.get(key)}
    assert changed == {"notes", "metadata_modified"}


def test_what_is_missing_is_said_by_field_and_what_was_typed_stays(world: World) -> None:
    draft = world.act("create")
    with pytest.raises(tk.ValidationError) as refused:
        world.act("submit", id=draft["id"], fields={"title": "Un titre"})
    assert {"notes", "theme", "frequency", "file"} <= set(refused.value.error_dict)
    assert world.act("show", id=draft["id"])["fields"]["title"] == {"value": "Un titre", "origin": "typed"}


def test_a_file_that_cannot_be_read_keeps_the_draft(world: World) -> None:
    draft = world.draft(b"\x00\x01\x02" * 50, "plan.pub")
    assert draft["files"][0]["state"] == "refused"
    assert draft["files"][0]["error"]["template"]


def test_an_empty_file_is_refused(world: World) -> None:
    with pytest.raises(tk.ValidationError) as refused:
        world.draft(b"", "vide.csv")
    assert "file-empty" in refused.value.error_dict


def test_sending_twice_publishes_once(world: World) -> None:
    draft = world.draft()
    world.act("submit", id=draft["id"], fields=world.answers())
    with pytest.raises(tk.ValidationError) as refused:
        world.act("submit", id=draft["id"])
    assert "deposit-closed" in refused.value.error_dict
    assert helpers.call_action("package_search")["count"] == 1


def test_a_refused_dataset_leaves_a_draft_and_nothing_else(world: World) -> None:
    draft = world.draft()
    with pytest.raises((tk.ValidationError, tk.NotAuthorized)):
        world.act("submit", id=draft["id"], fields=world.answers(owner_org=world.other["id"]))
    assert world.act("show", id=draft["id"])["state"] == "draft"
    assert world.act("submit", id=draft["id"], fields=world.answers())["state"] == "active"


@pytest.mark.parametrize("action", ["show", "update", "delete", "submit", "inspect", "attach", "changes"])
def test_anothers_deposit_looks_like_one_that_does_not_exist(world: World, action: str) -> None:
    draft = world.draft()
    said = []
    for identifier in (draft["id"], "00000000-0000-4000-8000-000000000000"):
        with pytest.raises(tk.ObjectNotFound) as refused:
            world.act(action, world.colleague, id=identifier)
        said.append(str(refused.value))
    assert said[0] == said[1]


@pytest.mark.parametrize("action", ["create", "list"])
def test_who_contributes_nowhere_may_not_deposit(world: World, action: str) -> None:
    with pytest.raises(tk.NotAuthorized):
        world.act(action, world.reader)


def test_a_stranger_neither_edits_nor_replaces_nor_undoes(world: World) -> None:
    dataset = world.published()
    for about in ({"dataset_id": dataset["id"]}, {"resource_id": dataset["resources"][0]["id"]}):
        with pytest.raises(tk.NotAuthorized):
            world.act("create", world.stranger, **about)


def test_replacing_keeps_address_and_words_and_says_what_changes(world: World) -> None:
    before = world.published()
    old = before["resources"][0]
    draft = world.draft(MORE, "nouveau.csv", resource_id=old["id"])
    rows = {row["what"]: row for row in world.act("changes", id=draft["id"])}
    assert rows["columns_added"]["after"] == ["debit"]
    after = world.act("submit", id=draft["id"])
    new = after["resources"][0]
    assert (new["id"], new["url"]) == (old["id"], old["url"])
    assert stored_bytes(new) == MORE
    assert new["hash"] != old["hash"]
    assert new["feature_count"] == 10
    assert (after["title"], after["notes"], after["tags"]) == (
        before["title"],
        before["notes"],
        before["tags"],
    )
    assert after["dates"][-1]["type"] == "revision"


def test_a_replacement_is_undone_once(world: World) -> None:
    old = world.published()["resources"][0]
    world.act("submit", id=world.draft(MORE, "nouveau.csv", resource_id=old["id"])["id"])
    back = world.act("undo", world.colleague, resource_id=old["id"])["resources"][0]
    assert stored_bytes(back) == CSV
    facts = ("hash", "size", "url", "columns", "extent", "feature_count")
    assert {key: back[key] for key in facts} == {key: old[key] for key in facts}
    with pytest.raises(tk.ValidationError):
        world.act("undo", resource_id=old["id"])


def test_the_second_of_two_editors_is_told_and_chooses(world: World) -> None:
    dataset = world.published()
    mine = world.act("create", dataset_id=dataset["id"])
    theirs = world.act("create", world.colleague, dataset_id=dataset["id"])
    world.act("submit", world.colleague, id=theirs["id"], fields={"title": "Le leur", "frequency": "daily"})
    with pytest.raises(tk.ValidationError) as told:
        world.act("submit", id=mine["id"], fields={"title": "Le mien"})
    rows = {row["field"]: row for row in told.value.error_dict["conflict_fields"]}
    assert (rows["title"]["mine"], rows["title"]["theirs"], rows["title"]["both"]) == (
        "Le mien",
        "Le leur",
        True,
    )
    choices = {"title": "mine", "frequency": "theirs"}
    seen = told.value.error_dict["conflict_seen"][0]
    world.call("package_patch", world.colleague, id=dataset["id"], title="Encore autre")
    with pytest.raises(tk.ValidationError) as again:  # chosen on a version that is no longer online
        world.act("submit", id=mine["id"], choices=choices, seen=seen)
    assert again.value.error_dict["conflict_fields"][0]["theirs"] == "Encore autre"
    seen = again.value.error_dict["conflict_seen"][0]
    done = world.act("submit", id=mine["id"], choices=choices, seen=seen)
    assert (done["title"], done["frequency"]) == ("Le mien", "daily")


def test_two_windows_on_one_draft_do_not_overwrite_each_other(world: World) -> None:
    draft = world.act("create")
    world.act("update", id=draft["id"], version=draft["version"], fields={"title": "Un"})
    with pytest.raises(tk.ValidationError) as refused:
        world.act("update", id=draft["id"], version=draft["version"], fields={"title": "Deux"})
    assert "draft-version" in refused.value.error_dict


def test_an_edit_that_changes_nothing_changes_nothing(world: World) -> None:
    dataset = world.published()
    edit = world.act("create", dataset_id=dataset["id"])
    assert world.act("submit", id=edit["id"])["metadata_modified"] == dataset["metadata_modified"]


def test_script_in_every_text_stays_text(world: World) -> None:
    bad = "<script>alert(1)</script> & <b>gras</b>"
    dataset = world.published(title=bad, notes=bad)
    assert (dataset["title"], dataset["notes"]) == (bad, bad)
    with pytest.raises(tk.ValidationError) as refused:
        world.published(tags=[bad])
    assert "tags" in refused.value.error_dict


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("theme", "nonsense"),
        ("inspire_theme", "zz"),
        ("frequency", "sometimes"),
        ("access_tier", "secret"),
        ("data_family", "other"),
        ("territory", ["commune:99999"]),
        ("spatial", '{"type":"Point","coordinates":[892000,6248000]}'),
        ("dates", [{"type": "birth", "date": "2026-01-01"}]),
    ],
)
def test_a_value_that_is_not_one_is_refused_at_its_field(world: World, field: str, value: object) -> None:
    with pytest.raises(tk.ValidationError) as refused:
        world.call("package_create", name="essai", title="Essai", owner_org=world.org["id"], **{field: value})
    assert field in refused.value.error_dict


def test_a_reading_that_died_starts_again_and_then_says_so(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ckan import model

    from ckanext.idgo.forms.plugin.model import Deposit

    monkeypatch.setitem(tk.config, "ckanext.idgo.deposit.worker_wait_seconds", 3600)
    draft = world.draft()
    for attempts, expected in ((1, "waiting"), (2, "refused")):
        deposit = Deposit.locked(draft["id"])
        deposit.set_file(state="reading", since="2020-01-01T00:00:00", attempts=attempts)
        model.Session.commit()
        assert world.act("show", id=draft["id"])["files"][0]["state"] == expected


def test_a_deleted_dataset_comes_back(world: World) -> None:
    dataset = world.published()
    world.call("package_delete", id=dataset["id"])
    back = world.call("package_patch", id=dataset["id"], state="active")
    assert back["state"] == "active"
    assert stored_bytes(back["resources"][0]) == CSV


def test_cleaning_removes_old_drafts_only(world: World) -> None:
    from datetime import datetime, timedelta

    from ckan import model

    from ckanext.idgo.forms.plugin import cleaning
    from ckanext.idgo.forms.plugin.model import Deposit

    old, new = world.draft(), world.draft()
    Deposit.locked(old["id"]).modified = datetime.utcnow() - timedelta(days=91)
    model.Session.commit()
    assert cleaning.clean() == (1, 0)
    assert [draft["id"] for draft in world.act("list")] == [new["id"]]


@pytest.mark.parametrize("odd", [1, ["a"], {"a": 1}, True, "\x00", "a\x00b"], ids=repr)
def test_an_identifier_of_another_shape_is_not_found(world: World, odd: object) -> None:
    for action, data in (
        ("create", {"dataset_id": odd}),
        ("create", {"resource_id": odd}),
        ("show", {"id": odd}),
        ("undo", {"resource_id": odd}),
    ):
        with pytest.raises(tk.ObjectNotFound):
            world.act(action, **data)


@pytest.mark.parametrize("fields", [1, "x", ["a"], True], ids=repr)
def test_fields_of_another_shape_open_no_draft(world: World, fields: object) -> None:
    before = len(world.act("list"))
    with pytest.raises(tk.ValidationError) as refused:
        world.act("create", fields=fields)
    assert "fields-shape" in refused.value.error_dict
    assert len(world.act("list")) == before


@pytest.mark.parametrize("url", ["http://[", "http://[a/", "http://a/\x00", "http://exa]mple/"], ids=repr)
def test_an_address_that_cannot_be_read_is_refused(world: World, url: str) -> None:
    draft = world.act("create")
    with pytest.raises(tk.ValidationError) as refused:
        world.act("attach", id=draft["id"], url=url)
    assert "url" in refused.value.error_dict


def test_copy_is_true_or_false(world: World) -> None:
    draft = world.act("create")
    with pytest.raises(tk.ValidationError) as refused:
        world.act("attach", id=draft["id"], url="https://ville.example/a.csv", copy="x")
    assert "copy" in refused.value.error_dict


def test_a_lone_surrogate_is_kept_as_a_question_mark(world: World) -> None:
    draft = world.act("create")
    saved = world.act("update", id=draft["id"], fields={"title": "Eau \ud800", "tags": ["a\ud800"]})
    assert saved["fields"]["title"]["value"] == "Eau ?"
    assert saved["fields"]["tags"]["value"] == ["a?"]
