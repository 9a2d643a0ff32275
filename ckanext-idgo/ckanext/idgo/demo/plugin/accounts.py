"""The demonstration's five accounts: named by role, random passwords, an API token each."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ckan.model as model
import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan.lib import api_token

from ckanext.idgo.demo.plugin.actions import as_site, create_organization, ensure_organization, shown

Known = Mapping[str, Mapping[str, str | None]]
TOKEN_NAME = "demonstration"  # noqa: S105 (the name under which CKAN lists it)
EXAMPLE = "ville-arles"


@dataclass(frozen=True)
class Account:
    """``organization``: ``example``, ``guichet`` or empty; ``role`` is CKAN's capacity in it (issue 3:
    contributor = editor, referent = admin, guichet team = members of the guichet's organisation)."""

    key: str
    name: str
    fullname: str
    organization: str = ""
    role: str = "member"
    sysadmin: bool = False


ACCOUNTS = (
    Account("contributor", "contributeur", "Contributeur, Ville d’Arles", "example", "editor"),
    Account("referent", "referent", "Référent, Ville d’Arles", "example", "admin"),
    Account("guichet", "guichet", "Équipe du guichet", "guichet", "member"),
    Account("user", "usager", "Usager inscrit"),
    Account("sysadmin", "admin", "Administration du site", sysadmin=True),
)


def ensure(known: Known, rotate: bool) -> dict[str, dict[str, str | None]]:
    """Create what lacks. ``known`` is what an earlier call returned: a password or token that still works is
    given back. An account found with a password nobody knows keeps it (``None``) unless ``rotate``.
    """
    if shown("organization", _guichet()) is None:
        create_organization({"name": _guichet(), "title": "Guichet IDGO"})
    ensure_organization(EXAMPLE)
    made = {a.key: _ensure(a, known.get(a.key, {}), rotate) for a in ACCOUNTS}
    join_organizations()
    for account in ACCOUNTS:
        accept_terms(account.name)
    return made


def accept_terms(name: str) -> None:
    """As somebody who signed in already: the demonstration does not begin with a page to accept."""
    if not p.plugin_loaded("idgo_membership"):
        return
    try:
        terms = tk.get_action("idgo_membership_terms_show")(as_site(), {})
    except tk.ObjectNotFound:  # a site without terms asks nothing
        return
    accept = tk.get_action("idgo_membership_terms_accept")
    accept({"user": name, "auth_user_obj": model.User.get(name)}, {"version": terms["version"]})


def join_organizations() -> None:
    """Give the accounts that exist their role in the organisations that exist, whichever came first."""
    for account in ACCOUNTS:
        organization = _organization(account)
        if organization and model.User.get(account.name) and shown("organization", organization):
            member = {"id": organization, "username": account.name, "role": account.role}
            tk.get_action("organization_member_create")(as_site(), member)


def _organization(account: Account) -> str:
    return {"example": EXAMPLE, "guichet": _guichet()}.get(account.organization, "")


def _guichet() -> str:
    return tk.config.get("ckanext.idgo.guichet.organization") or "guichet"


def _ensure(account: Account, known: Mapping[str, str | None], rotate: bool) -> dict[str, str | None]:
    user = model.User.get(account.name)
    password = known.get("password") if user and not rotate else None
    if user and password and not user.validate_password(password):
        password = None
    if user is None or rotate:
        password = secrets.token_urlsafe(12)
        _write_user(account, password, user)
    if account.sysadmin:
        tk.get_action("user_patch")(as_site(), {"id": account.name, "sysadmin": True})
    token = known.get("token") if not rotate else None
    if not token or api_token.get_user_from_token(token, update_access_time=False) is None:
        token = _new_token(account, rotate)
    return {"name": account.name, "password": password, "token": token}


def _write_user(account: Account, password: str, user: Any) -> None:
    fields = {
        "name": account.name,
        "fullname": account.fullname,
        "email": f"{account.name}@idgo.example",
        "password": password,
    }
    if user is None:
        tk.get_action("user_create")(as_site(), fields)
    else:
        tk.get_action("user_update")(as_site(), {**fields, "id": user.id})


def _new_token(account: Account, rotate: bool) -> str:
    """A new token; those this command made before are revoked when rotating."""
    if rotate:
        for listed in tk.get_action("api_token_list")(as_site(), {"user_id": account.name}):
            if listed["name"] == TOKEN_NAME:
                tk.get_action("api_token_revoke")(as_site(), {"jti": listed["id"]})
    data = {"user": account.name, "name": TOKEN_NAME}
    return str(tk.get_action("api_token_create")(as_site(), data)["token"])


def read(path: Path | None) -> Known:
    """What an earlier call wrote to ``path``; nothing when it is not there."""
    return json.loads(path.read_text(encoding="utf-8")) if path and path.is_file() else {}


def write(path: Path, made: Mapping[str, Any]) -> None:
    """Write the accounts where only their owner may read (mode 0600), all at once."""
    partial = path.with_name(path.name + ".part")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        json.dump(made, stream, ensure_ascii=False, indent=1)
    os.replace(partial, path)
