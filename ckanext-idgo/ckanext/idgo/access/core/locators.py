"""Addresses in what others copy: a catalogue that harvests ours must not carry more than ours shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckanext.idgo.access.core.decide import Reason
from ckanext.idgo.access.core.masks import is_masked, mask_dataset, strip_marks

#: Why somebody may have a content that is not theirs.
LENT = frozenset({Reason.GRANTED, Reason.SIGNED_IN})


def download_route(site_url: str, dataset_id: str, resource_id: str) -> str:
    """IDGO's own address of a resource's content; the verdict is asked there, each time."""
    return f"{site_url.rstrip('/')}/dataset/{dataset_id}/resource/{resource_id}/download"


def for_export(dataset: dict[str, Any], site_url: str) -> dict[str, Any]:
    """The dataset as every copy of it reads (ISO, DCAT), whoever asks: issue 4.

    A resource that is not open keeps its public fields, with IDGO's download route as its ``url``: an
    address that is refused or answered at each visit, where the resource's own would outlive every grant.
    Its owner's members read the address on the page and in ``package_show``; a copy made with their rights
    would not be masked again by those who receive it.
    """
    masked = mask_dataset(dataset)
    resources = masked.get("resources")
    if not isinstance(resources, list):
        return masked
    return {**masked, "resources": [_located(r, str(dataset.get("id", "")), site_url) for r in resources]}


def lend(resource: dict[str, Any], reason: Reason, site_url: str) -> dict[str, Any]:
    """The resource as a viewer allowed for ``reason`` reads it: the address of a link that is not open stays
    with its owner (issue 4: fetched through IDGO or refused, never revealed). It would outlive the grant.
    """
    if reason not in LENT or resource.get("url_type") == "upload":
        return resource
    route = download_route(site_url, str(resource.get("package_id", "")), str(resource.get("id", "")))
    return {**resource, "url": route}


def is_lent(resource: Mapping[str, Any], site_url: str) -> bool:
    """Does it come back as ``lend`` showed it? Its own address must then be kept."""
    package_id, resource_id = str(resource.get("package_id", "")), str(resource.get("id", ""))
    return resource.get("url") == download_route(site_url, package_id, resource_id)


def _located(resource: Mapping[str, Any], dataset_id: str, site_url: str) -> dict[str, Any]:
    if not is_masked(resource):
        return dict(resource)
    route = download_route(site_url, dataset_id, str(resource.get("id", "")))
    # A download, for whoever describes it.
    return {**strip_marks(dict(resource)), "url": route, "url_type": "upload"}
