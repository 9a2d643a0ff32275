"""Projections have the names of PROJ's database."""

from __future__ import annotations

from ckanext.idgo.display import wording


def test_projections_bear_the_register_s_name() -> None:
    assert wording.crs_label("EPSG:2154") == "Lambert-93 (EPSG:2154)"
    assert wording.crs_label("EPSG:4326") == "WGS 84 (EPSG:4326)"
    assert wording.crs_label("EPSG:999999") == "EPSG:999999"
