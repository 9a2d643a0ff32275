"""``idgo_demo``: the command ``ckan idgo demo``. Enable it where a demonstration is wanted, nowhere else."""

from __future__ import annotations

import ckan.plugins as p

from ckanext.idgo.common.plugin import cli as shared
from ckanext.idgo.demo.plugin.cli import demo

shared.register(demo)


class DemoPlugin(p.SingletonPlugin):
    """Nothing but its import, which registers the command."""
