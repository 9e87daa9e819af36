"""Names for people: the title or question of an entity, or the beginning of its text."""

from typing import Final

from app.rubric.entities import Entity

_LONGEST: Final = 80
_NAMES: Final = ("title", "question", "summary", "text")


def short_title(entity: Entity) -> str | None:
    """Return an entity's title on one line, cut to 80 characters; None if it has no text at all."""
    for name in _NAMES:
        found = getattr(entity, name, None)
        if found:
            words: str = " ".join(found.split())
            return words if len(words) <= _LONGEST else words[: _LONGEST - 1].rstrip() + "…"
    return None
