"""Slugs of new entities, made from their titles."""

from collections.abc import Container
from itertools import count

from app.formats.importing.words.slugs import slug_of
from app.rubric.index import Index


def free_slug(title: str, fallback: str, taken: Container[str]) -> str:
    """Return a slug that reads like a title and is not taken."""
    wanted = slug_of(title) or fallback
    numbered = (wanted if number == 1 else f"{wanted}-{number}" for number in count(1))
    return next(slug for slug in numbered if slug not in taken)


def new_slug(index: Index, base: Index | None, kind: str, title: str) -> str:
    """Return a slug for a new entity that no entity of the kind has, had, or had before it was removed."""
    taken = {one.slug for one in index.ladder.removals if one.kind == kind}
    for one in (index, base):
        if one is not None:
            taken |= {node.address for node in one.of_kind(kind)}
            taken |= {slug for found, slug in one.renamed if found == kind}
    return free_slug(title, kind, taken)
