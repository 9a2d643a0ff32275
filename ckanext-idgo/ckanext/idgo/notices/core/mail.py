"""A mail from notices: plain text, one link to the page where each is dealt with, nothing secret."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ckanext.idgo.notices.core import facts as fact_rules
from ckanext.idgo.notices.core import words as word_rules
from ckanext.idgo.notices.core.kinds import GROUPS, group_of
from ckanext.idgo.notices.core.words import Words


@dataclass(frozen=True)
class Notice:
    """What is told: ``facts`` as kept, ``words`` in the reader's language, ``path`` on this site."""

    kind: str
    facts: Mapping[str, str]
    path: str
    words: Words


@dataclass(frozen=True)
class Mail:
    """``subject``: one line. ``body``: plain text."""

    subject: str
    body: str


def compose(
    notices: Sequence[Notice], language: str, site: str, address: Callable[[str], str], settings: str
) -> Mail:
    """One mail for one notice or for a day's. ``address`` makes a path of this site a full address."""
    frame = word_rules.frame(language)
    title = fact_rules.one_line(site, 60)
    if len(notices) == 1:
        subject, told = _one(notices[0], language, title, address)
    else:
        count = {"n": str(len(notices)), "site": title}
        subject = word_rules.fill(frame["digest_subject"], count) or title
        told = [
            word_rules.fill(frame["digest_intro"], count) or "",
            *_digest(notices, language, title, address),
        ]
    foot = [
        word_rules.fill(frame["why"], {"site": title}) or "",
        f"{frame['settings']} {settings}",
    ]
    paragraphs = [frame["hello"], *told, "-- \n" + "\n".join(foot)]
    return Mail(subject, "\n\n".join(paragraphs) + "\n")


def _quotable(notice: Notice, language: str, site: str) -> dict[str, str]:
    return {**fact_rules.for_mail(notice.facts, language), "site": site}


def _one(notice: Notice, language: str, site: str, address: Callable[[str], str]) -> tuple[str, list[str]]:
    quotable = _quotable(notice, language, site)
    link = f"{word_rules.frame(language)['see']} {address(notice.path)}"
    lines = word_rules.body(notice.words, quotable)
    return word_rules.subject(notice.words, quotable), ["\n".join(lines), link]


def _digest(notices: Sequence[Notice], language: str, site: str, address: Callable[[str], str]) -> list[str]:
    """By group in the order of ``GROUPS``, then in the order they happened."""
    frame = word_rules.frame(language)
    told = []
    for group in GROUPS:
        mine = [notice for notice in notices if group_of(notice.kind) == group]
        if not mine:
            continue
        rows = [frame[f"group_{group}"].upper()]
        for notice in mine:
            line = word_rules.subject(notice.words, _quotable(notice, language, site))
            rows.append(f"* {line}\n  {address(notice.path)}")
        told.append("\n".join(rows))
    return told
