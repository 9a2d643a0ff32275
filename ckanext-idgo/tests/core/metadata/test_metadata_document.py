"""What arrives from outside: attacks, envelopes, old namespaces, nothing at all."""

from __future__ import annotations

import pytest

from ckanext.idgo.metadata.core.document import parse
from ckanext.idgo.metadata.core.errors import BadRecord, RecordTooLarge
from ckanext.idgo.metadata.core.model.extent import TimePeriod
from ckanext.idgo.metadata.core.read import read_record

GMD = 'xmlns:gmd="http://www.isotc211.org/2005/gmd" xmlns:gco="http://www.isotc211.org/2005/gco"'
ID = "<gmd:fileIdentifier><gco:CharacterString>{}</gco:CharacterString></gmd:fileIdentifier>"
RECORD = f"<gmd:MD_Metadata {GMD}>{ID.format('abc')}</gmd:MD_Metadata>"
CSW = 'xmlns:csw="http://www.opengis.net/cat/csw/2.0.2"'


def code_of(xml: bytes | str, **limits: int) -> str:
    with pytest.raises((BadRecord, RecordTooLarge)) as caught:
        read_record(xml, **limits)
    return caught.value.code


@pytest.mark.parametrize(
    "declaration",
    [
        '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE r [<!ENTITY x "lol"><!ENTITY y "&x;&x;">]>',
        '<!DOCTYPE r [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x.dtd"> %x;]>',
    ],
)
def test_entities_are_refused(declaration: str) -> None:
    text = f"{declaration}<gmd:MD_Metadata {GMD}>{ID.format('abc')}</gmd:MD_Metadata>"
    assert code_of(text.encode()) == "entities"


def test_an_entity_is_not_expanded(tmp_path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("canary")
    text = f'<!DOCTYPE r [<!ENTITY x SYSTEM "{secret.as_uri()}">]><r>&x;</r>'
    with pytest.raises(BadRecord) as caught:
        parse(text)
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize(
    ("xml", "code"),
    [
        (b"", "empty-record"),
        (" \n", "empty-record"),
        (b"\x00\x00", "empty-record"),
        (b"<a><b></a>", "not-xml"),
        (b"%PDF-1.7", "not-xml"),
        (b'<?xml version="1.0" encoding="nothing-known"?><a/>', "not-xml"),
        (b"<html/>", "not-iso"),
        (f"<csw:GetRecordByIdResponse {CSW}/>", "no-record"),
        (f"<csw:GetRecordsResponse {CSW}>{RECORD}{RECORD}</csw:GetRecordsResponse>", "several-records"),
        (
            '<ows:ExceptionReport xmlns:ows="http://www.opengis.net/ows">gone</ows:ExceptionReport>',
            "catalogue-error",
        ),
    ],
)
def test_what_is_no_record_has_its_own_error(xml: bytes | str, code: str) -> None:
    assert code_of(xml) == code


def test_the_place_is_named() -> None:
    with pytest.raises(BadRecord) as caught:
        read_record(b"<a>\n<b>\n</a>")
    assert caught.value.params["line"] == 3


def test_above_the_limit_nothing_is_parsed() -> None:
    assert code_of(b"<" * 101, max_bytes=100) == "record-too-large"


@pytest.mark.parametrize(
    "xml",
    [
        RECORD,
        RECORD.encode(),
        '<?xml version="1.0" encoding="ISO-8859-1"?>' + RECORD,  # decoded already: the declaration is void
        b"\n \t" + b'<?xml version="1.0"?>' + RECORD.encode(),
        b"\xef\xbb\xbf" + RECORD.encode(),
        RECORD.encode("utf-16"),
        f"<csw:GetRecordByIdResponse {CSW}>{RECORD}</csw:GetRecordByIdResponse>",
    ],
)
def test_lenient_about_how_it_comes(xml: bytes | str) -> None:
    assert read_record(xml).identifier == "abc"


def test_old_gml_and_missing_ids_are_repaired_aloud() -> None:
    period = (
        '<gml:TimePeriod xmlns:gml="http://www.opengis.net/gml"><gml:beginPosition>2020</gml:beginPosition>'
        "<gml:endPosition>2021</gml:endPosition></gml:TimePeriod>"
    )
    path = ["identificationInfo", "MD_DataIdentification", "extent", "EX_Extent", "temporalElement"]
    path += ["EX_TemporalExtent", "extent"]
    inner = period
    for name in reversed(path):
        inner = f"<gmd:{name}>{inner}</gmd:{name}>"
    record = read_record(f"<gmd:MD_Metadata {GMD}>{inner}</gmd:MD_Metadata>")
    found = record.identification_info[0].extent[0].temporal_element[0].extent  # type: ignore[union-attr]
    assert isinstance(found, TimePeriod)
    assert (found.start, found.stop, found.id) == ("2020", "2021", "idgo-1")
    assert [note.code for note in record.notes] == ["repaired", "repaired"]
    assert all(note.path.endswith("gml:TimePeriod") and note.line for note in record.notes)
    assert "GML 3.1" in str(record.notes[0])
