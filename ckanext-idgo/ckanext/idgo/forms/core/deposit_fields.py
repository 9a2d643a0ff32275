"""The ten fields of the simple deposit, each with where its value came from (issue 3).

A draft's fields are plain JSON: ``{name: {"value": …, "origin": code, "source": code}}``. ``origin`` is
``proposed`` (IDGO), ``typed`` (the contributor), ``published`` (the dataset as it stands) or ``account`` (the
contributor's organisation); ``source`` says what a proposal was made from (``filename``, ``columns``, …).
What was typed is never overwritten by a proposal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ckanext.idgo.common.core.errors import N_, BadInput, IdgoError

Fields = dict[str, dict[str, Any]]

TEXT_FIELDS = ("title", "notes", "owner_org", "theme", "frequency", "license_id", "access_tier")
LIST_FIELDS = ("tags", "territory")
FORM_FIELDS = (
    "title",
    "notes",
    "owner_org",
    "theme",
    "tags",
    "territory",
    "frequency",
    "license_id",
    "access_tier",
)
"""Nine, and the file or link is the tenth."""
DERIVED_FIELDS = ("inspire_theme", "topic_category", "data_family", "lineage", "spatial", "dates")
"""Kept in the draft beside the nine, never shown as a field."""

MAX_LENGTHS = {"title": 300, "notes": 20_000}
MAX_KEYWORDS = 30
MIN_KEYWORD_LENGTH, MAX_KEYWORD_LENGTH = 2, 100  # CKAN's own limits

_ASK = {
    "title": N_("Give a title: it is what people read first in the list of results."),
    "notes": N_("Write a sentence or two: what the data holds, and what it does not."),
    "owner_org": N_("Choose the organization that publishes the data."),
    "theme": N_("Choose a theme: it is how people who do not know the title find the data."),
    "territory": N_("Give at least one territory, for example a commune."),
    "frequency": N_("Choose a frequency: it is used to remind you of the next update."),
    "license_id": N_("Choose a licence: without one nobody may reuse the data."),
    "access_tier": N_("Choose who may have the file."),
}


def empty(value: Any) -> bool:
    """Nothing a person would call a value."""
    return value is None or (isinstance(value, str) and not value.strip()) or value in ([], ())


def value_of(fields: Fields, name: str) -> Any:
    """The value of a field, ``[]`` or ``""`` when there is none."""
    given = fields.get(name, {}).get("value")
    return ([] if name in LIST_FIELDS else "") if given is None else given


def values_of(fields: Fields, names: Iterable[str] = FORM_FIELDS) -> dict[str, Any]:
    return {name: value_of(fields, name) for name in names}


def tidy(name: str, value: Any) -> Any:
    """What a form or a client sent, in the field's shape; spaces at the ends dropped, doubles too."""
    if name in LIST_FIELDS:
        parts = value.replace(";", ",").split(",") if isinstance(value, str) else (value or [])
        if not isinstance(parts, list | tuple) or not all(isinstance(part, str) for part in parts):
            raise BadInput("field-list", N_("The field “{field}” is a list of texts."), field=name)
        return list(dict.fromkeys(" ".join(part.split()) for part in parts if part.strip()))
    if not isinstance(value, str):
        raise BadInput("field-text", N_("The field “{field}” is a text."), field=name)
    text = value.replace("\r\n", "\n").replace("\x00", "").strip()
    return text if name == "notes" else " ".join(text.split())


def storable(value: Any) -> Any:
    """Text without lone surrogates, which JSON can write (``"\\ud800"``) and no database can keep."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, list | tuple):
        return [storable(part) for part in value]
    return value


def with_typed(fields: Fields, sent: Mapping[str, Any]) -> Fields:
    """``fields`` after the contributor sent some of them: what differs becomes ``typed``.

    Raises ``BadInput`` for a name that is not a field or a value of another shape.
    """
    result = dict(fields)
    for name, raw in sent.items():
        if name not in FORM_FIELDS:
            raise BadInput("field-unknown", N_("There is no field “{field}”."), field=str(name)[:60])
        value = tidy(name, storable(raw))
        if value != value_of(fields, name):
            result[name] = {"value": value, "origin": "typed"}
    return result


def with_proposals(
    fields: Fields, proposals: Mapping[str, tuple[Any, str]], origin: str = "proposed"
) -> Fields:
    """``fields`` with ``{name: (value, source)}`` where nothing was typed or published.

    Derived fields always follow the newest file.
    """
    result = dict(fields)
    for name, (value, source) in proposals.items():
        held = fields.get(name, {})
        kept = held.get("origin") in ("typed", "published") and not empty(held.get("value"))
        erased = held.get("origin") == "typed"
        if name in DERIVED_FIELDS or not (kept or erased):
            result[name] = {"value": value, "origin": origin, "source": source}
    return result


def problems(fields: Fields, located: bool = False) -> dict[str, IdgoError]:
    """What keeps the deposit from being sent, by field; empty when nothing does.

    ``located``: the data themselves say where they lie, so that no territory needs to be named (a file of the
    whole country is in no territory of the region).
    """
    found: dict[str, IdgoError] = {}
    for name, sentence in _ASK.items():
        if empty(value_of(fields, name)) and not (name == "territory" and located):
            found[name] = BadInput(f"{name}-missing", sentence)
    for name, limit in MAX_LENGTHS.items():
        if len(value_of(fields, name)) > limit:
            found[name] = BadInput(
                f"{name}-long", N_("This text is longer than {limit} characters."), limit=limit
            )
    keyword = _keyword_problem(value_of(fields, "tags"))
    if keyword:
        found["tags"] = keyword
    return found


def _keyword_problem(tags: list[str]) -> BadInput | None:
    if len(tags) > MAX_KEYWORDS:
        return BadInput("tags-many", N_("No more than {limit} keywords."), limit=MAX_KEYWORDS)
    for tag in tags:
        if not MIN_KEYWORD_LENGTH <= len(tag) <= MAX_KEYWORD_LENGTH:
            return BadInput(
                "tag-length",
                N_("The keyword “{tag}” must have between {least} and {most} characters."),
                tag=tag[:40],
                least=MIN_KEYWORD_LENGTH,
                most=MAX_KEYWORD_LENGTH,
            )
    return None


def filled_for_you(fields: Fields) -> int:
    """How many of the form's fields hold a value that the contributor did not have to type."""
    origins = ("proposed", "account")
    return sum(
        1
        for name in FORM_FIELDS
        if fields.get(name, {}).get("origin") in origins and not empty(value_of(fields, name))
    )


def filled(fields: Fields) -> int:
    """How many of the form's fields hold a value."""
    return sum(1 for name in FORM_FIELDS if not empty(value_of(fields, name)))


def conflicts(
    base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Fields that differ between my version and theirs, when somebody saved after I opened ``base``.

    ``both`` is true where both changed the same field: the others have an evident answer, which is proposed.
    """
    rows = []
    for name in FORM_FIELDS:
        if mine.get(name) == theirs.get(name):
            continue
        i_changed, they_changed = mine.get(name) != base.get(name), theirs.get(name) != base.get(name)
        rows.append(
            {
                "field": name,
                "mine": mine.get(name),
                "theirs": theirs.get(name),
                "both": i_changed and they_changed,
                "keep": "mine" if i_changed else "theirs",
            }
        )
    return rows
