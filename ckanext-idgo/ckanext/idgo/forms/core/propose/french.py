"""Small rules of written French: plurals, « de » and a place, numbers. Descriptions and titles are content:
they are written in French whatever the interface's language."""

from __future__ import annotations

from ckanext.idgo.common.core.territories import Territory
from ckanext.idgo.forms.core.propose.words import is_small, plain

NBSP = "\u00a0"
NARROW = "\u202f"
_PLURAL_DEPARTEMENTS = ("Alpes", "Bouches", "Hautes")
_VOWELS = frozenset("aeiouyh")


def plural(word: str) -> str:
    """Plural of a French noun or adjective: regular endings only (``-al``, ``-eau``, ``-s``)."""
    if word.endswith(("s", "x", "z")) or word.isupper():
        return word
    if word.endswith("al"):
        return word[:-2] + "aux"
    if word.endswith(("au", "eu")):
        return word + "x"
    return word + "s"


def plural_phrase(phrase: str, number: int) -> str:
    """``plan d'eau`` → ``plans d'eau``, ``équipement sportif`` → ``équipements sportifs``: the words before
    the first small one."""
    if number < 2:
        return phrase
    words = phrase.split(" ")
    for at, word in enumerate(words):
        if is_small(plain(word).split("'")[0].split("’")[0]) or "’" in word or "'" in word:
            break
        words[at] = plural(word)
    return " ".join(words)


def number(value: int) -> str:
    """``1 234 567`` with narrow no-break spaces."""
    return f"{value:,}".replace(",", NARROW)


def counted(count: int, noun: str) -> str:
    """``3 objets``, ``1 objet``, ``0 objet``; the space does not break."""
    return f"{number(count)}{NBSP}{plural_phrase(noun, count)}"


def of_place(territory: Territory, label: str) -> str:
    """The place after « de »: ``d’Arles``, ``du Var``, ``des Alpes-Maritimes``, ``de la CA …``."""
    if territory.kind == "epci":
        rest = label.split(" ", 1)
        return f"de la {'métropole' if rest[0] == 'Métropole' else rest[0]} {rest[1]}" if rest[1:] else label
    if territory.kind == "departement":
        if label.startswith(_PLURAL_DEPARTEMENTS):
            return f"des {label}"
        return f"du {label}" if label == "Var" else of_name(label)
    if label.startswith("Le "):
        return f"du {label[3:]}"
    if label.startswith("Les "):
        return f"des {label[4:]}"
    return of_name(label)


def of_name(name: str) -> str:
    """``de Marseille``, ``d’Avignon``."""
    return f"d’{name}" if plain(name)[:1] in _VOWELS and plain(name)[:1] != "y" else f"de {name}"


def capital(text: str) -> str:
    """First letter in upper case, the rest untouched."""
    return text[:1].upper() + text[1:]
