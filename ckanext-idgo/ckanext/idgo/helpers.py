"""Template helpers: labels, signs and wording, in the reader's language, worked out in ``display``."""

from __future__ import annotations

import re
from datetime import date, datetime, timezone
from typing import Any

import ckan.plugins.toolkit as tk
from markupsafe import Markup

from ckanext.idgo.common.core.territories import Territories
from ckanext.idgo.display import datasets, hits, outline, wording
from ckanext.idgo.metadata.core import codelists

Dict = dict[str, Any]


def _language() -> str:
    return str(tk.h.lang() or "fr")


def _today() -> date:
    return datetime.now(timezone.utc).date()


def idgo_portal() -> Dict:
    """The portal being shown. One for now: portals come with their own issue."""
    return {"key": "commun", "name": tk._("Common portal"), "region": "Provence-Alpes-Côte d’Azur"}


def idgo_icon(name: str, extra_class: str = "") -> Markup:
    """One icon of the sprite, hidden from assistive technology: words are always beside it."""
    sprite = tk.h.url_for_static("/vendor/icons.svg")
    return Markup(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}#i-{}"></use></svg>'
    ).format(f"ic {extra_class}".strip(), sprite, name)


def idgo_outline(part: str) -> str:
    """Address of a part of the region's drawing: ``mark``, ``region``, ``dep-84``."""
    return f"{tk.h.url_for_static('/vendor/territory.svg')}#{part}"


def idgo_view_box() -> str:
    return " ".join(str(v) for v in outline.VIEW_BOX)


def idgo_label(codelist: str, code: object) -> str:
    """A code's label in the reader's language; an unknown code is its own label."""
    try:
        return codelists.load(codelist).label(str(code or ""), _language())
    except codelists.UnknownCode:
        return str(code or "")


def idgo_code_icon(codelist: str, code: object, otherwise: str = "category") -> str:
    """The icon a code list gives to a code."""
    try:
        return str(codelists.load(codelist).get(str(code or "")).extra.get("icon") or otherwise)
    except codelists.UnknownCode:
        return otherwise


def idgo_tier(code: object) -> Dict:
    """A tier's three signs: word, icon, colour class. A tier nobody knows is closed: shown as restricted."""
    known = str(code or "")
    if known not in codelists.load("access_tiers"):
        known = "restricted"
    entry = codelists.load("access_tiers").get(known)
    language = "fr" if _language().startswith("fr") else "en"
    css = {"open": "open", "authenticated": "auth"}.get(known, "restricted")
    return {
        "code": known,
        "css": css,
        "icon": str(entry.extra["icon"]),
        "word": entry.label(language),
        "long": str(entry.extra[f"long_{language}"]),
    }


def idgo_dataset_tier(pkg: Dict) -> Dict:
    """The tier of a dataset's head, and how many of its resources are open when they differ."""
    tiers = datasets.resource_tiers(pkg)
    tier = idgo_tier(datasets.strictest(tiers) if tiers else pkg.get("access_tier"))
    mixed = len(set(tiers)) > 1
    if mixed and tier["code"] == "restricted":
        tier["long"] = tk._("Restricted in part")
    elif mixed:
        tier["long"] = tk._("With an account in part")
    counts = [{**idgo_tier(code), "count": tiers.count(code)} for code in datasets.TIERS if code in tiers]
    return {**tier, "mixed": mixed, "counts": counts, "open": tiers.count("open"), "total": len(tiers)}


def idgo_freshness(pkg: Dict) -> Dict:
    """State of a dataset's age: ``ok``, ``warn`` (overdue), ``live``; its date and its frequency's label."""
    code = str(pkg.get("frequency") or "")
    known = code in codelists.load("frequencies")
    days = codelists.load("frequencies").get(code).extra.get("days") if known else None
    last = datasets.last_update(pkg)
    state = datasets.freshness_state(code, last, days, _today())
    told = known and code not in ("unknown", "notPlanned", "irregular", "asNeeded")
    label = idgo_label("frequencies", code)
    return {
        "state": state,
        "date": wording.long_date(last, _language()),
        "ago": wording.ago(last, _today(), _language()),
        "frequency": label[:1].lower() + label[1:] if told else "",
    }


def idgo_territories(pkg: Dict, most: int = 2) -> str:
    """Names of a dataset's territories, the first ``most`` and how many more."""
    table = Territories.load()
    names = [table.label(code) for code in datasets.as_list(pkg.get("territory"))]
    if len(names) <= most:
        return ", ".join(names)
    more = len(names) - most
    tail = tk.ungettext("{n} other territory", "{n} other territories", more).format(n=more)
    return ", ".join([*names[:most], tail])


def idgo_locator(pkg: Dict) -> Dict:
    """What the locator draws: whole départements, a box on the plane, or the whole region."""
    return datasets.locator(pkg, Territories.load())


def idgo_number(value: float, decimals: int = 0) -> str:
    return wording.number(value, _language(), decimals)


def idgo_size(value: object) -> str:
    return wording.file_size(value, _language())


def idgo_date(value: object) -> str:
    return wording.long_date(value, _language())


def idgo_crs(code: object) -> str:
    return wording.crs_label(str(code)) if code else ""


def idgo_plain(markdown: object, most: int) -> str:
    """The words of a Markdown text, without marks or tags, cut at ``most`` letters."""
    return wording.plain_text(str(markdown or ""), most)


def idgo_prose(markdown: object) -> Markup:
    """A description as CKAN renders it (sanitised), less its pictures: a page asks nothing of other sites."""
    return Markup(re.sub(r"<img\b[^>]*>", "", str(tk.h.render_markdown(str(markdown or "")))))  # noqa: S704 (sanitised)


def idgo_mark(text: object, query: object) -> Markup:
    """A text, escaped, with the hits of a search marked."""
    return hits.mark_hits(str(text or ""), str(query or ""))


def idgo_of_room(helper: str, *args: Any) -> Any:
    """What a helper of another room answers; nothing where that room is not installed."""
    return tk.h[helper](*args) if helper in tk.h else ""


def idgo_html_id(code: object) -> str:
    """A code as an element's id: letters, figures and hyphens."""
    return re.sub(r"[^0-9A-Za-z]+", "-", str(code))
