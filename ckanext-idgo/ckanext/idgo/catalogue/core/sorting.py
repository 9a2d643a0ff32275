"""Orders a search may ask for."""

from __future__ import annotations

from ckanext.idgo.common.core.errors import N_, BadInput

DEFAULT = "score desc, metadata_modified desc"
SORTABLE = {
    "score": "score",
    "relevance": "score",
    "title": "title_string",  # the title itself is cut into words and cannot be sorted by
    "title_string": "title_string",
    "name": "name",
    "id": "id",
    "organization": "organization",
    "metadata_created": "metadata_created",
    "metadata_modified": "metadata_modified",
    "views_total": "views_total",
    "views_recent": "views_recent",
}
"""What is not named here is refused: an order by a masked field tells its content (design/traps.md)."""


def parse_sort(text: str | None) -> str | None:
    """``"title asc, score desc"`` → the same in Solr's fields; None when nothing is asked.

    Raises ``BadInput`` for an unknown field or direction.
    """
    if not text or text.strip() in ("", "rank"):
        return None
    clauses = []
    for clause in text.split(","):
        words = clause.split()
        field = SORTABLE.get(words[0]) if words else None
        direction = words[1].lower() if len(words) > 1 else "desc" if field == "score" else "asc"
        if field is None or direction not in ("asc", "desc") or len(words) > 2:
            raise BadInput(
                "sort",
                N_("The catalogue cannot be sorted by “{clause}”. It can by: {fields}."),
                clause=clause.strip()[:60],
                fields=", ".join(sorted(SORTABLE)),
            )
        clauses.append(f"{field} {direction}")
    return ", ".join(clauses)
