"""Reading the house's own source: sentences, French catalogues, declared names."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

PACKAGE = Path(__file__).resolve().parents[2] / "ckanext" / "idgo"
REPOSITORY = PACKAGE.parents[2]

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
KEYWORDS = {**DEFAULT_KEYWORDS, **dict.fromkeys(ERRORS, (2,)), "Finding": (3,), "ngettext": (1, 2)}
METHODS = [
    ("**.py", "python"),
    ("**.js", "javascript"),
    ("**/templates/**.html", "ckan.lib.extract:extract_ckan"),
]


def translated_sentences() -> dict[str, str]:
    """msgid -> French, all the house's catalogues together. Plural forms are joined by a bar."""
    found: dict[str, str] = {}
    for po in sorted(PACKAGE.rglob("i18n/fr/LC_MESSAGES/*.po")):
        with po.open("rb") as stream:
            catalogue: Catalog = read_po(stream, locale="fr")
        for message in catalogue:
            if not message.id or message.fuzzy:
                continue
            msgid = message.id if isinstance(message.id, str) else message.id[0]
            text = message.string
            found[msgid] = text if isinstance(text, str) else (" | ".join(text) if all(text) else "")
    return found


def used_sentences() -> Iterator[tuple[str, str]]:
    """(``file:line``, msgid) of every sentence the code or a template shows."""
    rows = extract_from_dir(str(PACKAGE), method_map=METHODS, keywords=KEYWORDS)
    for filename, line, message, _comments, _context in rows:
        msgid = message if isinstance(message, str) else message[0]
        if msgid:
            yield f"{filename}:{line}", msgid


#: Extensions shipped with CKAN that ``config/ckan.ini.template`` loads.
LOADED = ("activity",)


def _is_shown(places: list[tuple[str, int]]) -> bool:
    """False for the other theme and for extensions that IDGO does not load."""
    for place, _line in places:
        extension = place.partition("ckanext/")[2].partition("/")[0]
        if "midnight-blue" not in place and (not extension or extension in LOADED):
            return True
    return False


def ckan_sentences() -> Iterator[tuple[str, bool]]:
    """(msgid, whether CKAN's own catalogue has its French) of what CKAN and its loaded extensions show."""
    import ckan

    folder = Path(ckan.__path__[0]) / "i18n"
    with (folder / "fr" / "LC_MESSAGES" / "ckan.po").open("rb") as stream:
        french = {m.id: m.string for m in read_po(stream, locale="fr") if m.id}
    with (folder / "ckan.pot").open("rb") as stream:
        template: Catalog = read_po(stream)
    for message in template:
        said = french.get(message.id)
        done = bool(said) if isinstance(said, str) or said is None else all(said)
        if message.id and (done or _is_shown(message.locations)):
            yield (message.id if isinstance(message.id, str) else message.id[0]), done


def functions_of(pattern: str) -> Iterator[tuple[Path, ast.FunctionDef]]:
    """Public top-level functions of the modules that match ``pattern`` below the package."""
    for module in sorted(PACKAGE.glob(pattern)):
        for node in ast.parse(module.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                yield module, node
