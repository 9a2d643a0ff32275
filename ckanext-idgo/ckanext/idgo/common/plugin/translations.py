"""Each room carries its French catalogue: ``<room>/plugin/i18n/fr/LC_MESSAGES/ckanext-idgo-<room>.po``."""

from __future__ import annotations

import os
import sys


class RoomTranslations:
    """Mixin for a room's plugin class; ``room`` names the room."""

    room: str

    def i18n_directory(self) -> str:
        module = sys.modules[type(self).__module__]
        return os.path.join(os.path.dirname(str(module.__file__)), "i18n")

    def i18n_locales(self) -> list[str]:
        directory = self.i18n_directory()
        return sorted(d for d in os.listdir(directory) if os.path.isdir(os.path.join(directory, d)))

    def i18n_domain(self) -> str:
        return f"ckanext-idgo-{self.room}"
