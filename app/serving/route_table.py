"""The table of routes: what each route declares about itself, found by the path and method of a request.

Routes declare their facts where they are defined. `create_app` builds one table from all of them, and everything in
front of the routes reads it: the layer, admission, visits, and the links from one resource to another.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, Literal, cast

from pydantic import BaseModel
from starlette.types import Scope

from app.rubric.index import Index
from app.serving.releases.loaded_releases import DRAFT

_FACTS_KEY: Final = "ladder.route"
_READS: Final = frozenset({"GET", "HEAD"})
_MOST_PATHS: Final = 1024
"""Paths whose facts are remembered, so that a path which is asked for often is looked up once."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link from a resource to the route below it that declares the link."""

    name: str
    text: str = ""
    """The description of the link in the OpenAPI document."""
    shown: Callable[[Index], bool] | None = None
    """A function that tells whether a release has the link; None if every release has it."""
    pinned: bool = True
    """True if the link keeps to the release that was read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteFacts:
    """The facts that a route declares about itself."""

    formats: Mapping[str, str] = field(default_factory=dict)
    """Media types besides JSON between which Accept chooses, by the extension of the URL that gives each."""
    by_url: bool = False
    """The URL decides the format, so Accept is ignored. This holds for every path that ends in an extension."""
    question: bool = False
    """A POST that changes nothing, so that the right to read is enough."""
    fixed: bool = False
    """The answer never changes while the process lives: the route does not query the database."""
    open: bool = False
    """The route needs no authentication, and no limit counts its requests."""
    page: bool = False
    """A page of the explorer: it knows who is signed in."""
    people: bool = False
    """The route is for people, so its errors are shown as pages."""
    session: Literal["begin", "end"] | None = None
    """A page where people sign in or out."""
    only_at_draft: bool = False
    """The route exists only if the path names a draft."""
    kind: str | None = None
    """The kind of entity that the route lists, reads or writes."""
    item: type[BaseModel] | None = None
    """The model whose properties `fields` chooses from, if it is neither the body nor the body's `items`."""
    expands: tuple[str, ...] = ()
    """The additions of `expand` besides related collections."""
    shows: Mapping[str, str] = field(default_factory=dict)
    """The collections that a page shows, and the fragment of each on the page."""
    carries: frozenset[str] | None = None
    """The query parameters that a page of a release takes along to the same page of another release.

    None if the page does not exist in every release.
    """
    link: Link | None = None
    """The link to this route from the resource one segment up its path."""


@dataclass(frozen=True, slots=True)
class Route:
    """One route of the application."""

    path: str
    """The path as it was declared, such as `/v1/ladders/{ladder}`."""
    methods: frozenset[str]
    facts: RouteFacts

    @property
    def parent(self) -> str:
        """Return the path without its last segment."""
        return self.path.rpartition("/")[0]


@dataclass(slots=True)
class _Branch:
    """The routes below one beginning of a path."""

    literal: dict[str, "_Branch"] = field(default_factory=dict)
    parameter: "_Branch | None" = None
    routes: list[Route] = field(default_factory=list)

    def add(self, route: Route, segments: list[str]) -> None:
        """Put a route in its place."""
        if not segments:
            self.routes.append(route)
            return
        first, *rest = segments
        if first.startswith("{"):
            if not first.endswith("}") or ":" in first:
                raise ValueError(f"{route.path}: a parameter of a path is one whole segment.")
            self.parameter = self.parameter or _Branch()
            self.parameter.add(route, rest)
            return
        self.literal.setdefault(first, _Branch()).add(route, rest)

    def find(self, segments: list[str], at: int = 0) -> Iterator[Route]:
        """Yield the routes of a path, those that name more of it literally first."""
        if at == len(segments):
            yield from self.routes
            return
        named = self.literal.get(segments[at])
        if named is not None:
            yield from named.find(segments, at + 1)
        if self.parameter is not None and segments[at]:
            yield from self.parameter.find(segments, at + 1)


class RouteTable:
    """All routes of an application, by path."""

    def __init__(self, routes: Iterable[Route] = ()) -> None:
        self.routes: Final = tuple(routes)
        self._root = _Branch()
        for route in self.routes:
            self._root.add(route, route.path.split("/"))
        self._page_areas = {_first(route.path) for route in self.routes if route.facts.page} - {""}
        people = {_first(route.path) for route in self.routes if route.facts.people}
        self.machine_paths: Final = tuple(
            sorted({f"/{_first(route.path)}" for route in self.routes} - {f"/{one}" for one in people})
        )
        """The first segments of paths under which nothing is for people, such as `/v1`."""
        self.open_paths: Final = frozenset(route.path for route in self.routes if route.facts.open)
        """The paths that need no authentication and are not limited."""
        self._links = _links_by_kind(self.routes)
        self.find = lru_cache(_MOST_PATHS)(self._find)
        """Return the facts of the route that answers a path, without the prefix, and a method."""
        self.methods = lru_cache(_MOST_PATHS)(self._methods)
        """Return the methods that a path takes, without the prefix; none if no route has the path."""

    def links(self, kind: str) -> tuple[tuple[str, Link], ...]:
        """Return the links from an entity of a kind: what follows its URL, and the link."""
        return self._links.get(kind, ())

    def shown(self, collection: str) -> str | None:
        """Return the path and fragment of the page that shows a collection; None if no page does."""
        for route in self.routes:
            fragment = route.facts.shows.get(collection)
            if fragment is not None:
                return f"{route.path}#{fragment}" if fragment else route.path
        return None

    def _find(self, path: str, method: str) -> RouteFacts:
        asked = "GET" if method == "HEAD" else method
        found = tuple(self._root.find(path.split("/")))
        for route in found:
            if asked in route.methods:
                return route.facts
        if found:
            return found[0].facts
        # A page that does not exist is a page too, so that whoever is signed in stays so.
        return RouteFacts(page=_first(path) in self._page_areas)

    def _methods(self, path: str) -> frozenset[str]:
        segments = path.split("/")
        at_draft = any(segment.endswith(f"@{DRAFT}") for segment in segments)
        found = self._root.find(segments)
        methods = {
            method for route in found if at_draft or not route.facts.only_at_draft for method in route.methods
        }
        return frozenset(methods | _READS if "GET" in methods else methods)


def facts_in(scope: object) -> RouteFacts:
    """Return the facts of the route that a request is for; those of no route if its URL has not been read yet."""
    return cast("dict[str, RouteFacts]", scope).get(_FACTS_KEY, _NO_FACTS)


def note_facts(scope: Scope, facts: RouteFacts) -> None:
    """Let everything that handles a request see the facts of its route."""
    cast("dict[str, Any]", scope)[_FACTS_KEY] = facts


def _first(path: str) -> str:
    """Return the first segment of a path."""
    return path.partition("/")[2].partition("/")[0]


def _links_by_kind(routes: Iterable[Route]) -> dict[str, tuple[tuple[str, Link], ...]]:
    reads = [
        route
        for route in routes
        if "GET" in route.methods and route.facts.kind is not None and not route.facts.page
    ]
    kinds = {route.path: route.facts.kind for route in reads if route.path.endswith("}")}
    found: dict[str, list[tuple[str, Link]]] = {}
    for route in (route for route in routes if not route.facts.page):
        kind, below = kinds.get(route.parent), route.path[len(route.parent) :]
        link = route.facts.link
        if link is None and route in reads and not below.endswith("}"):
            link = Link(below[1:])  # every list of entities is linked under its own name
        if kind is not None and link is not None:
            found.setdefault(kind, []).append((below, link))
    return {kind: tuple(links) for kind, links in found.items()}


_NO_FACTS: Final = RouteFacts()
