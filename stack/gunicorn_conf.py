"""gunicorn: threads, because uploads and downloads wait far more than they compute.

Many of them: a slow reader holds one for hours, and fifty slow readers that happen to meet the same worker
must leave it some for pages (``ckanext.idgo.access.max_streams`` keeps that true). Waiting costs a thread
nothing but its stack; what computes at the same time is limited by the database's pool
(``config/ckan.ini.template``).
"""

import os

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '5000')}"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "64"))
worker_class = "gthread"
# A 2 GB file over a slow line takes hours and holds one thread; the time-out is for a worker that stopped
# answering.
timeout = 120
graceful_timeout = 10
keepalive = 5
# Headers and the request line alone; bodies are limited by CKAN.
limit_request_line = 8190
accesslog = None
errorlog = "-"
control_socket_disable = True
worker_tmp_dir = os.environ.get("TMPDIR") or None
