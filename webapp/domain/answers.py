"""One response as one small text: a character an item, in the order of the form's items.

"1" to "5" are the levels, "?" is the opt-out, "-" is a question that was left open.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from webapp.domain.questionnaire import Item
from webapp.domain.refusal import Refused, RefusedMany

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

LEVELS = "12345"
OPTED_OUT = "?"
OPEN = "-"
ANSWERS = frozenset(LEVELS + OPTED_OUT)

_UNKNOWN = 255
_AS_LEVEL = bytes(
    LEVELS.find(chr(code)) + 1 if chr(code) in LEVELS + OPTED_OUT + OPEN else _UNKNOWN for code in range(256)
)


def check(items: Sequence[Item], submitted: Mapping[str, object]) -> str:
    """The packed answers of a submitted sheet {item key: "1".."5", "?", or "" and "-" when left open}.

    Raises RefusedMany with one refusal a fault, whose place is the item's key: an item that the form does not ask,
    or an answer that is none.
    """
    asked = {item.key for item in items}
    refusals = [
        Refused("This form does not ask “{key}”.", place=_shown(key), key=_shown(key))
        for key in submitted
        if key not in asked
    ]
    refusals += [
        Refused("Choose one of the five answers, or “{opt_out}”.", place=item.key, opt_out=item.opt_out)
        for item in items
        if not _is_answer(submitted.get(item.key, OPEN))
    ]
    if refusals:
        raise RefusedMany(refusals)
    return pack(items, {key: str(answer) for key, answer in submitted.items()})


def _is_answer(answer: object) -> bool:
    return isinstance(answer, str) and (answer in ANSWERS or answer in {"", OPEN})


def _shown(key: object) -> str:
    """A key that somebody sent, short enough and printable for a message."""
    return "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in str(key)[:64]
    )


def pack(items: Sequence[Item], answers: Mapping[str, str]) -> str:
    """The packed answers of a sheet that was checked."""
    return "".join(answers.get(item.key) or OPEN for item in items)


def unpack(items: Sequence[Item], packed: str) -> dict[str, str]:
    """{item key: "1".."5" or "?"} of the answered items, in order. Raises Refused when the length is wrong."""
    _refuse_length(packed, len(items), 0)
    return {item.key: answer for item, answer in zip(items, packed, strict=True) if answer != OPEN}


def join(packed: Iterable[str], J: int) -> bytes:
    """R packed answers of J characters in one piece, for `to_levels` and `to_opt_outs`. Raises Refused for a wrong row."""
    rows = packed if isinstance(packed, list | tuple) else list(packed)
    if set(map(len, rows)) - {J}:
        for row, one in enumerate(rows):
            _refuse_length(one, J, row)
    try:
        return "".join(rows).encode("ascii")
    except UnicodeEncodeError as error:
        raise _refused_row(error.start // J) from None


def to_levels(packed: Iterable[str] | bytes, J: int) -> "npt.NDArray[np.uint8]":
    """(R, J) levels 1..5, 0 where an item was left open or opted out of; read-only.

    `packed` are R texts of J characters, or all of them in one piece (`join`). Raises Refused for a row of another
    length or with another character.
    """
    import numpy as np  # noqa: PLC0415 - answering a form needs no NumPy, and a worker starts without it

    pieces = _in_one_piece(packed, J)
    levels = np.frombuffer(pieces.translate(_AS_LEVEL), dtype=np.uint8).reshape(-1, J)
    if levels.size and levels.max() == _UNKNOWN:
        raise _refused_row(int(np.argmax(levels == _UNKNOWN)) // J)
    return levels


def to_opt_outs(packed: Iterable[str] | bytes, J: int) -> "npt.NDArray[np.bool_]":
    """(R, J) whether the opt-out was chosen; beside `to_levels`, with the same arguments and refusals of length."""
    import numpy as np  # noqa: PLC0415 - as above

    pieces = np.frombuffer(_in_one_piece(packed, J), dtype=np.uint8)
    return np.equal(pieces, ord(OPTED_OUT)).reshape(-1, J)


def _in_one_piece(packed: Iterable[str] | bytes, J: int) -> bytes:
    if not isinstance(packed, bytes):
        return join(packed, J)
    if len(packed) % J:
        raise _refused_row(len(packed) // J)
    return packed


def _refuse_length(packed: str, J: int, row: int) -> None:
    if len(packed) != J:
        raise Refused(
            "Stored answers {row} have {length} characters instead of {wanted}.",
            row=row,
            length=len(packed),
            wanted=J,
        )


def _refused_row(row: int) -> Refused:
    return Refused("Stored answers {row} are damaged.", row=row)
