"""The door to ``forms.core.propose``: what this site knows of the organisation, one call."""

from __future__ import annotations

from datetime import date
from typing import Any

import ckan.model as ckan_model
import sqlalchemy as sa

from ckanext.idgo.forms.core.deposit_fields import DERIVED_FIELDS, FORM_FIELDS, value_of, with_proposals
from ckanext.idgo.forms.core.deposit_lineage import lineage
from ckanext.idgo.forms.core.facts import FileFacts
from ckanext.idgo.forms.core.propose import Organization, ProposalContext, propose
from ckanext.idgo.forms.plugin.model import Deposit


def with_facts(deposit: Deposit, facts: FileFacts) -> dict[str, Any]:
    """The draft's fields with what the file and the organisation propose."""
    file = deposit.file() or {}
    today = date.today()
    known = ProposalContext(
        today=today,
        organization=_organization(value_of(deposit.fields, "owner_org")),
        name=str(file.get("filename") or ""),
        title=_typed(deposit.fields, "title"),
        notes=_typed(deposit.fields, "notes"),
    )
    wanted = {*FORM_FIELDS, *DERIVED_FIELDS}
    pairs = {name: pair for name, pair in propose(facts, known).pairs().items() if name in wanted}
    pairs["lineage"] = (lineage(facts, today), "data")
    return with_proposals(deposit.fields, pairs)


def _typed(fields: dict[str, Any], name: str) -> str:
    return str(value_of(fields, name)) if fields.get(name, {}).get("origin") == "typed" else ""


def _organization(organization_id: str) -> Organization:
    """Title and usual licence: the one most of its public datasets have."""
    group = ckan_model.Group.get(organization_id) if organization_id else None
    if group is None:
        return Organization()
    package: Any = ckan_model.Package  # declares only a part of its columns
    query = (
        sa.select(package.license_id)
        .where(package.owner_org == group.id, package.state == "active", package.license_id != "")
        .group_by(package.license_id)
        .order_by(sa.func.count().desc(), package.license_id)
        .limit(1)
    )
    usual = ckan_model.Session.execute(query).scalar()
    return Organization(title=group.title or group.name, license_id=usual)
