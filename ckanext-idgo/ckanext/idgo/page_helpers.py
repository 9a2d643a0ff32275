"""Template helpers that ask the catalogue: the home page's figures, the search page's heading and chips."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import ckan.plugins.toolkit as tk
from flask import current_app

from ckanext.idgo.common.core.territories import Territories
from ckanext.idgo.display import outline, wording
from ckanext.idgo.metadata.core import codelists

Dict = dict[str, Any]
_HOME_FACETS = ["theme", "inspire_theme", "data_family", "access_tier"]


def idgo_fresh_assets() -> str:
    """Forget the assets a page that broke had asked for: its error page asks for its own. Writes nothing."""
    tk.g.pop("_webassets", None)
    return ""


def idgo_has_page(endpoint: str) -> bool:
    """Whether a page exists in this installation: navigation shows no dead link."""
    return endpoint in current_app.view_functions


def idgo_deposit_url() -> str:
    """Where data is deposited: the simple form where it is installed, else CKAN's."""
    return tk.h.url_for("idgo_forms.deposit" if idgo_has_page("idgo_forms.deposit") else "dataset.new")


def idgo_suggest_url() -> str:
    """Where suggestions are asked, in the reader's language (the `catalogue` room answers)."""
    return tk.h.url_for("/idgo/suggest")


def idgo_search_url(**params: str) -> str:
    return tk.h.url_for("dataset.search", **params)


def idgo_catalogue() -> Dict:
    """True counts of the public catalogue: ``count``, ``facets`` (name: {code: count}), ``organizations``."""
    if "idgo_catalogue" not in tk.g:
        query = {"rows": 0, "facet.field": _HOME_FACETS, "facet.limit": -1}
        found = tk.get_action("package_search")({}, query)
        tk.g.idgo_catalogue = {
            "count": found["count"],
            "facets": found.get("facets") or {},
            "organizations": len(tk.get_action("organization_list")({}, {})),
        }
    return tk.g.idgo_catalogue


def idgo_latest(rows: int = 4) -> list[Dict]:
    """The datasets added last."""
    query = {"rows": rows, "sort": "metadata_created desc"}
    return tk.get_action("package_search")({}, query)["results"]


def idgo_departements() -> list[Dict]:
    """The six départements in order, each with the datasets a search finds there: of it, and covering it."""
    table = Territories.load()
    rows = []
    for number in outline.DEPARTEMENTS:
        code = f"departement:{number}"
        communes = sum(1 for inside in table.expand(code) if inside.startswith("commune:"))
        query = {"rows": 0, "facet": "false", "extras": {"ext_territory": code}}
        count = tk.get_action("package_search")({}, query)["count"]
        rows.append(
            {"code": code, "number": number, "name": table.label(code), "communes": communes, "count": count}
        )
    return rows


def idgo_label_lines(name: str) -> list[str]:
    """A name on two lines of a map where it is long: broken after a hyphen near its middle."""
    return wording.two_lines(name)


def idgo_codes(codelist: str) -> list[str]:
    """Every code of a list, in its order."""
    return list(codelists.load(codelist).codes())


def idgo_with_param(name: str, value: str) -> str:
    """The address of this search with one parameter replaced, from its first page."""
    kept = [(k, v) for k, v in tk.request.args.items(multi=True) if k not in (name, "page")]
    return f"{tk.h.url_for('dataset.search')}?{urlencode([*kept, (name, value)])}"


def idgo_words(q: str) -> list[str]:
    """The words of a search long enough to be searched alone, four at most."""
    return [word for word in (q or "").split() if len(word) > 3][:4]


def idgo_search_place(code: str) -> str:
    """The place of a search in the sentence: ``dans le Vaucluse``; empty without a known territory."""
    territory = Territories.load().get(code or "")
    if territory is None:
        return ""
    return wording.in_place(territory.kind, territory.name, territory.official_code, str(tk.h.lang()))


def idgo_territory(code: str) -> Dict:
    """Code and name of a territory; both empty for a code nobody knows."""
    table = Territories.load()
    return {"code": code, "name": table.label(code)} if code in table else {"code": "", "name": ""}


def idgo_zone(text: object) -> Dict:
    """A map box from the address (``w,s,e,n``): its numbers as texts, and whether it is one."""
    parts = [part.strip() for part in str(text or "").split(",")]
    try:
        numbers = [float(part) for part in parts]
    except ValueError:
        numbers = []
    drawn = outline.footprint(numbers) if len(numbers) == 4 else None
    valid = len(numbers) == 4 and numbers[0] < numbers[2] and numbers[1] < numbers[3]
    asked = bool(str(text or "").strip())
    return {"asked": asked, "valid": valid, "numbers": parts if asked else ["", "", "", ""], "drawn": drawn}


def idgo_plane() -> Dict:
    """Metres a unit and origin of the outline's plane, for the script that draws the map box."""
    return outline.plane_constants()


def idgo_organization_heading(count: int, q: str) -> str:
    """The fact in a heading: how many organisations, and for what."""
    if not count:
        return tk._("No organization for “{q}”").format(q=q) if q else tk._("Organizations")
    text = tk.ungettext("{n} organization", "{n} organizations", count)
    text = text.format(n=wording.number(count, str(tk.h.lang())))
    return text + " " + tk._("for “{q}”").format(q=q) if q else text


def idgo_initials(name: str) -> str:
    """Two letters for an organisation without a logo."""
    return wording.initials(name)


@tk.chained_helper
def linked_user(next_helper: Any, user: Any, maxlength: int = 0, avatar: int = 20) -> Any:
    """People are no matter of public pages: who has not signed in reads no name. Others read it whole: CKAN
    cuts at 20 letters, and « Référent, Ville d'Ar… » says neither the role nor the organisation."""
    if tk.current_user.is_anonymous and not tk.config["ckan.auth.public_user_details"]:
        return tk._("A registered person")
    return next_helper(user, 0, avatar)
