"""Who asks for what in the demonstration, and what was answered: pages of access that live (issue 4)."""

from __future__ import annotations

from dataclasses import dataclass

ARLES, GUICHET = "ville-arles", "guichet"


@dataclass(frozen=True)
class Asking:
    """``who`` asks, for ``organization`` or for themselves. ``days``: how far from today the last day is.
    ``answer``: ``grant``, ``refuse`` or empty (it waits); ``by`` answers."""

    who: str
    dataset: str
    purpose: str
    message: str
    organization: str = ""
    territory: tuple[str, ...] = ()
    days: int | None = None
    answer: str = ""
    by: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Giving:
    """``by`` gives to ``organization`` without being asked."""

    by: str
    dataset: str
    organization: str
    reason: str
    days: int | None = None


ASKED = (
    Asking(
        "usager",
        "temperatures-simulees-arles",
        "research",
        "Thèse sur les îlots de chaleur : comparer les relevés à un modèle urbain, sans les diffuser.",
        days=400,
    ),
    Asking(
        "guichet",
        "temperatures-simulees-arles",
        "public-service",
        "Vérification de la fiche et de la qualité du jeu avant sa mise en avant sur le portail.",
        organization=GUICHET,
        days=90,
    ),
    Asking(
        "contributeur",
        "prelevements-simules-irrigation",
        "planning",
        "Plan local d’urbanisme : besoins en eau des terres agricoles de la commune.",
        organization=ARLES,
        days=20,
        answer="grant",
        by="guichet",
    ),
    Asking(
        "contributeur",
        "reseau-schematique-alpilles",
        "works",
        "Coordination des travaux de voirie avec le réseau d’eau, sur la commune seulement.",
        organization=ARLES,
        territory=("commune:13004",),
        days=700,
        answer="grant",
        by="guichet",
    ),
    Asking(
        "contributeur",
        "comptages-velo-simules",
        "study",
        "Étude d’un itinéraire cyclable entre Arles et la métropole.",
        organization=ARLES,
        days=365,
    ),
    Asking(
        "usager",
        "table-de-passage-vaucluse",
        "education",
        "Cours de géographie : faire correspondre communes et intercommunalités.",
        answer="grant",
        by="guichet",
    ),
    Asking(
        "usager",
        "emprises-des-communes-hautes-alpes",
        "business",
        "Une carte imprimée des communes.",
        answer="refuse",
        by="guichet",
        reason="Les emprises de toute la région sont ouvertes : prenez le jeu du CRIGE PACA.",
    ),
)

GIVEN = (
    Giving(
        "referent",
        "temperatures-simulees-arles",
        "smavd",
        "Convention de suivi de la nappe, article 4.",
        days=25,
    ),
)
