"""What a refusal adds for who was refused: where to ask, if asking can help."""

from __future__ import annotations

import ckan.plugins.toolkit as tk

from ckanext.idgo.access.core.decide import REQUESTABLE, Verdict
from ckanext.idgo.access.plugin import paths


def way_in(answer: Verdict, dataset: str | None) -> dict[str, str]:
    """``{"request_access": address of the form}`` where a request can change the answer, else nothing.

    ``dataset``: name or id of a dataset the caller may see.
    """
    if dataset is None or answer.reason not in REQUESTABLE:
        return {}
    return {"request_access": f"{tk.config['ckan.site_url'].rstrip('/')}{paths.ask(dataset)}"}
