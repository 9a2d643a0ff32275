"""How good the proposals are, on real titles that did not tune them (issue 3).

Every figure is printed beside the score of always giving the commonest answer (of the whole set: the best
constant there is). French and English are reported apart: IDGO is French, and the English half is small, full
of satellite products, and says « environment » half the time.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from propose_labelled import Example, examples, keyword_key

from ckanext.idgo.forms.core.propose.classify import Classification, classify
from ckanext.idgo.forms.core.propose.lexicon import Lexicon

pytestmark = pytest.mark.realdata
LEXICON = Lexicon.load()
K = 3


@pytest.fixture(scope="module")
def labelled(data_dir: Path) -> list[Example]:
    return examples(data_dir)


def judged(labelled: list[Example], language: str) -> list[tuple[Example, Classification]]:
    chosen = [e for e in labelled if e.half == "judge" and language in (e.language, "both")]
    return [(e, classify({"title": e.title}, LEXICON)) for e in chosen]


def accuracy(labelled: list[Example], language: str, what: str) -> tuple[float, float, int, int]:
    """Share right, share right of the commonest answer, number judged, number answered."""
    rows = [(getattr(e, what), getattr(c, what)) for e, c in judged(labelled, language)]
    rows = [(wanted, ranked) for wanted, ranked in rows if wanted]
    right = sum(bool(ranked) and ranked[0].value in wanted for wanted, ranked in rows)
    counts = Counter(code for wanted, _ in rows for code in wanted)
    commonest = counts.most_common(1)[0][1]
    return right / len(rows), commonest / len(rows), len(rows), sum(bool(ranked) for _, ranked in rows)


def precision(labelled: list[Example], language: str) -> tuple[float, float, float, int]:
    """Precision of the first ``K`` keywords proposed, of the ``K`` commonest of the tuning half, share of
    titles with at least one right, number judged."""
    tuning = [e for e in labelled if e.half == "tune" and language in (e.language, "both")]
    usual = Counter(key for e in tuning for key in {keyword_key(k) for k in e.keywords})
    constant = [key for key, _ in usual.most_common(K)]
    ours = theirs = hit = 0.0
    rows = [(e, c) for e, c in judged(labelled, language) if e.keywords]
    for example, told in rows:
        wanted = {keyword_key(k) for k in example.keywords}
        proposed = [keyword_key(r.value) for r in told.keywords[:K]]
        right = sum(key in wanted for key in proposed)
        ours += right / len(proposed) if proposed else 0.0
        hit += bool(right)
        theirs += sum(key in wanted for key in constant) / K
    return ours / len(rows), theirs / len(rows), hit / len(rows), len(rows)


def test_no_title_tunes_and_judges(labelled: list[Example]) -> None:
    halves = {half: {e.title for e in labelled if e.half == half} for half in ("tune", "judge")}
    assert not halves["tune"] & halves["judge"]
    assert min(map(len, halves.values())) > 50


def test_figures_are_printed(labelled: list[Example], capsys: pytest.CaptureFixture[str]) -> None:
    lines = ["", "proposals on titles that did not tune them (right / always the commonest)"]
    for language in ("fr", "en", "both"):
        for what, name in (("themes", "theme"), ("inspire", "INSPIRE theme")):
            ours, constant, count, answered = accuracy(labelled, language, what)
            score = f"{ours:5.0%} / {constant:4.0%}"
            lines.append(f"  {language:4} {name:13} {score}  ({count} titles, {answered} answered)")
        ours, constant, hit, count = precision(labelled, language)
        score = f"{ours:5.0%} / {constant:4.0%}"
        lines.append(f"  {language:4} keywords p@{K}  {score}  ({count} titles, one right in {hit:.0%})")
    with capsys.disabled():
        print("\n".join(lines))
    assert len(lines) == 11


@pytest.mark.parametrize(
    ("language", "what", "margin"),
    [("fr", "themes", 0.40), ("fr", "inspire", 0.10), ("both", "themes", 0.05), ("both", "inspire", 0.15)],
)
def test_themes_beat_always_the_commonest(
    labelled: list[Example], language: str, what: str, margin: float
) -> None:
    ours, constant, count, _ = accuracy(labelled, language, what)
    assert count >= 20
    assert ours >= constant + margin


def test_french_keywords_beat_the_commonest_keywords(labelled: list[Example]) -> None:
    ours, constant, hit, _ = precision(labelled, "fr")
    assert ours > constant
    assert hit >= 0.35
