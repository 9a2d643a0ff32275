"""Between a CKAN dataset, as the API shows it (ADR 0001), and a metadata record.

Every field and where it goes is on the page ``docs/mapping.md``; a test fails when one is missing there.
"""

from __future__ import annotations

from ckanext.idgo.metadata.core.mapping_from_record import dataset_from_record
from ckanext.idgo.metadata.core.mapping_to_record import record_from_dataset

__all__ = ["dataset_from_record", "record_from_dataset"]
