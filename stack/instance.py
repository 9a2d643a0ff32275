"""``instance.json`` (mode 0600): how programs and tests find a running instance."""

from __future__ import annotations

import json
from typing import Any

from stack import accounts, postgres, secrets
from stack.layout import Layout


def describe(layout: Layout, ports: dict[str, int], secret: dict[str, str]) -> dict[str, Any]:
    """The instance as issue 3 describes it; ``services`` are URLs with their passwords."""
    return {
        "url": f"http://127.0.0.1:{ports['web']}",
        "ckan_ini": str(layout.ini),
        "services": {
            "postgresql": postgres.url(ports, secret["postgres"]),
            "redis": f"redis://:{secret['redis']}@127.0.0.1:{ports['redis']}/0",
            "solr": f"http://127.0.0.1:{ports['solr']}/solr/ckan",
        },
        "accounts": accounts.load(layout),
        "portals": {},
    }


def write(layout: Layout, ports: dict[str, int], secret: dict[str, str]) -> dict[str, Any]:
    described = describe(layout, ports, secret)
    text = json.dumps(described, indent=2, ensure_ascii=False)
    secrets.write_private(layout.instance, text)
    return described
