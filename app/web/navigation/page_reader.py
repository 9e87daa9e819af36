"""The reader of pages: one release, loaded for a request, and its entities."""

from dataclasses import dataclass
from functools import cached_property
from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import Depends, Request

from app.api.reading.missing import explain_missing, present_slug
from app.api.reading.reader import load, serving_of
from app.api.reading.urls import with_query
from app.errors import Unavailable
from app.rubric.entities import Node
from app.rubric.index import Index
from app.rubric.ladder import Ladder
from app.rubric.releases import Release
from app.serving.answers.answer import Answer, answer_of
from app.serving.releases.catalog import Catalog, Reference, Resolved
from app.serving.releases.loaded_releases import DRAFT, Loaded
from app.serving.serving import Serving
from app.web.navigation.query_values import known_query
from app.web.navigation.urls import PageUrls, comes_in_parts


@dataclass(frozen=True)
class Reading:
    """One release, as one request for a page reads it."""

    serving: Serving
    answer: Answer
    loaded: Loaded
    resolved: Resolved | None
    """The release that the URL selects; None for a draft."""
    urls: PageUrls
    path: str
    """The requested path, without the prefix."""
    query: str
    """The requested parameters that the page knows, in order of name."""

    @property
    def ladder(self) -> Ladder:
        """The content."""
        return self.loaded.ladder

    @property
    def index(self) -> Index:
        """The look-up over the content."""
        return self.loaded.index

    @property
    def root(self) -> str:
        """The prefix of all URLs."""
        return self.urls.root

    @cached_property
    def catalog(self) -> Catalog:
        """All releases that the caller may see."""
        return self.answer.catalog

    @property
    def release(self) -> Release | None:
        """The release with its dates and events; None for a draft."""
        return None if self.resolved is None else self.resolved.release

    @property
    def line(self) -> tuple[Release, ...]:
        """The releases of the ladder, lowest number first; none if it has only a draft."""
        return self.catalog.releases.get(self.loaded.slug, ())

    @cached_property
    def base(self) -> Index | None:
        """The release that this one builds on; None without one, or if it cannot be loaded now."""
        number = None if self.release is None else self.release.base
        base = next((one for one in self.line if one.version == number), None)
        try:
            return None if base is None else self.serving.loaded.get(base).index
        except Unavailable:
            return None

    def in_ladder(self, ladder: str, target: str) -> tuple[Node, str] | None:
        """Return an entity of another ladder in force, and its page; None if there is none, or not now."""
        release = self.catalog.in_force.get(ladder)
        try:
            loaded = None if release is None else self.serving.loaded.get(release)
        except Unavailable:
            return None
        node = None if loaded is None else loaded.index.find_target(target)
        if loaded is None or node is None:
            return None
        return node, PageUrls(self.root, ladder, comes_in_parts(loaded.ladder)).of(node)

    @property
    def below(self) -> str:
        """The part of the requested URL after the ladder, with its parameters."""
        path = self.path.removeprefix(f"/ladders/{self.urls.reference}")
        return with_query(path, dict(parse_qsl(self.query)))

    def get(self, kind: str, address: str) -> Node:
        """Return the entity with that address. Raises NotFound, Gone, or Renamed with its current page."""
        node = self.index.find(kind, address)
        if node is None:
            home, after = self.urls.home, f"?{self.query}" if self.query else ""
            raise explain_missing(self.serving.database, self.loaded, home, kind, address, after)
        return node

    def slug(self, parameter: str, kind: str, slug: str | None) -> str | None:
        """Return the present slug of the entity that a parameter names. Raises InvalidParameter if there is none."""
        return present_slug(self.serving.database, self.loaded, kind, slug, parameter)

    def beside(self, reference: str) -> Loaded:
        """Return another ladder or release, loaded. The page then depends on it. Raises as `load` does."""
        named = Reference.parse(reference)
        if named.selector == DRAFT:
            self.answer.open_draft(named.slug)
            return self.serving.drafts.get(self.catalog, named.slug)
        return self.serving.loaded.get(self.answer.resolve(reference).release)

    def inside(self, node: Node, kind: str) -> tuple[Node, ...]:
        """Return the entities of a kind directly inside another, in order."""
        return tuple(one for one in self.index.inside.get(node, ()) if one.kind == kind)


async def reading_of(request: Request, ladder: str) -> Reading:
    """Return the release that a page's path names, loaded. Raises as the API's `load` does.

    Every page says which release is in force, so it holds no longer than that, even where the ladder is pinned.
    """
    resolved, loaded = await load(request, ladder)
    serving, answer = serving_of(request), answer_of(request.scope)
    answer.across = True
    urls = PageUrls(serving.settings.root_path, ladder, comes_in_parts(loaded.ladder))
    return Reading(serving, answer, loaded, resolved, urls, request.scope["path"], known_query(request))


ReadingDep = Annotated[Reading, Depends(reading_of)]
