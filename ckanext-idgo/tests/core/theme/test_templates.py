"""What templates and styles may not do, and what they need."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[4]
HOUSE = ROOT / "ckanext-idgo/ckanext/idgo"
TEMPLATES = sorted((HOUSE / "templates").rglob("*.html"))
STYLES = sorted((HOUSE / "assets/css").glob("*.css"))


def _icons_listed() -> set[str]:
    lines = (ROOT / "stack/icons.txt").read_text(encoding="utf-8").splitlines()
    return {line.split("#")[0].strip() for line in lines} - {""}


def _icons_used() -> set[str]:
    used: set[str] = set()
    for path in sorted(HOUSE.rglob("templates/**/*.html")):
        text = path.read_text(encoding="utf-8")
        used |= set(re.findall(r"h\.idgo_icon\('([a-z0-9-]+)'", text))
        for one, other in re.findall(r"h\.idgo_icon\('([a-z0-9-]+)' if [^)]*? else '([a-z0-9-]+)'\)", text):
            used |= {one, other}
    for path in (ROOT / "schemas/codelists").glob("*.json"):
        entries = json.loads(path.read_text(encoding="utf-8"))["entries"]
        used |= {entry["icon"] for entry in entries if entry.get("icon")}
    return used


def test_every_icon_used_is_in_the_sprite() -> None:
    assert _icons_used() - _icons_listed() == set()
    assert len(_icons_used()) > 40


def _offenders(check: Callable[[str], bool]) -> list[str]:
    """The templates that ``check`` finds at fault: one test over all of them, a test for each costs as much
    as everything it does."""
    assert len(TEMPLATES) > 50
    return [
        str(path.relative_to(HOUSE)) for path, text in zip(TEMPLATES, _texts(), strict=True) if check(text)
    ]


@cache
def _texts() -> tuple[str, ...]:
    return tuple(path.read_text(encoding="utf-8") for path in TEMPLATES)


def test_a_template_holds_no_script_no_style_and_no_unescaped_text() -> None:
    assert _offenders(lambda text: bool(re.search(r"<script(?![^>]*\bsrc=)", text))) == []
    inline = r"<style|\sstyle=|\son[a-z]+=\"|javascript:"
    assert _offenders(lambda text: bool(re.search(inline, text))) == []
    assert (
        _offenders(
            lambda text: bool(
                {f.strip() for f in re.findall(r"\{\{([^}]*)\|\s*safe", text)} - {"frame", "form"}
            )
        )
        == []
    )


def _posts_without_field(text: str) -> bool:
    forms = re.findall(r"<form\b.*?</form>", text, re.S)
    return any(re.search(r"method=\"post\"", f, re.I) and "h.csrf_input()" not in f for f in forms)


def test_every_form_that_posts_has_the_csrf_field() -> None:
    assert _offenders(_posts_without_field) == []
    assert _posts_without_field('<form method="post"><button>Go</button></form>')


@pytest.mark.parametrize("path", STYLES, ids=lambda p: p.name)
def test_no_text_under_14_pixels_and_nothing_from_elsewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "http" not in text
    for size in re.findall(r"font-size:\s*([\d.]+)px", text):
        # Map labels are in units of a drawing that is 162 units wide and 2.8 to 3.7 times larger on screen.
        assert float(size) >= 14 or ".lbl-map" in text
    for size in re.findall(r"font-size:\s*\.(\d+)rem", text):
        assert float("." + size) >= 0.875
