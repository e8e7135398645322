"""Which language a reader gets, and the words of it: one catalogue a language in `translations/`, English in the code.

A third language is one folder more: `translations/<language>/LC_MESSAGES/messages.po`. Catalogues are read as they are
written, once a process and only when somebody asks for them, so that there is nothing to compile.
"""

import io
from functools import cache
from gettext import NullTranslations
from pathlib import Path

from flask import Flask, request
from flask_babel import Domain, get_babel, get_locale

TRANSLATIONS = Path(__file__).with_name("translations")
ENGLISH = "en"


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


def select() -> str:
    return request.accept_languages.best_match(LANGUAGES) or ENGLISH


def init_app(app: Flask) -> None:
    with app.app_context():
        get_babel().instance.domain_instance = Catalogues()
    app.context_processor(lambda: {"language": select()})
