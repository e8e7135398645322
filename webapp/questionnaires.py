"""The catalogue of the running application: built-in questionnaires and those of the operator's folders."""

from pathlib import Path

from flask import Flask, current_app

from webapp import catalog

BUILT_IN = Path(__file__).resolve().parents[1] / "questionnaires"


def init_app(app: Flask) -> None:
    folders = (BUILT_IN, *app.extensions["groundswell"].settings.questionnaires)
    app.extensions["groundswell_folders"] = folders


def available() -> catalog.Catalog:
    return catalog.load(current_app.extensions["groundswell_folders"])
