"""Which language a reader gets."""

from flask import Flask, request

LANGUAGES = ("en",)


def select() -> str:
    return request.accept_languages.best_match(LANGUAGES) or "en"


def init_app(app: Flask) -> None:
    app.context_processor(lambda: {"language": select()})
