"""Pages of the house itself: the finder's landing and the themes."""

from __future__ import annotations

from urllib.parse import urlencode

import ckan.plugins.toolkit as tk
from flask import Blueprint
from werkzeug.wrappers import Response

from ckanext.idgo.common.core.territories import Territories

idgo = Blueprint("idgo", __name__)
#: What ckanext-dcat writes (``ckanext.dcat.processors``), by the end of the address.
FORMS = frozenset({"rdf", "xml", "n3", "ttl", "jsonld"})
_SIDES = ("west", "south", "east", "north")


def find() -> Response:
    """The finder's two fields to a search address: a territory typed in full letters becomes its code.

    Works without scripts; with them the code comes chosen from the suggestions in ``ext_territory``.
    """
    args = tk.request.args
    typed, code = args.get("place", "").strip(), args.get("ext_territory", "").strip()
    params = {"q": args.get("q", "").strip()}
    table = Territories.load()
    if typed and (code not in table or table.label(code) != typed):
        found = table.search(typed, limit=1)
        code = found[0].code if found else ""
        if not found:
            said = tk._("No place of the region is called “{name}”: searched everywhere.")
            tk.h.flash_notice(said.format(name=typed))
    if typed and code:
        params["ext_territory"] = code
    return tk.redirect_to("dataset.search", **{k: v for k, v in params.items() if v})


def zone() -> Response:
    """Four numbers, drawn or typed (a decimal comma will do), to ``ext_bbox``; other parameters are kept."""
    args = tk.request.args
    sides = [args.get(side, "").strip().replace(",", ".") for side in _SIDES]
    kept = [(k, v) for k, v in args.items(multi=True) if k not in (*_SIDES, "ext_bbox", "page")]
    if any(sides):
        kept.append(("ext_bbox", ",".join(sides)))
    return tk.redirect_to(f"{tk.h.url_for('dataset.search')}?{urlencode(kept)}")


def themes() -> str:
    """Every theme of the catalogue with its count, and the 34 themes of INSPIRE."""
    return tk.render("idgo/themes.html", extra_vars={})


def no_such_form() -> None:
    """A record asked in a form that no serialiser writes (``/dataset/x.json``) is not there: DCAT breaks."""
    asked = (tk.request.view_args or {}).get("_format")
    if asked and str(tk.request.blueprint).startswith("dcat") and asked not in FORMS:
        tk.abort(404)


idgo.before_app_request(no_such_form)
idgo.add_url_rule("/idgo/find", view_func=find)
idgo.add_url_rule("/idgo/zone", view_func=zone)
idgo.add_url_rule("/themes", view_func=themes)
