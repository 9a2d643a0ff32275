"""API tokens: kept with their scope and their end, read at every request (CKAN's ``IApiToken``)."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.api_token import into_seconds
from flask import g, has_request_context

from ckanext.idgo.access.core.scopes import LEGACY, Ask, Scope, TokenFacts, new_end, token_facts

KEY = "idgo_access"  # in the token's ``plugin_extras``


def default_days() -> int:
    return min(int(tk.config["ckanext.idgo.access.token_days"]), max_days())


def max_days() -> int:
    return int(tk.config["ckanext.idgo.access.token_max_days"])


def facts_of(token: Any) -> TokenFacts:
    """Of a ``model.ApiToken``."""
    extras = token.plugin_extras if isinstance(token.plugin_extras, dict) else {}
    return token_facts(extras.get(KEY, LEGACY), token.created_at, max_days())


def facts_of_all(ids: list[str]) -> dict[str, TokenFacts]:
    """By token id; one query."""
    query = model.Session.query(model.ApiToken).filter(model.ApiToken.id.in_(ids))  # type: ignore[attr-defined]
    return {token.id: facts_of(token) for token in query}


def of_request() -> TokenFacts | None:
    """Of the token that the request being served came with; None for a session or nobody."""
    return g.get("idgo_token") if has_request_context() else None


def sees_no_content() -> bool:
    """Whether the request's token keeps its owner from content: the owner then decides like anybody."""
    facts = of_request()
    return facts is not None and not facts.covers(Ask.CONTENT)


def schema(given: Any) -> Any:
    """CKAN's schema of ``api_token_create`` with ``scope`` and ``expires_in_days``."""
    default: Any = tk.get_validator("default")
    words = [scope.value for scope in Scope]
    most = max_days()

    def days(value: Any) -> int:
        number = int(value) if isinstance(value, (int, str)) and str(value).strip().isdecimal() else 0
        if not 1 <= number <= most:
            raise tk.Invalid(tk._("Give a number of days from 1 to {most}.").format(most=most))
        return number

    def scope(value: Any) -> Any:
        if value not in words:
            raise tk.Invalid(tk._("Choose one of: {words}.").format(words=", ".join(words)))
        return value

    return {
        **given,
        "scope": [default(Scope.WRITE.value), scope],
        "expires_in_days": [default(default_days()), days],
    }


def make(data: dict[str, Any], jti: str, asked: dict[str, Any]) -> dict[str, Any]:
    """Keep what was asked with the new token, and its end in the token itself."""
    token = model.ApiToken.get(jti)
    if token is None:
        raise tk.ObjectNotFound
    # Code that makes a token with a schema of its own (``user_create``) asks for neither.
    days = asked.get("expires_in_days") or default_days()
    end = new_end(datetime.now(timezone.utc), days, max_days(), of_request())
    kept = {"scope": asked.get("scope") or Scope.WRITE.value, "ends_at": end.isoformat()}
    token.set_extra(KEY, kept, True)
    return {**data, "exp": into_seconds(end)}


def described(result: dict[str, Any]) -> dict[str, Any]:
    """The answer of ``api_token_create`` with the token's scope and end."""
    token = model.ApiToken.get(result.get("id"))
    return {**result, **words(facts_of(token))} if token else result


def words(facts: TokenFacts) -> dict[str, Any]:
    """As the API writes them: ``scope`` (None: unreadable, refused everywhere), ``expires_at`` (UTC)."""
    return {
        "scope": facts.scope.value if facts.scope else None,
        "expires_at": facts.ends_at.replace(tzinfo=None).isoformat(),
    }


def read(data: Any) -> Any:
    """Before CKAN looks for the owner: nothing where the token ended or its owner is gone.

    The request remembers the token's facts: ``token_gate`` and the viewer ask them.
    """
    token = model.ApiToken.get(data.get("jti")) if data else None
    if token is None:
        return data
    facts = facts_of(token)
    owner = token.owner
    if not facts.lives(datetime.now(timezone.utc)) or owner is None or owner.state != "active":
        return {}
    if has_request_context():
        g.idgo_token = facts
    return data
