"""The secret of an API token: `gsw_`, 43 random letters and digits (256 bits), and 6 more that check them.

Whoever scans texts for lost secrets finds it by its form, and one that was mistyped or made up is refused without a look
into the database. The check is CRC-32, as GitHub's tokens carry one: it guards against slips, and keeps nothing secret.
"""

import re
import secrets
import string
import zlib

ALPHABET = string.digits + string.ascii_letters
RANDOM = 43  # 62 ** 43 is a little more than 2 ** 256
CHECK = 6  # 62 ** 6 holds every CRC-32
START = "gsw_"
KNOWN_BY = len(START) + 4  # as much of it as is kept, so that people recognize it
FORM = re.compile(rf"{START}([0-9A-Za-z]{{{RANDOM}}})([0-9A-Za-z]{{{CHECK}}})")


def new() -> str:
    """Make a token; nobody can guess it."""
    random = "".join(secrets.choice(ALPHABET) for _ in range(RANDOM))
    return f"{START}{random}{_check(random)}"


def well_formed(text: str) -> bool:
    """Whether this could be a token at all: its form is right and its check fits."""
    found = FORM.fullmatch(text)
    return found is not None and _check(found[1]) == found[2]


def known_by(token: str) -> str:
    """The beginning, by which people tell their tokens apart; it gives 24 of the 256 bits away."""
    return token[:KNOWN_BY]


def _check(random: str) -> str:
    """CRC-32 of the letters, in base 62, as long for every value."""
    rest, letters = zlib.crc32(random.encode("ascii")), ""
    for _ in range(CHECK):
        rest, place = divmod(rest, len(ALPHABET))
        letters = ALPHABET[place] + letters
    return letters
