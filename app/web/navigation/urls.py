"""URLs of pages: those of the API without `/v1`, and a fragment for what lives on another's page.

A page keeps to the ladder as it was asked for, so whoever reads a pinned release goes on reading it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.api.reading.urls import with_query
from app.rubric.entities import Node
from app.rubric.index import Index
from app.rubric.ladder import Ladder
from app.rubric.owners import relation, topmost
from app.serving.answers.answer import Answer

_PAGES: Final = {"level": "levels", "competency": "competencies", "page": "pages"}
"""Kinds of entities with a page of their own, and the collection in whose URL it lives."""
MOST_CELLS: Final = 48
"""How many cells a level's page shows, in whole competencies; what is beyond has pages of its own."""
SIGN_IN: Final = "/sign-in"
SIGN_OUT: Final = "/sign-out"
SAME: Final = "/same"
"""Where the page of another release is looked for, below a ladder's page."""
_EVERYWHERE: Final = frozenset({"", "/matrix", "/compare", "/faqs", "/search", "/print", "/findings"})
_BESIDE: Final = {"faq": "/faqs", "tip": "/faqs"}
"""Kinds that share a page."""


@dataclass(frozen=True, slots=True)
class PageUrls:
    """URLs of the pages of one ladder."""

    root: str
    """The prefix, empty or beginning with a slash."""
    reference: str
    """The ladder as the page was asked for: `slug`, `slug@1.0.0`, `slug@latest`."""
    parted: bool = False
    """Whether pages of its levels come in parts, each found by a competency that is in it."""

    @property
    def home(self) -> str:
        """The ladder's own page."""
        return f"{self.root}/ladders/{self.reference}"

    @property
    def api(self) -> str:
        """The ladder in the API."""
        return f"{self.root}/v1/ladders/{self.reference}"

    def pictures(self, answer: Answer) -> str:
        """What the URLs of pictures begin with: for a visitor, whom the API does not know, those among the pages."""
        return self.api if answer.visit is None else self.home

    @property
    def slug(self) -> str:
        """The slug of the ladder."""
        return self.reference.partition("@")[0]

    @property
    def unpinned(self) -> str:
        """The page of the release in force."""
        return f"{self.root}/ladders/{self.slug}"

    def level(self, slug: str) -> str:
        """A level's page."""
        return f"{self.home}/levels/{slug}"

    def cell(self, level: str, place: Node) -> str:
        """Where a level's page says what it asks in a competency or facet."""
        part = f"?competency={relation(place).competency}" if self.parted else ""
        return f"{self.level(level)}{part}#{place.target}"

    def competency(self, slug: str) -> str:
        """A competency's page."""
        return f"{self.home}/competencies/{slug}"

    def of(self, node: Node) -> str:
        """Where an entity is shown."""
        return self.home + page_path(node, parted=self.parted)

    def target(self, index: Index, target: str) -> str | None:
        """Where `kind:address` is shown; None where the release has no such entity."""
        node = index.find_target(target)
        return None if node is None else self.of(node)

    def below(self, path: str, parameters: Mapping[str, object] | None = None) -> str:
        """A page of the ladder by its path below it."""
        return with_query(self.home + path, parameters or {})


def comes_in_parts(ladder: Ladder) -> bool:
    """Whether a level of the ladder says too much for one page."""
    return len(ladder.competencies) + len(ladder.facets) > MOST_CELLS


def same_page(below: str) -> str:
    """What leads, below another release's page, to a page of this one or to what comes nearest to it there.

    `below` is the page below its ladder's. Pages that every release has are named themselves.
    """
    return below if below in _EVERYWHERE else with_query(SAME, {"page": below})


def page_path(node: Node, *, parted: bool = False) -> str:
    """Where an entity is shown, below its ladder's page; `parted` where pages of levels come in parts."""
    if node.kind == "ladder":
        return ""
    if node.kind in _PAGES:
        return f"/{_PAGES[node.kind]}/{node.address}"
    on = relation(node)
    part = f"?competency={on.competency}" if parted and on.level and on.competency else ""
    return f"{_shown_on(node)}{part}#{node.target}"


def _shown_on(node: Node) -> str:
    """The page on which an entity without one of its own is shown."""
    on, top = relation(node), topmost(node)
    if on.level is not None:
        return f"/levels/{on.level}"
    if on.competency is not None:
        return f"/competencies/{on.competency}"
    return _BESIDE.get(top.kind, "")
