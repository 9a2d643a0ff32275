"""Template helpers of the notices' pages and of the bell; all names begin with ``idgo_notices_``."""

from __future__ import annotations

from datetime import datetime, timezone
from zoneinfo import ZoneInfo

import ckan.plugins.toolkit as tk

from ckanext.idgo.notices.core.facts import said
from ckanext.idgo.notices.core.kinds import CHANNELS
from ckanext.idgo.notices.plugin import config, words
from ckanext.idgo.notices.plugin.model import Notice


def idgo_notices_unread() -> int:
    """How many notices the visitor has not read: one small query, none for anonymous visitors."""
    if tk.current_user.is_anonymous:
        return 0
    if "idgo_notices_unread" not in tk.g:
        tk.g.idgo_notices_unread = Notice.unread(tk.current_user.id)
    return int(tk.g.idgo_notices_unread)


def idgo_notices_group(code: str) -> str:
    return words.group(code)


def idgo_notices_group_hint(code: str) -> str:
    return words.group_hint(code)


def idgo_notices_channel(code: str) -> str:
    return words.channel(code)


def idgo_notices_channels() -> list[str]:
    return list(CHANNELS)


def idgo_notices_state(code: str) -> str:
    return words.state(code)


def idgo_notices_kind(code: str) -> str:
    return words.kind(code)


def idgo_notices_link(path: str) -> str:
    """The address of a page of this site, in the language of the page."""
    return str(tk.h.url_for("home.index")).rstrip("/") + path


def idgo_notices_moment(iso: str) -> str:
    """Day and hour where the site is read: « 6 décembre 2026 à 14:32 »."""
    local = datetime.fromisoformat(iso).replace(tzinfo=timezone.utc).astimezone(ZoneInfo(config.zone()))
    day = said({"day": local.date().isoformat()}, config.page_language())["day"]
    return tk._("{day} at {time}").format(day=day, time=f"{local:%H:%M}")
