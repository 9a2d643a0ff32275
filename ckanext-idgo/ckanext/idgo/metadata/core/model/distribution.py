"""Formats and addresses (ISO 19139 ``distribution.xsd``)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ckanext.idgo.metadata.core.model.citation import OnlineResource, ResponsibleParty
from ckanext.idgo.metadata.core.model.node import Node, many, one
from ckanext.idgo.metadata.core.model.values import Fragment, Many, Maybe, Text


@dataclass(frozen=True, kw_only=True)
class Format(Node, iso="gmd:MD_Format"):
    """A data format; INSPIRE wants name and version, nil with a reason where there is no version (2.6)."""

    name: Maybe[Text] = one("text", required=True)
    version: Maybe[Text] = one("text", required=True)
    amendment_number: Maybe[Text] = one("text")
    specification: Maybe[Text] = one("text")
    file_decompression_technique: Maybe[Text] = one("text")
    format_distributor: Many[Distributor] = many("node", "MD_Distributor")


@dataclass(frozen=True, kw_only=True)
class DigitalTransferOptions(Node, iso="gmd:MD_DigitalTransferOptions"):
    """Where the data is got. ``transfer_size`` is in megabytes (ISO 19115 B.2.10.7)."""

    units_of_distribution: Maybe[Text] = one("text")
    transfer_size: Maybe[Decimal] = one("real")
    on_line: Many[OnlineResource] = many("node", "CI_OnlineResource")
    off_line: Maybe[Fragment] = one("raw")


@dataclass(frozen=True, kw_only=True)
class Distributor(Node, iso="gmd:MD_Distributor"):
    """Who gives the data out."""

    distributor_contact: Maybe[ResponsibleParty] = one("node", "CI_ResponsibleParty", required=True)
    distribution_order_process: Many[Fragment] = many("raw")
    distributor_format: Many[Format] = many("node", "MD_Format")
    distributor_transfer_options: Many[DigitalTransferOptions] = many("node", "MD_DigitalTransferOptions")


@dataclass(frozen=True, kw_only=True)
class Distribution(Node, iso="gmd:MD_Distribution"):
    """Formats, distributors and addresses of the resource."""

    distribution_format: Many[Format] = many("node", "MD_Format")
    distributor: Many[Distributor] = many("node", "MD_Distributor")
    transfer_options: Many[DigitalTransferOptions] = many("node", "MD_DigitalTransferOptions")
