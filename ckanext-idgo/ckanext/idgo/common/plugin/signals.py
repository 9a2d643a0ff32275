"""Upwards only (ADR 0001): a lower room sends, an upper one listens (``ISignal``); nobody calls up.

``noted.send(event.kind, event=Event(…))``; ``downloaded.send(resource_id, download=Download(…))``.
"""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

_ours: Any = tk.signals.ckanext
noted = _ours.signal("idgo:noted")
downloaded = _ours.signal("idgo:downloaded")
