"""What was made of a publication, kept: it never changes, so its pages are made once a process, language and reader."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock

from flask_babel import get_locale
from markupsafe import Markup

from webapp.results.reading import Reading

MOST_CHARACTERS = 8_000_000
_kept: OrderedDict[Hashable, tuple[Reading, Markup]] = OrderedDict()
_lock = Lock()


def body(reading: Reading, page: str, vary: Hashable, make: Callable[[], str]) -> Markup:
    """The HTML that `make` gives, from memory where it was made before.

    `vary`: all that it depends on besides the publication (and those before it), the reader's units and the language.
    The reading stands in the entry, so that the publication's place in memory names no other one meanwhile.
    """
    key = (id(reading.publication), reading.slug, reading.span, str(get_locale()), page, vary)
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key][1]
    made = Markup(make())  # noqa: S704 - a rendered template, escaped there
    with _lock:
        _kept[key] = reading, made
        while len(_kept) > 1 and sum(len(text) for _reading, text in _kept.values()) > MOST_CHARACTERS:
            _kept.popitem(last=False)
    return made
