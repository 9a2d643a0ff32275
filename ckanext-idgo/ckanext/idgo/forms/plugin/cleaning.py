"""What time removes: forgotten drafts, replaced files that can no longer be undone."""

from __future__ import annotations

from datetime import datetime, timedelta

import ckan.model as ckan_model

from ckanext.idgo.forms.plugin import config, drafts, store
from ckanext.idgo.forms.plugin.model import DONE, DRAFT, Deposit


def clean() -> tuple[int, int]:
    """Gives how many drafts and how many replaced files were removed."""
    oldest = datetime.utcnow() - timedelta(days=config.draft_days())
    query = ckan_model.Session.query(Deposit)
    forgotten = query.filter(Deposit.state == DRAFT, Deposit.modified < oldest).all()
    for deposit in forgotten:
        drafts.discard(deposit)
    over = [d for d in query.filter(Deposit.state == DONE, Deposit.kind == "replace") if _over(d)]
    for deposit in over:
        store.remove_all(deposit.id)
        deposit.undo = {}
    ckan_model.Session.commit()
    return len(forgotten), len(over)


def _over(deposit: Deposit) -> bool:
    until = deposit.undo.get("until")
    return bool(until) and datetime.fromisoformat(until) < datetime.utcnow()
