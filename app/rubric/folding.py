"""Texts as they are matched: without regard to case, spacing and composition."""

import unicodedata
from functools import lru_cache


@lru_cache(4_096)
def folded(text: str) -> str:
    """Return a text in lower case with single spaces, composed (Unicode NFC)."""
    plain = " ".join(text.casefold().split())
    return plain if plain.isascii() else unicodedata.normalize("NFC", plain)
