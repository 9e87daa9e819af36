"""Routers whose answers leave out what is not set, which refuse what would be ignored, and do a POST once."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.routing import APIRoute

from app.api.protocol.idempotency import once
from app.api.protocol.parameters import refuse_surprises


class LeanRoute(APIRoute):
    """A route that never answers `null`: what is not set is left out."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:  # noqa: ANN401 - FastAPI's, passed on
        super().__init__(path, endpoint, **{**options, "response_model_exclude_none": True})

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's handler; a POST with an Idempotency-Key is done once."""
        handler = super().get_route_handler()
        return once(handler) if "POST" in (self.methods or ()) else handler


class QuestionRoute(LeanRoute):
    """A route whose POST only asks: it changes nothing, so it may be done any number of times, and is never kept."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's handler."""
        return APIRoute.get_route_handler(self)


def resource_router(tag: str, prefix: str = "/v1", route_class: type[LeanRoute] = LeanRoute) -> APIRouter:
    """A router for one resource, below the prefix; its routes bear the tag in the docs.

    All that a route is comes from here, so that `add_routes` can take it over as it stands.
    """
    return APIRouter(
        prefix=prefix,
        tags=[tag],
        route_class=route_class,
        dependencies=[Depends(refuse_surprises)],
        generate_unique_id_function=lambda route: route.name,
    )


def question_router(tag: str) -> APIRouter:
    """A router for questions that need a body; whoever may read may ask them."""
    return resource_router(tag, route_class=QuestionRoute)


def add_routes(api: FastAPI, router: APIRouter) -> None:
    """Take over the routes of a resource. `include_router` would analyse each a second time: a tenth of a start."""
    api.router.routes.extend(router.routes)
