"""Text of the ladder inside Markdown."""

import re
from typing import Final

_SPECIAL: Final = re.compile(r"([\\`*_\[\]<>~|&#$!{}])")


def escaped(text: str) -> str:
    """Return the text on one line, escaped so that Markdown shows it as it is (CommonMark 0.31, section 2.4)."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))
