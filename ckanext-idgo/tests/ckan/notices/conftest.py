"""People to tell, and a real mail server that can be down, refuse an address, drop the line or be slow."""

from __future__ import annotations

import asyncio
import email
import email.policy
import socket
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from typing import Any

import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP
from ckan import model
from ckan.tests import factories, helpers

from ckanext.idgo.common.core.events import Event
from ckanext.idgo.common.plugin.signals import noted

PLUGINS = "idgo idgo_access idgo_forms idgo_notices scheming_datasets"
TABLES = {"idgo_access": "idgo_access_grant", "idgo_forms": "idgo_deposit", "idgo_notices": "idgo_notice"}


class Server(SMTP):
    """A mail server with the bad habits a test gives it."""

    async def smtp_QUIT(self, arg: str) -> None:  # noqa: N802 (aiosmtpd's name)
        if self.event_handler.drops_at == "QUIT":
            self.transport.close()
            return
        await super().smtp_QUIT(arg)


class Mailbox:
    """Handler: what arrived, and how to misbehave."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.refused: dict[str, str] = {}
        self.drops_at = ""
        self.silence_seconds = 0.0
        self.on_mail: Callable[[], None] = lambda: None

    async def handle_RCPT(  # noqa: N802 (aiosmtpd's name)
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.drops_at == "DATA":
            server.transport.close()
            return "451 never said"
        await asyncio.sleep(self.silence_seconds)
        self.on_mail()
        self.raw.append(envelope.content)
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        assert envelope.rcpt_tos == [message["To"].addresses[0].addr_spec]
        self.mails.append(message)
        return "250 OK"


class Post(Controller):
    def factory(self) -> SMTP:
        return Server(self.handler)


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def smtp(free_port: int, ckan_config: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    """A server that listens; its settings are CKAN's."""
    box = Mailbox()
    post = Post(box, hostname="127.0.0.1", port=free_port)
    post.start()
    monkeypatch.setitem(ckan_config, "smtp.server", f"127.0.0.1:{free_port}")
    monkeypatch.setitem(ckan_config, "smtp.mail_from", "ne-pas-repondre@idgo.example")
    monkeypatch.setitem(ckan_config, "ckanext.idgo.notices.smtp_timeout_seconds", 5)
    yield box
    post.stop(no_assert=True)


class World:
    """``asker`` asks, ``referent`` decides, ``admin`` administers."""

    def __init__(self) -> None:
        self.asker = factories.User(name="ville", email="contact@ville.example", fullname="Ville d’exemple")
        self.referent = factories.User(name="syndicat", email="referent@syndicat.example")
        self.admin = factories.Sysadmin(name="administration", email="admin@idgo.example")

    def act(self, action: str, who: dict[str, Any] | None = None, **data: Any) -> Any:
        """An ``idgo_notices_…`` action, rights checked."""
        user = (who or self.asker)["name"]
        context = {"user": user, "ignore_auth": False, "auth_user_obj": model.User.get(user)}
        return helpers.call_action(f"idgo_notices_{action}", context, **data)


@pytest.fixture
def world(with_plugins: Any, clean_db: Any, clean_queues: Any, migrate_db_for: Any) -> World:
    # Once: later modules and tests find the tables, emptied by ``clean_db``.
    inspector = sa.inspect(model.Session.connection())
    for plugin, table in TABLES.items():
        if not inspector.has_table(table):
            migrate_db_for(plugin)
    return World()


def tell(
    kind: str, *recipients: dict[str, Any], key: str = "", path: str = "/demandes", **facts: str
) -> None:
    """What a lower room does."""
    event = Event(kind, tuple(user["id"] for user in recipients), None, facts, path, key)
    noted.send(kind, event=event)
