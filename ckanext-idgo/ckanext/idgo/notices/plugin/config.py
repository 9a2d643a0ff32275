"""One named reader per option (``config_declaration.yaml``, CKAN's own ``smtp.*``)."""

from __future__ import annotations

from urllib.parse import urlsplit

import ckan.plugins.toolkit as tk
from flask import has_request_context

from ckanext.idgo.notices.core.kinds import language_of


def digest_hour() -> int:
    return min(23, max(0, int(tk.config["ckanext.idgo.notices.digest_hour"])))


def smtp_timeout_seconds() -> int:
    return int(tk.config["ckanext.idgo.notices.smtp_timeout_seconds"])


def zone() -> str:
    """Where the site is read (``ckan.display_timezone``); Paris when it is not named."""
    named = str(tk.config.get("ckan.display_timezone") or "")
    return named if "/" in named else "Europe/Paris"


def site_title() -> str:
    return str(tk.config.get("ckan.site_title") or "IDGO")


def host() -> str:
    """The site's name, for message identifiers."""
    return urlsplit(str(tk.config.get("ckan.site_url") or "")).hostname or "localhost"


def mail_problem() -> str | None:
    """Why no mail can leave at all (a code of ``plugin.words``), None when settings are complete."""
    if not str(tk.config.get("smtp.server") or "").strip():
        return "no-server"
    if not str(tk.config.get("smtp.mail_from") or "").strip():
        return "no-sender"
    if tk.config.get("smtp.user") and not tk.config.get("smtp.password"):
        return "no-password"
    return None


def page_language() -> str:
    """The language of the page or call being served; of the site where there is none (commands)."""
    asked = tk.h.lang() if has_request_context() else tk.config.get("ckan.locale_default")
    return language_of(str(asked or ""))
