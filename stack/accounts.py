"""The five accounts of an instance, made through CKAN's own actions: ``python -m stack.accounts``
(``CKAN_INI`` set).

Roles (issue 3): contributor = editor, referent = admin of an organisation; the guichet team = members of the
organisation that ``ckanext.idgo.guichet.organization`` names.
"""

from __future__ import annotations

import json
import os
import secrets
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stack.layout import Layout
from stack.secrets import write_private

ORGANIZATION = ("collectivite-exemple", "Collectivité d'exemple")


@dataclass(frozen=True)
class Account:
    """``organization`` is a key of ``organizations()``; ``role`` CKAN's capacity in it."""

    key: str
    name: str
    fullname: str
    organization: str | None = None
    role: str = "member"
    sysadmin: bool = False


ACCOUNTS = (
    Account("contributor", "contributeur", "Contributeur (exemple)", "example", "editor"),
    Account("referent", "referent", "Référent (exemple)", "example", "admin"),
    Account("guichet", "guichet", "Équipe du guichet (exemple)", "guichet", "editor"),
    Account("user", "utilisateur", "Utilisateur (exemple)"),
    Account("sysadmin", "administration", "Administration (exemple)", sysadmin=True),
)


def path(layout: Layout) -> Path:
    return layout.state / "accounts.json"


def load(layout: Layout) -> dict[str, dict[str, str]]:
    """Key → ``{name, password, token}``."""
    file = path(layout)
    return json.loads(file.read_text("utf-8")) if file.is_file() else {}


def _organizations() -> dict[str, tuple[str, str]]:
    from ckan.common import config

    guichet = config.get("ckanext.idgo.guichet.organization") or "guichet"
    return {"example": ORGANIZATION, "guichet": (guichet, "Guichet des données")}


def _fresh(context: Any) -> Any:
    """Actions write into their context: each call gets its own."""
    return dict(context)


def _ensure_user(context: Any, account: Account, known: dict[str, str]) -> dict[str, str]:
    import ckan.model as model
    import ckan.plugins.toolkit as tk

    password = known.get("password") or secrets.token_urlsafe(12)
    fields = {
        "name": account.name,
        "email": f"{account.name}@idgo.example",
        "fullname": account.fullname,
        "password": password,
    }
    user = model.User.get(account.name)
    if user is None:
        tk.get_action("user_create")(_fresh(context), fields)
    elif not known.get("password"):
        tk.get_action("user_update")(_fresh(context), {**fields, "id": user.id})
    made: Any = model.User.get(account.name)
    if account.sysadmin and not made.sysadmin:
        tk.get_action("user_patch")(_fresh(context), {"id": made.id, "sysadmin": True})
    token = known.get("token")
    if not token or not _token_works(token):
        data = {"user": account.name, "name": "instance.json"}
        token = tk.get_action("api_token_create")(_fresh(context), data)["token"]
    return {"name": account.name, "password": password, "token": token}


def _token_works(token: str) -> bool:
    from ckan.lib import api_token

    return api_token.get_user_from_token(token, update_access_time=False) is not None


def _ensure_organizations(context: Any) -> None:
    import ckan.model as model
    import ckan.plugins.toolkit as tk

    organizations = _organizations()
    for name, title in organizations.values():
        if model.Group.get(name) is None:
            tk.get_action("organization_create")(_fresh(context), {"name": name, "title": title})
    for account in ACCOUNTS:
        if account.organization:
            member = {
                "id": organizations[account.organization][0],
                "username": account.name,
                "role": account.role,
            }
            tk.get_action("organization_member_create")(_fresh(context), member)


def create(known: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    """Create what is missing; passwords and tokens already known are kept when they still work."""
    import ckan.plugins.toolkit as tk

    site = tk.get_action("get_site_user")({"ignore_auth": True}, {})
    context: Any = {"ignore_auth": True, "user": site["name"]}
    made = {account.key: _ensure_user(context, account, known.get(account.key, {})) for account in ACCOUNTS}
    _ensure_organizations(context)
    return made


def main() -> None:
    from ckan.cli import CKANConfigLoader
    from ckan.config.middleware import make_app

    layout = Layout(Path(os.environ["IDGO_ROOT"]), Path(os.environ["IDGO_STATE"]))
    app: Any = make_app(CKANConfigLoader(os.environ["CKAN_INI"]).get_config())
    with app._wsgi_app.test_request_context():
        write_private(path(layout), json.dumps(create(load(layout)), indent=1))
    sys.stdout.write("accounts written\n")


if __name__ == "__main__":
    main()
