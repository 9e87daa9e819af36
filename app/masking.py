"""What must not be read by others, masked in any text. A module of its own, which loads in no time."""

import re
from typing import Final

_SECRETS: Final = (
    (re.compile(r'(?<=://)([^\s/"@:]*):(?!\d{1,5}/)[^\s"]*@'), r"\1:***@"),  # a port is no password
    (re.compile(r"""\b((?:ssl)?password=)(?:'(?:[^'\\]|\\.)*'|[^&\s"']*)""", re.IGNORECASE), r"\1***"),
    (re.compile(r"\b(Bearer )[\w.~+/=-]+", re.IGNORECASE), r"\1***"),
    (re.compile(r"\b(Basic )[A-Za-z0-9+/]{8,}={0,2}", re.IGNORECASE), r"\1***"),
    (re.compile(r"\b(clk_[A-Za-z0-9]+_)[A-Za-z0-9]+"), r"\1***"),
)


def without_secrets(text: str) -> str:
    """The text with passwords (in URLs and libpq's `password=`), credentials and API keys masked as `***`."""
    for pattern, masked in _SECRETS:
        text = pattern.sub(masked, text)
    return text
