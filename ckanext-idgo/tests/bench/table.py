"""What every bench does with its figures: print them for a person, write them for a program."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, TypedDict

REPOSITORY = Path(__file__).resolve().parents[3]


class Row(TypedDict):
    """One measure. ``reference`` is None where there is nothing to compare with: then ``ratio`` is ``ours``.
    ``better`` says how ``ratio`` should stand to ``goal``; ``goal`` is None where none is set."""

    what: str
    ours: float
    reference: float | None
    unit: str
    ratio: float
    goal: float | None
    better: Literal["higher", "lower"]


def row(
    what: str,
    ours: float,
    unit: str,
    *,
    reference: float | None = None,
    goal: float | None = None,
    better: Literal["higher", "lower"] = "lower",
) -> Row:
    """A row with its ratio: ``ours / reference``, or ``ours`` without reference."""
    ratio = ours / reference if reference else ours
    return {
        "what": what,
        "ours": ours,
        "reference": reference,
        "unit": unit,
        "ratio": ratio,
        "goal": goal,
        "better": better,
    }


def reached(measure: Row) -> bool:
    """Whether the goal is reached (a row without goal is)."""
    goal, ratio = measure["goal"], measure["ratio"]
    if goal is None:
        return True
    return ratio >= goal if measure["better"] == "higher" else ratio <= goal


def _cell(value: float | None) -> str:
    return "–" if value is None else f"{value:.4g}"


def render(rows: Sequence[Row]) -> str:
    """The table as text, one line per row; the last column says whether the goal is reached."""
    head = ("what", "ours", "reference", "unit", "ratio", "goal", "")
    lines = [head]
    for r in rows:
        sign = "≥" if r["better"] == "higher" else "≤"
        goal = f"{sign} {_cell(r['goal'])}" if r["goal"] is not None else "–"
        verdict = "" if r["goal"] is None else "ok" if reached(r) else "MISSED"
        cells = (_cell(r["ours"]), _cell(r["reference"]), r["unit"], _cell(r["ratio"]), goal, verdict)
        lines.append((r["what"], *cells))
    widths = [max(len(line[i]) for line in lines) for i in range(len(head))]
    return "\n".join(
        "  ".join(cell.ljust(w) for cell, w in zip(line, widths, strict=True)).rstrip() for line in lines
    )


def publish(name: str, rows: Sequence[Row]) -> Path:
    """Print ``rows`` and write them to ``NAME.json`` in ``IDGO_BENCH`` (default ``.idgo/bench``), in place of
    what an earlier run wrote."""
    folder = Path(os.environ.get("IDGO_BENCH") or REPOSITORY / ".idgo" / "bench")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.json"
    path.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", "utf-8")
    sys.stdout.write(f"\n{name}\n{render(rows)}\n")
    sys.stdout.flush()
    return path
