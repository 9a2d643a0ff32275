"""Sizes in what people read: a limit of 2048 MB is “2 Go” in French and “2 GB” in English.

An error carries a :class:`Size`, not its words: the language is known only where the sentence is said.
"""

from __future__ import annotations

_FRENCH = ("octets", "ko", "Mo", "Go", "To")
_ENGLISH = ("bytes", "kB", "MB", "GB", "TB")
_NBSP = "\u00a0"


class Size(int):
    """Bytes. Written by itself (logs) it is English."""

    def said(self, language: str) -> str:
        """``42 ko``, ``1,5 Mo``, ``2 Go`` in French; binary thousands, as CKAN counts its limit."""
        french = language.lower().startswith("fr")
        value, units = float(self), list(_FRENCH if french else _ENGLISH)
        while value >= 1024 and len(units) > 1:
            value, units = value / 1024, units[1:]
        text = f"{value:.1f}".rstrip("0").rstrip(".") if value < 10 else f"{value:.0f}"
        return (text.replace(".", ",") if french else text) + _NBSP + units[0]

    def __str__(self) -> str:
        return self.said("en")

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)
