"""What workers run: sending the mails that are due. The scheduler asks each minute, an event at once."""

from __future__ import annotations

from ckanext.idgo.notices.plugin import sending

#: A worker that is stuck is ended before its mails are taken for abandoned (``sending.LEASE``).
LIMITS = {"timeout": 600}


def send_due() -> str:
    """Send what is due. Returns a sentence for the worker's log."""
    done = sending.send_due()
    return f"{done.sent} sent, {done.put_off} put off, {done.failed} failed, {done.dropped} dropped"
