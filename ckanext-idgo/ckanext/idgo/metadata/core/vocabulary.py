"""Words that IDGO puts into its records, and the vocabularies it names there.

They are content of the record, in the record's language, not interface: hence not in the translations.
"""

from __future__ import annotations

THEMES_TITLE = "Thèmes IDGO"
FAMILIES_TITLE = "Familles de données IDGO"
TERRITORIES_TITLE = "Code officiel géographique"
VOCABULARY_DATE = "2026-11-24"
"""Day of the first edition of IDGO's own vocabularies (``schemas/codelists``)."""
COG_DATE = "2025-01-01"
"""Vintage of the administrative geography in ``schemas/territories``."""

CONDITIONS = "http://inspire.ec.europa.eu/metadata-codelist/ConditionsApplyingToAccessAndUse"

WORDS = {
    "fre": {
        "lineage": "Jeu de données diffusé par {organization} dans le catalogue IDGO.",
        "lineage_formats": "Formats : {values}.",
        "lineage_crs": "Systèmes de coordonnées : {values}.",
        "page": "Page du jeu de données dans le catalogue",
        "not_evaluated": "Conformité non évaluée.",
        "no_reason": "Accès restreint. Le motif de droit n’est pas précisé.",
        "account": "Un compte est nécessaire pour obtenir les données.",
        "conditions_unknown": "Conditions d’accès et d’utilisation inconnues",
        "an_organization": "l’organisme producteur",
    },
    "eng": {
        "lineage": "Dataset published by {organization} in the IDGO catalogue.",
        "lineage_formats": "Formats: {values}.",
        "lineage_crs": "Coordinate reference systems: {values}.",
        "page": "Page of the dataset in the catalogue",
        "not_evaluated": "Conformity not evaluated.",
        "no_reason": "Restricted access. The legal reason is not stated.",
        "account": "An account is needed to get the data.",
        "conditions_unknown": "Conditions applying to access and use are unknown",
        "an_organization": "its producer",
    },
}
