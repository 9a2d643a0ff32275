"""The public bodies of the demonstration: names and kinds are facts, contacts are on example domains."""

from __future__ import annotations

from ckanext.idgo.demo.core.made import Organization

_ROWS = (
    ("ville-arles", "Ville d’Arles", "Commune.", "commune:13004"),
    (
        "metropole-aix-marseille-provence",
        "Métropole Aix-Marseille-Provence",
        "Métropole, établissement public de coopération intercommunale.",
        "epci:200054807",
    ),
    (
        "cc-vallee-des-baux-alpilles",
        "Communauté de communes Vallée des Baux-Alpilles",
        "Établissement public de coopération intercommunale.",
        "epci:241300375",
    ),
    (
        "departement-hautes-alpes",
        "Département des Hautes-Alpes",
        "Conseil départemental.",
        "departement:05",
    ),
    (
        "region-provence-alpes-cote-d-azur",
        "Région Provence-Alpes-Côte d’Azur",
        "Conseil régional.",
        "region:93",
    ),
    (
        "crige-paca",
        "CRIGE PACA",
        "Centre régional de l’information géographique, association.",
        "region:93",
    ),
    (
        "dreal-provence-alpes-cote-d-azur",
        "DREAL Provence-Alpes-Côte d’Azur",
        "Service de l’État : environnement, aménagement et logement.",
        "region:93",
    ),
    (
        "ddt-vaucluse",
        "DDT de Vaucluse",
        "Service de l’État : direction départementale des territoires.",
        "departement:84",
    ),
    (
        "smavd",
        "Syndicat mixte d’aménagement de la vallée de la Durance",
        "Syndicat mixte.",
        "region:93",
    ),
    ("aix-marseille-universite", "Aix-Marseille Université", "Université.", "epci:200054807"),
)

DISCLAIMER = (
    "Organisme présenté dans la démonstration d’IDGO : les jeux de données affichés ici sont des exemples "
    "fabriqués, il ne les a pas publiés."
)


def organizations() -> tuple[Organization, ...]:
    """Every organisation, in the order they are created."""
    return tuple(
        Organization(name, title, f"{kind} {DISCLAIMER}".replace(" :", "\u00a0:"), territory)
        for name, title, kind, territory in _ROWS
    )
