"""Slugs made from titles in any script."""

from typing import Final

from anyascii import anyascii

from app.rubric.suggest import slug_from

_LONGEST: Final = 60
"""Most characters of a slug, so that the addresses made from two or three of them stay readable."""


class Slugs:
    """The slugs of one kind, each given once."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def take(self, text: str, fallback: str, *others: str) -> str:
        """Return a free slug for a text; with the other texts in front of it if it is taken."""
        wanted = slug_of(text) or fallback
        if wanted in self._taken and others:
            wanted = slug_of(" ".join([*others, text])) or wanted
        slug, number = wanted, 1
        while slug in self._taken:
            number += 1
            slug = f"{wanted}-{number}"
        self._taken.add(slug)
        return slug


def slug_of(text: str) -> str | None:
    """Return a slug that reads like a text of any script; None if it has no letters or digits."""
    latin = anyascii(" ".join(text.split())[:200]).replace("'", "").replace("`", "")
    slug = slug_from(latin)
    if slug is None or len(slug) <= _LONGEST:
        return slug
    cut = slug[: _LONGEST + 1]
    return (cut.rpartition("-")[0] if "-" in cut else cut[:_LONGEST]).strip("-")
