"""Template helpers of the room's pages and of the account menu."""

from __future__ import annotations

from typing import Any


def functions() -> dict[str, Any]:
    return {name: value for name, value in globals().items() if name.startswith("idgo_membership_")}
