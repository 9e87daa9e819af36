"""Numbers in cells: steps that are one, or that begin with one."""

import re
from typing import Final

from app.formats.importing.words.level_names import number_of_level

_LONGEST: Final = 40
_LEADING: Final = re.compile(r"(\d{1,3}(?:[.,]\d+)?)(?:\s*[-\u2013\u2014:.=)(/]\s*\D.*|\s*%)?")


def leading_number(text: str) -> float | None:
    """Return the number that a step is, or begins with: 3 for `3`, `3 - Expert` and `3 (Expert)`."""
    match = _LEADING.fullmatch(text.strip()) if len(text) <= _LONGEST else None
    return float(match[1].replace(",", ".")) if match else None


def step_number(text: str) -> float | None:
    """Return the number of a step by its title: 3 for `3 - Expert`, and for `Level 3: Expert` too."""
    number = leading_number(text)
    return number_of_level(text) if number is None else number


def is_number(text: str) -> bool:
    """Return whether a text is a number, perhaps with a percent sign or a comma."""
    bare = text.strip().rstrip("%").replace(",", ".").removeprefix("-")
    return bare.replace(".", "", 1).isdigit()
