"""One person's notices and choices."""

from __future__ import annotations

from typing import Any

import ckan.model as ckan_model
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from ckanext.idgo.common.core.errors import N_, BadInput
from ckanext.idgo.notices.core import facts as fact_rules
from ckanext.idgo.notices.core import words as word_rules
from ckanext.idgo.notices.core.kinds import (
    CHANNELS,
    DEFAULT_CHANNEL,
    GROUPS,
    LANGUAGES,
    group_of,
    language_of,
)
from ckanext.idgo.notices.core.words import Words
from ckanext.idgo.notices.plugin import config
from ckanext.idgo.notices.plugin.model import LANGUAGE, Choice, Notice, now, words_in, words_of


def page(user_id: str, only_unread: bool, offset: int, limit: int) -> dict[str, Any]:
    """A page of this person's notices, said in the language of the page."""
    query = Notice.of(user_id)
    if only_unread:
        query = query.filter(Notice.read_at.is_(None))
    language = config.page_language()
    edited = words_in(language)
    rows = query.order_by(Notice.created.desc(), Notice.id).offset(offset).limit(limit)
    return {
        "count": query.count(),
        "unread": Notice.unread(user_id),
        "results": [dictize(notice, language, edited) for notice in rows],
    }


def dictize(notice: Notice, language: str, edited: dict[str, Words]) -> dict[str, Any]:
    words = words_of(notice.kind, language, edited)
    quotable = {**fact_rules.said(notice.facts, language), "site": config.site_title()}
    return {
        "id": notice.id,
        "kind": notice.kind,
        "group": group_of(notice.kind),
        "subject": word_rules.subject(words, quotable),
        "lines": word_rules.body(words, quotable),
        "path": notice.path,
        "created": notice.created.isoformat(),
        "read_at": notice.read_at.isoformat() if notice.read_at else None,
    }


def mark(user_id: str, ids: list[str] | None) -> None:
    """Mark these notices of one's own as read; None: all of them. Another's are passed over."""
    mine = [Notice.recipient_id == user_id, Notice.read_at.is_(None)]
    if ids is not None:
        mine.append(Notice.id.in_(ids))
    ckan_model.Session.execute(sa.update(Notice).where(*mine).values(read_at=now()))


def choices(user_id: str) -> dict[str, Any]:
    mine = Choice.of([user_id])[user_id]
    return {
        "channels": {group: mine.get(group, DEFAULT_CHANNEL) for group in GROUPS},
        "language": language_of(mine.get(LANGUAGE)),
    }


def choose(user_id: str, channels: dict[str, Any], language: object) -> None:
    """Raises ``BadInput`` for a group, channel or language that is not one; nothing is written then."""
    for group, channel in channels.items():
        if group not in GROUPS or channel not in CHANNELS:
            raise BadInput("channels", N_("“{value}” is not a choice here."), value=f"{group}: {channel}")
    wanted = {str(group): str(channel) for group, channel in channels.items()}
    if language not in (None, ""):
        if language not in LANGUAGES:
            raise BadInput("language", N_("“{value}” is not a choice here."), value=str(language))
        wanted[LANGUAGE] = str(language)
    for topic, choice in wanted.items():
        statement = insert(Choice).values(user_id=user_id, topic=topic, choice=choice)
        changed = {"choice": statement.excluded.choice}
        ckan_model.Session.execute(
            statement.on_conflict_do_update(index_elements=["user_id", "topic"], set_=changed)
        )
