"""Actions ``idgo_notices_*`` (``docs/api.md``): one's notices and choices; words and outbox of the site."""

from __future__ import annotations

from typing import Any

import ckan.model as ckan_model
import ckan.plugins.toolkit as tk
from ckan.types import Context

from ckanext.idgo.common.plugin.envelope import in_envelope
from ckanext.idgo.notices.plugin import asked, outbox, reading, retrying, wording
from ckanext.idgo.notices.plugin.model import Notice

_PREFIX = "idgo_notices_"


def _user_id(context: Context, action: str, data_dict: dict[str, Any]) -> str:
    tk.check_access(_PREFIX + action, context, data_dict)
    user = context.get("auth_user_obj") or ckan_model.User.get(context.get("user"))
    if user is None or getattr(user, "is_anonymous", False):
        raise tk.NotAuthorized(tk._("You must be logged in."))
    return str(user.id)


@tk.side_effect_free
@in_envelope
def idgo_notices_list(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """One's notices, the newest first, in the reader's language: ``{"count", "unread", "results"}``.

    ``unread`` true: only those; ``offset``, ``limit`` (100 at most).
    """
    user_id = _user_id(context, "list", data_dict)
    only_unread = asked.flag(data_dict, "unread")
    return reading.page(user_id, only_unread, asked.offset(data_dict), asked.limit(data_dict, 20, 100))


@in_envelope
def idgo_notices_mark_read(context: Context, data_dict: dict[str, Any]) -> dict[str, int]:
    """Mark ``ids``, or with ``all`` true every notice of one's own. Gives how many are still ``unread``."""
    user_id = _user_id(context, "mark_read", data_dict)
    reading.mark(user_id, None if asked.flag(data_dict, "all") else asked.texts(data_dict, "ids"))
    ckan_model.Session.commit()
    return {"unread": Notice.unread(user_id)}


@tk.side_effect_free
@in_envelope
def idgo_notices_choices_show(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """How one wants mails: ``{"channels": {group: channel}, "language"}``."""
    return reading.choices(_user_id(context, "choices_show", data_dict))


@in_envelope
def idgo_notices_choices_update(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Change ``channels`` (``{group: "at_once" | "digest" | "none"}``) or ``language``; the rest stays."""
    user_id = _user_id(context, "choices_update", data_dict)
    reading.choose(user_id, asked.mapping(data_dict, "channels"), data_dict.get("language"))
    ckan_model.Session.commit()
    return reading.choices(user_id)


@tk.side_effect_free
@in_envelope
def idgo_notices_words_show(context: Context, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """The words of every kind in each language, or of ``kind`` alone; which are edited, by whom and when."""
    _user_id(context, "words_show", data_dict)
    return wording.show(data_dict.get("kind"))


@in_envelope
def idgo_notices_words_update(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Write ``subject`` and ``body`` of a ``kind`` in a ``language``; both empty: the shipped words again."""
    user_id = _user_id(context, "words_update", data_dict)
    kind, language = wording.which(data_dict)
    wording.write(kind, language, asked.text(data_dict, "subject"), asked.text(data_dict, "body"), user_id)
    ckan_model.Session.commit()
    return wording.row(kind, language)


@tk.side_effect_free
@in_envelope
def idgo_notices_words_preview(context: Context, data_dict: dict[str, Any]) -> dict[str, str]:
    """The mail that ``subject`` and ``body`` would make, with example facts. Nothing is written or sent."""
    _user_id(context, "words_preview", data_dict)
    kind, language = wording.which(data_dict)
    return wording.preview(kind, language, asked.text(data_dict, "subject"), asked.text(data_dict, "body"))


@tk.side_effect_free
@in_envelope
def idgo_notices_outbox_list(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """The site's mails, those in trouble first: ``{"count", "counts", "problem", "results"}``; ``state``."""
    _user_id(context, "outbox_list", data_dict)
    state = data_dict.get("state") or None
    return retrying.page(state, asked.offset(data_dict), asked.limit(data_dict, 50, 200))


@in_envelope
def idgo_notices_outbox_retry(context: Context, data_dict: dict[str, Any]) -> dict[str, int]:
    """Try again now: ``id``, or with ``all`` true every mail that failed or waits after a failure."""
    _user_id(context, "outbox_retry", data_dict)
    one = None if asked.flag(data_dict, "all") else asked.identifier(data_dict, "id")
    count = retrying.again(one)
    ckan_model.Session.commit()
    outbox.ask()
    return {"count": count}


def functions() -> dict[str, Any]:
    """The room's actions by name, for ``IActions``."""
    return {name: function for name, function in globals().items() if name.startswith(_PREFIX)}
