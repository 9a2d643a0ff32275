"""Nothing new is forgotten: every route and action of the running application is classified, and tried."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode

import pytest
import yaml
from access_world import World
from ckan import logic
from test_access_matrix import leaks

from ckanext.idgo.access.plugin.surface import Gives, gives

WHOLE = True
SURFACE = yaml.safe_load((Path(__file__).parent / "surface.yaml").read_text(encoding="utf-8"))
ROUTES = {endpoint: kind for kind, endpoints in SURFACE["routes"].items() for endpoint in endpoints}
ACTIONS = {name: kind for kind, names in SURFACE["actions"].items() for name in names}


def test_every_route_is_classified(world: World) -> None:
    found = {rule.endpoint for rule in world.app.flask_app.url_map.iter_rules()}
    assert len(found) > 100
    unknown = sorted(found - set(ROUTES))
    assert not unknown, f"routes nobody classified, add them to surface.yaml: {unknown}"


def test_every_action_is_classified(world: World) -> None:
    logic.get_action("package_show")
    found = set(logic._actions)
    assert len(found) > 100
    unknown = sorted(found - set(ACTIONS))
    assert not unknown, f"actions nobody classified, add them to surface.yaml: {unknown}"


def test_the_guards_follow_the_classification(world: World) -> None:
    """What the file calls content, history or file is what the guard at run time takes for it."""
    guarded = {Gives.CONTENT, Gives.ROWS, Gives.HISTORY, Gives.FILE, Gives.HARVESTED}
    for rule in world.app.flask_app.url_map.iter_rules():
        kind = gives(rule.endpoint, frozenset(rule.arguments))
        assert (kind in guarded) == (ROUTES.get(rule.endpoint) in {k.value for k in guarded}), rule.endpoint


def identifiers(world: World) -> list[str]:
    sheet, past = world.sheets["restricted"], world.sheets["was_open"]
    ids = [sheet.id, sheet.activity, *sheet.resources.values(), sheet.views["link"], *sheet.files.values()]
    return [*ids, past.id, past.activity, "producteur", "deposante", world.users["outsider"]["name"]]


@pytest.mark.parametrize("actor", ["anonymous", "outsider"])
def test_every_readable_action_is_tried_with_every_identifier(world: World, actor: str) -> None:
    """The dynamic side of the matrix: an action nobody thought of cannot leak for being unknown."""
    problems, tried = [], 0
    for name in SURFACE["actions"]["read"]:
        for value in identifiers(world):
            keys = ("id", "resource_id", "package_id", "dataset", "entity_id", "owner_id", "q", "query")
            query = urlencode(dict.fromkeys(keys, value))
            response = world.get(
                actor, f"/api/3/action/{name}?include_data=true&include_datasets=true&{query}"
            )
            tried += 1
            problems += [f"{name} {value}: {leak}" for leak in leaks(response, actor)]
    print(f"{actor}: {tried} requests, {len(problems)} leaks")
    assert tried > 900
    assert not problems, problems[:20]


@pytest.mark.parametrize("actor", ["anonymous", "outsider"])
def test_every_route_is_tried(world: World, actor: str, monkeypatch) -> None:
    """Some of CKAN's own routes break on such identifiers: their error page is read like any other answer."""
    monkeypatch.setitem(world.app.flask_app.config, "PROPAGATE_EXCEPTIONS", False)
    values = identifiers(world)
    problems, tried = [], 0
    for rule in world.app.flask_app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or ROUTES.get(rule.endpoint) == "nothing" or not rule.arguments:
            continue
        if rule.endpoint in ("api.action", "static"):
            continue
        for sheet in (world.sheets["restricted"], world.sheets["malformed"]):
            known = {"id": sheet.name, "resource_id": sheet.resources["link"], "activity_id": sheet.activity}
            known |= {"view_id": sheet.views["link"], "ver": 3, "storage_name": "resources"}
            known |= {"_format": "ttl", "package_type": "dataset", "file_id": values[0]}
            arguments = {name: known.get(name, values[0]) for name in rule.arguments}
            _domain, path = rule.build({**arguments, **(rule.defaults or {})})  # type: ignore[misc]
            response = world.get(actor, path)
            tried += 1
            problems += [f"{rule.endpoint} {path}: {leak}" for leak in leaks(response, actor)]
    print(f"{actor}: {tried} requests, {len(problems)} leaks")
    assert tried > 50
    assert not problems, problems[:20]
