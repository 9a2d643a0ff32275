"""One mail: written in its reader's language, given to CKAN's mailer, and what became of it."""

from __future__ import annotations

import re
import smtplib
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import ckan.model as ckan_model
import ckan.plugins.toolkit as tk
from ckan.lib import mailer

from ckanext.idgo.notices.core import mail as mail_rules
from ckanext.idgo.notices.core.facts import one_line
from ckanext.idgo.notices.core.kinds import language_of
from ckanext.idgo.notices.plugin import config
from ckanext.idgo.notices.plugin.model import (
    DROPPED,
    FAILED,
    LANGUAGE,
    QUEUED,
    SENT,
    Choice,
    Mail,
    Notice,
    words_in,
    words_of,
)

# What CKAN's mailer can write on an envelope; anything else is refused here rather than breaking there.
_ADDRESS = re.compile(r"[!#-'*+\-./0-9=?A-Z^_`a-z{|}~]+@[A-Za-z0-9.\-]+")


@dataclass(frozen=True)
class Outcome:
    """``state``: what the mail becomes; ``code`` (said in ``plugin.words``) and ``detail``: why."""

    state: str
    code: str = ""
    detail: str = ""
    server_down: bool = False

    def as_error(self) -> dict[str, str] | None:
        return {"code": self.code, "detail": self.detail} if self.code else None


def deliver(mail: Mail) -> Outcome:
    """Send one mail. Refusals and silences of the server are outcomes, not errors."""
    user = ckan_model.User.get(mail.user_id)
    notices = Notice.among(mail.notice_ids)
    if user is None or user.state != "active":
        return Outcome(DROPPED, "inactive")
    if not user.email:
        return Outcome(DROPPED, "no-address")
    if not _ADDRESS.fullmatch(user.email):
        return Outcome(FAILED, "bad-address")
    if not notices:
        return Outcome(DROPPED, "nothing-left")
    written = write(notices, language_for(user.id))
    return _send(one_line(user.display_name, 80), str(user.email), mail.message_id, written)


def language_for(user_id: str) -> str:
    return language_of(Choice.of([user_id])[user_id].get(LANGUAGE))


def write(notices: list[Notice], language: str) -> mail_rules.Mail:
    edited = words_in(language)
    told = [mail_rules.Notice(n.kind, n.facts, n.path, words_of(n.kind, language, edited)) for n in notices]
    settings = address("/notifications/reglages", language)
    return mail_rules.compose(
        told, language, config.site_title(), lambda path: address(path, language), settings
    )


def address(path: str, language: str) -> str:
    """Full address of a path of this site, in that language."""
    locale = "default" if language == tk.config.get("ckan.locale_default") else language
    root = str(tk.h.url_for("home.index", _external=True, locale=locale))
    return root.rstrip("/") + path


@contextmanager
def _patience() -> Iterator[None]:
    """CKAN's mailer opens its connection without a time limit: for its time the process's own one is ours.

    Workers and commands do one thing at a time, so nobody else opens a connection meanwhile.
    """
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(config.smtp_timeout_seconds())
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)


def _send(name: str, email: str, message_id: str, written: mail_rules.Mail) -> Outcome:
    headers = {
        "Message-ID": message_id,
        "List-Unsubscribe": f"<{address('/notifications/reglages', 'fr')}>",
        "Auto-Submitted": "auto-generated",
    }
    try:
        with _patience():
            mailer.mail_recipient(name, email, written.subject, written.body, headers=headers)
    except (mailer.MailerException, OSError) as error:
        return _outcome(error)
    return Outcome(SENT)


def _outcome(error: BaseException) -> Outcome:
    """Why the server did not take it. The mailer wraps the cause; its farewell may hide even that."""
    causes = [error]
    while causes[-1].__context__ is not None:
        causes.append(causes[-1].__context__)
    if isinstance(error, smtplib.SMTPServerDisconnected) and len(causes) == 1:
        # Only the farewell failed: the mail was accepted before.
        return Outcome(SENT)
    for cause in causes:
        if isinstance(cause, smtplib.SMTPRecipientsRefused):
            code, said = next(iter(cause.recipients.values()))
            state = FAILED if 500 <= code < 600 else QUEUED
            return Outcome(state, "refused", f"{code} {_text(said)}")
        if isinstance(cause, smtplib.SMTPDataError):
            return Outcome(QUEUED, "content-refused", f"{cause.smtp_code} {_text(cause.smtp_error)}")
    return Outcome(QUEUED, "server-silent", _text(str(causes[-1])), server_down=True)


def _text(said: bytes | str) -> str:
    """The server's words, on one line."""
    return one_line(said.decode("utf-8", "replace") if isinstance(said, bytes) else said, 200)
