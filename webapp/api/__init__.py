"""The glue of `/api/v1`: each feature's `api.py` says its routes with models for what comes in and what goes out.

`routes` calls them, `problems` says what went wrong, `document` describes them all as OpenAPI 3.1.
"""

from collections.abc import Collection

from flask import Flask, current_app

from webapp.access import Permission
from webapp.api import document
from webapp.api.models import LARGEST_ID, Answer, Body, Day, Id, Page, Query, Thing, cut
from webapp.api.routes import Routes

__all__ = [
    "LARGEST_ID",
    "Answer",
    "Body",
    "Day",
    "Id",
    "Page",
    "Query",
    "Routes",
    "Thing",
    "cut",
    "first_address",
    "init_app",
    "scopes",
]


def init_app(app: Flask) -> None:
    app.register_blueprint(document.bp)


def scopes() -> list[Permission]:
    """The permissions that the API knows what to do with, in their usual order."""
    asked = {entry.permission for _feature, entry in document.entries(current_app)}
    return [permission for permission in Permission if permission in asked]


def first_address(scopes: Collection[str]) -> str | None:
    """An address that can be read with these scopes alone and says something of its own accord; None without one."""
    readable = (
        entry.path
        for _feature, entry in document.entries(current_app)
        if entry.method == "GET" and "<" not in entry.path and entry.permission in scopes
    )
    return next(readable, None)
