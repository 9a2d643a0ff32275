"""What the crawler looks for: datasets of each kind, made by HTTP, with words in all that is hidden."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any

import requests
from crawl_canaries import Canaries

FIELDS = {
    "notes": "Relevés de terrain, une ligne par point et par jour. " * 4,
    "theme": "environnement-et-climat",
    "territory": ["departement:84"],
    "license_id": "lov2",
    "frequency": "annually",
    "data_family": "statistical",
    "tags": [{"name": "relevé"}],
}
#: Who may have what: the actors of the crawl.
OUTSIDERS = ("anonymous", "outsider", "revoked", "pending")
ACTORS = (*OUTSIDERS, "granted")
SIGNED_IN = ("outsider", "revoked", "pending", "granted")


@dataclass
class Seeded:
    url: str
    canaries: Canaries
    tokens: dict[str, str]
    identifiers: list[str] = field(default_factory=list)
    datasets: list[str] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)
    users: list[str] = field(default_factory=list)

    def call(self, actor: str, action: str, files: Any = None, **fields: Any) -> Any:
        sent: dict[str, Any] = {"data": fields, "files": files} if files else {"json": fields}
        headers = {"Authorization": self.tokens[actor]} if actor in self.tokens else {}
        answer = requests.post(f"{self.url}/api/3/action/{action}", headers=headers, timeout=120, **sent)
        assert answer.ok, f"{actor} {action}: {answer.text}"
        return answer.json()["result"]


def seed(instance: dict[str, Any]) -> Seeded:
    accounts = instance["accounts"]
    tokens = {role: accounts[role]["token"] for role in accounts}
    made = Seeded(instance["url"], Canaries(), tokens)
    for actor in SIGNED_IN:
        name = f"essai-{actor}-{secrets.token_hex(3)}"
        fields = {"email": f"{name}@ville.example", "password": secrets.token_urlsafe(16)}
        made.call("sysadmin", "user_create", name=name, **fields)
        made.users.append(name)
        made.tokens[actor] = made.call("sysadmin", "api_token_create", user=name, name="essai")["token"]
    organisations = made.call("contributor", "organization_list_for_user", permission="create_dataset")
    owner = organisations[0]
    made.identifiers += [owner["id"], owner["name"], *made.users]
    for kind in ("restricted", "authenticated", "jadis", "brouillon"):
        _dataset(made, kind, owner["id"])
    _requests(made, owner["name"])
    return made


def _dataset(made: Seeded, kind: str, owner: str) -> None:
    may = {"authenticated": SIGNED_IN, "restricted": ("granted",), "jadis": ("granted",), "brouillon": ()}[
        kind
    ]
    word = lambda place: made.canaries.new(f"{place} ({kind})", *may)  # noqa: E731
    tier = "open" if kind == "jadis" else "authenticated" if kind == "authenticated" else "restricted"
    name = f"essai-{kind}-{secrets.token_hex(3)}"
    title = f"Essai {made.canaries.new('title of a private dataset') if kind == 'brouillon' else kind}"
    # A dataset that its organisation keeps to itself: CKAN's API makes no draft for an editor.
    private = kind == "brouillon"
    fields = {
        **FIELDS,
        "owner_org": owner,
        "access_tier": tier,
        "name": name,
        "title": title,
        "private": private,
    }
    dataset = made.call("contributor", "package_create", **fields)
    body = f"{word('column')};valeur\n{word('cell')};1\n{word('cell')};2\n".encode()
    upload = {"upload": (f"{word('file name')}.csv", body, "text/csv")}
    one = made.call(
        "contributor", "resource_create", upload, package_id=dataset["id"], name="Relevés", format="CSV"
    )
    address = f"https://donnees.example/{word('address')}.csv"
    two = made.call(
        "contributor", "resource_create", package_id=dataset["id"], name="Lien", format="CSV", url=address
    )
    view = {
        "view_type": "image_view",
        "title": "Vue",
        "image_url": f"https://donnees.example/{word('view')}.png",
    }
    views = requests.post(
        f"{made.url}/api/3/action/resource_view_create",
        headers={"Authorization": made.tokens["contributor"]},
        json={"resource_id": one["id"], **view},
        timeout=60,
    )
    if views.ok:
        made.identifiers.append(views.json()["result"]["id"])
    made.call("contributor", "package_patch", id=dataset["id"], notes=FIELDS["notes"] + " Complété.")
    if kind == "jadis":
        made.call("contributor", "package_patch", id=dataset["id"], access_tier="restricted")
    for activity in made.call("contributor", "package_activity_list", id=dataset["id"])[:2]:
        made.identifiers.append(activity["id"])
        made.pages += [f"/dataset/{name}/history/{activity['id']}", f"/dataset/changes/{activity['id']}"]
    made.datasets.append(dataset["id"])
    made.identifiers += [dataset["id"], name, one["id"], two["id"]]
    made.pages += [f"/dataset/{name}", f"/dataset/edit/{name}", f"/dataset/activity/{name}"]
    for resource in (one["id"], two["id"]):
        place = f"/dataset/{name}/resource/{resource}"
        made.pages += [place, f"{place}/download", f"{place}/download/x.csv", f"{place}/view/{resource}"]
        made.pages += [f"/datastore/dump/{resource}", f"{place}/proxy", f"{place}/edit"]
        parts = f"{resource[:3]}/{resource[3:6]}/{resource[6:]}"
        made.pages += [
            f"/file/public-download/{s}/{parts}" for s in ("resources", "default", "default/resources")
        ]
    for end in ("rdf", "ttl", "jsonld", "xml", "n3"):
        made.pages.append(f"/dataset/{name}.{end}")


def _requests(made: Seeded, organisation: str) -> None:
    """A request that waits, one granted, one granted and taken back, someone who would join: their words are
    for those who ask and those who decide."""
    restricted, past = made.datasets[0], made.datasets[2]
    purpose = {"purpose": "study", "accept_license": True}
    for actor in ("pending", "granted", "revoked"):
        message = f"Pour une étude {made.canaries.new(f'message of {actor}', actor)} de la rivière."
        for dataset in (restricted, past):
            asked = made.call(
                actor, "idgo_access_request_create", dataset=dataset, message=message, **purpose
            )
            made.identifiers.append(asked["id"])
            made.pages.append(f"/demande-acces/{asked['id']}")
            made.pages.append(f"/organisme/{organisation}/demandes/{asked['id']}")
            if actor == "pending":
                continue
            until = made.call("referent", "idgo_access_request_decide", id=asked["id"], decision="grant")
            for grant in until["grants"]:
                made.identifiers.append(grant["id"])
                made.pages.append(f"/mes-acces/{grant['id']}/rendre")
                if actor == "revoked":
                    why = made.canaries.new("reason of a revocation", "revoked")
                    made.call("referent", "idgo_access_grant_revoke", id=grant["id"], reason=why)
    for page in ("demandes", "acces", "acces.csv", "journal", "adhesions"):
        made.pages.append(f"/organisme/{organisation}/{page}")
    made.pages += [
        "/mes-acces",
        "/mes-acces/termines",
        "/demandes-acces",
        "/guichet/adhesions",
        "/",
        "/dataset/",
    ]
    made.pages += ["/catalog.ttl", "/catalog.xml", "/catalog.jsonld", "/feeds/dataset.atom", "/dashboard/"]


def clean(made: Seeded) -> None:
    for dataset in made.datasets:
        made.call("sysadmin", "dataset_purge", id=dataset)
    for name in made.users:
        made.call("sysadmin", "user_delete", id=name)
