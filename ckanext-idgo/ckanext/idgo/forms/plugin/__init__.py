"""CKAN side of the forms room: the dataset's fields and the simple deposit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.plugins as p

from ckanext.idgo.common.core.paths import schemas_dir
from ckanext.idgo.common.plugin.translations import RoomTranslations
from ckanext.idgo.forms.plugin import validators


class FormsPlugin(RoomTranslations, p.SingletonPlugin):
    p.implements(p.IConfigurer)
    p.implements(p.ITranslation)
    p.implements(p.IValidators)
    room = "forms"

    def update_config(self, config: Any) -> None:
        """Point scheming at ``schemas/`` unless the operator did.

        ``idgo_forms`` stands before ``scheming_datasets`` in ``ckan.plugins``, which reads these two. Written
        here because scheming takes URLs: a path with spaces or accents needs its percent signs.
        """
        folder = schemas_dir()
        config.setdefault("scheming.dataset_schemas", (folder / "simple.yaml").as_uri())
        presets = f"ckanext.scheming:presets.json {(folder / 'presets.yaml').as_uri()}"
        config.setdefault("scheming.presets", presets)

    def get_validators(self) -> dict[str, Callable[..., Any]]:
        return {
            name: function for name, function in vars(validators).items() if name.startswith("idgo_forms_")
        }
