"""The demonstration: what it must cover, and that nothing in it passes for real (issue 3)."""

from __future__ import annotations

from collections import Counter

from ckanext.idgo.common.core.territories import Territories
from ckanext.idgo.demo.core import content
from ckanext.idgo.demo.core.organizations import organizations
from ckanext.idgo.metadata.core import codelists

TERRITORIES = Territories.load()
DATASETS = content.datasets()


def test_every_family_and_tier_is_shown() -> None:
    assert len(DATASETS) >= 12
    assert {d.data_family for d in DATASETS} == {"statistical", "smart", "geographic"}
    tiers = Counter(d.access_tier for d in DATASETS)
    assert min(tiers[t] for t in ("open", "authenticated", "restricted")) >= 3
    assert {(d.data_family, d.access_tier) for d in DATASETS} == {
        (family, tier)
        for family in ("statistical", "smart", "geographic")
        for tier in ("open", "authenticated", "restricted")
    }
    assert any(r.access_tier not in ("", d.access_tier) for d in DATASETS for r in d.resources)
    assert len({d.theme for d in DATASETS}) >= 8
    assert len({d.license_id for d in DATASETS}) >= 4
    assert len({d.frequency for d in DATASETS}) >= 6
    assert len({d.territory for d in DATASETS}) >= 6
    assert {d.organization for d in DATASETS} == {o.name for o in organizations()}


def test_every_code_exists() -> None:
    for d in DATASETS:
        for value, name in (
            (d.theme, "themes"),
            (d.inspire_theme, "inspire_themes"),
            (d.frequency, "frequencies"),
            (d.license_id, "licenses"),
            (d.access_tier, "access_tiers"),
            (d.data_family, "data_families"),
        ):
            assert value in codelists.load(name), (d.name, value)
        assert all(code in TERRITORIES for code in d.territory)
        assert content.extent(d, TERRITORIES)
    assert len({d.name for d in DATASETS}) == len(DATASETS)


def test_nothing_invented_passes_for_real() -> None:
    for d in DATASETS:
        assert "Jeu de démonstration d’IDGO" in d.notes
        if d.data_family == "smart":
            assert "simulé" in d.notes or "fictif" in d.notes
            assert "simulé" in d.title or "fictive" in d.title
    for o in organizations():
        assert o.email.endswith(".example")
        assert "il ne les a pas publiés" in o.description


def test_french_is_typeset() -> None:
    texts = [t for d in DATASETS for t in (d.title, d.notes)] + [o.description for o in organizations()]
    for text in texts:
        assert not any(f" {mark}" in text for mark in ":;?!»"), text
