"""Text of the ladder inside Markdown."""

import re
from typing import Final

_SPECIAL: Final = re.compile(r"([\\`*_\[\]<>~|&#$!{}])")
_OPENING: Final = re.compile(r"([-+=:]|\d+(?=[.)](?:\s|$)))")
"""The beginnings of a line that Markdown takes for a list item, a rule, a heading, a table or a definition."""


def escaped(text: str) -> str:
    """Return the text on one line, escaped so that Markdown shows it as it is (CommonMark 0.31, section 2.4)."""
    line = _SPECIAL.sub(r"\\\1", " ".join(text.split()))
    opening = _OPENING.match(line)
    if opening is None:
        return line
    at = 0 if not opening[0].isdigit() else opening.end()
    return f"{line[:at]}\\{line[at:]}"
