"""The kinds of entities that authors edit, as people call them, and what a new one needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.rubric.entities import Kind
from app.web.translation.messages import N_


@dataclass(frozen=True, slots=True)
class KindWords:
    """One kind of entity."""

    noun: str
    """The kind in the singular, in lower case."""
    adding: str
    """The label of the field that adds one."""
    heading: str = ""
    """The heading of the list of all; empty if the outline lists it elsewhere."""
    name: str = "title"
    """The property that holds the name."""
    text: str = ""
    """The text that one must have. It is empty at first."""
    owner: str = ""
    """The property that names what it is a part of."""


KINDS: Final[Mapping[Kind, KindWords]] = {
    "track": KindWords(N_("track"), N_("Add a track"), N_("Tracks")),
    "level": KindWords(N_("level"), N_("Add a level"), owner="track"),
    "competency": KindWords(N_("competency"), N_("Add a competency"), N_("Competencies")),
    "facet": KindWords(N_("facet"), N_("Add a facet"), owner="competency"),
    "scale": KindWords(N_("scale"), N_("Add a scale"), N_("Scales")),
    "faq": KindWords(N_("question"), N_("Add a question"), N_("Questions"), "question", "answer"),
    "tip": KindWords(N_("tip"), N_("Add a tip"), N_("Tips"), text="text"),
    "page": KindWords(N_("text"), N_("Add a text"), N_("Texts"), text="text"),
}
"""The kinds, in the order of the outline."""
