"""French is the first language: no sentence of ours may reach a person in English."""

from __future__ import annotations

import re

import pytest

from .catalogues import PACKAGE, REPOSITORY, ckan_sentences, translated_sentences, used_sentences


@pytest.fixture(scope="module")
def core_sentences() -> set[str]:
    """What CKAN itself already says in French."""
    return {msgid for msgid, french in ckan_sentences() if french}


def test_every_sentence_has_its_french(core_sentences: set[str]) -> None:
    french = translated_sentences()
    missing = [
        f"{where.replace(str(REPOSITORY), '')}: {msgid}"
        for where, msgid in used_sentences()
        if not french.get(msgid) and msgid not in core_sentences
    ]
    assert not missing, f"{len(missing)} sentences without French:\n" + "\n".join(missing[:60])


def test_what_ckan_leaves_in_english_has_its_french() -> None:
    """CKAN's own French is a quarter short: ours fills it for the parts of CKAN that IDGO loads."""
    french = translated_sentences()
    missing = [msgid for msgid, theirs in ckan_sentences() if not theirs and not french.get(msgid)]
    assert not missing, f"{len(missing)} sentences of CKAN without French:\n" + "\n".join(missing[:60])


def test_named_fields_survive_translation() -> None:
    field = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
    wrong = [
        (msgid, text)
        for msgid, text in translated_sentences().items()
        if text and set(field.findall(text)) - set(field.findall(msgid)) - {"%(num)d", "%(num)s", "{n}"}
    ]
    assert not wrong


def test_french_typography_keeps_signs_with_their_word() -> None:
    """A plain space before a high sign lets the sign begin a line."""
    plain_space = re.compile(r"[\w»)] (?:[;:!?»]|%(?![(sd]))|« ")
    wrong = [text for text in translated_sentences().values() if plain_space.search(text)]
    assert not wrong, wrong[:20]


def test_each_room_with_templates_has_a_catalogue() -> None:
    rooms = {p.parent.parent.name for p in PACKAGE.glob("*/plugin/templates")}
    catalogues = {p.stem.removeprefix("ckanext-idgo-") for p in PACKAGE.rglob("i18n/fr/LC_MESSAGES/*.po")}
    assert rooms <= catalogues
