"""Named places where one feature shows what another knows; `joints` fills them, so that features stay strangers."""

from collections.abc import Callable
from typing import Any

from flask import Flask, current_app

Slot = Callable[..., Any]


def offer(app: Flask, name: str, provider: Slot) -> None:
    app.extensions.setdefault("groundswell_slots", {}).setdefault(name, []).append(provider)


def offered(name: str) -> list[Slot]:
    """The providers of a slot, in the order in which they were filled in."""
    return list(current_app.extensions.get("groundswell_slots", {}).get(name, ()))


def ask(name: str, *args: Any, **values: Any) -> list[Any]:
    """What the providers of a slot answer."""
    return [provider(*args, **values) for provider in offered(name)]
