"""Groundswell: read this first. `create_app` puts the rooms together; FEATURES lists them."""

from dataclasses import dataclass
from importlib import import_module
from inspect import iscoroutinefunction
from pathlib import Path

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from config import Settings, from_environment
from webapp import (
    api,
    assets,
    errors,
    filters,
    headers,
    joints,
    language,
    navigation,
    questionnaires,
    schema,
    transaction,
)
from webapp.access import gate
from webapp.extensions import babel, compress, csrf, db, limiter

# Each is a folder with a blueprint `bp`; folder = blueprint = URL word = template prefix = test folder.
FEATURES = (
    "home",
    "accounts",
    "organizations",
    "units",
    "waves",
    "invitations",
    "respond",
    "assessments",
    "evidence",
    "results",
    "actions",
    "experiments",
    "status",
    "webhooks",
)


@dataclass(frozen=True)
class State:
    """What the running application knows about its surroundings."""

    settings: Settings
    write_lock: Path | None


def create_app(settings: Settings | None = None) -> Flask:
    settings = settings or from_environment()
    app = Flask(__name__, static_folder=None)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        TESTING=settings.testing,
        SQLALCHEMY_ENGINES={"default": {"url": settings.database_url, **_engine_options(settings)}},
        SERVER_NAME=None,
        TRUSTED_HOSTS=_hosts(settings),
        MAX_CONTENT_LENGTH=256 * 1024,
        MAX_FORM_MEMORY_SIZE=256 * 1024,
        MAX_FORM_PARTS=500,
        PREFERRED_URL_SCHEME="https" if settings.secure else "http",
        SESSION_COOKIE_NAME="__Host-session" if settings.secure else "session",
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_SSL_STRICT=False,  # checked by `headers` with Sec-Fetch-Site and Origin instead of Referer
        WTF_CSRF_TIME_LIMIT=None,
        RATELIMIT_STORAGE_URI=settings.limits_url,
        RATELIMIT_HEADERS_ENABLED=False,
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_BR_LEVEL=3,  # packs a page 5 % larger than 4 does in two thirds of the time
        COMPRESS_BR_WINDOW=18,
        COMPRESS_STREAMS=False,
        **settings.extra,
    )
    app.extensions["groundswell"] = State(
        settings, transaction.lock_path(settings.database_url, settings.data)
    )
    db.init_app(app)
    # There are no async sessions here, and closing them would start an event loop in every request: 0.9 ms.
    app.teardown_appcontext_funcs = [
        close for close in app.teardown_appcontext_funcs if not iscoroutinefunction(close)
    ]
    with app.app_context():
        transaction.prepare_engine(db.engine)
    for part in (csrf, limiter, compress):
        part.init_app(app)
    babel.init_app(app, locale_selector=language.select, default_domain="messages")
    for room in (headers, gate, errors, filters, assets, questionnaires, language, navigation, api):
        room.init_app(app)
    for feature in FEATURES:
        app.register_blueprint(import_module(f"webapp.{feature}").bp)
    joints.fill(app)
    if settings.secure:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)  # type: ignore[method-assign]  # Flask's own way
    return app


def prepare_database(app: Flask) -> None:
    """Bring the database to the newest migration."""
    with app.app_context():
        schema.upgrade(db.engine)


def _engine_options(settings: Settings) -> dict[str, object]:
    if not settings.database_url.startswith("sqlite"):
        return {"pool_pre_ping": True, "hide_parameters": True}
    from webapp.sqlite import driver  # noqa: PLC0415 - chosen once, and only where SQLite is used

    return {"module": driver(), "connect_args": {"timeout": 10}, "hide_parameters": True}


def _hosts(settings: Settings) -> list[str]:
    return (
        [settings.host, "127.0.0.1", "localhost"]
        if settings.host in {"127.0.0.1", "localhost"}
        else [settings.host]
    )
