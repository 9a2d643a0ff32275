"""Extents in space, time and height (ISO 19139 ``extent.xsd``, GML 3.2 time)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ckanext.idgo.metadata.core.model.citation import Identifier, ReferenceIdentifier
from ckanext.idgo.metadata.core.model.node import Node, many, one, xml_attribute
from ckanext.idgo.metadata.core.model.values import Fragment, Many, Maybe, Position, Text


@dataclass(frozen=True, kw_only=True)
class GeographicBoundingBox(Node, iso="gmd:EX_GeographicBoundingBox"):
    """Degrees, WGS 84 longitude and latitude (C.19: two decimals at least)."""

    extent_type_code: Maybe[bool] = one("boolean")
    west: Maybe[Decimal] = one("decimal", tag="westBoundLongitude", required=True)
    east: Maybe[Decimal] = one("decimal", tag="eastBoundLongitude", required=True)
    south: Maybe[Decimal] = one("decimal", tag="southBoundLatitude", required=True)
    north: Maybe[Decimal] = one("decimal", tag="northBoundLatitude", required=True)


@dataclass(frozen=True, kw_only=True)
class BoundingPolygon(Node, iso="gmd:EX_BoundingPolygon"):
    """Outlines; each ``polygon`` is a GML geometry kept as XML (its ``srsName`` says the CRS)."""

    extent_type_code: Maybe[bool] = one("boolean")
    polygon: Many[Fragment] = many("raw", required=True)


@dataclass(frozen=True, kw_only=True)
class GeographicDescription(Node, iso="gmd:EX_GeographicDescription"):
    """A place by name or code (a département, a commune)."""

    extent_type_code: Maybe[bool] = one("boolean")
    geographic_identifier: Maybe[Identifier | ReferenceIdentifier] = one(
        "node", "MD_Identifier", "RS_Identifier", required=True
    )


@dataclass(frozen=True, kw_only=True)
class TimePrimitive(Node, prefix="gml"):
    """What every GML object may say of itself. ``id`` is ``gml:id``, unique in the record, required by
    GML 3.2."""

    id: str = xml_attribute("gml:id")
    meta_data_property: Many[Fragment] = many("raw", tag="gml:metaDataProperty")
    description: Maybe[Fragment] = one("raw", tag="gml:description")
    description_reference: Maybe[Fragment] = one("raw", tag="gml:descriptionReference")
    identifier: Maybe[Fragment] = one("raw", tag="gml:identifier")
    name: Many[Fragment] = many("raw", tag="gml:name")
    related_time: Many[Fragment] = many("raw", tag="gml:relatedTime")


@dataclass(frozen=True, kw_only=True)
class TimeInstant(TimePrimitive, iso="gml:TimeInstant", prefix="gml"):
    """One moment."""

    time_position: Maybe[Position] = one("position")


@dataclass(frozen=True, kw_only=True)
class TimePeriod(TimePrimitive, iso="gml:TimePeriod", prefix="gml"):
    """From one moment to another. The ends are either positions or instants, as the record wrote them;
    :attr:`start` and :attr:`stop` give the text of either."""

    begin_position: Maybe[Position] = one("position")
    begin: Maybe[TimeInstant] = one("node", "gml:TimeInstant")
    end_position: Maybe[Position] = one("position")
    end: Maybe[TimeInstant] = one("node", "gml:TimeInstant")
    duration: Maybe[Fragment] = one("raw")
    time_interval: Maybe[Fragment] = one("raw")

    @property
    def start(self) -> str:
        """First moment, ISO 8601; empty when indeterminate or not known."""
        return _moment(self.begin_position, self.begin)

    @property
    def stop(self) -> str:
        """Last moment, ISO 8601; empty when indeterminate or not known."""
        return _moment(self.end_position, self.end)


def _moment(position: Maybe[Position], instant: Maybe[TimeInstant]) -> str:
    if isinstance(position, Position):
        return position.value
    inner = instant.time_position if isinstance(instant, TimeInstant) else None
    return inner.value if isinstance(inner, Position) else ""


@dataclass(frozen=True, kw_only=True)
class TemporalExtent(Node, iso="gmd:EX_TemporalExtent"):
    """The time the data is about (C.14)."""

    extent: Maybe[TimePeriod | TimeInstant] = one("node", "gml:TimePeriod", "gml:TimeInstant", required=True)


@dataclass(frozen=True, kw_only=True)
class SpatialTemporalExtent(Node, iso="gmd:EX_SpatialTemporalExtent"):
    """Time and place together."""

    extent: Maybe[TimePeriod | TimeInstant] = one("node", "gml:TimePeriod", "gml:TimeInstant", required=True)
    spatial_extent: Many[GeographicBoundingBox | BoundingPolygon | GeographicDescription] = many(
        "node", "EX_GeographicBoundingBox", "EX_BoundingPolygon", "EX_GeographicDescription", required=True
    )


@dataclass(frozen=True, kw_only=True)
class VerticalExtent(Node, iso="gmd:EX_VerticalExtent"):
    """Lowest and highest value, in the unit of ``vertical_crs`` (kept as XML)."""

    minimum_value: Maybe[Decimal] = one("real", required=True)
    maximum_value: Maybe[Decimal] = one("real", required=True)
    vertical_crs: Maybe[Fragment] = one("raw", tag="verticalCRS", required=True)


@dataclass(frozen=True, kw_only=True)
class Extent(Node, iso="gmd:EX_Extent"):
    """Where, when and how high."""

    description: Maybe[Text] = one("text")
    geographic_element: Many[GeographicBoundingBox | BoundingPolygon | GeographicDescription] = many(
        "node", "EX_GeographicBoundingBox", "EX_BoundingPolygon", "EX_GeographicDescription"
    )
    temporal_element: Many[TemporalExtent | SpatialTemporalExtent] = many(
        "node", "EX_TemporalExtent", "EX_SpatialTemporalExtent"
    )
    vertical_element: Many[VerticalExtent] = many("node", "EX_VerticalExtent")
