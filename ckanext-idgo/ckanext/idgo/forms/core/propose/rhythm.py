"""How often the data change: what the file name says, or a regular series that runs until now; no guess."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise

from ckanext.idgo.forms.core.facts import FileFacts
from ckanext.idgo.forms.core.propose.model import Proposal, nothing
from ckanext.idgo.forms.core.propose.words import split_words, stem

_SAID: dict[str, tuple[str, ...]] = {
    "continual": ("temps reel", "realtime", "real time", "continu", "horaire", "infra horaire", "live"),
    "daily": ("quotidien", "journalier", "daily", "chaque jour"),
    "weekly": ("hebdomadaire", "hebdo", "weekly"),
    "fortnightly": ("bimensuel", "quinzaine"),
    "monthly": ("mensuel", "monthly"),
    "quarterly": ("trimestriel", "quarterly"),
    "biannually": ("semestriel", "biannual"),
    "annually": ("annuel", "yearly", "annual"),
}
_STEPS: tuple[tuple[str, int, int], ...] = (  # code, least and most days between two dates
    ("daily", 1, 1),
    ("weekly", 7, 7),
    ("fortnightly", 14, 15),
    ("monthly", 28, 31),
    ("quarterly", 89, 92),
    ("biannually", 181, 184),
    ("annually", 365, 366),
)
_LEAST_DATES = 4


def propose_frequency(name: str, facts: FileFacts, today: date) -> Proposal[str]:
    """A code of ``frequencies.json``, or nothing."""
    said = _said(name)
    if said:
        return Proposal(said, "filename", 0.8)
    step = _step(sorted(_dates(facts)))
    last = _day(facts.dates[1]) if facts.dates else None
    # A series proves its rhythm only if it still runs: a closed one is not updated at all.
    if step and last and last >= today - timedelta(days=2 * step[2] + 1) and last <= today:
        return Proposal(step[0], "columns", 0.5)
    return nothing("")


def _said(name: str) -> str:
    words = [stem(word) for word in split_words(name)]
    for code, phrases in _SAID.items():
        for phrase in phrases:
            wanted = [stem(word) for word in phrase.split()]
            if any(words[at : at + len(wanted)] == wanted for at in range(len(words))):
                return code
    return ""


def _dates(facts: FileFacts) -> set[date]:
    """Distinct days of the first column of dates of each layer, in the sampled rows."""
    found: set[date] = set()
    for layer in facts.layers:
        column = next((c.name for c in layer.columns if c.type in ("date", "datetime")), None)
        if column:
            found |= {day for row in layer.sample if (day := _day(row.get(column)))}
    return found


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def _step(days: Iterable[date]) -> tuple[str, int, int] | None:
    """The step that every gap between consecutive days obeys."""
    ordered = list(days)
    if len(ordered) < _LEAST_DATES:
        return None
    gaps = {(after - before).days for before, after in pairwise(ordered)}
    return next((s for s in _STEPS if all(s[1] <= gap <= s[2] for gap in gaps)), None)
