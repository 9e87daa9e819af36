"""The words for kinds of entities on pages."""

from collections.abc import Mapping
from typing import Final

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


def kind_word(kind: str) -> str:
    """Return the word for one entity of a kind. A kind that pages do not know keeps its name."""
    return KIND_WORDS.get(kind, kind)
