"""Sentences for codes: why a mail did not leave, groups, channels, states, kinds."""

from __future__ import annotations

import ckan.plugins.toolkit as tk

from ckanext.idgo.common.core.errors import N_

_REASONS = {
    "no-server": N_("No mail server is set (smtp.server): mails wait here."),
    "no-sender": N_("No sender is set (smtp.mail_from): mails wait here."),
    "no-password": N_("A mail account is set without its password (smtp.password): mails wait here."),
    "server-silent": N_("The mail server did not answer."),
    "refused": N_("The mail server refused the address."),
    "content-refused": N_("The mail server refused the message."),
    "bad-address": N_("The address of the account is not one mail can be sent to."),
    "no-address": N_("The account has no address."),
    "inactive": N_("The account is not active any more."),
    "nothing-left": N_("What it told no longer exists."),
    "worker-died": N_("The process that was sending it stopped."),
}
_GROUPS = {
    "to_decide": (
        N_("Requests I have to decide"),
        N_("Somebody asks for access to your organization’s data, or to join it; reminders."),
    ),
    "answers": (
        N_("Answers to my requests"),
        N_("An access is granted, refused or withdrawn; you join an organization."),
    ),
    "endings": (N_("Accesses that end"), N_("An access ends soon: time to ask for its renewal.")),
    "organization": (N_("Life of my organization"), N_("Somebody leaves your organization.")),
}
_CHANNELS = {
    "at_once": N_("A mail at once"),
    "digest": N_("One mail a day"),
    "none": N_("No mail"),
}
_STATES = {
    "queued": N_("Waiting"),
    "sending": N_("Being sent"),
    "sent": N_("Sent"),
    "failed": N_("Failed"),
    "dropped": N_("Dropped"),
}
_KINDS = {
    "access.requested": N_("Access: a request arrives"),
    "access.waiting": N_("Access: a request waits"),
    "access.granted": N_("Access: granted"),
    "access.refused": N_("Access: refused"),
    "access.revoked": N_("Access: withdrawn"),
    "access.ending": N_("Access: ends soon"),
    "membership.requested": N_("Joining: a request arrives"),
    "membership.waiting": N_("Joining: a request waits"),
    "membership.accepted": N_("Joining: accepted"),
    "membership.refused": N_("Joining: refused"),
    "membership.left": N_("Joining: somebody left"),
}


def reason(code: str) -> str:
    return tk._(_REASONS[code]) if code in _REASONS else code


def group(code: str) -> str:
    return tk._(_GROUPS[code][0])


def group_hint(code: str) -> str:
    return tk._(_GROUPS[code][1])


def channel(code: str) -> str:
    return tk._(_CHANNELS[code]) if code in _CHANNELS else code


def state(code: str) -> str:
    return tk._(_STATES[code]) if code in _STATES else code


def kind(code: str) -> str:
    return tk._(_KINDS[code]) if code in _KINDS else code
