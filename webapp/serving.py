"""The production server: gunicorn with a worker a core on Unix, waitress elsewhere."""

import gc
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from flask import Flask

from webapp import language, logs, worker

THREADS = 4
LAST_LETTER = 10.0  # seconds in which the outbox's worker may finish what it is sending


def serve(app: Flask) -> None:
    """Serve until stopped. Nothing personal is logged: no access log at all."""
    host, port = app.extensions["groundswell"].settings.listen
    sys.stdout.flush()
    logs.init()
    if os.name == "nt":
        from waitress import serve as serve_with_waitress  # noqa: PLC0415 - only where gunicorn cannot run

        threading.Thread(target=worker.run, args=(app, threading.Event()), daemon=True).start()
        serve_with_waitress(app, host=host, port=port, threads=8, ident="")
        return
    _gunicorn(app, f"{host}:{port}")


def _gunicorn(app: Flask, address: str) -> None:
    from gunicorn.app.base import BaseApplication  # noqa: PLC0415 - heavy, and needed only to serve
    from gunicorn.arbiter import Arbiter  # noqa: PLC0415 - likewise

    reading, writing = os.pipe()
    sender = Sender(app, reading, writing)

    class Parent(Arbiter):  # type: ignore[misc]  # gunicorn has no types
        """Looks after the outbox's worker beside its own: starts it, replaces one that died, ends it."""

        def manage_workers(self) -> None:
            super().manage_workers()
            sender.keep(close_in_child=lambda: [listener.close() for listener in self.LISTENERS])

        def stop(self, graceful: bool = True) -> None:
            sender.ask_to_end()
            super().stop(graceful)
            sender.wait()

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

        def run(self) -> None:
            Parent(self).run()

    _open_once(app)
    _forget_connections(app)
    _settle()
    Server().run()


class Sender:
    """The outbox's worker as a child of the server: forked, so that it shares the server's memory."""

    def __init__(self, app: Flask, reading: int, writing: int) -> None:
        self.app, self.reading, self.writing = app, reading, writing
        self.process = 0

    def keep(self, close_in_child: Callable[[], object]) -> None:
        """Start it, and again when it has died. gunicorn collects dead children, so a missing one is a dead one."""
        if self.process and _runs(self.process):
            return
        self.process = os.fork()
        if self.process == 0:
            try:
                close_in_child()
                self._work()
            finally:
                os._exit(0)

    def _work(self) -> None:
        os.close(self.writing)
        stop = threading.Event()
        for number in range(1, signal.NSIG):
            if signal.getsignal(number) not in {signal.SIG_DFL, signal.SIG_IGN, None}:
                signal.signal(number, signal.SIG_DFL)  # what the server hears is not for this child
        signal.signal(
            signal.SIGINT, signal.SIG_IGN
        )  # from a terminal it reaches everybody; the parent decides
        signal.signal(signal.SIGTERM, lambda *_: stop.set())

        def end_with_parent() -> None:
            os.read(self.reading, 1)
            stop.set()
            time.sleep(LAST_LETTER)
            os._exit(0)

        threading.Thread(target=end_with_parent, daemon=True).start()
        worker.run(self.app, stop)

    def ask_to_end(self) -> None:
        if self.process and _runs(self.process):
            os.kill(self.process, signal.SIGTERM)

    def wait(self) -> None:
        until = time.monotonic() + LAST_LETTER
        while self.process and _runs(self.process) and time.monotonic() < until:
            time.sleep(0.02)


def _runs(process: int) -> bool:
    """Whether a child lives; collects it when it does not."""
    try:
        return os.waitpid(process, os.WNOHANG) == (0, 0)
    except ChildProcessError:
        return False


def _open_once(app: Flask) -> None:
    """Read templates, catalogues and questionnaires before there are children, which then share them.

    As the first reader of each would; a page that cannot be drawn now says so to whoever asks for it.
    """
    client = app.test_client()
    for spoken in language.LANGUAGES:
        client.get(
            "/",
            base_url=app.extensions["groundswell"].settings.url,
            headers={"Accept-Language": spoken},
        )


def _settle() -> None:
    """Keep what is loaded by now out of the collector's sight.

    Looking through it would write into each page of memory that the children share with the parent, and so copy it all.
    """
    gc.collect()
    gc.freeze()


def _forget_connections(app: Flask) -> None:
    """Close what the parent opened: a connection must not be shared by the workers."""
    from webapp.extensions import db  # noqa: PLC0415 - the module itself needs no database

    with app.app_context():
        db.session.remove() if hasattr(db.session, "remove") else db.session.close()
        db.engine.dispose()
