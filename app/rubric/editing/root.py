"""Editing the ladder's own properties: all but its parts, removals and translations."""

from typing import Final

from app.rubric.editing.mentions import follow
from app.rubric.editing.renaming import remembering
from app.rubric.index import Index
from app.rubric.ladder import Category, Cumulative, Group, Ladder, Licence, StatementKind
from app.rubric.parts import Alignments, ExternalIds, Links, Sources
from app.rubric.text import Language, Line, Slug, Text, Value


class LadderRoot(Value):
    """The ladder's own properties, with the lists that describe its words."""

    slug: Slug
    """Name for URLs."""
    title: Line
    """Name for people."""
    summary: Text | None = None
    """Short description of the ladder."""
    organisation: Line | None = None
    """The organisation whose ladder this is."""
    language: Language = "en"
    """The language the content is written in."""
    licence: Licence | None = None
    """The licence of the content."""
    attribution: Text | None = None
    """The credit that the licence requires."""
    cumulative: Cumulative = "unsaid"
    """`yes` if a level includes those below it, `no` if not, `unsaid` if the author does not say."""
    statement_kinds: tuple[StatementKind, ...] = ()
    """The kinds of statements that this ladder uses. A kind listed here overrides the default of its word."""
    categories: tuple[Category, ...] = ()
    """Descriptions of categories of competencies, in order."""
    groups: tuple[Group, ...] = ()
    """Descriptions of groups of tracks, in order."""
    formerly: tuple[Slug, ...] = ()
    """Former slugs of the ladder, oldest first."""
    references: Links = ()
    sources: Sources = ()
    alignments: Alignments = ()
    external_ids: ExternalIds = ()


ROOT_FIELDS: Final = tuple(LadderRoot.model_fields)
"""The ladder's own properties."""


def put_root(index: Index, root: LadderRoot, base: Index | None = None) -> Ladder:
    """Return the ladder with other properties of its own. Its parts stay as they are.

    With another slug than in the base, the ladder is renamed: the slug it has there becomes an earlier one.
    """
    ladder = index.ladder.model_copy(update=dict(root))
    kept = remembering(ladder, None if base is None else base.nodes[0])
    assert isinstance(kept, Ladder)  # noqa: S101 - of the class of what went in
    return follow(index, kept)
