"""Translations: add every room's new sentences to its catalogue, compile every catalogue. Run inside the
virtual environment."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from stack.layout import Layout, package_folder
from stack.progress import say

METHODS = [
    ("**.py", "python"),
    ("**.js", "javascript"),
    ("**/templates/**.html", "ckan.lib.extract:extract_ckan"),
]
# An error or finding of ``core`` carries its English sentence as an argument (common/core/errors.py).
ERRORS = (
    "BadInput",
    "UnreadableFile",
    "TooLarge",
    "ForbiddenUrl",
    "Refused",
    "NotThere",
    "Conflict",
    "Unavailable",
)


def catalogues(root: Path) -> list[Path]:
    """Every ``.po`` of the house."""
    return sorted((root / "ckanext-idgo" / "ckanext" / "idgo").rglob("i18n/*/LC_MESSAGES/*.po"))


def _read(path: Path) -> Any:
    from babel.messages.pofile import read_po

    with path.open("rb") as stream:
        return read_po(stream, locale=path.parents[1].name, domain=path.stem)


def compile_all(layout: Layout) -> int:
    """``.po`` → ``.mo`` where the first is newer. Returns how many were written."""
    from babel.messages.mofile import write_mo

    written = 0
    for path in catalogues(layout.root):
        target = path.with_suffix(".mo")
        if target.is_file() and target.stat().st_mtime >= path.stat().st_mtime:
            continue
        with target.open("wb") as stream:
            write_mo(stream, _read(path))
        written += 1
    return written


def _sentences(folder: Path, within: str) -> list[tuple[str, str | tuple[str, ...]]]:
    """(room, msgid) of every sentence below ``folder``; the house's own have room ''."""
    from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir

    keywords = {**DEFAULT_KEYWORDS, **dict.fromkeys(ERRORS, (2,)), "Finding": (3,), "ngettext": (1, 2)}
    found = []
    for filename, _, message, *_ in extract_from_dir(str(folder), method_map=METHODS, keywords=keywords):
        room = filename.split("/")[0]
        found.append((room if (folder / room / within).is_dir() else "", message))
    return found


def _said(catalogue: Any, translated: bool = False) -> set[str]:
    """The sentences of a catalogue; ``translated``: those it has words for."""
    ids = [message.id for message in catalogue if message.id and (message.string or not translated)]
    return {one if isinstance(one, str) else one[0] for one in ids}


def extract(layout: Layout) -> dict[str, int]:
    """Add to each French catalogue the sentences of its room that nobody has translated yet.

    CKAN's own French counts. Nothing is removed: some msgids live in schemas and code lists. Returns how many
    were added, per catalogue.
    """
    from babel.messages.pofile import write_po

    package = layout.root / "ckanext-idgo" / "ckanext" / "idgo"
    known = _said(_read(package_folder("ckan") / "i18n" / "fr" / "LC_MESSAGES" / "ckan.po"), translated=True)
    paths = [path for path in catalogues(layout.root) if path.parents[1].name == "fr"]
    books = {path: _read(path) for path in paths}
    for book in books.values():
        known |= _said(book)
    added: dict[str, int] = {}
    for room, message in _sentences(package, "plugin/i18n"):
        name = f"ckanext-idgo-{room}" if room else "ckanext-idgo"
        path = next((p for p in paths if p.stem == name), None)
        first = message if isinstance(message, str) else message[0]
        if path is None or not first or first in known:
            continue
        known.add(first)
        books[path].add(message)
        added[name] = added.get(name, 0) + 1
    for path, book in books.items():
        if path.stem in added:
            with path.open("wb") as stream:
                write_po(stream, book, width=110, omit_header=False)
    return added


def report(layout: Layout) -> None:
    """``make i18n``."""
    for name, count in sorted(extract(layout).items()):
        say(f"  {name}: {count} sentences to translate")
    say(f"  {compile_all(layout)} catalogues compiled")
