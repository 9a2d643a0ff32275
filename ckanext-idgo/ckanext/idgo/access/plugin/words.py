"""What people read: a tier, a refusal. Codes stay codes; sentences go through gettext at the edge."""

from __future__ import annotations

import ckan.plugins.toolkit as tk

from ckanext.idgo.access.core.decide import Reason
from ckanext.idgo.access.core.scopes import Scope
from ckanext.idgo.access.core.tiers import Tier


def tier_label(value: str | None) -> str:
    """The tier in words, for a badge."""
    labels = {
        Tier.OPEN.value: tk._("Open to all"),
        Tier.AUTHENTICATED.value: tk._("Sign-in required"),
        Tier.RESTRICTED.value: tk._("Restricted"),
    }
    return labels.get(value or "", tk._("Access level to be checked"))


def refusal_sentence(reason: Reason | str, organisation: str | None = None) -> str:
    """Why the content stays closed, and the way in where there is one. ``organisation`` is its title."""
    code = Reason(reason)
    if code is Reason.LOGIN_REQUIRED:
        return tk._("Sign in to get this data: any account will do.")
    if code is Reason.ACCESS_REQUIRED and organisation:
        return tk._(
            "Reserved by {organisation} for those to whom it gave access: you can ask for it."
        ).format(organisation=organisation)
    if code is Reason.MEMBERS_ONLY and organisation:
        return tk._("Reserved for members of {organisation}.").format(organisation=organisation)
    sentences = {
        Reason.MEMBERS_ONLY: tk._("Reserved for members of the organisation that owns this data."),
        Reason.ACCESS_REQUIRED: tk._("Reserved for those to whom its owner gave access: you can ask for it."),
        Reason.GRANT_ENDED: tk._("Your access to this data has ended: you can ask for it again."),
        Reason.TERRITORY_LIMITED: tk._(
            "Your access is limited to a territory: extractions and services are cut to it, "
            "the whole file stays closed."
        ),
        Reason.UNPUBLISHED: tk._("This dataset is not published yet: only its organisation sees its files."),
        Reason.MALFORMED_TIER: tk._("The access level of this data cannot be read, so it stays closed."),
        Reason.EDITORS_ONLY: tk._("Past versions are kept for the editors of this dataset."),
        Reason.TOKEN_SCOPE: tk._("This API token does not allow that. Make one with a wider scope."),
        Reason.INACTIVE_USER: tk._("This account is no longer active."),
        Reason.ORGANISATION_CLOSED: tk._("The organisation that owned this data is closed."),
        Reason.RESOURCE_DELETED: tk._("This file was removed."),
    }
    return sentences.get(code, tk._("The content of this resource is not open to you"))


def scope_label(value: str | None) -> str:
    """What a token may do, in a few words."""
    labels = {
        Scope.METADATA.value: tk._("Read descriptions"),
        Scope.DATA.value: tk._("Read data"),
        Scope.WRITE.value: tk._("Read and write"),
    }
    return labels.get(value or "", tk._("Nothing: its scope cannot be read"))


def scope_choices() -> list[dict[str, str]]:
    """Every scope with its label and a sentence, from the narrowest."""
    sentences = {
        Scope.METADATA: tk._("Descriptions of datasets, and the files that are open to all."),
        Scope.DATA: tk._("Also the files you have access to. It changes nothing."),
        Scope.WRITE: tk._("All that you may do here: deposit, change, delete. For your own scripts only."),
    }
    return [
        {"value": scope.value, "label": scope_label(scope.value), "help": sentence}
        for scope, sentence in sentences.items()
    ]


def ending_sentence(code: str | None) -> str:
    """Why a grant or a request ended without anybody deciding it (``endings``)."""
    sentences = {
        "dataset-purged": tk._("The dataset was removed for good."),
        "resource-removed": tk._("The resource was removed."),
        "owner-changed": tk._("The dataset went to another organization."),
        "owner-closed": tk._("The organization that gave access is closed."),
        "holder-closed": tk._("The account or the organization that had access is closed."),
    }
    return sentences.get(code or "", code or "")
