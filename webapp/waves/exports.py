"""Files that a wave hands out."""

import csv
import io
from collections.abc import Iterable


def links_csv(links: Iterable[tuple[str, str]]) -> str:
    """`unit,link`, in the order given (which is random)."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(("unit", "link"))
    writer.writerows(links)
    return text.getvalue()
