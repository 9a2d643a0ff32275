"""Reading and writing every real record of the data folder (issue 3)."""

from __future__ import annotations

from pathlib import Path

import pytest
from metadata_normal_form import first_difference, tree

from ckanext.idgo.common.core.errors import BadInput
from ckanext.idgo.metadata.core.complete import complete
from ckanext.idgo.metadata.core.errors import BadRecord
from ckanext.idgo.metadata.core.mapping import dataset_from_record, record_from_dataset
from ckanext.idgo.metadata.core.read import read_record
from ckanext.idgo.metadata.core.write import write_iso19139
from ckanext.idgo.metadata.core.xsd import violations

pytestmark = pytest.mark.realdata

NOT_19139 = "D.2VectorSmartMap.xml"
"""A draft of ISO 19115-3 that lies among the ISO 19139 records."""


def files(data_dir: Path, *folders: str) -> list[Path]:
    found = [path for folder in folders for path in sorted((data_dir / "iso" / folder).rglob("*.xml"))]
    assert found
    return found


def test_every_record_is_read_and_every_repair_has_its_place(data_dir: Path) -> None:
    paths = files(data_dir, "iso19139", "iso19115-3")
    assert len(paths) == 272
    for path in paths:
        record = read_record(path.read_bytes())
        assert record.identification is not None, path
        for note in record.notes:
            assert note.code in ("kept", "repaired", "left-out")
            assert note.path.startswith("/")
            assert note.line > 0


def test_reading_and_writing_iso_19139_loses_nothing(data_dir: Path) -> None:
    lost = []
    for path in files(data_dir, "iso19139", "testassets"):
        xml = path.read_bytes()
        record = read_record(xml)
        if path.name == NOT_19139 or b"/mdb/" in xml[:3000]:
            continue
        before, after = tree(xml), tree(write_iso19139(record))
        if before != after:
            lost.append(f"{path.name}: {first_difference(before, after)}")
    assert not lost, "\n".join(lost)


def test_what_was_written_is_read_as_the_same_record(data_dir: Path) -> None:
    for path in files(data_dir, "iso19139", "iso19115-3", "testassets"):
        record = read_record(path.read_bytes())
        assert read_record(write_iso19139(record)) == record, path.name


def test_writing_never_breaks_a_valid_record_and_mends_most_others(data_dir: Path) -> None:
    valid_before = valid_after = valid_completed = 0
    for path in files(data_dir, "iso19139"):
        xml = path.read_bytes()
        record = read_record(xml)
        before, after = not violations(xml), not violations(write_iso19139(record))
        assert after or not before, path.name
        valid_before, valid_after = valid_before + before, valid_after + after
        valid_completed += not violations(write_iso19139(complete(record)))
    print(f"valid: {valid_before} as found, {valid_after} written, {valid_completed} completed")
    assert valid_before == 127
    assert valid_after >= 190
    assert valid_completed >= 209


def test_iso_19115_3_keeps_what_people_look_for(data_dir: Path) -> None:
    for path in files(data_dir, "iso19115-3"):
        record = read_record(path.read_bytes())
        assert record.identifier or b"metadataIdentifier" not in path.read_bytes(), path.name
        assert record.title, path.name
        assert record.contact or b"mdb:contact" not in path.read_bytes(), path.name
        unread = [note for note in record.notes if "/gmd:dateInfo" in note.path]
        assert record.date_stamp or unread, path.name
        assert record.level or b"metadataScope" not in path.read_bytes(), path.name
        assert not [note for note in record.notes if note.code == "kept"], "nothing of it is ISO 19139"


def test_iso_19115_3_by_hand(data_dir: Path) -> None:
    """One record compared with what its file says."""
    path = data_dir / "iso/iso19115-3/geonetwork__geonetwork-ui/metawal.iso19115-3.dataset.xml"
    fields = dataset_from_record(read_record(path.read_bytes()))
    text = path.read_text(encoding="utf-8")
    assert fields["title"] in text
    assert fields["resources"]
    assert all(resource["url"].replace("&", "&amp;") in text for resource in fields["resources"])
    assert fields["topic_category"] in text
    assert {"type", "date"} <= set(fields["dates"][0])


def test_broken_documents_say_where(data_dir: Path) -> None:
    paths = files(data_dir, "broken")
    assert len(paths) == 13
    for path in paths:
        with pytest.raises(BadRecord) as caught:
            read_record(path.read_bytes())
        assert caught.value.code == "not-xml", path.name
        assert caught.value.params["line"] > 0
        assert f"line {caught.value.params['line']}" in str(caught.value)


def test_no_record_of_the_catalogue_answers_raises_anything_else(data_dir: Path) -> None:
    """Recorded catalogue answers are not single records: each gives a record or a typed error."""
    codes = {_code_of(path) for path in sorted((data_dir / "csw").rglob("*.xml"))[:150]}
    assert codes <= {"", "not-xml", "not-iso", "no-record", "several-records", "catalogue-error"}
    assert {"no-record", "several-records", "catalogue-error"} <= codes


def _code_of(path: Path) -> str:
    try:
        read_record(path.read_bytes())
    except BadInput as error:
        return error.code
    return ""


def test_the_dataset_of_every_record_gives_a_valid_record_again(data_dir: Path) -> None:
    for path in files(data_dir, "iso19139", "iso19115-3"):
        fields = {"inspire_theme": None, **dataset_from_record(read_record(path.read_bytes()))}
        fields["inspire_theme"] = fields["inspire_theme"] or ""  # known to be none, not left to the default
        xml = write_iso19139(record_from_dataset(fields, None, "https://idgo.example"))
        assert not violations(xml), path.name
        again = dataset_from_record(read_record(xml))
        for key in ("title", "notes", "theme", "inspire_theme", "topic_category", "dates", "tags"):
            assert (again.get(key) or None) == (fields.get(key) or None), (path.name, key)
