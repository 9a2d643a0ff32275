"""The people, organisations, grants and 20 000 datasets of ``bench_pages``, in the database and in the index.

Rows are written in bulk. What goes into the index must be what ``package_show`` would have put there; asking
it 20 000 times takes an hour, so one answer of its is the form of all the others, and ``differences`` asks it
again for some of them. Everything carries ``MARK`` in its id, by which ``drop`` finds it again.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import bench_search
import ckan.model as model
from ckan.logic import package_show_default_and_custom_schemas
from sqlalchemy import text

MARK = "bench-"
ORGANISATIONS = 60
GRANTS = 1_000
MINE = 100  # of them: to the person asking, 60 by name and 40 through two organisations
OF_PERSON, OF_ORGANISATION = 60, 20
TIERS = ("restricted",) * 3 + ("authenticated",) + ("open",) * 6
OWNER = f"{MARK}organisme-0"
PEOPLE = {"granted": f"{MARK}granted", "member": f"{MARK}member"}
GUESTS = (f"{MARK}guest-0", f"{MARK}guest-1")
_AT = "2026-01-01T00:00:00"


def _organisation(identifier: str, name: str) -> dict[str, Any]:
    return {
        "id": identifier,
        "name": name,
        "title": name.replace("-", " ").capitalize(),
        "type": "organization",
        "description": "",
        "image_url": "",
        "created": _AT,
        "is_organization": True,
        "approval_status": "approved",
        "state": "active",
    }


def organisations() -> list[dict[str, Any]]:
    named = [(f"{MARK}organisme-{n}", f"organisme-{n}") for n in range(ORGANISATIONS)]
    return [_organisation(*one) for one in [*named, *((guest, guest) for guest in GUESTS)]]


_OWNERS = {one["id"]: one for one in organisations()}


def datasets(count: int) -> Iterator[dict[str, Any]]:
    """Those of ``bench_search`` with an owner, a tier (30 % restricted) and resources as a deposit gives."""
    tiers = random.Random(30)
    for one in bench_search.generated(count):
        del one["with_custom_schema"]
        tier = tiers.choice(TIERS)
        extras = {e["key"]: e["value"] for e in one["extras"]} | {"access_tier": tier}
        resources = [
            {
                **r,
                "id": f"{MARK}{r['id']}",
                "crs": "EPSG:2154",
                "encoding": "UTF-8",
                "position": i,
                "size": 52_428,
            }
            for i, r in enumerate(one["resources"])
        ]
        owner = f"{MARK}{one['organization']['name']}"
        yield {**one, "extras": extras, "resources": resources, "owner_org": owner}


def _package(one: dict[str, Any]) -> dict[str, Any]:
    plain = {k: one[k] for k in ("id", "name", "title", "notes", "license_id", "owner_org", "extras")}
    at = {k: datetime.fromisoformat(one[k]) for k in ("metadata_created", "metadata_modified")}
    return {**plain, **at, "type": "dataset", "state": "active", "private": False}


def _resource(package_id: str, given: dict[str, Any]) -> dict[str, Any]:
    own = {k: given[k] for k in ("id", "name", "format", "url", "description", "position", "size")}
    at = datetime.fromisoformat(_AT)
    extras = {k: given[k] for k in ("crs", "encoding")}
    row = {**own, "package_id": package_id, "resource_type": "", "created": at, "metadata_modified": at}
    return {**row, "extras": extras, "state": "active", "hash": ""}


def _people() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    names = [*PEOPLE.values(), *(f"{MARK}other-{n}" for n in range(90))]
    users = [{"id": n, "name": n, "email": f"{n}@ville.example", "state": "active"} for n in names]
    held = [(PEOPLE["member"], OWNER), *((PEOPLE["granted"], guest) for guest in GUESTS)]
    members = [
        {"id": f"{MARK}{user}-{group}", "table_name": "user", "table_id": user, "group_id": group,
         "capacity": "member", "state": "active"}
        for user, group in held
    ]  # fmt: skip
    return users, members


@cache
def restricted(count: int) -> list[dict[str, str]]:
    """``id``, ``name`` and ``owner_org`` of the restricted ones."""
    locked = (one for one in datasets(count) if one["extras"]["access_tier"] == "restricted")
    return [{key: one[key] for key in ("id", "name", "owner_org")} for one in locked]


def grants(count: int) -> list[tuple[str, str, dict[str, str]]]:
    """``(grantee type, grantee, dataset)`` on restricted datasets, none twice to the same one; the first
    ``MINE`` are those of the person asking."""
    locked = random.Random(7).sample(restricted(count), len(restricted(count)))
    people = [("user", PEOPLE["granted"])] * OF_PERSON
    people += [("organization", guest) for guest in GUESTS for _ in range(OF_ORGANISATION)]
    people += [("user", f"{MARK}other-{n // 10}") for n in range(GRANTS - MINE)]
    return [(kind, who, locked[n % len(locked)]) for n, (kind, who) in enumerate(people)]


def _write_datasets(count: int) -> None:
    found, insert = list(datasets(count)), model.Session.execute
    names = sorted({tag["name"] for one in found for tag in one["tags"]})
    tags = [{"id": MARK + name, "name": MARK + name} for name in names]
    insert(text("INSERT INTO tag (id, name) VALUES (:id, :name)"), tags)
    insert(model.package_table.insert(), [_package(one) for one in found])
    insert(
        model.resource_table.insert(), [_resource(one["id"], r) for one in found for r in one["resources"]]
    )
    tagged = [
        {"id": f"{one['id']}-{t}", "package_id": one["id"], "tag_id": MARK + t, "state": "active"}
        for one in found
        for t in (tag["name"] for tag in one["tags"])
    ]
    insert(model.package_tag_table.insert(), tagged)


def build(count: int) -> None:
    """Write everything to the database (IDGO's tables are there: this is our side's)."""
    from ckanext.idgo.access.plugin.model import AccessGrant

    drop()
    session = model.Session
    users, members = _people()
    groups = [{**o, "created": datetime.fromisoformat(o["created"])} for o in organisations()]
    session.execute(model.group_table.insert(), groups)
    session.execute(model.User.__table__.insert(), users)
    session.execute(model.member_table.insert(), members)
    _write_datasets(count)
    since = datetime.fromisoformat(_AT) - timedelta(days=9)
    given = [
        {"id": f"{MARK}{n}", "package_id": one["id"], "organization_id": one["owner_org"],
         "grantee_type": kind, "grantee_id": who, "starts_at": since}
        for n, (kind, who, one) in enumerate(grants(count))
    ]  # fmt: skip
    session.execute(AccessGrant.__table__.insert(), given)
    session.commit()
    for table in ("package", "resource", "member", "package_tag", "idgo_access_grant"):
        session.execute(text(f"ANALYZE {table}"))
    session.commit()


_DROP = (
    ("idgo_access_grant", "id"),
    ("package_tag", "package_id"),
    ("tag", "id"),
    ("resource", "package_id"),
    ("package", "id"),
    ("member", "id"),
    ('"user"', "id"),
    ('"group"', "id"),
)


def drop() -> None:
    """Delete what carries ``MARK``, an interrupted run's rows included."""
    for table, column in _DROP:
        statement = text(f"DELETE FROM {table} WHERE {column} LIKE :mark")  # noqa: S608 (names of ours)
        model.Session.execute(statement, {"mark": f"{MARK}%"})
    model.Session.commit()


def _shown(identifier: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """What CKAN indexes of a dataset: by its own schema, by that of the plugins."""
    return package_show_default_and_custom_schemas(
        {"ignore_auth": True, "use_cache": False, "user": ""}, identifier
    )


def _as_jsonb(extras: dict[str, str]) -> list[tuple[str, str]]:
    """In the order PostgreSQL keeps."""
    return sorted(extras.items(), key=lambda item: (len(item[0]), item[0]))


def _filled(form: dict[str, Any], one: dict[str, Any]) -> dict[str, Any]:
    """``form``, what CKAN indexes of another, with what is ``one``'s own."""
    own = {
        k: one[k] for k in ("id", "name", "title", "notes", "license_id", "owner_org", "metadata_modified")
    }
    licence = model.Package.get_license_register()[one["license_id"]]
    own |= {"license_title": licence.title, "isopen": licence.isopen()}
    own |= {"license_url": licence.url} if licence.url else {}
    resources = [{**form["resources"][0], **r, "package_id": one["id"]} for r in one["resources"]]
    names = sorted(MARK + tag["name"] for tag in one["tags"])
    tags = [{**form["tags"][0], "id": name, "name": name, "display_name": name} for name in names]
    plain = {k: v for k, v in form.items() if k != "license_url"}
    filled = {**plain, **own, "resources": resources, "tags": tags, "organization": _OWNERS[one["owner_org"]]}
    if "extras" in form:
        return {**filled, "extras": [{"key": k, "value": v} for k, v in _as_jsonb(one["extras"])]}
    return {**filled, **one["extras"], "territory": json.loads(one["extras"]["territory"])}


def documents(count: int) -> Iterator[dict[str, Any]]:
    """What CKAN would index of each dataset, for the plugins that are loaded. CKAN is asked now, not when
    the first is taken (``fill`` works without package rows)."""
    default, custom = _shown(f"{MARK}0")
    return ({**_filled(default, one), "with_custom_schema": _filled(custom, one)} for one in datasets(count))


def differences(count: int) -> list[str]:
    """Where the documents of some datasets are not what CKAN would have indexed."""
    some = min(count, 200)
    found, kept = [], set(random.Random(3).sample(range(some), 12))
    for number, document in enumerate(documents(some)):
        if number in kept:
            custom = document.pop("with_custom_schema")
            for mine, theirs in zip((document, custom), _shown(document["id"]), strict=True):
                keys = sorted(mine.keys() | theirs.keys())
                wrong = [k for k in keys if mine.get(k) != theirs.get(k)]
                found += [f"{mine['id']}.{k}: {mine.get(k)!r} ≠ {theirs.get(k)!r}" for k in wrong]
    return found
