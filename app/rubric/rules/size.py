"""Rules of size: what a ladder may have at most, so that every view of it, its diff and its publish stay fast.

They hold for drafts as well: a write that would break one is rejected with the same finding.
"""

from collections.abc import Iterator
from functools import cache
from typing import Final

from app.rubric.ladder import Ladder
from app.rubric.rules.findings import Finding, Rule, RuleContext
from app.rubric.shape import ENTITIES, properties
from app.rubric.text import Value

MOST_ENTITIES: Final = 22_000
"""The most entities, everything inside others included."""
MOST_ITEMS: Final = 60_000
"""The most items of all lists together: entities, translations, links, lines of attributes and so on."""
MOST_LEVELS: Final = 2_000
MOST_CELLS: Final = 150_000
"""The most cells of the matrix by facets: levels times competencies and facets, empty cells included."""
MOST_EXTENDS: Final = 20
"""The most tracks that one track may extend, directly or through others."""
_SPLIT: Final = "Split it into several ladders"


def oversized(ladder: Ladder) -> Iterator[Finding]:
    """Find what a ladder has too much of."""
    name = f"ladder {ladder.slug!r}"
    entities, items = _counted(ladder)
    levels, places = len(ladder.levels), len(ladder.competencies) + len(ladder.facets)
    if entities > MOST_ENTITIES:
        what = f"{name} has {entities:,} entities, statements and examples included"
        yield Finding("", "too-many-entities", f"{what}; the limit is {MOST_ENTITIES:,}. {_SPLIT}")
    if items > MOST_ITEMS:
        what = f"the lists of {name} have {items:,} items, translations and links included"
        yield Finding("", "too-many-items", f"{what}; the limit is {MOST_ITEMS:,}. {_SPLIT}")
    if levels > MOST_LEVELS:
        what = f"{name} has {levels:,} levels"
        yield Finding("/levels", "too-many-levels", f"{what}; the limit is {MOST_LEVELS:,}. {_SPLIT}")
    if levels * places > MOST_CELLS:
        what = f"the matrix of {name} has {levels * places:,} cells: {levels:,} levels times {places:,} competencies"
        yield Finding(
            "/levels", "too-many-cells", f"{what} and facets; the limit is {MOST_CELLS:,}. {_SPLIT}"
        )
    yield from _extends(ladder)


def _extends(ladder: Ladder) -> Iterator[Finding]:
    """Find a track that extends too many others; one such track is enough to say so."""
    extended = {track.slug: track.extends for track in reversed(ladder.tracks)}
    depths: dict[str | None, int] = {None: -1}
    for position, track in enumerate(ladder.tracks):
        way: dict[str | None, None] = {}
        here: str | None = track.slug
        while here not in depths and here not in way:
            way[here] = None
            here = extended.get(here or "")
        for one in reversed(way):
            depths[one] = depths.get(here, 0) + 1
            here = one
        if depths[track.slug] > MOST_EXTENDS:
            instead = track.extends
            while depths[instead] >= MOST_EXTENDS:
                instead = extended[instead or ""]
            message = (
                f"track {track.slug!r} extends {depths[track.slug]} tracks, directly or through others; the limit "
                f"is {MOST_EXTENDS}. Make it extend track {instead!r} directly"
            )
            yield Finding(f"/tracks/{position}/extends", "extends-too-deep", message)
            return


def _counted(value: Value) -> tuple[int, int]:
    """Return how many entities a value is and has, and how many items its lists have."""
    entities, items = int(isinstance(value, ENTITIES)), 0
    for name, is_part in _lists(type(value)):
        held = getattr(value, name)
        items += len(held)
        for one in held if is_part else ():
            inner = _counted(one)
            entities, items = entities + inner[0], items + inner[1]
    return entities, items


@cache
def _lists(owner: type[Value]) -> tuple[tuple[str, bool], ...]:
    """Return the lists of a class of the model, and whether their items may have lists."""
    return tuple(
        (name, item.part in ENTITIES or (item.part is not None and bool(_lists(item.part))))
        for name, item in properties(owner).items()
        if item.many
    )


def sizes(context: RuleContext) -> Iterator[Finding]:
    """Find a ladder that is too large."""
    return oversized(context.ladder)


RULES: Final[tuple[Rule, ...]] = (sizes,)
