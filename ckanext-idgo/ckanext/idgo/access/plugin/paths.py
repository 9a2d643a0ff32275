"""Addresses of the room's pages, without language or host: what refusals and messages point to."""

from __future__ import annotations

from urllib.parse import urlencode

MY_ACCESS = "/mes-acces"
ASK = "/demande-acces"


def ask(dataset: str) -> str:
    """The form that asks for access to a dataset (name or id)."""
    return f"{ASK}?{urlencode({'dataset': dataset})}"


def request(request_id: str) -> str:
    """One request, for who asked and who decides."""
    return f"{ASK}/{request_id}"
