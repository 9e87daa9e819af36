"""Texts as they are matched: without regard to case, spacing and composition."""

import unicodedata
from functools import lru_cache


@lru_cache(4_096)
def folded(text: str) -> str:
    """Return a text in lower case with single spaces, composed (Unicode NFC)."""
    if text.isascii():
        return " ".join(text.lower().split())
    caseless = unicodedata.normalize("NFD", text).casefold()
    return " ".join(unicodedata.normalize("NFC", caseless).split())
