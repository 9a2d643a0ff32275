"""Translations: extract every room's sentences, compile every room's catalogue. Run inside the virtual environment."""

from __future__ import annotations

from pathlib import Path

from stack.layout import Layout
from stack.progress import say


def catalogues(root: Path) -> list[Path]:
    """Every ``.po`` of the house."""
    return sorted((root / "ckanext-idgo" / "ckanext" / "idgo").rglob("i18n/*/LC_MESSAGES/*.po"))


def compile_all(layout: Layout) -> int:
    """``.po`` → ``.mo`` where the first is newer. Returns how many were written."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    written = 0
    for path in catalogues(layout.root):
        target = path.with_suffix(".mo")
        if target.is_file() and target.stat().st_mtime >= path.stat().st_mtime:
            continue
        with path.open("rb") as stream:
            catalogue = read_po(stream, locale=path.parents[1].name, domain=path.stem)
        with target.open("wb") as stream:
            write_mo(stream, catalogue)
        written += 1
    return written


def report(layout: Layout) -> None:
    say(f"{compile_all(layout)} catalogues compiled")
