"""Editing what a ladder says of itself, beside its lists of entities, removals and translations."""

from typing import Final

from app.errors import Fault, Invalid
from app.rubric.editing.renaming import remembering
from app.rubric.index import Index
from app.rubric.ladder import Cumulative, Ladder, Licence
from app.rubric.parts import Alignments, ExternalIds, Links, Sources
from app.rubric.text import Language, Line, Slug, Text, Value


class LadderRoot(Value):
    """What a ladder says of itself, without its parts."""

    slug: Slug
    """Name for URLs; as it is."""
    title: Line
    """Name for people."""
    summary: Text | None = None
    """The ladder in short."""
    language: Language = "en"
    """The language the content is written in."""
    licence: Licence | None = None
    """The terms under which the content may be used."""
    attribution: Text | None = None
    """The credit that the terms ask for."""
    cumulative: Cumulative = "unsaid"
    """Whether a level includes those below it: `yes`, `no`, or `unsaid` by the author."""
    formerly: tuple[Slug, ...] = ()
    """Earlier slugs of the ladder, oldest first."""
    references: Links = ()
    sources: Sources = ()
    alignments: Alignments = ()
    external_ids: ExternalIds = ()


ROOT_FIELDS: Final = tuple(LadderRoot.model_fields)
"""The ladder's own properties."""


def put_root(index: Index, root: LadderRoot, base: Index | None = None) -> Ladder:
    """The ladder with other properties of its own; its parts stay as they are.

    Raises Invalid where the slug is another: a draft keeps the slug of its ladder.
    """
    if root.slug != index.ladder.slug:
        detail = f"The draft of {index.ladder.slug!r} keeps that slug; write `slug: {index.ladder.slug}`."
        raise Invalid(detail, faults=[Fault(detail, "/slug")])
    ladder = index.ladder.model_copy(update=dict(root))
    kept = remembering(ladder, None if base is None else base.nodes[0])
    assert isinstance(kept, Ladder)  # noqa: S101 - of the class of what went in
    return kept
