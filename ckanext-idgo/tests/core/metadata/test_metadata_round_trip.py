"""record → XML → record, for records of every shape."""

from __future__ import annotations

import dataclasses
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from metadata_records import ANY_TEXT, RECORDS, SMALL_RECORDS, full_node, ids

from ckanext.idgo.metadata.core.binding import read_node, write_content
from ckanext.idgo.metadata.core.complete import complete
from ckanext.idgo.metadata.core.errors import BadRecord
from ckanext.idgo.metadata.core.model.citation import Citation, ResponsibleParty
from ckanext.idgo.metadata.core.model.identification import DataIdentification
from ckanext.idgo.metadata.core.model.node import REGISTRY, Node, slots
from ckanext.idgo.metadata.core.model.values import Fragment, Nil, Reference, Text, known, known_all
from ckanext.idgo.metadata.core.names import clark
from ckanext.idgo.metadata.core.read import read_record
from ckanext.idgo.metadata.core.reading import Reading
from ckanext.idgo.metadata.core.record import Record
from ckanext.idgo.metadata.core.write import write_iso19139


def survives(record: Record) -> None:
    again = read_record(write_iso19139(record))
    assert again == record
    assert not [note for note in again.notes if note.code == "left-out"]


@given(SMALL_RECORDS)
def test_what_is_written_is_read_again(record: Record) -> None:
    survives(record)


@pytest.mark.soak
@given(RECORDS)
def test_what_is_written_is_read_again_for_large_records(record: Record) -> None:
    survives(record)


def written_and_read(value: Node) -> object:
    element = etree.Element(clark(type(value).element))
    write_content(element, value)
    return read_node(type(value), etree.fromstring(etree.tostring(element)), Reading())


@pytest.mark.parametrize("name", sorted(REGISTRY))
def test_every_attribute_of_every_class_survives(name: str) -> None:
    full = full_node(REGISTRY[name])
    assert written_and_read(full) == full
    for slot in slots(type(full)):
        alone = type(full)(**{slot.name: getattr(full, slot.name)}, **ids(type(full)))
        assert written_and_read(alone) == alone


def children_without(record: Record, name: str) -> list[bytes]:
    root = etree.fromstring(write_iso19139(record))
    kept = [child for child in root if etree.QName(child).localname != name]
    return [etree.tostring(child, method="c14n", with_tail=False) for child in kept]


@given(ANY_TEXT)
def test_any_text_is_a_title(title: str) -> None:
    citation = Citation(title=Text(title))
    record = Record(identification_info=(DataIdentification(citation=citation),))
    assert read_record(write_iso19139(record)).title == title


@given(SMALL_RECORDS, ANY_TEXT)
def test_editing_one_attribute_changes_that_element_only(record: Record, text: str) -> None:
    before = children_without(record, "fileIdentifier")
    edited = dataclasses.replace(record, file_identifier=Text(text))
    assert children_without(edited, "fileIdentifier") == before
    assert read_record(write_iso19139(edited)).file_identifier == Text(text)


@given(SMALL_RECORDS)
def test_completing_is_idempotent_and_takes_nothing_away(record: Record) -> None:
    completed = complete(record)
    assert complete(completed) == completed
    assert read_record(write_iso19139(completed)) == completed
    for field in dataclasses.fields(record):
        if getattr(record, field.name) in (None, ()):
            continue
        assert type(getattr(completed, field.name)) is type(getattr(record, field.name))


@pytest.mark.parametrize("text", ["a\x00b", "\x1b[31m", "\ufffe"])
def test_a_character_that_xml_has_not_is_a_typed_error(text: str) -> None:
    with pytest.raises(BadRecord) as caught:
        write_iso19139(Record(file_identifier=Text(text)))
    assert caught.value.code == "unwritable"


def test_records_are_values() -> None:
    record = read_record(write_iso19139(Record(contact=(ResponsibleParty(organisation_name=Text("Ville")),))))
    assert hash(record) == hash(pickle.loads(pickle.dumps(record)))  # noqa: S301 (our own bytes)
    with pytest.raises(dataclasses.FrozenInstanceError):
        record.file_identifier = None  # type: ignore[misc]


@given(st.sampled_from([Nil(), Reference(), Fragment("<a/>"), None]))
def test_a_placeholder_is_no_value(value: object) -> None:
    assert known(value) is None  # type: ignore[type-var]
    assert known_all((value,)) == ((None,) if value is None else ())  # type: ignore[arg-type]
