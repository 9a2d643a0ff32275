"""Records (dictionaries) gathered into the columns of a table: types, sample, dates, location."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ckanext.idgo.forms.core.facts import Column
from ckanext.idgo.forms.core.inspect.messages import error
from ckanext.idgo.forms.core.inspect.model import Limits
from ckanext.idgo.forms.core.inspect.values import (
    clean_text,
    infer_type,
    is_missing,
    is_year_column,
    json_safe,
    to_day,
)

_TYPED_ROWS = 2000
_SPREAD = 256


@dataclass
class Records:
    """Feed ``add`` with every record; columns keep the order in which they appear."""

    limits: Limits
    count: int = 0
    kept: list[Mapping[str, Any]] = field(default_factory=list)
    seen: dict[str, None] = field(default_factory=dict)
    low: str = "9"
    high: str = ""

    def add(self, record: Mapping[str, Any]) -> None:
        self.count += 1
        if self.count <= _TYPED_ROWS or self.count % _SPREAD == 0:
            if len(self.kept) < 2 * _TYPED_ROWS:
                self.kept.append(record)
            self.seen.update(dict.fromkeys(record))
            if len(self.seen) > self.limits.max_columns:
                raise error("too_many_columns", count=len(self.seen), limit=self.limits.max_columns)
        if self.count <= _TYPED_ROWS:
            return
        for name in self._dated:
            self._keep_day(record.get(name))

    @property
    def _dated(self) -> list[str]:
        if not hasattr(self, "_dated_names"):
            self._dated_names = [c.name for c in self.columns() if c.type in ("date", "datetime")]
        return self._dated_names

    def _keep_day(self, value: Any) -> None:
        day = to_day(value[:10]) if isinstance(value, str) else None
        if day and "1800" <= day[:4] <= "2200":
            self.low, self.high = min(self.low, day), max(self.high, day)

    def columns(self) -> list[Column]:
        return [Column(clean_text(name) or "_", self._kind(name)) for name in self.seen]

    def _kind(self, name: str) -> str:
        values = [r[name] for r in self.kept if r.get(name) is not None]
        kinds = {_json_kind(v) for v in values}
        if kinds == {"string"}:
            present = [v for v in values if isinstance(v, str) and not is_missing(v)]
            kind = infer_type(name, present)
            return kind if kind in ("date", "datetime", "time") else "string"
        if kinds <= {"integer", "number"} and kinds:
            return "number" if "number" in kinds else "integer"
        return kinds.pop() if len(kinds) == 1 and kinds != {"object"} else "string"

    def dates(self) -> tuple[str, str] | None:
        columns = self.columns()
        for record in self.kept:
            for name, column in zip(self.seen, columns, strict=False):
                if column.type in ("date", "datetime"):
                    self._keep_day(record.get(name))
                elif is_year_column(column.name, column.type) and isinstance(record.get(name), int):
                    self._keep_day(f"{record[name]:04d}-01-01")
                    self._keep_day(f"{record[name]:04d}-12-31")
        return (self.low, self.high) if self.high else None

    def sample(self) -> tuple[dict[str, Any], ...]:
        shown = min(self.limits.sample_rows, max(1, 20_000 // max(1, len(self.seen))))
        return tuple({clean_text(n) or "_": _cell(r.get(n)) for n in self.seen} for r in self.kept[:shown])

    def rows(self) -> tuple[list[str], list[list[str]]]:
        """Names and kept rows as text, for the search of location columns."""
        names = list(self.seen)
        return names, [[_text(r.get(n)) for n in names] for r in self.kept]

    def texts(self) -> list[str]:
        names = list(self.seen)[:100]
        return names + [v for r in self.kept[:50] for v in r.values() if isinstance(v, str) and len(v) > 3]


def _json_kind(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer"
    if isinstance(value, float):
        return "number"
    return "list" if isinstance(value, list) else "string" if isinstance(value, str) else "object"


def _cell(value: Any) -> Any:
    if isinstance(value, (dict, list)):
        try:
            return clean_text(json.dumps(value, ensure_ascii=False)[:1000])
        except (RecursionError, ValueError):
            return "…"
    return json_safe(value)


def text_cell(value: Any) -> str:
    """A JSON value as a table writes it."""
    return _text(value)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list) and len(value) == 2 and all(isinstance(v, (int, float)) for v in value):
        return f"{value[0]!r},{value[1]!r}"  # Opendatasoft's geo_point_2d: latitude, longitude
    return value if isinstance(value, str) else repr(value) if isinstance(value, (int, float)) else ""
