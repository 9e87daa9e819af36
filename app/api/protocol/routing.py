"""Routers whose routes leave out unset properties, refuse unknown parameters, and declare their own metadata."""

from collections.abc import Callable, Coroutine, Iterable, Iterator
from contextvars import ContextVar
from dataclasses import replace
from functools import partial, wraps
from inspect import iscoroutinefunction
from typing import Any, ClassVar, Final, TypeVar

from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.routing import APIRoute

from app.api.protocol.draft_hint import ONLY_AT_DRAFT
from app.api.protocol.former_slugs import follow_renaming
from app.api.protocol.idempotency import BodyReader, idempotent
from app.api.protocol.multipart import form_body_of
from app.api.protocol.parameters import refuse_surprises
from app.api.protocol.request_bodies import document_of, small_of
from app.api.reading.reader import serving_of
from app.serving.route_table import Route, RouteFacts
from app.serving.workers import Workers

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])
_FACTS: Final = "__route_facts__"
"""The attribute of a handler that holds the metadata of its route."""
_WRITE_METHODS: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_WRITERS: Final[ContextVar[Workers]] = ContextVar("writers")
"""The threads in which the current request may write."""


class LeanRoute(APIRoute):
    """A route that leaves out unset properties instead of returning `null`.

    A handler that writes runs in one of the threads for writes, so reads never wait for writes.
    """

    question: ClassVar[bool] = False
    body_of: ClassVar[BodyReader] = staticmethod(small_of)
    """Reads the body of a POST, within its limit."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:  # noqa: ANN401 - FastAPI's, passed on
        if self._writes(options.get("methods")) and not iscoroutinefunction(endpoint):
            endpoint = _in_write_thread(endpoint)
        super().__init__(path, endpoint, **{**options, "response_model_exclude_none": True})

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return FastAPI's handler. A POST with an Idempotency-Key runs once."""
        handler = super().get_route_handler()
        if not self._writes(self.methods):
            return handler
        writing = _with_write_threads(handler)
        return idempotent(writing, type(self).body_of) if "POST" in (self.methods or ()) else writing

    @classmethod
    def _writes(cls, methods: Iterable[str] | None) -> bool:
        return not cls.question and not _WRITE_METHODS.isdisjoint(methods or ())


def _in_write_thread(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    """Return a handler that runs another one in the threads for writes."""

    @wraps(endpoint)
    async def run(*args: Any, **options: Any) -> Any:  # noqa: ANN401 - the handler's
        return await _WRITERS.get().run(partial(endpoint, *args, **options))

    return run


def _with_write_threads(
    handler: Callable[[Request], Coroutine[Any, Any, Response]],
) -> Callable[[Request], Coroutine[Any, Any, Response]]:
    """Return a handler that knows the threads for writes."""

    async def handle(request: Request) -> Response:
        _WRITERS.set(serving_of(request).writers)
        return await handler(request)

    return handle


class QuestionRoute(LeanRoute):
    """A route whose POST changes nothing, so it can run any number of times, and its answer is not stored."""

    question: ClassVar[bool] = True


class DocumentRoute(LeanRoute):
    """A route whose POST can bring a whole ladder."""

    body_of: ClassVar[BodyReader] = staticmethod(document_of)


class FileRoute(LeanRoute):
    """A route whose POST brings a file."""

    body_of: ClassVar[BodyReader] = staticmethod(form_body_of)


class FactsRouter(APIRouter):
    """A router whose routes share metadata."""

    def __init__(self, facts: RouteFacts, **options: Any) -> None:  # noqa: ANN401 - passed on to FastAPI
        super().__init__(**options)
        self.facts = facts


def resource_router(
    tag: str, prefix: str = "/v1", *, kind: str | None = None, route_class: type[LeanRoute] = LeanRoute
) -> FactsRouter:
    """Return a router for one resource below the prefix; its routes have the tag in the docs.

    `kind` is the kind of entity that all of its routes are about, if there is one.
    """
    return FactsRouter(
        RouteFacts(kind=kind),
        prefix=prefix,
        tags=[tag],
        route_class=route_class,
        dependencies=[Depends(refuse_surprises), Depends(follow_renaming)],
        generate_unique_id_function=lambda route: route.name,
    )


def question_router(tag: str) -> FactsRouter:
    """Return a router for POST requests that only read. They need the right to read."""
    return resource_router(tag, route_class=QuestionRoute)


def declare(facts: RouteFacts) -> Callable[[Endpoint], Endpoint]:
    """Return a decorator that adds metadata to the route of a handler. Place it below the route's own decorator."""

    def declared(endpoint: Endpoint) -> Endpoint:
        setattr(endpoint, _FACTS, facts)
        return endpoint

    return declared


def routes_of(router: APIRouter) -> Iterator[Route]:
    """Yield the routes of a router with their metadata."""
    shared = router.facts if isinstance(router, FactsRouter) else RouteFacts()
    for route in router.routes:
        if isinstance(route, APIRoute):
            own: RouteFacts = getattr(route.endpoint, _FACTS, RouteFacts())
            facts = replace(
                own,
                kind=own.kind or shared.kind,
                by_url=own.by_url or "." in route.path.rpartition("/")[2],
                page=shared.page,
                people=shared.people,
                question=isinstance(route, QuestionRoute),
                only_at_draft=ONLY_AT_DRAFT in (route.openapi_extra or {}),
            )
            yield Route(route.path, frozenset(route.methods or ()), facts)


def add_routers(api: FastAPI, routers: Iterable[APIRouter]) -> None:
    """Add the routes of resources. `include_router` would analyse each one again, which takes a tenth of a start."""
    for router in routers:
        api.router.routes.extend(router.routes)
