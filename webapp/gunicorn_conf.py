"""How gunicorn runs the site: one process, many threads, because streams mostly wait."""

import os

bind = f"{os.environ.get('DEEP_HOP_BIND_HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = 1  # what a process knows of the endpoint's state, all visitors share
threads = 100
preload_app = True  # wrong settings end the server with their sentence, not each worker in turn
timeout = 60
graceful_timeout = 5
keepalive = 5
loglevel = "warning"
_MEMORY = "/dev/shm"  # nosec B108  # gunicorn makes a file of its own there
worker_tmp_dir = _MEMORY if os.path.isdir(_MEMORY) else None  # heartbeats need no disk
control_socket_disable = True
