"""Routers whose answers leave out what is not set, and which refuse parameters that would be ignored."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Depends
from fastapi.routing import APIRoute

from app.api.parameters import refuse_surprises


class LeanRoute(APIRoute):
    """A route that never answers `null`: what is not set is left out."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:  # noqa: ANN401 - FastAPI's, passed on
        super().__init__(path, endpoint, **{**options, "response_model_exclude_none": True})


def resource_router(tag: str) -> APIRouter:
    """A router for one resource; its routes bear the tag in the docs."""
    return APIRouter(tags=[tag], route_class=LeanRoute, dependencies=[Depends(refuse_surprises)])
