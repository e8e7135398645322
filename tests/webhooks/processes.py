"""Workers as processes of their own, which a test may kill."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from flask import Flask

from config import Settings
from tests.fixtures.browser import ROOT
from tests.fixtures.receiver import HOST, Receiver
from webapp.models import OutboxRow
from webapp.transaction import transaction


@contextmanager
def worker_process(settings: Settings, receiver: Receiver) -> "Iterator[subprocess.Popen[bytes]]":
    """A worker on the same data, with the same key, that may call the receiver."""
    (settings.data / "ballot.key").write_bytes(settings.ballot_key)
    outside = {name: text for name, text in os.environ.items() if not name.startswith("GROUNDSWELL_")}
    with (settings.data / "worker.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "webapp", "worker"],
            env=outside
            | {
                "GROUNDSWELL_DATA": str(settings.data),
                "GROUNDSWELL_SECRET_KEY": settings.secret_key,
                "GROUNDSWELL_WEBHOOKS_TO": f"{HOST}:{receiver.port}",
                "PYTHONPATH": str(ROOT),
            },
            cwd=ROOT,
            stdout=log,
            stderr=log,
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait(10)


def hasten(app: Flask) -> None:
    """Let the lease of a worker that died be over."""
    with app.app_context(), transaction() as session:
        session.execute(sa.update(OutboxRow).values(due=sa.literal("2020-01-01", sa.String)))
