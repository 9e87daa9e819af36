"""The words for kinds of entities on pages."""

from collections.abc import Mapping
from typing import Final

from app.rubric.statement_kinds import StatementKinds
from app.web.translation.messages import N_

KIND_WORDS: Final[Mapping[str, str]] = {
    "ladder": N_("ladder"),
    "track": N_("track"),
    "level": N_("level"),
    "scale": N_("scale"),
    "step": N_("step"),
    "competency": N_("competency"),
    "facet": N_("facet"),
    "proficiency": N_("description of a step"),
    "expectation": N_("expectation"),
    "statement": N_("statement"),
    "example": N_("example"),
    "faq": N_("question"),
    "tip": N_("tip"),
    "page": N_("text"),
}
"""The word for one entity of a kind."""


_STATEMENT_KINDS: Final[Mapping[str, str]] = {
    "core": N_("Core"),
    "growth": N_("Growth"),
    "complementary": N_("Complementary"),
    "indicator": N_("Indicator"),
    "ineffective": N_("Ineffective"),
}
"""The titles of the kinds of statements that a ladder need not list."""


def statement_kind_title(kinds: StatementKinds, kind: str) -> str:
    """Return the title of a kind of statement: the ladder's, or a word of ours for a kind that it does not list."""
    title = kinds.title(kind)
    return (
        _STATEMENT_KINDS.get(kind, kind.capitalize().replace("-", " "))
        if title == kind
        else title[:1].upper() + title[1:]
    )


def kind_word(kind: str) -> str:
    """Return the word for one entity of a kind. A kind that pages do not know keeps its name."""
    return KIND_WORDS.get(kind, kind)
