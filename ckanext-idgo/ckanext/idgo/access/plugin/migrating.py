"""Activities recorded before this room was there: masked in place, as new ones are (``history.recorded``).

Read through CKAN they are masked already (``history.redact``); this takes it out of the database too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ckan import model
from sqlalchemy.orm.attributes import flag_modified

from ckanext.idgo.access.plugin import history

BATCH = 500


@dataclass
class Progress:
    """Rows ``read`` and ``changed``."""

    read: int = 0
    changed: int = 0


def migrate_activities(batch: int = BATCH) -> Iterator[Progress]:
    """Go through all activities, a commit for each batch; yields the progress. Safe to run again."""
    from ckanext.activity.model import Activity

    progress, last = Progress(), ""
    while True:
        query = model.Session.query(Activity).filter(Activity.id > last).order_by(Activity.id).limit(batch)
        rows = query.with_for_update().all()
        if not rows:
            model.Session.rollback()
            return
        for activity in rows:
            progress.read += 1
            kept = history.recorded(activity.data)
            if kept != activity.data:
                activity.data = kept
                flag_modified(activity, "data")
                progress.changed += 1
        last = rows[-1].id
        model.Session.commit()
        model.Session.expunge_all()
        yield progress
