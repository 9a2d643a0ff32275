"""The territory of a search: what lies in it, and what covers it."""

from __future__ import annotations

import re
from typing import Protocol

from ckanext.idgo.common.core.errors import N_, BadInput

_CODE = re.compile(r"(?:region|departement|epci|commune):[0-9A-Za-z]{1,14}")


class Places(Protocol):
    """What a territory search needs of ``common.core.territories.Territories``."""

    def __contains__(self, code: object) -> bool: ...

    def ancestors(self, code: str) -> tuple[str, ...]: ...


def territory_filter(code: str, places: Places) -> str:
    """Solr filter: datasets declared on ``code`` or inside it (the index holds each one's ancestors), and
    those declared on a larger territory that contains it (a regional dataset speaks of Arles too).

    Raises ``BadInput`` for a code that is not one of the region's.
    """
    if not _CODE.fullmatch(code) or code not in places:
        raise BadInput(
            "territory", N_("“{value}” is not the code of a territory of the region."), value=code[:40]
        )
    clauses = [f'territory:"{code}"', *(f'territory_own:"{above}"' for above in places.ancestors(code))]
    return f"+({' OR '.join(clauses)})"


def territory_boost(code: str, places: Places) -> str:
    """Solr function that multiplies the score: what is of the territory before what merely covers it."""
    return f"if(termfreq(territory,'{code}'),2,1)" if places.ancestors(code) else "1"
