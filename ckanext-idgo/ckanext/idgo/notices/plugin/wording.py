"""Words of the notices for the administrator: shown, tried on an example, written."""

from __future__ import annotations

from typing import Any

import ckan.model as ckan_model

from ckanext.idgo.common.core.errors import N_, NotThere
from ckanext.idgo.notices.core import mail as mail_rules
from ckanext.idgo.notices.core import words as word_rules
from ckanext.idgo.notices.core.kinds import FACTS, GROUPS, LANGUAGES
from ckanext.idgo.notices.plugin import config, delivery
from ckanext.idgo.notices.plugin.model import EditedWords, now

#: Facts of the preview, per language where they are words.
EXAMPLE = {
    "fr": {
        "dataset": "Réseau d’eau potable, tronçons et ouvrages",
        "organization": "Syndicat d’eau, exemple",
        "requester": "Ville d’exemple",
        "person": "Un contributeur",
        "reason": "Pour une étude de la commune.",
        "territory": "Apt (84003)",
    },
    "en": {
        "dataset": "Drinking water network, pipes and works",
        "organization": "Water board, example",
        "requester": "Example town",
        "person": "A contributor",
        "reason": "For a study of the commune.",
        "territory": "Apt (84003)",
    },
}
_CODES = {"until": "2027-01-31", "days": "7", "role": "editor"}


def _unknown() -> NotThere:
    return NotThere("words-unknown", N_("There are no words of this kind."))


def which(data: dict[str, Any]) -> tuple[str, str]:
    """Kind and language asked for. Raises ``NotThere`` for what has no words."""
    kind, language = data.get("kind"), data.get("language")
    if not isinstance(kind, str) or kind not in FACTS or language not in LANGUAGES:
        raise _unknown()
    return kind, str(language)


def show(kind: object) -> list[dict[str, Any]]:
    if kind and (not isinstance(kind, str) or kind not in FACTS):
        raise _unknown()
    kinds = [str(kind)] if kind else [one for kinds in GROUPS.values() for one in kinds]
    return [row(one, language) for one in kinds for language in LANGUAGES]


def row(kind: str, language: str) -> dict[str, Any]:
    edited = EditedWords.get(kind, language)
    words = (
        word_rules.from_text(edited.subject, edited.body) if edited else word_rules.shipped(kind, language)
    )
    return {
        "kind": kind,
        "language": language,
        "facts": sorted(FACTS[kind]),
        **words.as_text(),
        "edited": bool(edited),
        "modified_by": edited.modified_by if edited else None,
        "modified": edited.modified.isoformat() if edited else None,
    }


def write(kind: str, language: str, subject: str, body: str, user_id: str) -> None:
    """Keep these words from now on; without any, the shipped ones. Raises ``BadInput`` (``words.check``)."""
    held = EditedWords.get(kind, language)
    words = word_rules.from_text(subject, body)
    if (not words.subject and not words.body) or words == word_rules.shipped(kind, language):
        if held:
            ckan_model.Session.delete(held)
            ckan_model.Session.flush()
        return
    word_rules.check(words, kind)
    held = held or EditedWords(kind=kind, language=language)
    held.subject, held.body = words.as_text()["subject"], words.as_text()["body"]
    held.modified_by, held.modified = user_id, now()
    ckan_model.Session.add(held)
    ckan_model.Session.flush()


def preview(kind: str, language: str, subject: str, body: str) -> dict[str, str]:
    """Subject and body of the mail, with every fact given: ``{"subject", "body"}``."""
    words = word_rules.from_text(subject, body)
    word_rules.check(words, kind)
    facts = {name: value for name, value in {**EXAMPLE[language], **_CODES}.items() if name in FACTS[kind]}
    notice = mail_rules.Notice(kind, facts, "/notifications", words)
    settings = delivery.address("/notifications/reglages", language)
    made = mail_rules.compose(
        [notice], language, config.site_title(), lambda path: delivery.address(path, language), settings
    )
    return {"subject": made.subject, "body": made.body}
