"""One release as a page reads it: from a request to the entities that the page shows."""

from dataclasses import dataclass
from functools import cached_property
from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import Depends, Request

from app.api.reading.missing import explain_missing
from app.api.reading.reader import load, serving_of
from app.api.reading.urls import with_query
from app.rubric.entities import Node
from app.rubric.index import Index
from app.rubric.ladder import Ladder
from app.rubric.releases import Release
from app.serving.answers.answer import Answer, answer_of
from app.serving.releases.catalog import Catalog, Reference, Resolved
from app.serving.releases.loaded import DRAFT, Loaded
from app.serving.serving import Serving
from app.web.navigation.query_values import known_query
from app.web.navigation.urls import PageUrls, comes_in_parts


@dataclass(frozen=True)
class Reading:
    """One request's view of one release."""

    serving: Serving
    answer: Answer
    loaded: Loaded
    resolved: Resolved | None
    """What the URL means; None for a draft."""
    urls: PageUrls
    path: str
    """The path asked for, without the prefix."""
    query: str
    """The parameters asked for, in order of name."""

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
        """What is known about the release; None for a draft."""
        return None if self.resolved is None else self.resolved.release

    @property
    def line(self) -> tuple[Release, ...]:
        """The releases of the ladder, lowest number first; none where it has only a draft."""
        return self.catalog.releases.get(self.ladder.slug, ())

    @property
    def below(self) -> str:
        """What follows the ladder in the URL asked for, with the parameters that say anything."""
        path = self.path.removeprefix(f"/ladders/{self.urls.reference}")
        return with_query(path, dict(parse_qsl(self.query)))

    def get(self, kind: str, address: str) -> Node:
        """The entity with that address. Raises NotFound, Gone, or Renamed with the page it is on now."""
        node = self.index.find(kind, address)
        if node is None:
            home, after = self.urls.home, f"?{self.query}" if self.query else ""
            raise explain_missing(self.serving.database, self.loaded, home, kind, address, after)
        return node

    def beside(self, reference: str) -> Loaded:
        """Another ladder or release, in memory; the page then depends on it. Raises as `load` does."""
        named = Reference.parse(reference)
        if named.selector == DRAFT:
            self.answer.open_draft(named.slug)
            return self.serving.drafts.get(self.catalog, named.slug)
        return self.serving.loaded.get(self.answer.resolve(reference).release)

    def inside(self, node: Node, kind: str) -> tuple[Node, ...]:
        """The entities of a kind directly inside another, in order."""
        return tuple(one for one in self.index.inside.get(node, ()) if one.kind == kind)


async def reading_of(request: Request, ladder: str) -> Reading:
    """The release that a page's path names, loaded. Raises as the API's `load` does.

    Every page says which release is in force, so it holds no longer than that, even where the ladder is pinned.
    """
    resolved, loaded = await load(request, ladder)
    serving, answer = serving_of(request), answer_of(request.scope)
    answer.across = True
    urls = PageUrls(serving.settings.root_path, ladder, comes_in_parts(loaded.ladder))
    return Reading(serving, answer, loaded, resolved, urls, request.scope["path"], known_query(request))


ReadingDep = Annotated[Reading, Depends(reading_of)]
