"""A small world for the matrix: people, organisations, datasets of each tier, canaries in everything hidden.

Data only, so that issue 4 adds actors (granted, expired, revoked…) and surfaces without touching the tests.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from ckan import model
from ckan.lib.files import get_storage, make_upload
from ckan.lib.search import rebuild
from ckan.tests import factories, helpers
from werkzeug.datastructures import FileStorage

from ckanext.idgo.access.plugin.model import ORGANIZATION, USER, AccessGrant, utcnow

TIERS = ("open", "authenticated", "restricted", "malformed")
KINDS = ("upload", "link")
LOCKED_TIERS = TIERS[1:]

#: What an account is enough for, and what the owner must have given.
PUBLIC, ACCOUNT = frozenset({"open"}), frozenset({"open", "authenticated"})
GIVEN = ACCOUNT | {"restricted"}

#: actor -> tiers whose content they may have
ALLOWED: dict[str, frozenset[str]] = {
    "anonymous": PUBLIC,
    "outsider": ACCOUNT,
    "pending_member": ACCOUNT,
    "expired_grant": ACCOUNT,
    "revoked_grant": ACCOUNT,
    "limited_grant": ACCOUNT,  # for a territory: nothing here can cut
    "granted_person": GIVEN,
    "granted_member": GIVEN,
    "granted_pending": ACCOUNT,  # of the granted organisation, not accepted yet
    "other_admin": ACCOUNT,
    "guichet": ACCOUNT,
    "owner_member": GIVEN,
    "owner_editor": GIVEN,
    "owner_admin": GIVEN,
    "sysadmin": frozenset(TIERS),
    "metadata_token": PUBLIC,  # of the granted person, for descriptions only
}
ACTORS = tuple(ALLOWED)

#: Each hides in another place; a tier's name follows, so that a leak says whose it is.
CANARIES = ("canurl", "canfile", "canbytes", "canhash", "cancolumn", "canlayer", "canold", "canview")
CANARIES = (*CANARIES, "canrow", "canalias", "canoriginal", "canwords", "cancell")


@dataclass
class Sheet:
    """A dataset of one tier with an upload and a link."""

    tier: str
    id: str = ""
    name: str = ""
    resources: dict[str, str] = field(default_factory=dict)
    views: dict[str, str] = field(default_factory=dict)
    activity: str = ""
    files: dict[str, str] = field(default_factory=dict)
    #: Where the plugins of the whole matrix are loaded: a datastore table, its alias and its views; the
    #: harvested original.
    table: str = ""
    alias: str = ""
    table_views: dict[str, str] = field(default_factory=dict)
    original: str = ""

    @property
    def everything(self) -> dict[str, str]:
        """Kind → id of every resource, the table included."""
        return {**self.resources, **({"table": self.table} if self.table else {})}


@dataclass
class World:
    app: Any
    sheets: dict[str, Sheet] = field(default_factory=dict)
    users: dict[str, Any] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    organisation: dict[str, Any] = field(default_factory=dict)
    other: dict[str, Any] = field(default_factory=dict)
    granted: dict[str, Any] = field(default_factory=dict)
    draft: str = ""
    draft_resource: str = ""
    config: dict[str, Any] = field(default_factory=dict)

    def headers(self, actor: str) -> dict[str, str]:
        return {"Authorization": self.tokens[actor]} if actor in self.tokens else {}

    def get(self, actor: str, path: str, **kwargs: Any) -> Any:
        headers = {**self.headers(actor), **kwargs.pop("headers", {})}
        return self.app.get(path, headers=headers, follow_redirects=False, **kwargs)

    def send(self, actor: str, ask: Any) -> Any:
        """An ``Ask`` of the matrix, or a path to get."""
        if isinstance(ask, str):
            return self.get(actor, ask)
        headers = {**self.headers(actor), **ask.headers}
        sent = {"json": ask.json} if ask.json is not None else {"data": ask.form}
        return self.app.client.open(ask.path, method=ask.method, headers=headers, **sent)

    def action(self, actor: str, name: str, /, **data: Any) -> Any:
        return self.app.post(f"/api/3/action/{name}", json=data, headers=self.headers(actor))


def canary(word: str, tier: str) -> str:
    return f"{word}zz{tier}"


def _people(world: World) -> None:
    names = [actor for actor in ACTORS if actor not in ("anonymous", "metadata_token")]
    for name in names:
        given = {"name": "deposante"} if name == "owner_editor" else {}
        world.users[name] = factories.Sysadmin() if name == "sysadmin" else factories.User(**given)
    world.organisation = factories.Organization(
        name="producteur",
        users=[
            {"name": world.users["owner_member"]["name"], "capacity": "member"},
            {"name": world.users["owner_editor"]["name"], "capacity": "editor"},
            {"name": world.users["owner_admin"]["name"], "capacity": "admin"},
        ],
    )
    world.other = factories.Organization(
        users=[{"name": world.users["other_admin"]["name"], "capacity": "admin"}]
    )
    factories.Organization(
        name="guichet", users=[{"name": world.users["guichet"]["name"], "capacity": "admin"}]
    )
    member = {"name": world.users["granted_member"]["name"], "capacity": "member"}
    world.granted = factories.Organization(name="beneficiaire", users=[member])
    _pending(world, "pending_member", world.organisation["id"])
    _pending(world, "granted_pending", world.granted["id"])
    model.Session.commit()
    for name in names:
        world.tokens[name] = factories.APIToken(user=world.users[name]["name"])["token"]
    granted = world.users["granted_person"]
    world.users["metadata_token"] = granted
    limited = factories.APIToken(user=granted["name"], scope="metadata")
    world.tokens["metadata_token"] = limited["token"]


def _pending(world: World, actor: str, organisation_id: str) -> None:
    who = {"table_name": "user", "table_id": world.users[actor]["id"], "group_id": organisation_id}
    model.Session.add(model.Member(**who, capacity="member", state="pending"))


def _grant(world: World, sheet: Sheet) -> None:
    """On every dataset, whatever its tier: a grant on a malformed one must open nothing."""
    at = utcnow()
    persons = {
        "granted_person": {},
        "expired_grant": {"ends_at": at - timedelta(seconds=1)},
        "revoked_grant": {"revoked_at": at},
        "limited_grant": {"codes": ["commune:84003"]},
    }
    given = [(USER, world.users[actor]["id"], change) for actor, change in persons.items()]
    for kind, grantee, change in [*given, (ORGANIZATION, world.granted["id"], {})]:
        grant = {"starts_at": at - timedelta(days=9), "organization_id": world.organisation["id"], **change}
        model.Session.add(AccessGrant(package_id=sheet.id, grantee_type=kind, grantee_id=grantee, **grant))
    model.Session.commit()


def _resource(package_id: str, kind: str, tier: str, user: str) -> dict[str, Any]:
    facts = {
        "package_id": package_id,
        "name": f"Fichier {kind}",
        "format": "CSV",
        "hash": canary("canhash", tier),
        "columns": [{"name": canary("cancolumn", tier), "type": "string"}],
        "layers": [canary("canlayer", tier)],
        "crs": "EPSG:2154",
        "feature_count": 12,
    }
    if kind == "upload":
        body = f"{canary('cancolumn', tier)};b\n{canary('canbytes', tier)};1\n".encode()
        facts["upload"] = FileStorage(io.BytesIO(body), f"{canary('canfile', tier)}.csv")
    else:
        facts["url"] = f"https://donnees.example/{canary('canurl', tier)}.csv"
    return helpers.call_action("resource_create", context={"user": user, "ignore_auth": False}, **facts)


def _sheet(world: World, tier: str) -> Sheet:
    editor = world.users["owner_editor"]["name"]
    first = "open" if tier == "malformed" else tier
    created = helpers.call_action(
        "package_create",
        context={"user": editor, "ignore_auth": False},
        name=f"fiche-{tier}",
        title=f"Fiche {tier}",
        notes="Une fiche",
        owner_org=world.organisation["id"],
        access_tier=first,
    )
    sheet = Sheet(tier, created["id"], created["name"])
    for kind in KINDS:
        resource = _resource(sheet.id, kind, tier, editor)
        sheet.resources[kind] = resource["id"]
        sheet.views[kind] = _view(resource["id"], tier)
    _track(sheet)
    return sheet


def _track(sheet: Sheet) -> None:
    """Files that CKAN 2.12 tracks, owned by a resource and by a dataset."""
    storage = get_storage("default")
    for owner, owner_id in (("resource", sheet.resources["upload"]), ("package", sheet.id)):
        body = canary("canbytes", sheet.tier).encode()
        place = storage.prepare_location(f"{owner}-{sheet.tier}.csv")
        kept = storage.upload(place, make_upload(body))
        file = model.File(
            name=f"{canary('canfile', sheet.tier)}.csv",
            location=kept.location,
            storage="default",
            content_type="text/csv",
            size=kept.size,
            hash=canary("canhash", sheet.tier),
        )
        model.Session.add(file)
        model.Session.flush()
        owns = model.FileOwner(file_id=file.id, owner_id=owner_id, owner_type=owner)
        model.Session.add(owns)
        sheet.files[owner] = file.id
    model.Session.commit()


def _view(resource_id: str, tier: str) -> str:
    view = model.ResourceView(
        resource_id=resource_id,
        title="Vue",
        view_type="image_view",
        order=0,
        config={"image_url": f"https://donnees.example/{canary('canview', tier)}.png"},
    )
    model.Session.add(view)
    model.Session.commit()
    return view.id


def _was_open(world: World) -> Sheet:
    """Restricted today, open yesterday: its past is in the activities under the open tier."""
    editor = world.users["owner_editor"]["name"]
    context = {"user": editor, "ignore_auth": False}
    created = helpers.call_action(
        "package_create",
        context=dict(context),
        name="fiche-jadis-ouverte",
        title="Fiche jadis ouverte",
        owner_org=world.organisation["id"],
        access_tier="open",
        resources=[{"url": f"https://donnees.example/{canary('canold', 'restricted')}.csv", "name": "Lien"}],
    )
    helpers.call_action("package_patch", context=dict(context), id=created["id"], title="Encore ouverte")
    helpers.call_action("package_patch", context=dict(context), id=created["id"], access_tier="restricted")
    sheet = Sheet("restricted", created["id"], created["name"])
    sheet.resources["link"] = created["resources"][0]["id"]
    return sheet


def spoil(sheet: Sheet, tier: str = "publik") -> None:
    """A tier nobody knows can only come around the validators: an old row, a script, another extension."""
    package = model.Package.get(sheet.id)
    package.extras = {**package.extras, "access_tier": tier}
    model.Session.commit()
    rebuild(sheet.id)


def _activity_of(sheet: Sheet) -> str:
    from ckanext.activity.model import Activity

    found = model.Session.query(Activity).filter_by(object_id=sheet.id).order_by(Activity.timestamp).all()
    return found[-1].id


def _more(world: World) -> None:
    """Tables and harvested originals: their plugins are loaded where the whole matrix is tried."""
    from tables import add_original, add_table

    source = helpers.call_action(
        "harvest_source_create",
        context={"user": world.users["sysadmin"]["name"]},
        name="source-de-la-matrice",
        title="Source",
        url="https://catalogue.example/csw",
        source_type="ckan",
        owner_org=world.organisation["id"],
    )
    for sheet in world.sheets.values():
        add_table(sheet, world.users["owner_editor"]["name"])
        add_original(sheet, source["id"])


def build(app: Any, whole: bool = False) -> World:
    world = World(app)
    _people(world)
    for tier in TIERS:
        world.sheets[tier] = _sheet(world, tier)
    if whole:
        _more(world)
    world.sheets["was_open"] = _was_open(world)
    spoil(world.sheets["malformed"])
    for sheet in world.sheets.values():
        for actor in ("outsider", "owner_member"):
            helpers.call_action("follow_dataset", context={"user": world.users[actor]["name"]}, id=sheet.id)
        sheet.activity = _activity_of(sheet)
        _grant(world, sheet)
    draft = helpers.call_action(
        "package_create",
        context={"user": world.users["owner_editor"]["name"], "ignore_auth": False},
        name="fiche-brouillon",
        title="Brouillon",
        owner_org=world.organisation["id"],
        access_tier="open",
        state="draft",
        resources=[{"url": "https://donnees.example/brouillon.csv", "name": "Brouillon"}],
    )
    world.draft, world.draft_resource = draft["id"], draft["resources"][0]["id"]
    return world
