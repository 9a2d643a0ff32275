"""``python -m stack.ckan …``: CKAN's command line, whatever the length or spelling of the folder it is
installed in."""

from __future__ import annotations

import sys

if __name__ == "__main__":
    from ckan.cli.cli import ckan

    sys.argv[0] = "ckan"
    ckan()
