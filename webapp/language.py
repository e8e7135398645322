"""Which language a reader gets, and the words of it: one catalogue a language in `translations/`, English in the code.

A third language is one folder more: `translations/<language>/LC_MESSAGES/messages.po`. Catalogues are read as they are
written, once a process and only when somebody asks for them, so that there is nothing to compile.
"""

import io
from functools import cache
from gettext import NullTranslations
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, request, url_for
from flask_babel import Domain, get_babel, get_locale, gettext
from werkzeug.exceptions import HTTPException

from webapp.domain.refusal import Refused

TRANSLATIONS = Path(__file__).with_name("translations")
ENGLISH = "en"
COOKIE = "language"
YEAR = 365 * 24 * 60 * 60


def catalogue(language: str) -> Path:
    return TRANSLATIONS / language / "LC_MESSAGES" / "messages.po"


LANGUAGES = (
    ENGLISH,
    *sorted(path.name for path in TRANSLATIONS.glob("*") if catalogue(path.name).exists()),
)


class Catalogues(Domain):
    """Flask-Babel's translations from our own catalogues."""

    def get_translations(self) -> NullTranslations:
        return _translations(str(get_locale() or ENGLISH))


@cache
def _translations(language: str) -> NullTranslations:
    path = catalogue(language)
    if language not in LANGUAGES or language == ENGLISH:
        return _none()
    from babel.messages.mofile import write_mo  # noqa: PLC0415 - only for who reads another language
    from babel.messages.pofile import read_po  # noqa: PLC0415 - likewise
    from babel.support import Translations  # noqa: PLC0415 - likewise

    packed = io.BytesIO()
    with path.open("rb") as file:
        write_mo(packed, read_po(file, locale=language))
    packed.seek(0)
    return Translations(packed)


def _none() -> NullTranslations:
    from babel.support import NullTranslations as Nothing  # noqa: PLC0415 - knows all the kinds that Babel asks for

    return Nothing()


def refusal(refused: Refused) -> str:
    """A rule's no in the reader's language, and what it quotes in the quotation marks of that language."""
    return gettext(refused.message).format(**{name: _quoted(value) for name, value in refused.values.items()})


def _quoted(value: object) -> object:
    if isinstance(value, str) and value.startswith("“") and value.endswith("”"):
        return gettext("“%(name)s”", name=value[1:-1])
    return value


def check(wanted: str) -> str:
    """A language that letters can be written in."""
    if wanted not in LANGUAGES:
        raise Refused(
            "There are no letters in {language}; there are {known}.",
            place="language",
            language=f"“{wanted[:30]}”",
            known=", ".join(LANGUAGES),
        )
    return wanted


def spoken(stored: str) -> str:
    """The language of letters that was chosen once; English where its catalogue has gone meanwhile."""
    return stored if stored in LANGUAGES else ENGLISH


def select() -> str:
    """What the reader chose on a page, else the best that the browser asks for. Programs are answered in English."""
    if request.path.startswith("/api/"):
        return ENGLISH  # the same on every machine, as on the command line; and no cookie is looked at
    chosen = request.cookies.get(COOKIE)
    if chosen in LANGUAGES:
        return chosen
    return request.accept_languages.best_match(LANGUAGES) or ENGLISH


def keep(reply: Response, chosen: str) -> None:
    """Have the browser remember a choice; the server notes it nowhere."""
    reply.set_cookie(
        COOKIE,
        chosen,
        max_age=YEAR,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )


def here() -> str:
    """The address to come back to; empty where none is, where the page answers what was sent, or where HTML cannot hold it."""
    if request.method == "POST" or request.url_rule is None:
        return ""
    question = request.query_string.decode(errors="replace")
    address = f"{request.path}?{question}" if question else request.path
    return address if address.isprintable() else ""


def page(address: str) -> str:
    """A page of ours by the address that a browser sent: built anew, so that it never leads elsewhere."""
    try:
        target = urlsplit(address)
        endpoint, values = current_app.url_map.bind("").match(target.path)
    except (HTTPException, ValueError):
        return url_for("home.index")
    return url_for(endpoint, **values) + (f"?{target.query}" if target.query else "")


@cache
def names() -> tuple[tuple[str, str], ...]:
    """Each language with its name in itself."""
    from babel import Locale  # noqa: PLC0415 - the first reader's page needs it, no command does

    return tuple((one, str(Locale.parse(one).get_display_name(one)).title()) for one in LANGUAGES)


def name(code: str) -> str:
    """A language in itself."""
    return dict(names())[code]


def _frame() -> dict[str, object]:
    spoken = select()
    return {
        "language": spoken,
        "here": here(),
        "other_languages": [(code, name) for code, name in names() if code != spoken],
    }


def init_app(app: Flask) -> None:
    with app.app_context():
        get_babel().instance.domain_instance = Catalogues()
    app.context_processor(_frame)
