"""The application with one view more, which does nothing: what every ratio is measured against. Never in the product."""

from flask import Flask

from config import from_environment
from webapp import access, create_app, prepare_database, serving


@access.anyone
def empty() -> str:
    return ""


def make() -> Flask:
    """The application as `serve` makes it, with `/empty`."""
    app = create_app(from_environment())
    app.add_url_rule("/empty", "empty", empty)
    return app


if __name__ == "__main__":
    application = make()
    prepare_database(application)
    serving.serve(application)
