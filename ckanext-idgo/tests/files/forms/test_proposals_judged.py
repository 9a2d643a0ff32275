"""How good the proposals are, on real titles and labels that did not tune them (issue 3).

Every figure is printed beside the score of the best constant: always giving the answer that is commonest in
the very set that judges. The French sets are few and the English one is small, full of satellite products and
half « environment »: the theme of English titles is **not** told better than by that constant (10 of 24
against 11, with the lexicon's prior for English; 5 by words alone), which the table shows and no assertion
hides.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from propose_labelled import Example, ecospheres, examples, keyword_key, scope_notes

from ckanext.idgo.forms.core.propose.classify import Ranked, classify
from ckanext.idgo.forms.core.propose.lexicon import Lexicon

pytestmark = pytest.mark.realdata
LEXICON = Lexicon.load()
K = 3


@pytest.fixture(scope="module")
def labelled(data_dir: Path) -> dict[str, list[Example]]:
    """Set name → examples: ``tune``, and what judges."""
    records = examples(data_dir)
    french = [e for e in records if e.half == "judge" and e.language == "fr"]
    vocabulary = [*ecospheres(data_dir), *scope_notes(data_dir)]
    return {
        "tune": [e for e in records if e.half == "tune"],
        "French": french + vocabulary,
        "French records": french,
        "French vocabularies": vocabulary,
        "English records": [e for e in records if e.half == "judge" and e.language == "en"],
    }


def told(example: Example, what: str) -> tuple[Ranked, ...]:
    return getattr(classify({"title": example.title}, LEXICON, example.language), what)


def accuracy(chosen: list[Example], what: str) -> tuple[float, float, int, int]:
    """Share right, share right of the best constant, number judged, number answered."""
    rows = [(getattr(e, what), told(e, what)) for e in chosen if getattr(e, what)]
    right = sum(bool(ranked) and ranked[0].value in wanted for wanted, ranked in rows)
    commonest = Counter(code for wanted, _ in rows for code in wanted).most_common(1)[0][1]
    return right / len(rows), commonest / len(rows), len(rows), sum(bool(ranked) for _, ranked in rows)


def precision(chosen: list[Example], tuning: list[Example]) -> tuple[float, float, float, int]:
    """Precision of the first ``K`` keywords proposed, of the ``K`` commonest of the tuning half, share of
    titles with at least one right, number judged."""
    usual = Counter(key for e in tuning for key in {keyword_key(k) for k in e.keywords})
    constant = [key for key, _ in usual.most_common(K)]
    rows = [(e, told(e, "keywords")[:K]) for e in chosen if e.keywords]
    ours = theirs = hit = 0.0
    for example, ranked in rows:
        wanted = {keyword_key(k) for k in example.keywords}
        right = sum(keyword_key(r.value) in wanted for r in ranked)
        ours += right / len(ranked) if ranked else 0.0
        hit += bool(right)
        theirs += sum(key in wanted for key in constant) / K
    return ours / len(rows), theirs / len(rows), hit / len(rows), len(rows)


def test_what_tunes_does_not_judge(labelled: dict[str, list[Example]]) -> None:
    tuning = {e.family for e in labelled["tune"]}
    judging = {e.family for e in (*labelled["French records"], *labelled["English records"])}
    assert not tuning & judging
    assert len(labelled["French"]) > 100


def test_figures_are_printed(labelled: dict[str, list[Example]], capsys: pytest.CaptureFixture[str]) -> None:
    lines = ["", "proposals, on what did not tune them: right / the best constant"]
    for name, chosen in labelled.items():
        for what in ("themes", "inspire"):
            if any(getattr(e, what) for e in chosen):
                ours, constant, count, answered = accuracy(chosen, what)
                score = f"{ours:4.0%} / {constant:4.0%}"
                lines.append(f"  {name:20} {what:8} {score}  ({count} judged, {answered} answered)")
        if name.endswith("records"):
            language = [e for e in labelled["tune"] if e.language == chosen[0].language]
            ours, constant, hit, count = precision(chosen, language)
            score = f"{ours:4.0%} / {constant:4.0%}"
            lines.append(f"  {name:20} keywords {score}  (p@{K}, {count} judged, one right in {hit:.0%})")
    with capsys.disabled():
        print("\n".join(lines))
    assert len(lines) > 10


@pytest.mark.parametrize(
    ("name", "what", "least", "margin"),
    [
        ("French", "themes", 0.70, 0.30),
        ("French", "inspire", 0.55, 0.35),
        ("French vocabularies", "themes", 0.70, 0.30),
        ("French records", "inspire", 0.55, 0.20),
        ("English records", "inspire", 0.50, 0.20),
        ("English records", "themes", 0.35, -0.10),
    ],
)
def test_themes_beat_the_best_constant(
    labelled: dict[str, list[Example]], name: str, what: str, least: float, margin: float
) -> None:
    ours, constant, _, _ = accuracy(labelled[name], what)
    assert ours >= least
    assert ours >= constant + margin


def test_french_keywords_beat_the_commonest_keywords(labelled: dict[str, list[Example]]) -> None:
    language = [e for e in labelled["tune"] if e.language == "fr"]
    ours, constant, hit, _ = precision(labelled["French records"], language)
    assert ours > constant
    assert hit >= 0.35
