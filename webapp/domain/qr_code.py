"""The picture of a link, for a camera."""

from dataclasses import dataclass

QUIET = 4  # modules of white around the code, as its standard asks


@dataclass(frozen=True, slots=True)
class QrCode:
    """A square of `size` modules; `path` draws the dark ones as horizontal strokes."""

    size: int
    path: str


def qr_code(link: str) -> QrCode:
    import segno  # noqa: PLC0415 - needed on one page alone

    rows = [bytes(row) for row in segno.make(link, micro=False, error="m").matrix_iter(border=QUIET)]
    strokes = (_strokes(row, y) for y, row in enumerate(rows))
    return QrCode(len(rows), "".join(stroke for stroke in strokes if stroke))


def _strokes(row: bytes, y: int) -> str:
    """One row: `Mx yhw` for each run of dark modules."""
    found = []
    start = None
    for x, dark in enumerate((*row, 0)):
        if dark and start is None:
            start = x
        elif not dark and start is not None:
            found.append(f"M{start} {y}.5h{x - start}")
            start = None
    return "".join(found)
