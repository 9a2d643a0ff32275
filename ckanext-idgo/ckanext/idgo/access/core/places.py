"""The territory field of a form: names typed, or the codes chosen from suggestions, to codes."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ckanext.idgo.common.core.errors import N_, BadInput
from ckanext.idgo.common.core.territories import Territories, normalise

_SEPARATORS = re.compile(r"[;,\n]")


def read_places(typed: str, chosen: str, territories: Territories) -> list[str]:
    """Codes of what was typed, names or codes separated by commas; empty is no limit.

    ``chosen`` is the code a script put beside the text; it counts only where the text is still its name. A
    name that several territories have is refused: a limit is never guessed.
    """
    typed = typed.strip()
    if chosen in territories and territories.label(chosen) == typed:
        return [chosen]
    names = [name.strip() for name in _SEPARATORS.split(typed) if name.strip()]
    return list(dict.fromkeys(_code(name, territories) for name in names))


def write_places(codes: Iterable[str], territories: Territories) -> str:
    """What ``read_places`` reads back to these codes: the names, as a person reads them."""
    return ", ".join(territories.label(code) for code in codes)


def _code(name: str, territories: Territories) -> str:
    if name in territories:
        return name
    wanted = normalise(name)
    labelled = [t for t in territories if wanted and normalise(territories.label(t.code)) == wanted]
    found = labelled if len(labelled) == 1 else list(territories.named(name))
    if not found:
        raise BadInput("territory", N_("No place of the region is called “{name}”."), name=name[:80])
    if len(found) > 1:
        labels = ", ".join(f"{territories.label(t.code)} ({t.code})" for t in found[:4])
        several = N_("Several places are called “{name}”: write one of {labels}.")
        raise BadInput("territory", several, name=name[:80], labels=labels)
    return found[0].code
