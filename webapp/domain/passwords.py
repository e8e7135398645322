"""Which passwords are good enough: long, and not made of what an attacker tries first. No list of others' passwords."""

import re
import unicodedata
from collections.abc import Iterable

from webapp.domain.refusal import Refused

LEAST_ALONE = 15
LEAST_WITH_SECOND_STEP = 8
MOST = 128
# What must be left when each guessable piece counts as one character.
LEAST_PIECES_ALONE = 8
LEAST_PIECES_WITH_SECOND_STEP = 6
LEAST_DIFFERENT = 5
LEAST_WORD = 3
RUN = 3  # characters that follow each other make a piece from here on

# What people reach for first, in several languages; years, endings and digits are pieces of their own.
COMMON = frozenset(
    [
        "abc",
        "access",
        "account",
        "admin",
        "administrator",
        "adobe",
        "angel",
        "apple",
        "april",
        "august",
        "autumn",
        "azerty",
        "baby",
        "bailey",
        "baseball",
        "basketball",
        "batman",
        "bitte",
        "buster",
        "changeme",
        "charlie",
        "cheese",
        "chocolate",
        "computer",
        "contrasena",
        "cookie",
        "dallas",
        "december",
        "default",
        "diamond",
        "dragon",
        "employee",
        "family",
        "february",
        "flower",
        "football",
        "freedom",
        "friday",
        "ginger",
        "guest",
        "hallo",
        "hannah",
        "hello",
        "hockey",
        "hunter",
        "iloveyou",
        "internet",
        "january",
        "jennifer",
        "jesus",
        "jordan",
        "july",
        "june",
        "killer",
        "kitten",
        "lakers",
        "letmein",
        "liverpool",
        "login",
        "london",
        "love",
        "lovely",
        "maggie",
        "manager",
        "march",
        "marina",
        "martin",
        "master",
        "matrix",
        "matthew",
        "michael",
        "michelle",
        "mercedes",
        "monday",
        "monkey",
        "motdepasse",
        "mustang",
        "naruto",
        "november",
        "october",
        "office",
        "orange",
        "parola",
        "parole",
        "pass",
        "passe",
        "passwd",
        "passwort",
        "password",
        "pepper",
        "phoenix",
        "please",
        "pokemon",
        "prince",
        "princess",
        "private",
        "purple",
        "qazwsx",
        "queen",
        "root",
        "sakura",
        "samsung",
        "saturday",
        "secret",
        "secure",
        "security",
        "september",
        "shadow",
        "silver",
        "snoopy",
        "soccer",
        "soleil",
        "sommer",
        "spring",
        "starwars",
        "summer",
        "sunday",
        "sunshine",
        "superman",
        "system",
        "taylor",
        "temp",
        "temporary",
        "test",
        "thomas",
        "thunder",
        "thursday",
        "tigger",
        "trustno",
        "tuesday",
        "user",
        "welcome",
        "wednesday",
        "whatever",
        "william",
        "willkommen",
        "winter",
        "work",
        "yellow",
        "zaq",
    ]
)
PRODUCT = ("groundswell", "adoption", "questionnaire")
ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qwertzuiop",
    "yxcvbnm",
    "azertyuiop",
    "1qaz2wsx3edc4rfv5tgb6yhn",
    "!@#$%^&*()",
    '!"§$%&/()=',
)
_RUNS = frozenset(
    text[start : start + RUN]
    for row in ROWS
    for text in (row, row[::-1])
    for start in range(len(row) - RUN + 1)
)
_LOOKS_LIKE = str.maketrans("@4031!5$7+8", "aaoeiissttb")
_YEAR = re.compile(r"(?:19|20)\d\d")
_REPEATED = re.compile(r"(.{1,16}?)\1+", re.DOTALL)


def normal(text: str) -> str:
    """The password as it is hashed: the same on every keyboard and system (NFKC)."""
    return unicodedata.normalize("NFKC", text)


def check(text: str, *, known: Iterable[str], second_step: bool) -> str:
    """Refuse what is too short or easy to guess; `known` are words around the account. Returns it as it is hashed."""
    password = normal(text)
    least = LEAST_WITH_SECOND_STEP if second_step else LEAST_ALONE
    least_pieces = LEAST_PIECES_WITH_SECOND_STEP if second_step else LEAST_PIECES_ALONE
    if len(password) < least:
        raise Refused(
            "Use {least} characters or more. A few words that do not belong together are good.", least=least
        )
    if len(password) > MOST:
        raise Refused("Use {most} characters at most.", most=MOST)
    if any(unicodedata.category(one) in {"Cc", "Cs", "Cn"} for one in password):
        raise Refused("The password holds a character that no keyboard can type.")
    if len(set(password)) < LEAST_DIFFERENT or pieces(password, known) < least_pieces:
        raise Refused(
            "This is easy to guess: it is made of common words, repeats, rows of keys, or words around your account."
        )
    return password


def words(*texts: str) -> set[str]:
    """The words of names and addresses, as `known` takes them."""
    return {
        word
        for text in texts
        for word in re.findall(r"[^\W\d_]+", text.casefold())
        if len(word) >= LEAST_WORD
    }


def pieces(password: str, known: Iterable[str] = ()) -> int:
    """How many steps a guesser needs: a known word, a year, a row of keys or a repeat counts as one character."""
    folded = password.casefold()
    whole = _REPEATED.fullmatch(folded)
    if whole:
        folded = whole[1]
    lexicon = {word.casefold() for word in (*COMMON, *PRODUCT, *known) if len(word) >= LEAST_WORD}
    longest = max(map(len, lexicon))
    count = place = 0
    while place < len(folded):
        place += _piece(folded, place, lexicon, longest)
        count += 1
    return count


def _piece(text: str, place: int, lexicon: set[str], longest: int) -> int:
    """Length of the longest guessable piece that begins here; 1 where there is none."""
    for length in range(min(longest, len(text) - place), LEAST_WORD - 1, -1):
        part = text[place : place + length]
        if part in lexicon or part.translate(_LOOKS_LIKE) in lexicon:
            return length
    year = _YEAR.match(text, place)
    end = place
    while text[end : end + RUN] in _RUNS:
        end += 1
    row = end - place + RUN - 1 if end > place else 0
    repeated = _REPEATED.match(text, place)
    again = len(repeated[0]) if repeated and len(repeated[0]) >= RUN else 0
    return max(row, again, len(year[0]) if year else 0, 1)
