"""``propose``: every field of the simple form that a file and its context can fill (issue 3).

Pure and deterministic: the same facts, context and lexicon give the same proposals. Nothing is invented: a
field without evidence stays empty with origin ``none``.
"""

from __future__ import annotations

from dataclasses import dataclass

from ckanext.idgo.common.core.territories import Territories
from ckanext.idgo.forms.core.facts import FileFacts
from ckanext.idgo.forms.core.propose.classify import PRIOR, Classification, Ranked, classify, confidence
from ckanext.idgo.forms.core.propose.describe import describe
from ckanext.idgo.forms.core.propose.french import capital, of_place, plural_phrase
from ckanext.idgo.forms.core.propose.lexicon import Lexicon
from ckanext.idgo.forms.core.propose.model import Proposal, ProposalContext, Proposals, nothing
from ckanext.idgo.forms.core.propose.names import NameParts, TitleWords, read_name
from ckanext.idgo.forms.core.propose.places import propose_territory
from ckanext.idgo.forms.core.propose.rhythm import propose_frequency
from ckanext.idgo.forms.core.propose.titles import known_share, subject
from ckanext.idgo.metadata.core import codelists
from ckanext.idgo.metadata.core.codelists import UnknownCode

MAX_KEYWORDS = 6
DEFAULT_LICENCE = "lov2"
_FAMILIES = ("geographic", "statistical", "smart")
_TEXT_ORIGINS = {
    "title": "filename",
    "filename": "filename",
    "layers": "data",
    "columns": "columns",
    PRIOR: "default",
}


@dataclass(frozen=True)
class Knowledge:
    """The three tables proposals are made with; an operator may change their files."""

    lexicon: Lexicon
    titles: TitleWords
    territories: Territories

    @classmethod
    def load(cls) -> Knowledge:
        """The shipped tables."""
        return cls(Lexicon.load(), TitleWords.load(), Territories.load())


def propose(facts: FileFacts, context: ProposalContext, knowledge: Knowledge | None = None) -> Proposals:
    """Proposals for the file. Raises ``BadLexicon`` or ``BadCodelist`` when an operator's table is broken."""
    known = knowledge or Knowledge.load()
    name = context.name or facts.filename
    parts = read_name(name, known.lexicon, known.titles, known.territories)
    spoken = facts.languages[0] if facts.languages else None
    told = classify(_texts(facts, context, parts), known.lexicon, spoken)
    territory = propose_territory(facts, parts, context.organization.territory, known.territories)
    title = _title(facts, parts, told, territory, known)
    theme = _first(told.themes, told)
    inspire = _inspire(told, theme)
    tier = _tier(context)
    return Proposals(
        title=title,
        notes=_notes(facts, context.title or title.value, parts, territory, known),
        theme=theme,
        inspire_theme=inspire,
        tags=_tags(told),
        territory=territory,
        frequency=propose_frequency(name, facts, context.today),
        license_id=_licence(context),
        access_tier=tier,
        data_family=_family(facts),
        language=_language(facts),
    )


def _texts(facts: FileFacts, context: ProposalContext, parts: NameParts) -> dict[str, str]:
    """What is read, by kind. Places are left out of the file name: « Le Port » is not a harbour."""
    columns = [c.name for c in facts.columns] + [c.name for layer in facts.layers for c in layer.columns]
    texts = {
        "title": context.title,
        "filename": " ".join(parts.words),
        "layers": " . ".join(layer.name for layer in facts.layers),
        "columns": " . ".join(dict.fromkeys(columns)),
        "description": context.notes,
    }
    return {name: text for name, text in texts.items() if text}


def _title(
    facts: FileFacts,
    parts: NameParts,
    told: Classification,
    territory: Proposal[list[str]],
    known: Knowledge,
) -> Proposal[str]:
    origin, words = "filename", parts.words
    if not words and len(facts.layers) == 1:
        layer = read_name(facts.layers[0].name, known.lexicon, known.titles, known.territories)
        origin, words = "data", layer.words
    text = subject(words, facts.feature_count, known.lexicon, known.titles)
    trust = 0.4 + 0.5 * known_share(words, known.lexicon, known.titles)
    if not text and told.keywords:
        origin, trust = _TEXT_ORIGINS.get(told.keywords[0].text, "data"), 0.3
        text = capital(plural_phrase(told.keywords[0].value, facts.feature_count or 1))
    if not text:
        return nothing("")
    return Proposal(f"{text}{_where(parts, territory, known)}{_when(parts)}", origin, round(trust, 2))


def _where(parts: NameParts, territory: Proposal[list[str]], known: Knowledge) -> str:
    """The place named in the file name; one given by its code only where the proposal agrees with it."""
    place = parts.places[0] if parts.places else None
    if place is None and parts.coded and territory.value == [parts.coded[0].code]:
        place = parts.coded[0]
    return f" {of_place(place, known.territories.label(place.code))}" if place else ""


def _when(parts: NameParts) -> str:
    return f", {parts.year}" if parts.year else ""


def _notes(
    facts: FileFacts, title: str, parts: NameParts, territory: Proposal[list[str]], known: Knowledge
) -> Proposal[str]:
    """The place is said where the data show it (not where it is a habit) and the title does not."""
    shown = territory.origin in ("extent", "columns") and territory.confidence >= 0.6 and not parts.places
    place = known.territories.label(territory.value[0]) if shown else ""
    return Proposal(describe(title, place, facts), "data", 0.5)


def _first(ranked: tuple[Ranked, ...], told: Classification) -> Proposal[str]:
    if not ranked:
        return nothing("")
    best = ranked[0]
    return Proposal(best.value, _TEXT_ORIGINS.get(best.text, "data"), confidence(ranked))


def _inspire(told: Classification, theme: Proposal[str]) -> Proposal[str]:
    """What the words say, else the INSPIRE theme that goes with the theme (``themes.json``), if any does."""
    if told.inspire or theme.empty:
        return _first(told.inspire, told)
    try:
        usual = codelists.load("themes").get(theme.value).extra.get("inspire_theme", "")
    except UnknownCode:  # an operator's lexicon may speak of a theme that is gone
        return nothing("")
    return Proposal(usual, "default", 0.3) if usual else nothing("")


def _tags(told: Classification) -> Proposal[list[str]]:
    best = told.keywords[:MAX_KEYWORDS]
    if not best:
        return nothing([])
    keywords = [ranked.value.replace("'", "’") for ranked in best]
    return Proposal(keywords, _TEXT_ORIGINS.get(best[0].text, "data"), confidence(best))


def _licence(context: ProposalContext) -> Proposal[str]:
    habit = context.organization.license_id
    if habit and habit in codelists.load("licenses"):
        return Proposal(habit, "organization", 0.8)
    return Proposal(DEFAULT_LICENCE, "default", 0.6)


def _tier(context: ProposalContext) -> Proposal[str]:
    """Open, unless the organisation's usual licence is not an open one."""
    licences = codelists.load("licenses")
    habit = context.organization.license_id
    if habit and habit in licences:
        is_open = bool(licences.get(habit).extra.get("open"))
        return Proposal("open" if is_open else "restricted", "licence", 0.6)
    return Proposal("open", "default", 0.5)


def _family(facts: FileFacts) -> Proposal[str]:
    """A document (PDF, image) is taken for a map: the field has to say something and nothing else does."""
    if facts.family in _FAMILIES:
        return Proposal(facts.family, "data", 0.8)
    return Proposal("geographic", "default", 0.2)


def _language(facts: FileFacts) -> Proposal[str]:
    """ISO 639-2/B code of the data's first language, French where none was recognised."""
    languages = codelists.load("languages")
    for given in facts.languages:
        for entry in languages:
            if given.lower() in (entry.code, entry.extra.get("terminology"), entry.extra.get("alpha_2")):
                return Proposal(entry.code, "data", 0.8)
    return Proposal("fre", "default", 0.5)
