"""What happens by the clock: RQ's own cron scheduler puts CKAN actions into CKAN's job queue. ``python -m
stack.scheduler``.

It does no work itself: workers do, so that it can stay a single small process.
"""

from __future__ import annotations

import os


def main() -> None:
    from ckan.cli import CKANConfigLoader
    from ckan.config.middleware import make_app
    from ckan.lib import jobs
    from ckan.lib.redis import connect_to_redis
    from rq.cron import CronScheduler

    make_app(CKANConfigLoader(os.environ["CKAN_INI"]).get_config())
    import ckan.plugins as plugins

    scheduler = CronScheduler(connection=connect_to_redis(), name=f"idgo-{os.getpid()}")
    queue = jobs.add_queue_name_prefix(jobs.DEFAULT_QUEUE_NAME)
    for plugin in plugins.PluginImplementations(plugins.IConfigurer):
        for function, cron in getattr(plugin, "idgo_schedule", dict)().items():
            scheduler.register(function, queue, cron=cron)
    scheduler.start()


if __name__ == "__main__":
    main()
