"""What a person reads for the codes the catalogue counts by."""

from __future__ import annotations

import ckan.model as model
import ckan.plugins.toolkit as tk
from flask import has_request_context

from ckanext.idgo.common.core.territories import Territories
from ckanext.idgo.metadata.core import codelists

CODELISTS = {
    "theme": "themes",
    "inspire_theme": "inspire_themes",
    "access_tier": "access_tiers",
    "data_family": "data_families",
    "frequency": "frequencies",
}
LANGUAGES = ("fr", "en")


def language() -> str:
    """Language of the page; the site's own in a worker or on the command line, where there is no page."""
    return (has_request_context() and tk.h.lang()) or tk.config["ckan.locale_default"]


def labels_of(field: str, code: str) -> list[str]:
    """Every label of a code, for the index; none for a code its list does not know."""
    entries = codelists.load(CODELISTS[field])
    return [entries.label(code, lang) for lang in LANGUAGES] if code in entries else []


def facet_label(field: str, code: str) -> str:
    """The label of a facet's value in the language of the page; the code itself when it has none."""
    if field in CODELISTS:
        entries = codelists.load(CODELISTS[field])
        return entries.label(code, language()) if code in entries else code
    if field == "territory":
        return Territories.load().label(code)
    if field == "license_id":
        licence = model.Package.get_license_register().get(code)
        return licence.title if licence else code
    return code
