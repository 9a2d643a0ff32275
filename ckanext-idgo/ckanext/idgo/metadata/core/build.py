"""Small constructors of record parts, with the code lists and titles that INSPIRE TG 2.2.1 wants."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_EVEN, Decimal

from ckanext.idgo.metadata.core import codelists
from ckanext.idgo.metadata.core.model.citation import Citation, CitationDate
from ckanext.idgo.metadata.core.model.identification import Keywords
from ckanext.idgo.metadata.core.model.values import Code, Date, Text, anchor
from ckanext.idgo.metadata.core.names import CODELISTS, LANGUAGES

GEMET_TITLE = "GEMET - INSPIRE themes, version 1.0"
GEMET_DATE = "2008-06-01"
REGULATION_DATE = "2010-12-08"
REGULATION = {
    "fre": (
        "Règlement (UE) n o 1089/2010 de la Commission du 23 novembre 2010 portant modalités "
        "d'application de la directive 2007/2/CE du Parlement européen et du Conseil en ce qui concerne "
        "l'interopérabilité des séries et des services de données géographiques"
    ),
    "eng": (
        "Commission Regulation (EU) No 1089/2010 of 23 November 2010 implementing Directive 2007/2/EC of the "
        "European Parliament and of the Council as regards interoperability of spatial data sets and services"
    ),
}
"""Titles that the official suites compare with (TG 1.10): in French ``n o``, not ``n°``."""

_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SIX_DECIMALS = Decimal("0.000001")


def clean(value: object) -> str:
    """Text of a value without the characters that XML cannot carry (control characters, lone surrogates),
    without space around it; line ends are ``\\n``."""
    text = "" if value is None else str(value)
    return _ILLEGAL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def text(value: object, nil_reason: str = "missing") -> Text:
    """A character string, nil when there is nothing to say."""
    cleaned = clean(value)
    return Text(cleaned) if cleaned else Text(None, nil_reason=nil_reason)


def code(element: str, value: str, label: str = "") -> Code:
    """A value of an ISO code list: ``code("CI_RoleCode", "owner")``."""
    return Code(value, f"gmd:{element}", CODELISTS + element, label or value)


def language(value: str) -> Code:
    """``gmd:LanguageCode``, ISO 639-2/B (C.5, 1.6)."""
    labels = codelists.load("languages")
    label = labels.get(value).fr if value in labels else value
    return Code(value, "gmd:LanguageCode", LANGUAGES, label)


def dated(value: str, kind: str) -> CitationDate:
    """A date with its type: ``creation``, ``publication``, ``revision``."""
    return CitationDate(date=Date(value), date_type=code("CI_DateTypeCode", kind))


def citation(title: str, date: str, kind: str = "publication") -> Citation:
    """Title and date: what INSPIRE asks of a thesaurus (C.16) or a specification (C.21)."""
    return Citation(title=Text(title), date=(dated(date, kind),))


def keywords(
    words: list[tuple[str, str]], kind: str = "theme", thesaurus: Citation | None = None
) -> Keywords:
    """A block of keywords; each word is a pair (label, URI or empty)."""
    values = tuple(anchor(label, uri) if uri else Text(label) for label, uri in words)
    return Keywords(keyword=values, type=code("MD_KeywordTypeCode", kind), thesaurus_name=thesaurus)


def degrees(value: float) -> Decimal:
    """A coordinate in degrees with two to six decimals (C.19; six are 0.1 m)."""
    rounded = Decimal(repr(float(value))).quantize(_SIX_DECIMALS, rounding=ROUND_HALF_EVEN)
    whole, _, decimals = format(rounded, "f").partition(".")
    return Decimal(f"{whole}.{decimals.rstrip('0').ljust(2, '0')}")
