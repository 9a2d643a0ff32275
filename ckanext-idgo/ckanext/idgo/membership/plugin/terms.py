"""The terms in force on this site, and who accepted them."""

from __future__ import annotations

from datetime import datetime, timezone

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.idgo.common.core.errors import N_, Conflict, NotThere, Refused
from ckanext.idgo.membership.core import terms
from ckanext.idgo.membership.plugin.model import TermsAcceptance


def current() -> str:
    """The version in force; ``NotThere`` when the site has none."""
    chosen = str(tk.config.get("ckanext.idgo.terms.version") or "")
    return terms.current(datetime.now(timezone.utc).date(), chosen)


def accepted(user_id: str) -> TermsAcceptance | None:
    """The person's acceptance of the version in force, None when they must be asked."""
    return TermsAcceptance.of(user_id, current())


def due(user_id: str) -> bool:
    """Whether to ask at sign-in. A site without terms asks nothing."""
    try:
        return accepted(user_id) is None
    except NotThere:
        return False


def check_accepted(user_id: str) -> str:
    """The version in force; ``Refused`` until it is accepted."""
    version = current()
    if TermsAcceptance.of(user_id, version) is None:
        raise Refused("terms-not-accepted", N_("Accept the terms of use first."))
    return version


def accept(user_id: str, version: str) -> TermsAcceptance:
    """Record it, once. ``Conflict`` for another version than the one in force: what was read is accepted."""
    if version != current():
        raise Conflict("terms-changed", N_("The terms of use have changed: read the new version."))
    found = TermsAcceptance.of(user_id, version)
    if found is None:
        found = TermsAcceptance(user_id=user_id, version=version)
        model.Session.add(found)
        model.Session.commit()
    return found
