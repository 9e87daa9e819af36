"""URLs of pages: the path of the API without `/v1`, or a fragment for an entity on another entity's page.

Pages link to the ladder as it was requested, so a reader of a pinned release stays in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from app.api.reading.urls import with_query
from app.rubric.entities import Node
from app.rubric.index import Index
from app.rubric.ladder import Ladder
from app.rubric.owners import relation, topmost
from app.serving.answers.answer import Answer

OWN_PAGES: Final = {"level": "levels", "competency": "competencies", "page": "pages"}
"""Kinds of entities with their own page, and the collection in its URL."""
MOST_CELLS: Final = 48
"""The most cells on a page of a level. Longer levels have several pages, of whole competencies."""
SIGN_IN: Final = "/sign-in"
SIGN_OUT: Final = "/sign-out"
SIGNED_OUT: Final = "/signed-out"
WORK: Final = "/work"
SAME: Final = "/same"
"""The path below a ladder that finds the page nearest to one of another release."""
SHARED_PAGES: Final = {"faq": "/faqs", "tip": "/faqs", "scale": "/glossary"}
"""Kinds that share a page below the ladder."""


@dataclass(frozen=True, slots=True)
class PageUrls:
    """URLs of the pages of one ladder."""

    root: str
    """The prefix, empty or beginning with a slash."""
    reference: str
    """The ladder as it was requested: `slug`, `slug@1.0.0`, `slug@latest`."""
    parted: bool = False
    """True if its levels have pages in parts. A competency selects the part that contains it."""

    @property
    def home(self) -> str:
        """The ladder's own page."""
        return f"{self.root}/ladders/{self.reference}"

    @property
    def api(self) -> str:
        """The ladder in the API."""
        return f"{self.root}/v1/ladders/{self.reference}"

    def pictures(self, answer: Answer) -> str:
        """Return the start of the URLs of pictures. Those of the API are not for visitors: it ignores sessions."""
        return self.api if answer.session is None else self.home

    @property
    def slug(self) -> str:
        """The slug of the ladder."""
        return self.reference.partition("@")[0]

    @property
    def unpinned(self) -> str:
        """The page of the release in force."""
        return f"{self.root}/ladders/{self.slug}"

    def pinned(self, label: str) -> "PageUrls":
        """Return the URLs of the same ladder in the release or draft with that label."""
        return replace(self, reference=f"{self.slug}@{label}")

    def level(self, slug: str) -> str:
        """Return the page of a level."""
        return f"{self.home}/levels/{slug}"

    def cell(self, level: str, place: Node) -> str:
        """Return the place on a level's page that shows a competency or facet."""
        part = f"?competency={relation(place).competency}" if self.parted else ""
        return f"{self.level(level)}{part}#{place.target}"

    def competency(self, slug: str) -> str:
        """Return the page of a competency."""
        return f"{self.home}/competencies/{slug}"

    def of(self, node: Node) -> str:
        """Return the place that shows an entity."""
        return self.home + page_path(node, parted=self.parted)

    def target(self, index: Index, target: str) -> str | None:
        """Return the place that shows `kind:address`; None if the release has no such entity."""
        node = index.find_target(target)
        return None if node is None else self.of(node)

    def below(self, path: str, parameters: Mapping[str, object] | None = None) -> str:
        """Return the URL of a page by its path below the ladder."""
        return with_query(self.home + path, parameters or {})


def comes_in_parts(ladder: Ladder) -> bool:
    """Tell whether the levels of a ladder are too long for one page."""
    return len(ladder.competencies) + len(ladder.facets) > MOST_CELLS


def same_page(below: str) -> str:
    """Return the path below another release that leads to the same page there, or to the nearest one.

    `below` is the path of the page below its ladder. The page of an entity and a page with query parameters may not
    exist in the other release; all others keep their path.
    """
    everywhere = "?" not in below and "/" not in below[1:]
    return below if everywhere else with_query(SAME, {"page": below})


def page_path(node: Node, *, parted: bool = False) -> str:
    """Return the place that shows an entity, below its ladder. `parted` tells whether levels have several pages."""
    if node.kind == "ladder":
        return ""
    if node.kind in OWN_PAGES:
        return f"/{OWN_PAGES[node.kind]}/{node.address}"
    on = relation(node)
    part = f"?competency={on.competency}" if parted and on.level and on.competency else ""
    return f"{_shown_on(node)}{part}#{node.target}"


def _shown_on(node: Node) -> str:
    """Return the page that shows an entity without its own page."""
    on, top = relation(node), topmost(node)
    if on.level is not None:
        return f"/levels/{on.level}"
    if on.competency is not None:
        return f"/competencies/{on.competency}"
    return SHARED_PAGES.get(top.kind, "")
