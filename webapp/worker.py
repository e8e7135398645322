"""The worker: sends the letters that the outbox holds, makes its calls, and does the chores that come with time.

Two at once are safe. Calls are made in a thread of their own: another program that is slow keeps no letter waiting.
"""

import logging
import signal
import threading
import time
from collections.abc import Callable

from flask import Flask, current_app
from sqlalchemy.exc import SQLAlchemyError

from webapp import mail, marks, outbox, outgoing, slots, transaction
from webapp.extensions import db
from webapp.mail import Message, Post
from webapp.outbox import Outcome, Taken
from webapp.outgoing import Call
from webapp.transaction import Busy

log = logging.getLogger("groundswell")

LOOK_EVERY = 2.0  # seconds
CHORES_EVERY = 60.0
PAUSE_UNREACHABLE = 30.0
AWAY_SINCE = "mail-away"
SENDING = ("sending", 7262019)
AWAY = (Busy, SQLAlchemyError, OSError)


def run(app: Flask, stop: threading.Event) -> None:
    """Work until told to stop; a letter that is being sent is finished first, and so is a call."""
    caller = threading.Thread(target=_keep_calling, args=(app, stop), daemon=True)
    caller.start()
    chores = 0.0
    while not stop.is_set():
        pause = LOOK_EVERY
        try:
            with app.app_context():
                if time.monotonic() >= chores:
                    marks.leave("worker")
                    do_chores()
                    chores = time.monotonic() + CHORES_EVERY
                deliver(stop)
        except mail.Unreachable as error:
            log.warning("the mail server is not available, letters wait: %s", error)
            with app.app_context():
                marks.leave("mail-failed", str(error))
                marks.leave_first(AWAY_SINCE)
            pause = PAUSE_UNREACHABLE
        except AWAY as error:
            log.warning("the database is not available to the worker: %s", type(error).__name__)
            pause = PAUSE_UNREACHABLE
        stop.wait(pause)
    caller.join(outgoing.CONNECT + outgoing.WHOLE)


def _keep_calling(app: Flask, stop: threading.Event) -> None:
    while not stop.is_set():
        pause = LOOK_EVERY
        try:
            with app.app_context():
                make_calls(stop)
        except AWAY as error:
            log.warning("the database is not available for calls: %s", type(error).__name__)
            pause = PAUSE_UNREACHABLE
        stop.wait(pause)


def make_calls(stop: threading.Event) -> None:
    """Make all calls that are due, one after the other."""
    while not stop.is_set() and outbox.anything_due(calls=True):
        taken = outbox.take_call()
        if taken is None:
            return
        outbox.settle(taken, _called(taken))


def _called(taken: Taken) -> Outcome:
    once = False
    try:
        call = outbox.write(taken)
        if not isinstance(call, Call):
            return Outcome("dropped")
        once = call.once
        outgoing.post(call)
    except outgoing.Failed as failed:
        return Outcome("refused" if once else "later", failed.fault)
    except Exception as error:  # noqa: BLE001 - one call that cannot be made must not keep the others
        db.session.rollback()
        log.error("a call of kind %s could not be made: %s", taken.kind, type(error).__name__)  # noqa: TRY400 - no values
        return Outcome("later", "ours")
    return Outcome("sent")


def stop_on_signals(stop: threading.Event) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())


def deliver(stop: threading.Event) -> None:
    """Send all that is due. The server is asked first, so that no row is touched while it is away.

    One worker sends at a time, and the others stand by to take over: so that all of them together keep to the letters of
    a minute, without noting anywhere when which one went. While the server is away it is asked although nothing is due, so that pages do not go on to say so when it is back.
    """
    while mail.configured() and not stop.is_set() and (outbox.anything_due() or marks.find(AWAY_SINCE)):
        with transaction.alone(*SENDING) as mine:
            if not mine:
                return
            with Post() as post:
                marks.remove(AWAY_SINCE)
                _send(post, stop)


def _send(post: Post, stop: threading.Event) -> None:
    """One letter after another in one conversation, with a pause after each that was sent."""
    pause = 60 / current_app.extensions["groundswell"].settings.mail_per_minute
    while post.open and not stop.is_set():
        taken = outbox.take()
        if taken is None:
            return
        outcome = _attempt(post, taken)
        outbox.settle(taken, outcome)
        _note(taken, outcome)
        if outcome.kind == "sent":
            stop.wait(pause)


def _note(taken: Taken, outcome: Outcome) -> None:
    """Tell the machine's keeper that mail works; of a silent kind not even that, for whether one was sent is a secret."""
    if outbox.tells(taken) and outcome.kind != "dropped":
        marks.leave(
            "mail-sent" if outcome.kind == "sent" else "mail-failed",
            "" if outcome.kind == "sent" else marks.NOT_TAKEN,
        )


def _attempt(post: Post, taken: Taken) -> Outcome:
    if taken.settled:
        return Outcome("dropped")
    try:
        message = outbox.write(taken)
        if not isinstance(message, Message):
            return Outcome("dropped")
        post.send(message, reference=taken.id.hex())
    except mail.Refused as refused:
        return Outcome("later" if refused.later else "refused", str(refused))
    except Exception as error:  # noqa: BLE001 - one letter that cannot be written must not keep the others
        db.session.rollback()
        log.error("a letter of kind %s could not be written: %s", taken.kind, type(error).__name__)  # noqa: TRY400 - no values
        return Outcome("later", type(error).__name__)
    return Outcome("sent")


def do_chores() -> None:
    """Each chore by itself: one that fails is said and tried again, and does not keep the others."""
    chores: list[Callable[[], None]] = [outbox.forget_failures, *slots.offered("chores")]
    for chore in chores:
        try:
            chore()
        except Exception as error:  # noqa: BLE001 - see above
            db.session.rollback()
            log.error("a chore failed: %s: %s", chore.__qualname__, type(error).__name__)  # noqa: TRY400 - no values
