"""The reader: from a request to the entities of one release or draft, and from those to bodies.

`ReleaseDep` gives a handler the release in its URL. From there, everything is a pure function of that release. Only
the history of a missing slug is read from the database.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request, Response
from fastapi.concurrency import run_in_threadpool

from app.api.reading import cursor
from app.api.reading.bodies import BodyOf, construct, linked
from app.api.reading.draft_etags import collection_tag, entity_tag
from app.api.reading.entity_bodies import ListBody, Resource
from app.api.reading.items import ITEMS, changing_item, included, linked_item
from app.api.reading.json_values import json_object, json_response
from app.api.reading.missing import explain_missing, find_present, present_slug
from app.api.reading.paging import in_order, page_of
from app.api.reading.path_parameters import AnyRelease
from app.api.reading.queries import ListQuery, PageQuery, ReadQuery
from app.api.reading.sparse_fields import requested_fields
from app.api.reading.urls import Urls, entity_path, with_query
from app.rubric.entities import Node
from app.rubric.index import Index
from app.serving.answers.answer import Answer, answer_of
from app.serving.releases.catalog import Reference, Resolved
from app.serving.releases.loaded_releases import DRAFT, Loaded
from app.serving.serving import Serving, serving_in

ListOf = TypeVar("ListOf", bound=ListBody)
Item = TypeVar("Item")
ResourceOf = TypeVar("ResourceOf", bound=Resource)


def serving_of(request: Request) -> Serving:
    """Return what this process serves from."""
    return serving_in(request.scope)


ServingDep = Annotated[Serving, Depends(serving_of)]


@dataclass(frozen=True)
class Reader:
    """One request's view of one release or draft."""

    serving: Serving
    answer: Answer
    loaded: Loaded
    path: str
    """The path of the request, with the prefix."""
    query: str
    """The query of the request, in order of name."""
    reference: str
    """The ladder as written in the path."""

    @cached_property
    def urls(self) -> Urls:
        """URLs of the release."""
        return Urls(self.serving.settings.root_path, self.loaded.slug, self.loaded.label)

    @property
    def name(self) -> str:
        """The ladder and release, such as `acme@1.2.0`."""
        return f"{self.loaded.slug}@{self.loaded.label}"

    @property
    def index(self) -> Index:
        """The index of the release."""
        return self.loaded.index

    def get(self, kind: str, address: str, view: str = "") -> Node:
        """Return the entity with that address. Raises NotFound, Gone, or Renamed with its current URL.

        `view` is what follows the entity in the path of the request, such as `/effective`.
        """
        node = self.index.find(kind, address)
        if node is None:
            after = view + (f"?{self.query}" if self.query else "")
            raise explain_missing(self.serving.database, self.loaded, self._home, kind, address, after)
        return node

    async def entity(self, kind: str, address: str) -> Node:
        """Return the same for a route on the event loop: only a missing entity needs a thread, for the database.

        Raises the same errors as `get`.
        """
        node = self.index.find(kind, address)
        return await run_in_threadpool(self.get, kind, address) if node is None else node

    @property
    def _home(self) -> str:
        """The ladder's URL as written in the request."""
        return f"{self.urls.root}/v1/ladders/{self.reference}"

    def tag(self, etag: str, *, whole: bool = True) -> None:
        """Set the entity tag of a resource in a draft. `whole`: the tag covers everything in the body."""
        self.answer.etag, self.answer.revalidates = etag, whole

    @property
    def version(self) -> str:
        """The scope of a cursor: this release, or the current state of the draft."""
        return f"{self.urls.pinned}#{self.loaded.content_sha256}" if self.answer.draft else self.urls.pinned

    @cached_property
    def below(self) -> str:
        """The part of the request path after the ladder."""
        return self.path[len(self._home) :]

    def links(self, query: Mapping[str, Any] | None = None) -> dict[str, str]:
        """Return the links that every body of this release has. Only `self` keeps the cursor."""
        asked = f"{self.path}?{self.query}" if self.query else self.path
        again = {} if query is None else {name: value for name, value in query.items() if name != "cursor"}
        return {
            "self_": asked,
            "current": with_query(self.urls.current + self.below, again),
            "pinned": with_query(self.urls.pinned + self.below, again if query is None else query),
            "release": self.urls.about_release,
        }

    def declared_links(self, node: Node) -> dict[str, str]:
        """Return the links to all routes that declare one from this entity."""
        pinned, current = self.urls.of(node), self.urls.current + entity_path(node)
        return {
            link.name: (pinned if link.pinned else current) + below
            for below, link in self.serving.routes.links(node.kind)
            if link.shown is None or link.shown(self.index)
        }

    def single(self, model: type[ResourceOf], node: Node, query: ReadQuery) -> ResourceOf:
        """Return the body of one entity."""
        kept = requested_fields(model, query.fields)
        links = self.links(query.model_dump(exclude_unset=True)) | self.declared_links(node)
        values = changing_item(self.loaded, node, kept)
        if self.answer.draft:
            self.tag(entity_tag(self.index, node, self.loaded.since), whole=query.expand is None)
        return self.body(model, values | self.expanded(node.kind, [node], query.expand), links)

    def page(
        self, model: type[ListOf], kind: str, query: ListQuery, keep: Callable[[Node], bool] | None = None
    ) -> ListOf:
        """Return one page of the entities of a kind that a filter keeps, sorted as requested."""
        fields = requested_fields(ITEMS[kind], query.fields)
        kept = [node for node in self.index.of_kind(kind) if keep is None or keep(node)]
        identity = cursor.list_identity(f"{self.version}/{kind}", query.filters(), query.sort)
        chosen, links = self.page_of(in_order(self.index, kind, kept, query.sort), identity, query)
        if self.answer.draft:
            whole = "next" not in links and query.expand is None and not query.filters()
            self.tag(collection_tag(self.index, kind, self.loaded.since), whole=whole)
        items = tuple(linked_item(self.loaded, self.urls, node, fields) for node in chosen)
        return self.body(model, {"items": items} | self.expanded(kind, chosen, query.expand), links)

    def page_of(
        self, items: Sequence[Item], identity: str, query: ListQuery | PageQuery, size: int | None = None
    ) -> tuple[Sequence[Item], dict[str, str]]:
        """Return one page of a list in this release, and its links (see `paging.page_of`)."""
        chosen, following = page_of(items, identity, query, size)
        asked = query.model_dump(exclude_unset=True)
        links = self.links(asked)
        if following is not None:
            links["next"] = with_query(self.urls.pinned + self.below, {**asked, "cursor": following})
            self.answer.links.append(("next", links["next"]))
        return chosen, links

    def expanded(self, kind: str, nodes: Sequence[Node], expand: str | None) -> dict[str, Any]:
        """Return the field `included` with the entities that `expand` names, or nothing."""
        return {} if expand is None else {"included": included(self.loaded, self.urls, kind, nodes, expand)}

    def body(self, model: type[BodyOf], values: Mapping[str, Any], links: Mapping[str, str]) -> BodyOf:
        """Return a body of this release."""
        loaded = self.loaded
        envelope = {"ladder": loaded.slug, "release": loaded.label, "links": linked(model, links)}
        return construct(model, {**envelope, **values})

    def view_response(
        self, model: type[ListBody], values: Mapping[str, Any], links: Mapping[str, str]
    ) -> Response:
        """Return the same as a response, from values that are plain dicts (see `json_values.py`)."""
        loaded, links_model = self.loaded, model.model_fields["links"].annotation
        assert isinstance(links_model, type)  # noqa: S101 - a class of links
        envelope = {
            "ladder": loaded.slug,
            "release": loaded.label,
            "links": json_object(links_model, links),
        }
        return json_response(model, {**envelope, **values})

    def present(self, kind: str, address: str) -> Node | None:
        """Return the entity that has or had an address; None if there is none."""
        return find_present(self.serving.database, self.loaded, kind, address)

    def slug(self, parameter: str, kind: str, slug: str | None) -> str | None:
        """Return the present slug of the entity that a filter names, by its present or a former slug.

        Raises InvalidParameter if the release has no such entity.
        """
        return present_slug(self.serving.database, self.loaded, kind, slug, parameter)

    def slugs(self, parameter: str, kind: str, text: str | None) -> frozenset[str]:
        """Return the present slugs in a list separated by commas. Raises InvalidParameter like `slug`."""
        named = [] if text is None else text.split(",")
        return frozenset(
            found for one in named if (found := self.slug(parameter, kind, one.strip())) is not None
        )


async def load(request: Request, ladder: str) -> tuple[Resolved | None, Loaded]:
    """Resolve and load a ladder's reference, and record that the response depends on it. A draft has no release.

    Raises:
        Unauthenticated: It names a draft, and the request has no credentials.
        Forbidden: It names a draft that the caller may not read.
        NotFound: The ladder or release does not exist.
        Unavailable: It is not loaded, and the database cannot be reached.
    """
    serving = serving_of(request)
    answer = answer_of(request.scope)
    reference = Reference.parse(ladder)
    if reference.selector == DRAFT:
        answer.open_draft(reference.slug)
        return None, await serving.drafts.fetch(answer.catalog, reference.slug)
    known = reference.slug in answer.catalog.releases
    # Searching similar names among thousands of ladders must not block the event loop.
    resolved = answer.resolve(ladder) if known else await run_in_threadpool(answer.resolve, ladder)
    loaded = serving.loaded.peek(resolved.release)
    return resolved, loaded or await serving.loaded.fetch(resolved.release)


async def release_of(request: Request, ladder: AnyRelease) -> Reader:
    """Return a reader of the release or draft in the path. Raises the same errors as `load`."""
    resolved, loaded = await load(request, ladder)
    reader = reader_of(request, ladder, loaded, request.scope["path"])
    if resolved is not None and resolved.pinned:
        _relate(reader, resolved)
    return reader


def reader_of(request: Request, ladder: str, loaded: Loaded, path: str) -> Reader:
    """Return a reader of a loaded release. `ladder` is its reference in `path`, which has no prefix."""
    serving = serving_of(request)
    query = request.scope["query_string"].decode("ascii")
    answer = answer_of(request.scope)
    return Reader(serving, answer, loaded, serving.settings.root_path + path, query, ladder)


def _relate(reader: Reader, resolved: Resolved) -> None:
    """Add links from a pinned response to its other versions (RFC 5829)."""
    urls, below, suffix = reader.urls, reader.below, f"?{reader.query}" if reader.query else ""
    answer = reader.answer
    absolute = reader.serving.settings.absolute
    answer.links.append(("canonical", absolute(urls.pinned + below + suffix)))
    below += "" if "cursor=" in suffix else suffix  # a cursor is of one release
    answer.links.append(("latest-version", urls.current + below))
    answer.links.append(("version-history", f"{urls.current}/releases"))
    if resolved.release.base is not None:
        before = Urls(urls.root, urls.ladder, str(resolved.release.base))
        answer.links.append(("predecessor-version", before.pinned + below))


ReleaseDep = Annotated[Reader, Depends(release_of)]
