"""What the tests read from a sheet."""

import re


def radios(html: str) -> list[tuple[str, str, str]]:
    """(name, value, whether it is pressed) of every button of an answer."""
    return re.findall(r'<input type="radio" name="([^"]+)" value="(\d)"( checked)?>', html)


def checked(html: str) -> dict[str, str]:
    return {name: value for name, value, on in radios(html) if on}
