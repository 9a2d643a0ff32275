"""The environment our processes get: enough under ``env -i``, and nothing of the caller's that would mislead
them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from stack.layout import Layout

BUNDLES = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem")
# ``CKAN_…`` would silently point CKAN at another database, ``PG…`` libpq, ``PYTHON…`` the interpreter.
MISLEADING = (
    "CKAN_",
    "PG",
    "PYTHON",
    "REDIS_",
    "SOLR_",
    "JAVA_",
    "JDK_JAVA",
    "_JAVA",
    "VIRTUAL_ENV",
    "FLASK_",
    "IDGO_",
)
KEPT = ("IDGO_DATA", "IDGO_SUITES", "IDGO_PYTEST", "IDGO_SCHEMAS_DIR", "IDGO_CONFIG_DIR")


def child(layout: Layout, base: Mapping[str, str] | None = None) -> dict[str, str]:
    """Environment for everything the stack starts. Certificates: Python's and Node's clients carry lists of
    their own; where the system has a bundle and the caller said nothing, that one counts (it knows the site's
    proxies)."""
    source = dict(os.environ if base is None else base)
    result = {k: v for k, v in source.items() if k in KEPT or not k.startswith(MISLEADING)}
    bundle = next((name for name in BUNDLES if Path(name).is_file()), None)
    if bundle:
        for name in ("REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE"):
            result.setdefault(name, bundle)
    result.setdefault("PATH", "/usr/local/bin:/usr/bin:/bin")
    result.update(
        LANG="C.UTF-8",
        LC_ALL="C.UTF-8",
        PYTHONUTF8="1",
        PYTHONUNBUFFERED="1",
        PYTHONPATH=str(layout.root),
        TMPDIR=str(layout.tmp),
        IDGO_ROOT=str(layout.root),
        IDGO_STATE=str(layout.state),
    )
    return result
