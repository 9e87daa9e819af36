"""The guard against formulas: an apostrophe in front of a text that a spreadsheet program would compute."""

from typing import Final

_DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "'")
"""The characters with which a formula begins. A text with an apostrophe gets a second one, so that removing one
restores every text."""


def guarded(text: str) -> str:
    """Return a text with an apostrophe in front if a spreadsheet program might compute it."""
    return f"'{text}" if text.startswith(_DANGEROUS) else text


def unguarded(text: str) -> str:
    """Return the text that `guarded` was given."""
    return text.removeprefix("'")
