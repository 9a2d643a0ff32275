# ruff: noqa: E501  (tables and documents read better on one line)
"""CSV in every dress: encodings, separators, types, location columns, and how they go wrong."""

from __future__ import annotations

import codecs
import csv
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from inspect_samples import codes, finding, kinds, refusal, text_file

from ckanext.idgo.common.core.errors import IdgoError
from ckanext.idgo.forms.core.inspect import Limits, inspect_file
from ckanext.idgo.forms.core.inspect.values import infer_type

FRENCH = (
    "nom;commune;note\nCollège de l’Évêché;Saint-Étienne-du-Grès;Où l’été fut sec, à Noël – très froid\n"
    "École maternelle;Forêt-Fouesnant;Reçu 12 € à l’hôtel\nMaîtrise d’œuvre;Château-Arnoux;« déjà »\n"
)


@pytest.mark.parametrize(
    ("codec", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("windows-1252", "windows-1252"),
        ("mac_roman", "macintosh"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16le"),
        ("utf-16-be", "utf-16be"),
    ],
)
def test_french_encodings(tmp_path, codec, found):
    facts = inspect_file(text_file(tmp_path, "a.csv", FRENCH, codec), "a.csv")
    assert facts.encoding == found
    assert [c.name for c in facts.columns] == ["nom", "commune", "note"]
    assert facts.layers[0].sample[0]["commune"] == "Saint-Étienne-du-Grès"
    assert facts.layers[0].sample[2]["nom"] == "Maîtrise d’œuvre"
    assert facts.feature_count == 3
    assert facts.languages == ("fr",)
    assert codecs.lookup(facts.encoding)


def test_latin9_is_told_by_its_oe_and_euro(tmp_path):
    text = "nom;prix\ncœur de bœuf;12 €\nŒuvre d'été;5 €\n"
    facts = inspect_file(text_file(tmp_path, "a.csv", text, "iso-8859-15"), "a.csv")
    assert facts.encoding == "iso-8859-15"
    assert facts.layers[0].sample[0] == {"nom": "cœur de bœuf", "prix": "12 €"}


def test_latin1_reads_as_its_superset(tmp_path):
    facts = inspect_file(text_file(tmp_path, "a.csv", "nom;ville\nÉcole;Fréjus\n", "latin-1"), "a.csv")
    assert facts.encoding == "windows-1252"
    assert "encoding_guessed" in codes(facts)
    assert facts.layers[0].sample[0] == {"nom": "École", "ville": "Fréjus"}


def test_types(tmp_path):
    text = (
        "insee;siren;tel;cp;pop;surface;part;actif;jour;instant;heure;vide;mixte\n"
        "01004;732829320;0491000000;01500;12 345;1 234,5;0,25;oui;05/01/2023;2023-01-05T10:00:00Z;10:30;;1\n"
        "13055;552100554;0491000001;13001;8;2,0;1,5;non;31/12/2022;2024-02-01 09:00;11:00;;x\n"
        "2A004;542065479;0491000002;20000;100;3,1;2;oui;01/02/2023;2022-03-01T00:00:00+01:00;12:00;;2\n"
    )
    facts = inspect_file(text_file(tmp_path, "a.csv", text), "a.csv")
    assert kinds(facts) == {
        "insee": "string", "siren": "string", "tel": "string", "cp": "string", "pop": "integer",
        "surface": "number", "part": "number", "actif": "boolean", "jour": "date", "instant": "datetime",
        "heure": "time", "vide": "string", "mixte": "string",
    }  # fmt: skip
    assert facts.dates == ("2022-03-01", "2024-02-01")


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["1", "2"], "integer"), (["01", "2"], "string"), (["1,5", "2"], "number"), (["31/02/2023"], "string"),
        (["12/31/2023"], "string"), (["", "NA", "3"], "integer"), (["1e5"], "number"), (["-4", "+3"], "integer"),
        (["732829320", "552100554", "542065479"], "string"), (["100000001", "100000002", "100000003"], "integer"),
        (["06 12 34 56 78"], "string"), ([], "string"), (["nan"], "string"),
    ],
)  # fmt: skip
def test_one_column(values, kind):
    assert infer_type("x", values) == kind


@pytest.mark.parametrize(
    ("text", "extent", "crs"),
    [
        ("n;lat;lon\na;43,1;5,2\nb;43,3;5,6\n", (5.2, 43.1, 5.6, 43.3), "EPSG:4326"),
        ("n,Longitude,Latitude\na,5.2,43.1\nb,5.6,43.3\nc,,\n", (5.2, 43.1, 5.6, 43.3), "EPSG:4326"),
        ('n;geo_point_2d\na;"43.1, 5.2"\nb;"43.3,5.6"\n', (5.2, 43.1, 5.6, 43.3), "EPSG:4326"),
        ("n;geom\na;POINT (5.2 43.1)\nb;POINT Z (5.6 43.3 12)\n", (5.2, 43.1, 5.6, 43.3), "EPSG:4326"),
        ("n;x_l93;y_l93\na;892390;6247035\nb;893390,5;6248035,5\n", (5.37, 43.29, 5.39, 43.31), "EPSG:2154"),
    ],
)
def test_location_columns(tmp_path, text, extent, crs):
    facts = inspect_file(text_file(tmp_path, "a.csv", text), "a.csv")
    assert (facts.family, facts.geometry_type, facts.crs) == ("geographic", "Point", crs)
    assert facts.extent == pytest.approx(extent, abs=0.011)


def test_bare_x_and_y_are_proposed_not_assumed(tmp_path):
    path = text_file(tmp_path, "a.csv", "n;x;y\na;892390;6247035\nb;893390;6248035\n")
    facts = inspect_file(path, "a.csv")
    assert (facts.crs, facts.extent) == (None, None)
    assert finding(facts, "crs_guess")["crs"] == "EPSG:2154"
    assert inspect_file(path, "a.csv", assume_crs="epsg:2154").crs == "EPSG:2154"
    assert refusal(path, assume_crs="EPSG:1").code == "unknown_crs"


def test_swapped_columns_are_told(tmp_path):
    facts = inspect_file(text_file(tmp_path, "a.csv", "n;lat;lon\na;5.2;43.1\nb;5.6;43.3\n"), "a.csv")
    assert finding(facts, "lat_lon_swapped")["extent"] == [5.2, 43.1, 5.6, 43.3]


def test_count_and_box_are_exact_far_beyond_the_sample(tmp_path):
    lines = ["id;lat;lon;jour\n", *(f"{i};43.{i % 10};5.{i % 10};2023-01-01\n" for i in range(9000))]
    lines[-1] = "8999;45.05;7.75;2031-12-25\n"
    facts = inspect_file(text_file(tmp_path, "a.csv", "".join(lines)), "a.csv")
    assert facts.feature_count == 9000
    assert facts.extent == (5.0, 43.0, 7.75, 45.05)
    assert facts.dates == ("2023-01-01", "2031-12-25")


def test_null_bytes(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"a;b\n1;\x002\n3;4\n")
    facts = inspect_file(path, "a.csv")
    assert finding(facts, "null_bytes") == {"count": 1}
    assert facts.layers[0].sample[0] == {"a": "1", "b": "2"}


def test_mixed_separators_and_ragged_rows(tmp_path):
    facts = inspect_file(text_file(tmp_path, "a.csv", "a;b;c\n1;2;3\n4,5,6\n7;8;9\n1;2;3;4\n"), "a.csv")
    assert facts.separator == ";"
    assert finding(facts, "ragged_rows") == {"count": 2, "columns": 3, "row": 2}
    assert "mixed_separators" in codes(facts)
    assert facts.feature_count == 4


def test_only_a_header(tmp_path):
    facts = inspect_file(text_file(tmp_path, "a.csv", "nom;code\n"), "a.csv")
    assert (facts.feature_count, [c.name for c in facts.columns]) == (0, ["nom", "code"])
    assert "only_header" in codes(facts)


def test_duplicate_and_empty_names(tmp_path):
    facts = inspect_file(text_file(tmp_path, "a.csv", "nom;;nom;nom_2\n1;2;3;4\n"), "a.csv")
    names = [c.name for c in facts.columns]
    assert names == ["nom", "column_2", "nom_3", "nom_2"]
    assert {"duplicate_columns", "empty_columns"} <= codes(facts)


def test_five_thousand_columns(tmp_path):
    header = ";".join(f"c{i}" for i in range(5000))
    path = text_file(tmp_path, "a.csv", f"{header}\n" + ("1;" * 4999 + "2\n") * 3)
    assert len(inspect_file(path, "a.csv").columns) == 5000
    assert refusal(path, limits=Limits(max_columns=4999)).code == "too_many_columns"


def test_no_header_and_title_lines(tmp_path):
    bare = inspect_file(text_file(tmp_path, "a.csv", "1;2;3\n4;5;6\n"), "a.csv")
    assert (bare.feature_count, "no_header" in codes(bare)) == (2, True)
    titled = inspect_file(
        text_file(tmp_path, "b.csv", "Liste;;\n;;\nnom;code;ville\na;1;x\nb;2;y\n"), "b.csv"
    )
    assert [c.name for c in titled.columns] == ["nom", "code", "ville"]
    assert (titled.feature_count, finding(titled, "preamble_skipped")) == (2, {"count": 2})


def test_a_quote_never_closed(tmp_path):
    rows = "".join(f"{i};b{i};c{i}\n" for i in range(30))
    facts = inspect_file(text_file(tmp_path, "a.csv", 'a;b;c\n0;"b;c\n' + rows), "a.csv")
    assert "unbalanced_quotes" in codes(facts)
    assert facts.feature_count == 31


def test_one_endless_line_is_refused(tmp_path):
    path = tmp_path / "a.csv"
    with path.open("wb") as stream:
        stream.write(b"a;b\n")
        for _ in range(40):
            stream.write(b"x" * 1024 * 1024)
    assert refusal(path).code == "csv_line_too_long"


CELL = st.text(st.sampled_from("abcXYZ0159 ;,|\t\"'.-éèêàçùôîœÉ€’«»°"), max_size=8)  # what French tables hold
WORDS = st.sampled_from(["été", "Forêt", "école", "Noël", "ça", "île", "où", "Aÿ"])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=12),
    words=st.lists(WORDS, min_size=5, max_size=8),
    codec=st.sampled_from(["utf-8", "utf-8-sig", "windows-1252", "utf-16"]),
    separator=st.sampled_from([";", ",", "\t", "|"]),
)
def test_any_table_keeps_its_columns_and_rows(tmp_path, body, words, codec, separator):
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=separator, quoting=csv.QUOTE_ALL)
    writer.writerow(["clé", "libellé", "été"])
    rows = [[f"k{i}", words[i % len(words)], *row] for i, row in enumerate(body)]
    writer.writerows([r[0], r[1], "".join(r[2:])] for r in rows)
    facts = inspect_file(text_file(tmp_path, "a.csv", stream.getvalue(), codec), "a.csv")
    assert facts.separator == separator
    assert [c.name for c in facts.columns] == ["clé", "libellé", "été"]
    assert facts.feature_count == len(rows)
    assert facts.encoding in ("utf-8", codec)


STARTS = st.sampled_from(
    [
        b"",
        b"PK\x03\x04",
        b"II*\0",
        b"{",
        b"[",
        b"<?xml",
        b"<kml>",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"a;b\n",
        b"0\nSECTION\n",
    ]
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    start=STARTS,
    data=st.binary(max_size=300),
    name=st.sampled_from(["a.csv", "a.json", "a.zip", "a", "a.gml"]),
)
def test_random_bytes_raise_nothing_but_our_errors(tmp_path, start, data, name):
    path = tmp_path / "x"
    path.write_bytes(start + data)
    try:
        facts = inspect_file(path, name)
    except IdgoError:
        return
    assert facts.format
