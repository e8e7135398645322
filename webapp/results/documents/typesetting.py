"""Values and one of our own templates make a PDF: tagged, PDF/UA-1, and of the same values always the same bytes.

What people wrote is handed over as data and never as markup. A character that no font has would stop PDF/UA, so a square
stands for it, and the document says so.
"""

import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import typst

TEMPLATES = Path(__file__).parent
SQUARE = "\N{WHITE SQUARE}"
BREAK = "\N{ZERO WIDTH SPACE}"
UNBROKEN = re.compile(rf"[^\s\-{BREAK}]{{28}}(?=\S{{4}})")  # as long as the narrowest column holds
LINE = b'#set text(font: "Libertinus Serif")\n#sys.inputs.word'


def pdf(template: str, content: Mapping[str, Any], *, created: date) -> bytes:
    """The document of a template; `content` holds plain values, with all words in the reader's language."""
    import typst  # noqa: PLC0415 - stays out of start-up

    shown, complete = _shown(content)
    made = typst.Compiler(
        TEMPLATES / f"{template}.typ",
        root=TEMPLATES,
        font_paths=_fonts(),
        sys_inputs={"content": json.dumps(shown | {"complete": complete}, ensure_ascii=False)},
    ).compile(
        format="pdf",
        pdf_standards="ua-1",
        timestamp=datetime(created.year, created.month, created.day, tzinfo=UTC),
    )
    if not isinstance(made, bytes):
        raise TypeError("A PDF is one file.")
    return made


def _shown(content: Mapping[str, Any]) -> tuple[dict[str, Any], bool]:
    """The same values with words that can be set, and whether all of them can be."""
    missing: set[str] = set()

    def settable(value: Any) -> Any:
        if isinstance(value, str):
            missing.update(one for one in value if not displayed(one))
            kept = "".join(SQUARE if one in missing else one for one in value)
            return UNBROKEN.sub(rf"\g<0>{BREAK}", kept)
        if isinstance(value, Mapping):
            return {key: settable(one) for key, one in value.items()}
        if isinstance(value, list | tuple):
            return [settable(one) for one in value]
        return value

    return settable(content), not missing


@cache
def displayed(character: str) -> bool:
    """Whether a font has it: ours, which comes with typst, or one of this machine."""
    if character.isascii():
        return character.isprintable()
    if unicodedata.category(character) in {"Cc", "Cs", "Cn", "Co"}:
        return False
    import typst  # noqa: PLC0415 - likewise

    word = f"o{character}" if unicodedata.combining(character) else character
    try:
        typst.Compiler(LINE, font_paths=_fonts(), sys_inputs={"word": word}).compile(
            format="pdf", pdf_standards="a-2u"
        )
    except typst.TypstError:
        return False
    return True


@cache
def _fonts() -> "typst.Fonts":
    import typst  # noqa: PLC0415 - likewise

    return typst.Fonts()
