"""Masking of secrets in any text. A module of its own, because commands that only print import nothing else."""

import re
from typing import Final

_SECRETS: Final = (
    (re.compile(r'(?<=://)([^\s/"@:]*):(?!\d{1,5}/)[^\s"]*@'), r"\1:***@"),  # digits and a slash: a port
    (re.compile(r"""\b((?:ssl)?password=)(?:'(?:[^'\\]|\\.)*'|[^&\s"']*)""", re.IGNORECASE), r"\1***"),
    (re.compile(r"\b(Bearer )[\w.~+/=-]+", re.IGNORECASE), r"\1***"),
    (re.compile(r"\b(Basic )[A-Za-z0-9+/]{8,}={0,2}", re.IGNORECASE), r"\1***"),
    (re.compile(r"(clk_[A-Za-z0-9]+_)[A-Za-z0-9]+"), r"\1***"),
    # A JSON Web Token (RFC 7519): base64url parts, of which the first is JSON; `.` may be percent-encoded.
    (re.compile(r"ey[JA][A-Za-z0-9_-]{6,}(?:(?:\.|%2[Ee])[A-Za-z0-9_-]*)+"), "***"),
)


def without_secrets(text: str) -> str:
    """Return the text with passwords (in URLs and `password=`), credentials, keys and tokens masked as `***`."""
    for pattern, masked in _SECRETS:
        text = pattern.sub(masked, text)
    return text
