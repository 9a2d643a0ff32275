"""Packaging shim: all metadata is in ``pyproject.toml``."""

from setuptools import setup

setup(
    # Babel reads these when ``make i18n`` extracts the interface's sentences.
    message_extractors={
        "ckanext": [
            ("**/tests/**", "ignore", None),
            ("**.py", "python", None),
            ("**.js", "javascript", None),
            ("**/templates/**.html", "ckan", None),
        ],
    },
)
