"""The production server: gunicorn with a worker a core on Unix, waitress elsewhere."""

import os
import sys
import threading
from typing import Any

from flask import Flask

from webapp import logs

THREADS = 4


def serve(app: Flask) -> None:
    """Serve until stopped. Nothing personal is logged: no access log at all."""
    host, port = app.extensions["groundswell"].settings.listen
    sys.stdout.flush()
    logs.init()
    if os.name == "nt":
        from waitress import serve as serve_with_waitress  # noqa: PLC0415 - only where gunicorn cannot run

        serve_with_waitress(app, host=host, port=port, threads=8, ident="")
        return
    _gunicorn(app, f"{host}:{port}")


def _gunicorn(app: Flask, address: str) -> None:
    from gunicorn.app.base import BaseApplication  # noqa: PLC0415 - heavy, and needed only to serve

    reading, writing = os.pipe()

    def end_with_parent(_server: Any, _worker: Any) -> None:
        """End when the parent is gone, however it went: its end of the pipe closes, and a read returns."""
        os.close(writing)
        threading.Thread(target=lambda: (os.read(reading, 1), os._exit(0)), daemon=True).start()

    class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
        def load_config(self) -> None:
            options = {
                "bind": address,
                "workers": os.cpu_count() or 1,
                "worker_class": "gthread",
                "threads": THREADS,
                "preload_app": True,
                "timeout": 30,
                "graceful_timeout": 10,
                "max_requests": 100_000,
                "max_requests_jitter": 10_000,
                "limit_request_line": 2048,
                "loglevel": "warning",
                "logconfig_dict": logs.for_gunicorn(),
                "proc_name": "groundswell",
                "forwarded_allow_ips": "127.0.0.1",
                "post_fork": end_with_parent,
            }
            for name, value in options.items():
                self.cfg.set(name, value)

        def load(self) -> Flask:
            return app

    _forget_connections(app)
    Server().run()


def _forget_connections(app: Flask) -> None:
    """Close what the parent opened: a connection must not be shared by the workers."""
    from webapp.extensions import db  # noqa: PLC0415 - the module itself needs no database

    with app.app_context():
        db.session.remove() if hasattr(db.session, "remove") else db.session.close()
        db.engine.dispose()
