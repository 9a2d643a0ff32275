"""The one signal of each download, sent when its stream is over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from ckan import model
from flask import current_app

from ckanext.idgo.access.core.tiers import read_tier
from ckanext.idgo.access.plugin.facts import Located
from ckanext.idgo.common.core.events import Download
from ckanext.idgo.common.plugin.signals import downloaded


@dataclass(frozen=True)
class Account:
    """What is known before the first byte. ``tell`` may be called when the request is long over."""

    app: Any
    download: Download

    def on(self, channel: str) -> Account:
        return replace(self, download=replace(self.download, channel=channel))

    def tell(self, size_bytes: int) -> None:
        """Send the signal. Whoever listens gets an application context and a session of its own."""
        kept = model.Session.registry.has()  # ours to remove only if nobody had one in this thread
        sent = replace(self.download, size_bytes=size_bytes)
        with self.app.app_context():
            try:
                downloaded.send(sent.resource_id, download=sent)
            finally:
                if not kept:
                    model.Session.remove()

    def then(self, release: Callable[[], None]) -> Callable[[int], None]:
        """``tell``, once ``release`` has been called."""

        def done(size_bytes: int) -> None:
            release()
            self.tell(size_bytes)

        return done


def account(located: Located, user_id: str | None) -> Account:
    """The account of one request, for the resource it asks for."""
    tier = read_tier(located.facts.tier, located.facts.dataset_tier)
    facts = Download(
        resource_id=located.resource_id,
        package_id=located.package_id,
        user_id=user_id,
        tier=tier.value if tier else "malformed",
        channel="file",
        size_bytes=0,
    )
    app: Any = current_app
    return Account(app._get_current_object(), facts)
